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


def seen(language: str) -> dict[str, Any]:
    """Give a state that answers with its input and with the variables that it can read."""
    if language == "JSONata":
        return {"Output": {"in": "{% $states.input %}", "n": "{% $n %}", "top": "{% $top %}"}}
    return {"Parameters": {"in.$": "$", "n.$": "$n", "top.$": "$top"}}


def nested(language: str, container: dict[str, Any]) -> dict[str, Any]:
    """A container whose scope notes its input in a variable, after a state that assigned one."""
    assign = {"n": "{% $states.input %}"} if language == "JSONata" else {"n.$": "$"}
    last: dict[str, Any] = {"Type": "Pass", **seen(language), "End": True}
    scope = {
        "StartAt": "Note",
        "States": {"Note": {"Type": "Pass", "Assign": assign, "Next": "Tell"}, "Tell": last},
    }
    if "Branches" in container:
        other = {"StartAt": "Other", "States": {"Other": {"Type": "Pass", "End": True}}}
        container["Branches"] = [other, scope]
    else:
        container["ItemProcessor"] = scope
    top = {"Type": "Pass", "Assign": {"top": 7}, "Next": "Around"}
    states = {"Top": top, "Around": {**container, "End": True}}
    return {"QueryLanguage": language, "StartAt": "Top", "States": states}


@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
@pytest.mark.parametrize("at_once", [0, 1])
def test_in_an_iteration_its_rest_runs_alone(
    api: APIClient, make_machine: MakeMachine, start: StartExecution, language: str, at_once: int
) -> None:
    definition = nested(language, {"Type": "Map", "MaxConcurrency": at_once})
    execution = start(make_machine(definition), [10, 11, 12])
    drain.drain_executions()
    tells = [
        event["id"]
        for event in history(execution)
        if event.get("stateEnteredEventDetails", {}).get("name") == "Tell"
    ]
    for event, item in zip(tells, (10, 11, 12), strict=True):
        answer = fork(api, execution, event=event)
        assert answer.status_code == 201, answer.json()
        drain.drain_executions()
        forked = Execution.objects.get(name=answer.json()["name"])
        assert (forked.status, forked.error) == ("SUCCEEDED", None)
        assert json.loads(forked.output or "") == {"in": item, "n": item, "top": 7}
        states = json.loads(forked.revision.definition)["States"]
        assert set(states) == {"Variables", "Tell"}
    first = fork(api, execution, event=entered(execution, "Note"), input="5").json()["name"]
    drain.drain_executions()
    assert json.loads(Execution.objects.get(name=first).output or "") == {
        "in": 5,
        "n": 5,
        "top": 7,
    }


def test_in_a_branch_of_a_parallel_it_is_the_branch_that_goes_on(
    api: APIClient, make_machine: MakeMachine, start: StartExecution
) -> None:
    definition = nested("JSONPath", {"Type": "Parallel", "Branches": []})
    # Once round before: what the branch assigned then is no longer there.
    again = {"Variable": "$.again", "IsPresent": True, "Next": "End"}
    around = definition["States"]["Around"]
    del around["End"]
    around |= {"Next": "Again?", "ResultPath": "$.again"}
    definition["States"] |= {
        "Again?": {"Type": "Choice", "Choices": [again], "Default": "Top"},
        "End": {"Type": "Succeed"},
    }
    execution = start(make_machine(definition), {"a": 1})
    drain.drain_executions()
    answer = fork(api, execution, event=entered(execution, "Tell"))
    assert answer.status_code == 201, answer.json()
    drain.drain_executions()
    forked = Execution.objects.get(name=answer.json()["name"])
    assert json.loads(forked.output or "") == {"in": {"a": 1}, "n": {"a": 1}, "top": 7}
    assert "Other" not in json.loads(forked.revision.definition)["States"]
    note = fork(api, execution, event=entered(execution, "Note")).json()
    drain.drain_executions()
    begun = Execution.objects.get(name=note["name"])
    first = json.loads(begun.revision.definition)["States"]["Variables"]
    # The branch's own comes with its first state.
    assert first["Result"] == {"top": 7}


def test_where_nothing_can_begin(
    api: APIClient, make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(make_machine(JSONPATH), {"a": 1})
    drain.drain_executions()
    assert "No state was entered at the event 1" in fork(api, execution, event=1).json()["message"]
    wrong = fork(api, execution, event=entered(execution, "Last"), input="{")
    assert wrong.json()["code"] == "InvalidExecutionInput"
