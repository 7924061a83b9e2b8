"""``aws-sdk:sfn``: a Task calls what clients call, and sees the answers as Java's SDK does."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from executions.actions.executions import get_execution, start_execution
from executions.integration import Failed, Submitted, Succeeded
from executions.integrations.registry import integration_for
from executions.models import Execution
from executions.runtime import drain
from studio.models import StateMachine
from tests.conftest import MakeMachine
from tests.executions.integrations.conftest import request_of

pytestmark = pytest.mark.django_db(transaction=True)

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
FAIL = {"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "Boom"}}}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")


def call(action: str, parameters: dict[str, Any]) -> Any:
    resource = f"arn:aws:states:::aws-sdk:sfn:{action}"
    return integration_for(resource).perform(request_of(resource, parameters))


def result(action: str, parameters: dict[str, Any]) -> Any:
    outcome = call(action, parameters)
    assert isinstance(outcome, Succeeded), outcome
    return json.loads(outcome.output)


def express(machine: StateMachine) -> StateMachine:
    StateMachine.objects.filter(pk=machine.pk).update(type="EXPRESS")
    return machine


def test_an_execution_is_started_and_described(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)

    started = result("startExecution", {"StateMachineArn": machine.arn, "Input": {"a": 1}})

    assert list(started) == ["ExecutionArn", "StartDate"]
    assert MOMENT.fullmatch(started["StartDate"])
    described = result("describeExecution", {"ExecutionArn": started["ExecutionArn"]})
    assert described["Input"] == '{"a":1}'
    assert described["OutputDetails"] == {"Included": True}
    assert MOMENT.fullmatch(described["StopDate"])
    history = result("getExecutionHistory", {"ExecutionArn": started["ExecutionArn"]})
    first = history["Events"][0]
    assert (first["Type"], first["Id"]) == ("ExecutionStarted", 1)
    assert MOMENT.fullmatch(first["Timestamp"])
    assert first["ExecutionStartedEventDetails"]["Input"] == '{"a":1}'


@pytest.mark.parametrize(("definition", "status"), [(PASS, "SUCCEEDED"), (FAIL, "FAILED")])
def test_an_express_execution_is_waited_for(
    make_machine: MakeMachine, definition: dict[str, Any], status: str
) -> None:
    machine = express(make_machine(definition))

    answer = result("startSyncExecution", {"StateMachineArn": machine.arn, "Input": {"a": 1}})

    assert answer["Status"] == status
    assert answer.get("Output") == ('{"a":1}' if status == "SUCCEEDED" else None)
    assert answer.get("Error") == (None if status == "SUCCEEDED" else "Boom")
    assert answer["BillingDetails"]["BilledMemoryUsedInMB"] == 64


def test_refusals(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)

    missing = call("startExecution", {"StateMachineArn": machine.arn + "-not"})
    standard = call("startSyncExecution", {"StateMachineArn": machine.arn})
    token = call("sendTaskSuccess", {"TaskToken": "nobody's", "Output": "1"})

    assert isinstance(missing, Failed)
    assert missing.error == "Sfn.StateMachineDoesNotExistException"
    assert re.fullmatch(
        rf"State Machine Does Not Exist: '{machine.arn}-not' "
        r"\(Service: Sfn, Status Code: 400, Request ID: [0-9a-f-]{36}\) \(SDK Attempt Count: 1\)",
        missing.cause,
    )
    assert standard.error == "Sfn.StateMachineTypeNotSupportedException"
    assert token.error == "Sfn.InvalidTokenException"


def test_parameters_that_cannot_be_used() -> None:
    outcome = call("startExecution", {"StateMachineArn": 7})
    assert outcome.error == "States.Runtime"
    assert 'The value for the field "StateMachineArn" must be a STRING' in outcome.cause


def test_what_stepwell_does_not_offer() -> None:
    outcome = call("eatExecution", {})
    assert outcome.error == "States.Runtime"
    assert "names no operation" in outcome.cause


def test_a_child_gives_its_parents_token_back(make_machine: MakeMachine) -> None:
    answer = make_machine(
        {
            "StartAt": "Answer",
            "States": {
                "Answer": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::aws-sdk:sfn:sendTaskSuccess",
                    "Parameters": {"TaskToken.$": "$.token", "Output": {"answer": 42}},
                    "End": True,
                }
            },
        }
    )
    asking = make_machine(
        {
            "StartAt": "Ask",
            "States": {
                "Ask": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken",
                    "Parameters": {
                        "StateMachineArn": answer.arn,
                        "Input": {"token.$": "$$.Task.Token"},
                    },
                    "End": True,
                }
            },
        }
    )
    started = start_execution(asking.name)
    while drain.drain_executions() + drain.drain_tasks():
        pass

    assert get_execution(started.arn).output == '{"answer":42}'
    (child,) = Execution.objects.filter(state_machine=answer)
    assert (child.status, child.output) == ("SUCCEEDED", "{}")


def test_a_call_with_a_token_is_submitted(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    outcome = call("startExecution.waitForTaskToken", {"StateMachineArn": machine.arn})
    assert isinstance(outcome, Submitted)
