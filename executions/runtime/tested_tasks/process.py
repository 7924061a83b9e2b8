"""A process that performs tasks for the TestStates of the web server that started it.

It writes one line when it is ready. Then requests come over the socket, a JSON object a line, and
outcomes go back the same way, in any order, each with its trace where one is asked for
(``reveal_secrets`` is not null) and there is any. When the socket closes nobody waits any more: the
process ends at once, whatever its tasks are doing.

    python -m executions.runtime.tested_tasks.process FILE_DESCRIPTOR
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from dataclasses import asdict

import django
import orjson

from executions.integration import Failed, TaskOutcome, TaskRequest, Trace, TracedIntegration
from executions.integrations.aws.caller import calling_as
from executions.integrations.registry import integration_for
from executions.runtime.permissions import caller_of, refusal_of
from studio import arns

_log = logging.getLogger(__name__)


def serve(link: socket.socket) -> None:
    """Perform what is asked for, each task on a thread, until the socket closes."""
    sending = threading.Lock()
    link.sendall(b"{}\n")
    for line in link.makefile("rb"):
        threading.Thread(target=_answer, args=(link, sending, line), daemon=True).start()


def _answer(link: socket.socket, sending: threading.Lock, line: bytes) -> None:
    asked = orjson.loads(line)
    outcome, trace = _perform(TaskRequest(**asked["request"]), asked["reveal_secrets"])
    answer = {
        "number": asked["number"],
        "trace": trace,
        "kind": type(outcome).__name__,
        **asdict(outcome),
    }
    with sending:
        link.sendall(orjson.dumps(answer) + b"\n")


def _perform(request: TaskRequest, reveal_secrets: bool | None) -> tuple[TaskOutcome, Trace]:
    try:
        # As where executions' Tasks are performed: what it reaches belongs to the tester's account.
        with arns.acting_in(arns.account_in(request.execution_arn)):
            refused = refusal_of(request)
            if refused is not None:
                return refused, {}
            integration = integration_for(request.resource)
            with calling_as(caller_of(request.acting_role_arn)):
                if reveal_secrets is not None and isinstance(integration, TracedIntegration):
                    return integration.perform_traced(request, reveal_secrets=reveal_secrets)
                return integration.perform(request), {}
    except Exception as error:  # noqa: BLE001 - logged, and told to the caller
        _log.exception("integration for %s failed", request.resource)
        return Failed("States.Runtime", f"Stepwell could not perform the task: {error!r}"), {}


def main() -> None:
    """Serve the socket that is open as the file descriptor in ``sys.argv[1]``, then end."""
    # Ctrl-C in a terminal reaches this process, too; the web server decides when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    django.setup()
    with socket.socket(fileno=int(sys.argv[1])) as link:
        serve(link)
    # Without waiting for threads that still run.
    os._exit(0)


if __name__ == "__main__":
    main()
