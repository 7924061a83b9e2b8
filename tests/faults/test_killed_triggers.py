"""Web server and workers are killed in the middle of events, schedules, hooks and webhooks.

Senders repeat what was not answered, as those of events and hooks do. Each event, call and time
starts its one execution, and each change of status is told at least once, always with its own id.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest

from tests.faults.installation import (
    ROLE,
    client_of,
    kill_all_workers,
    run_command,
    running_stack,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from studio.config.embedded.stack import Stack

pytestmark = pytest.mark.faults

EVENTS, CALLS, TIMES = 30, 10, 4
SENDERS = 3
PACE = 0.2
"""Seconds between what one sender sends: there is something to send at each kill."""
KILLS = 2
PATIENCE = 90.0
NAP = {"StartAt": "N", "States": {"N": {"Type": "Wait", "Seconds": 1, "End": True}}}

# What was taken is put off by a minute: this was taken within the last two seconds.
_UNDER_WAY = """
SELECT EXISTS (SELECT FROM executions_webhookdelivery
               WHERE calls > 0 AND due_at > now() + interval '58 s')
"""
_LEFT = """
SELECT (SELECT count(*) FROM executions_triggeredstart WHERE due_at IS NOT NULL)
     + (SELECT count(*) FROM executions_statuschange)
     + (SELECT count(*) FROM executions_webhookdelivery WHERE due_at IS NOT NULL)
     + (SELECT count(*) FROM executions_schedule WHERE due_at IS NOT NULL)
     + (SELECT count(*) FROM executions_execution WHERE status = 'RUNNING')
"""
# What a dead worker had taken waits for a minute; here it has passed.
_PASS_TIME = (
    "UPDATE executions_triggeredstart SET due_at = now() WHERE due_at > now()",
    "UPDATE executions_webhookdelivery SET due_at = now() WHERE due_at > now()",
)
_EXECUTIONS = """
SELECT e.name, e.status, e.input FROM executions_execution e
JOIN studio_statemachine m ON m.id = e.state_machine_id WHERE m.name = %s
"""


class Receiver(BaseHTTPRequestHandler):
    """Takes a moment for each call, and remembers the ids by execution and status."""

    heard: defaultdict[tuple[str, str], Counter[str]]

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(0.03)
        change = (body["detail"]["executionArn"], body["detail"]["status"])
        self.heard[change][self.headers["webhook-id"]] += 1
        self.send_response(204)
        self.end_headers()


@contextmanager
def receiving() -> Iterator[str]:
    Receiver.heard = defaultdict(Counter)
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/heard"
        server.shutdown()


def signed_in(stack: Stack) -> httpx.Client:
    """A client with a token of the first account."""
    account = stack.first_account
    assert account is not None
    client = httpx.Client(base_url=stack.url, timeout=20)
    page = client.get("/sign-in/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {
        "username": account.username,
        "password": account.password,
        "csrfmiddlewaretoken": token[1],
    }
    client.post("/sign-in/", data=form)
    made = client.post(
        "/api/tokens/",
        json={"name": "senders"},
        headers={"X-CSRFToken": client.cookies["csrftoken"], "Referer": stack.url},
    )
    assert made.status_code == 201, made.text
    client.close()
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    return httpx.Client(base_url=stack.url, timeout=20, headers=headers)


def made(client: httpx.Client, path: str, given: dict[str, Any]) -> Any:
    answer = client.post(f"/api/state-machines/{path}/", json=given)
    assert answer.status_code == 201, answer.text
    return answer.json()


def until_answered(send: Callable[[], httpx.Response], status: int) -> None:
    """Send it again until somebody has answered, and go on at an even pace."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            answer = send()
        except httpx.TransportError:
            pass
        else:
            if answer.status_code == status:
                time.sleep(PACE)
                return
            assert answer.status_code >= 500, answer.text
        assert time.monotonic() < until
        time.sleep(0.1)


def kill_everything(stack: Stack, database: psycopg.Connection[Any]) -> None:
    """SIGKILL web server and workers while something is under way; wait for their successors."""
    until = time.monotonic() + PATIENCE
    while not (database.execute(_UNDER_WAY).fetchone() or [False])[0]:
        assert time.monotonic() < until, "nothing was under way"
        time.sleep(0.005)
    before = {role: stack.processes[role] for role in ("web", "turns", "tasks")}
    stack.kill("web")
    assert kill_all_workers(stack) >= 4
    for role, pid in before.items():
        stack.wait_ready(role, after=pid)


def wait_until_nothing_is_left(database: psycopg.Connection[Any]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        left = database.execute(_LEFT).fetchone()
        if left is not None and left[0] == 0:
            return
        assert time.monotonic() < until, left
        for statement in _PASS_TIME:
            database.execute(statement)
        time.sleep(0.5)


def prepare(stack: Stack, client: httpx.Client, hears: str) -> tuple[str, dict[str, str]]:
    """Two machines, what starts them and who hears of it: a hook's address, and its headers."""
    boto3 = client_of(stack)
    arns = {
        name: boto3.create_state_machine(name=name, definition=json.dumps(NAP), roleArn=ROLE)
        for name in ("heard", "after")
    }
    made(client, "heard/rules", {"name": "orders", "eventPattern": {"source": ["shop"]}})
    made(client, "heard/webhooks", {"url": hears})
    detail = {"status": ["SUCCEEDED"], "stateMachineArn": [arns["heard"]["stateMachineArn"]]}
    pattern = {"source": ["aws.states"], "detail": detail}
    made(client, "after/rules", {"name": "after", "eventPattern": pattern})
    endpoint = made(client, "heard/endpoints", {"authorization": "BEARER"})
    begin = datetime.now(UTC) + timedelta(seconds=3)
    for number in range(TIMES):
        at = begin + timedelta(seconds=1.5 * number)
        given = {
            "name": f"time-{number}",
            "expression": f"at({at:%Y-%m-%dT%H:%M:%S})",
            "input": json.dumps({"schedule": number}),
        }
        made(client, "heard/schedules", given)
    return endpoint["endpoint"]["path"], {"Authorization": f"Bearer {endpoint['secret']}"}


def test_triggers_survive_the_death_of_every_process(tmp_path: Path) -> None:
    with (
        receiving() as hears,
        running_stack(tmp_path, STEPWELL_HTTP_ALLOW="127.0.0.1") as stack,
        psycopg.connect(stack.services.database_url, autocommit=True) as database,
        signed_in(stack) as client,
    ):
        path, secret = prepare(stack, client, hears)

        def post_event(number: int) -> None:
            event = {"id": f"order-{number}", "source": "shop", "detail-type": "Placed"}
            entries = {"entries": [event | {"detail": {"event": number}}]}
            until_answered(lambda: client.post("/api/events/", json=entries), 200)

        def call_hook(number: int) -> None:
            headers = secret | {"Idempotency-Key": f"call-{number}"}
            body = {"call": number}
            until_answered(lambda: client.post(path, json=body, headers=headers), 202)

        with ThreadPoolExecutor(SENDERS) as senders:
            sent = [senders.submit(post_event, number) for number in range(EVENTS)]
            sent[EVENTS // 4 : EVENTS // 4] = [
                senders.submit(call_hook, number) for number in range(CALLS)
            ]
            for _ in range(KILLS):
                kill_everything(stack, database)
            for each in sent:
                each.result()
        wait_until_nothing_is_left(database)

        heard = database.execute(_EXECUTIONS, ("heard",)).fetchall()
        after = database.execute(_EXECUTIONS, ("after",)).fetchall()
        assert Counter(started_by(json.loads(text)) for _, _, text in heard) == Counter(
            [f"event {number}" for number in range(EVENTS)]
            + [f"call {number}" for number in range(CALLS)]
            + [f"schedule {number}" for number in range(TIMES)]
        )
        assert {status for _, status, _ in heard + after} == {"SUCCEEDED"}
        names = Counter(json.loads(text)["detail"]["name"] for _, _, text in after)
        assert names == Counter(name for name, _, _ in heard)

        changes = {(arn.rpartition(":")[2], status) for arn, status in Receiver.heard}
        assert changes == {(n, status) for n, _, _ in heard for status in ("RUNNING", "SUCCEEDED")}
        assert all(len(ids) == 1 for ids in Receiver.heard.values())
        assert len({next(iter(ids)) for ids in Receiver.heard.values()}) == len(changes)
        assert run_command(stack, "check_invariants").endswith("invariants hold\n")


def started_by(given: dict[str, Any]) -> str:
    """What started an execution, by its input."""
    told = given.get("detail") or given.get("body") or given
    return next(f"{kind} {told[kind]}" for kind in ("event", "call", "schedule") if kind in told)
