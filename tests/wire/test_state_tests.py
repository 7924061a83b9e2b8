"""TestState over the wire: a Task is really performed, and one that hangs holds up nobody."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError

from executions.actions.connections import connection_arn, create_connection
from tests.wire.conftest import (
    COMMITTED,
    ROLE,
    Key,
    Server,
    boto3_client,
    start_server,
    stop_server,
)

pytestmark = COMMITTED

PLACES = 20
FUNCTION = """
import time

def handler(event, context):
    if "sleep" in event:
        time.sleep(event["sleep"])
    return {"got": event}
"""
TASK = {
    "Type": "Task",
    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work",
    "End": True,
}


@pytest.fixture(scope="module")
def testing_server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("testing")
    (folder / "work.py").write_text(FUNCTION)
    more = {
        "STEPWELL_FUNCTIONS": str(folder),
        "STEPWELL_STATE_TESTS": str(PLACES),
        "STEPWELL_HTTP_ALLOW": "127.0.0.0/8",
    }
    server = start_server("uvicorn", folder, **more)
    yield server
    stop_server(server)


@pytest.fixture
def sfn(testing_server: Server, transactional_db: None, key: Key) -> Iterator[Any]:
    client = boto3_client(testing_server, key)
    yield client
    client.close()


def test_a_task_is_performed(sfn: Any) -> None:
    answer = sfn.test_state(definition=json.dumps(TASK), roleArn=ROLE, input='{"a": 1}')
    assert answer["status"] == "SUCCEEDED"
    assert json.loads(answer["output"]) == {"got": {"a": 1}}
    assert "inspectionData" not in answer


@pytest.mark.parametrize(
    ("title", "members"),
    [
        ("Context", {"context": "{}"}),
        ("RetrierRetryCount", {"stateConfiguration": {"retrierRetryCount": 0}}),
        ("ErrorCausedByState", {"stateConfiguration": {"errorCausedByState": "S"}}),
        ("MapIterationFailureCount", {"stateConfiguration": {"mapIterationFailureCount": 0}}),
        ("MapItemReaderData", {"stateConfiguration": {"mapItemReaderData": "[]"}}),
    ],
)
def test_what_is_said_about_a_mock_needs_one(sfn: Any, title: str, members: Any) -> None:
    with pytest.raises(sfn.exceptions.ValidationException) as refused:
        sfn.test_state(definition=json.dumps(TASK), roleArn=ROLE, **members)
    message = refused.value.response["Error"]["Message"]
    assert message == f"TestState does not support {title} when a mock is not specified."


class Echo(BaseHTTPRequestHandler):
    """Answers with the key it was sent."""

    def do_GET(self) -> None:
        body = json.dumps({"key": self.headers["X-Key"]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def test_an_http_task_shows_its_request_at_trace_level(sfn: Any) -> None:
    connection = create_connection(
        "traced",
        "API_KEY",
        {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "the-secret"}},
    )
    api = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=api.serve_forever, args=(0.01,))
    thread.start()
    try:
        state = {
            "Type": "Task",
            "Resource": "arn:aws:states:::http:invoke",
            "Parameters": {
                "ApiEndpoint": f"http://127.0.0.1:{api.server_port}/",
                "Method": "GET",
                "Authentication": {"ConnectionArn": connection_arn(connection)},
            },
            "End": True,
        }
        shown = {}
        for level in ("DEBUG", "TRACE"):
            for reveal in (False, True):
                answer = sfn.test_state(
                    definition=json.dumps(state),
                    roleArn=ROLE,
                    inspectionLevel=level,
                    revealSecrets=reveal,
                )
                assert answer["status"] == "SUCCEEDED", answer
                shown[level, reveal] = answer["inspectionData"]
    finally:
        api.shutdown()
        thread.join()
        api.server_close()
    assert "request" not in shown["DEBUG", True]
    assert "the-secret" not in json.dumps(shown["TRACE", False]["request"])
    assert "X-Key: the-secret" in shown["TRACE", True]["request"]["headers"]
    response = shown["TRACE", False]["response"]
    assert (response["statusCode"], response["body"]) == ("200", '{"key": "the-secret"}')


def test_a_time_out_is_the_result(sfn: Any) -> None:
    state = {**TASK, "TimeoutSeconds": 1}
    began = time.monotonic()
    answer = sfn.test_state(
        definition=json.dumps(state), roleArn=ROLE, input='{"sleep": 600}', inspectionLevel="DEBUG"
    )
    assert time.monotonic() - began < 30
    assert (answer["status"], answer["error"]) == ("FAILED", "States.Timeout")
    assert "cause" not in answer
    assert answer["inspectionData"]["input"] == '{"sleep": 600}'
    caught = {
        **state,
        "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Late"}],
    }
    answer = sfn.test_state(definition=json.dumps(caught), roleArn=ROLE, input='{"sleep": 600}')
    assert (answer["status"], answer["nextState"]) == ("CAUGHT_ERROR", "Late")


def test_fifty_that_hang_leave_the_server_free(testing_server: Server, sfn: Any, key: Key) -> None:
    sfn.test_state(definition=json.dumps(TASK), roleArn=ROLE)
    state = {**TASK, "TimeoutSeconds": 10}

    # Made before: of all that are sent at once none may be over when the last one arrives.
    clients = [boto3_client(testing_server, key) for _ in range(50)]

    def hang(client: Any) -> str:
        try:
            answer = client.test_state(
                definition=json.dumps(state), roleArn=ROLE, input='{"sleep": 600}'
            )
        except ClientError as refused:
            error = refused.response["Error"]
            assert "STEPWELL_STATE_TESTS" in error["Message"]
            return str(error["Code"])
        finally:
            client.close()
        return str(answer["error"])

    with ThreadPoolExecutor(50) as threads:
        hanging = [threads.submit(hang, client) for client in clients]
        # Those that have no place are told so; the others hang.
        until = time.monotonic() + 60
        while sum(each.done() for each in hanging) < 50 - PLACES:
            assert time.monotonic() < until
            time.sleep(0.05)
        slowest = 0.0
        for _ in range(20):
            began = time.monotonic()
            sfn.list_state_machines()
            slowest = max(slowest, time.monotonic() - began)
        # Far from the time-out, however loaded the machine is.
        assert slowest < 5
        assert not all(each.done() for each in hanging)
        answers = [each.result() for each in hanging]
    assert answers.count("States.Timeout") == PLACES
    assert answers.count("ThrottlingException") == 50 - PLACES
    # The function still sleeps, in a process that is gone; there is room again.
    assert sfn.test_state(definition=json.dumps(TASK), roleArn=ROLE)["status"] == "SUCCEEDED"
