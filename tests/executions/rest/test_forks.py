"""New executions that begin with a past state of another."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from executions.models import Execution
from executions.runtime import drain
from tests.conftest import MakeMachine, StartExecution, history

pytestmark = [pytest.mark.django_db(transaction=True)]

ODD = [1, "it's", "{% $odd %}", 'say "so" %}', {"x.$": "$.y"}, "\\", None]
BRANCH = {"StartAt": "Inside", "States": {"Inside": {"Type": "Pass", "End": True}}}
JSONPATH: dict[str, Any] = {
    "StartAt": "First",
    "States": {
        "First": {
            "Type": "Pass",
            "Assign": {"a.$": "$.a", "odd": {"x.y": "{% not a query %}"}},
            "Next": "Fan",
        },
        "Fan": {"Type": "Parallel", "Branches": [BRANCH], "ResultPath": None, "Next": "Last"},
        "Last": {
            "Type": "Pass",
            "Parameters": {"in.$": "$", "a.$": "$a", "o.$": "$odd"},
            "End": True,
        },
    },
}
JSONATA: dict[str, Any] = {
    "QueryLanguage": "JSONata",
    "StartAt": "First",
    "States": {
        "First": {
            "Type": "Pass",
            "Assign": {"a": "{% $states.input.a %}", "odd": {"x": "plain"}},
            "Next": "Last",
        },
        "Last": {
            "Type": "Pass",
            "Output": {"in": "{% $states.input %}", "a": "{% $a %}", "o": "{% $odd %}"},
            "End": True,
        },
    },
}


def entered(execution: Execution, state: str) -> int:
    for event in history(execution):
        if event.get("stateEnteredEventDetails", {}).get("name") == state:
            return int(event["id"])
    raise AssertionError(state)


def fork(api: APIClient, execution: Execution, **body: Any) -> Any:
    address = f"/api/executions/{execution.state_machine.name}/{execution.name}/fork/"
    return api.post(address, body, format="json")


@pytest.mark.parametrize("definition", [JSONPATH, JSONATA], ids=["JSONPath", "JSONata"])
def test_it_goes_on_with_the_states_input_and_the_variables(
    api: APIClient, make_machine: MakeMachine, start: StartExecution, definition: dict[str, Any]
) -> None:
    execution = start(make_machine(definition), {"a": ODD})
    drain.drain_executions()
    execution.refresh_from_db()
    event = entered(execution, "Last")
    answer = fork(api, execution, event=event)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["stateMachineName"].startswith(f"{execution.state_machine.name}-fork-")
    drain.drain_executions()
    forked = Execution.objects.get(name=answer.json()["name"])
    assert (forked.status, forked.error) == ("SUCCEEDED", None)
    assert json.loads(forked.output or "") == json.loads(execution.output or "")
    assert "First" not in json.loads(forked.revision.definition)["States"]
    edited = fork(api, execution, event=event, input='{"b": 2}', name="mine").json()
    assert edited["stateMachineName"] == answer.json()["stateMachineName"]
    drain.drain_executions()
    mine = json.loads(Execution.objects.get(name="mine").output or "")
    assert mine == {**json.loads(execution.output or ""), "in": {"b": 2}}


def test_where_nothing_can_begin(
    api: APIClient, make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(make_machine(JSONPATH), {"a": 1})
    drain.drain_executions()
    inside = fork(api, execution, event=entered(execution, "Inside"))
    assert (inside.status_code, inside.json()["code"]) == (400, "ValidationException")
    assert "'Inside' is inside 'Fan'" in inside.json()["message"]
    assert "No state was entered at the event 1" in fork(api, execution, event=1).json()["message"]
    wrong = fork(api, execution, event=entered(execution, "Last"), input="{")
    assert wrong.json()["code"] == "InvalidExecutionInput"
