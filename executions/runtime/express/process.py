"""A process that runs the executions of StartSyncExecution for the web server that started it.

Requests come over a socket, a JSON object a line, and ends go back the same way, in any order. A
loop of states, a hostile expression or a function that computes so holds up this process's
interpreter and not the web server's. When the socket closes the web server is gone, and nobody
waits for an answer: the process ends at once.

    python -m executions.runtime.express.process FILE_DESCRIPTOR
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading

import django
import orjson

from executions.runtime.express.execution import ExpressStart, run


def serve(link: socket.socket) -> None:
    """Run what is asked for, each execution on a thread, until the socket closes."""
    sending = threading.Lock()
    for line in link.makefile("rb"):
        threading.Thread(target=_answer, args=(link, sending, line), daemon=True).start()


def _answer(link: socket.socket, sending: threading.Lock, line: bytes) -> None:
    request = orjson.loads(line)
    end = run(ExpressStart(**request["start"]))
    answer = orjson.dumps({"number": request["number"], "end": end}) + b"\n"
    with sending:
        link.sendall(answer)


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
