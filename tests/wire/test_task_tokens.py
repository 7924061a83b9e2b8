"""A function is given a token, and boto3 brings it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from executions.integrations.lambda_function import LambdaInvokeForToken
from executions.runtime import drain, performance
from tests.executions.integrations.conftest import service_of, write
from tests.wire.conftest import COMMITTED, create

pytestmark = COMMITTED

ASK = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
    "Parameters": {"FunctionName": "ask", "Payload": {"token.$": "$$.Task.Token"}},
    "HeartbeatSeconds": 600,
    "End": True,
}


def test_a_workflow_waits_for_its_token(
    sfn: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = tmp_path / "asked"
    write(
        tmp_path,
        "functions/ask.py",
        f"""
        from pathlib import Path

        def handler(event, context):
            Path({str(asked)!r}).write_text(event["token"])
            return "asked"
        """,
    )
    integration = LambdaInvokeForToken(service_of(tmp_path / "functions"))
    monkeypatch.setattr(performance, "integration_for", lambda _: integration)
    arn = sfn.start_execution(stateMachineArn=create(sfn, "asks", {"Ask": ASK}))["executionArn"]
    drain.drain_executions()
    drain.drain_tasks()
    token = asked.read_text()
    assert sfn.describe_execution(executionArn=arn)["status"] == "RUNNING"

    sfn.send_task_heartbeat(taskToken=token)
    assert refusal(sfn.send_task_success, taskToken=token, output="{")[0] == "InvalidOutput"
    sfn.send_task_success(taskToken=token, output='{"answer": 42}')

    assert refusal(sfn.send_task_failure, taskToken=token, error="E") == (
        "TaskTimedOut",
        "Task Timed Out: 'Provided task does not exist anymore'",
    )
    assert refusal(sfn.send_task_heartbeat, taskToken="none of ours") == (
        "InvalidToken",
        "Invalid Token: 'Invalid token'",
    )
    drain.drain_executions()
    ended = sfn.describe_execution(executionArn=arn)
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"answer": 42})
    events = sfn.get_execution_history(executionArn=arn)["events"]
    (submitted,) = (each for each in events if each["type"] == "TaskSubmitted")
    assert json.loads(submitted["taskSubmittedEventDetails"]["output"])["Payload"] == "asked"


def refusal(call: Any, **members: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call(**members)
    told = error.value.response["Error"]
    return told["Code"], told["Message"]
