"""TestState over the wire: a Task is really performed, and one that hangs holds up nobody."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

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
    more = {"STEPWELL_FUNCTIONS": str(folder), "STEPWELL_STATE_TESTS": str(PLACES)}
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

    def hang(_: int) -> str:
        client = boto3_client(testing_server, key)
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
        hanging = [threads.submit(hang, number) for number in range(50)]
        time.sleep(3)
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
