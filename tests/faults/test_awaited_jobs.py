"""Every worker is killed while executions begin jobs and wait for them."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.faults.installation import ROLE, client_of, kill_all_workers, running_stack

pytestmark = pytest.mark.faults

EXECUTIONS = 12
PATIENCE = 180.0
QUERY = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::athena:startQueryExecution.sync",
            "Parameters": {"QueryString": "SELECT 1", "WorkGroup": "primary"},
            "TimeoutSeconds": 600,
            "End": True,
        }
    },
}


class Athena(BaseHTTPRequestHandler):
    """Athena, as far as this needs it: queries end when the test says so."""

    protocol_version = "HTTP/1.1"
    by_token: dict[str, str]
    stopped: set[str]
    ended = False

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        answer: dict[str, Any] = {}
        if operation == "StartQueryExecution":
            token = asked["ClientRequestToken"]
            answer = {"QueryExecutionId": self.by_token.setdefault(token, f"query of {token}")}
            time.sleep(0.3)  # in which a worker may die
        elif operation == "GetQueryExecution":
            state = "SUCCEEDED" if self.ended else "RUNNING"
            identity = asked["QueryExecutionId"]
            answer = {"QueryExecution": {"QueryExecutionId": identity, "Status": {"State": state}}}
        else:
            self.stopped.add(asked["QueryExecutionId"])
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def athena() -> Iterator[str]:
    Athena.by_token, Athena.stopped, Athena.ended = {}, set(), False
    with ThreadingHTTPServer(("127.0.0.1", 0), Athena) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def wait(condition: Any, what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.2)


def test_jobs_outlive_the_workers_that_began_them(tmp_path: Path, athena: str) -> None:
    environment = {
        "AWS_ENDPOINT_URL_ATHENA": athena,
        "AWS_ACCESS_KEY_ID": os.environ.get("AWS_ACCESS_KEY_ID", "key"),
        "AWS_SECRET_ACCESS_KEY": os.environ.get("AWS_SECRET_ACCESS_KEY", "secret"),
    }
    with running_stack(tmp_path, **environment) as stack:
        client = client_of(stack)
        machine = client.create_state_machine(
            name="queries", definition=json.dumps(QUERY), roleArn=ROLE
        )["stateMachineArn"]
        arns = [
            client.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
            for _ in range(EXECUTIONS)
        ]
        wait(lambda: Athena.by_token, "no query was started")
        assert kill_all_workers(stack) > 0  # in the midst of starting them

        def types(arn: str) -> list[str]:
            events = client.get_execution_history(executionArn=arn)["events"]
            return [event["type"] for event in events]

        wait(lambda: all("TaskSubmitted" in types(arn) for arn in arns), "not all were begun")
        # What was asked again was the same query.
        assert len(Athena.by_token) == EXECUTIONS
        assert kill_all_workers(stack) > 0  # while they are waited for
        client.stop_execution(executionArn=arns[0])
        wait(lambda: len(Athena.stopped) == 1, "the query of a stopped execution goes on")

        Athena.ended = True

        def statuses() -> list[str]:
            return [client.describe_execution(executionArn=arn)["status"] for arn in arns]

        wait(lambda: "RUNNING" not in statuses(), f"they go on: {statuses()}")
        assert statuses() == ["ABORTED"] + ["SUCCEEDED"] * (EXECUTIONS - 1)
        for arn in arns[1:]:
            happened = types(arn)
            assert happened.count("TaskSubmitted") == happened.count("TaskSucceeded") == 1
        assert len(Athena.stopped) == 1
