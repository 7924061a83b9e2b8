"""Nested executions as clients see them: definitions are accepted, histories fit AWS's model."""

from __future__ import annotations

import json
from typing import Any

import pytest

from executions.models import Execution
from executions.runtime import drain
from tests.wire.conftest import COMMITTED, create

pytestmark = COMMITTED

START = "arn:aws:states:::states:startExecution"


def starting(machine: str, form: str, **fields: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": START + form,
        "Parameters": {"StateMachineArn": machine, "Input.$": "$"},
        "End": True,
        **fields,
    }


def work() -> None:
    while drain.drain_executions() + drain.drain_tasks():
        pass


@pytest.mark.parametrize("form", ["", ".sync", ".sync:2", ".waitForTaskToken"])
def test_every_form_is_a_valid_definition(sfn: Any, machine_arn: str, form: str) -> None:
    task = starting(machine_arn, form, TimeoutSeconds=60)
    if form == ".waitForTaskToken":
        task["Parameters"] = {
            "StateMachineArn": machine_arn,
            "Input": {"token.$": "$$.Task.Token"},
        }
    definition = json.dumps({"StartAt": "S", "States": {"S": task}})
    answer = sfn.validate_state_machine_definition(definition=definition)
    assert (answer["result"], answer["diagnostics"]) == ("OK", [])


def test_a_parent_waits_for_its_child(sfn: Any, machine_arn: str) -> None:
    parent = create(sfn, "parent", {"Child": starting(machine_arn, ".sync:2")})
    arn = sfn.start_execution(stateMachineArn=parent, input='{"a": 1}')["executionArn"]
    work()

    described = sfn.describe_execution(executionArn=arn)
    assert described["status"] == "SUCCEEDED"
    child_arn = json.loads(described["output"])["ExecutionArn"]
    child = sfn.describe_execution(executionArn=child_arn)
    assert (child["status"], child["input"]) == ("SUCCEEDED", '{"a":1}')
    events = sfn.get_execution_history(executionArn=arn)["events"]
    submitted = next(event for event in events if event["type"] == "TaskSubmitted")
    details = submitted["taskSubmittedEventDetails"]
    assert (details["resourceType"], details["resource"]) == ("states", "startExecution.sync:2")
    assert json.loads(details["output"])["ExecutionArn"] == child_arn


def test_a_parent_that_is_stopped_stops_its_child(sfn: Any) -> None:
    nap = create(sfn, "nap", {"Nap": {"Type": "Wait", "Seconds": 3600, "End": True}})
    parent = create(sfn, "parent", {"Child": starting(nap, ".sync")})
    arn = sfn.start_execution(stateMachineArn=parent)["executionArn"]
    work()

    sfn.stop_execution(executionArn=arn, error="Enough")
    work()

    (child,) = sfn.list_executions(stateMachineArn=nap)["executions"]
    assert child["status"] == "ABORTED"
    described = sfn.describe_execution(executionArn=child["executionArn"])
    assert "error" not in described
    assert f"[{arn}]" in described["cause"]


def test_an_express_execution_starts_a_standard_one(sfn: Any, machine_arn: str) -> None:
    definition = {"StartAt": "Child", "States": {"Child": starting(machine_arn, "")}}
    express = sfn.create_state_machine(
        name="express",
        type="EXPRESS",
        definition=json.dumps(definition),
        roleArn="arn:aws:iam::123456789012:role/tests",
    )["stateMachineArn"]

    answer = sfn.start_sync_execution(stateMachineArn=express, input='{"b": 2}')

    assert answer["status"] == "SUCCEEDED", answer
    child_arn = json.loads(answer["output"])["ExecutionArn"]
    work()
    assert sfn.describe_execution(executionArn=child_arn)["status"] == "SUCCEEDED"
    assert Execution.objects.get().parent_id is None
