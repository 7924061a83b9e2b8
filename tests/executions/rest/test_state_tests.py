"""One state of a text that somebody is writing, tested from the page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from executions.runtime.tested_tasks.processes import TooManyTasks

MACHINE = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.orders",
            "ItemProcessor": {
                "StartAt": "Pay",
                "States": {
                    "Pay": {
                        "Type": "Task",
                        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay",
                        "InputPath": "$.order",
                        "Parameters": {"sum.$": "$.sum", "who.$": "$who"},
                        "ResultSelector": {"receipt.$": "$.id"},
                        "ResultPath": "$.paid",
                        "Assign": {"last.$": "$.receipt"},
                        "TimeoutSeconds": 9,
                        "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 4}],
                        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}],
                        "End": True,
                    },
                    "Sorry": {"Type": "Pass", "End": True},
                },
            },
            "End": True,
        }
    },
}
PAY = {
    "stateName": "Pay",
    "input": '{"order": {"sum": 3}}',
    "variables": '{"who": "ada"}',
}


def ask(api: APIClient, definition: Any = None, **members: Any) -> Any:
    text = definition if isinstance(definition, str) else json.dumps(definition or MACHINE)
    return api.post("/api/state-tests/", {"definition": text, **members}, format="json")


def test_every_stage_of_a_mocked_task(api: APIClient) -> None:
    answer = ask(api, **PAY, mock={"result": '{"id": 7}'}).json()
    assert answer["status"] == "SUCCEEDED"
    assert json.loads(answer["output"]) == {"order": {"sum": 3}, "paid": {"receipt": 7}}
    shown = {name: json.loads(text) for name, text in answer["inspectionData"].items()}
    assert shown == {
        "input": {"order": {"sum": 3}},
        "afterInputPath": {"sum": 3},
        "afterParameters": {"sum": 3, "who": "ada"},
        "result": {"id": 7},
        "afterResultSelector": {"receipt": 7},
        "afterResultPath": {"order": {"sum": 3}, "paid": {"receipt": 7}},
        "variables": {"who": "ada", "last": 7},
    }
    assert (answer["task"], answer["testedAlone"]) == (None, False)


def test_without_a_mock_a_task_is_shown_and_not_performed(api: APIClient) -> None:
    answer = ask(api, **PAY).json()
    assert (answer["status"], answer["output"]) == (None, None)
    assert answer["task"] == {
        "resource": "arn:aws:lambda:us-east-1:123456789012:function:pay",
        "parameters": '{"sum":3,"who":"ada"}',
        "timeoutSeconds": 9.0,
        "heartbeatSeconds": None,
    }
    assert json.loads(answer["inspectionData"]["afterParameters"]) == {"sum": 3, "who": "ada"}


def test_a_map_without_a_mock_shows_its_items(api: APIClient) -> None:
    answer = ask(api, stateName="Each", input='{"orders": [1, 2]}').json()
    assert answer["status"] is None
    assert json.loads(answer["inspectionData"]["afterItemsPath"]) == [1, 2]
    mocked = ask(api, stateName="Each", input='{"orders": []}', mock={"result": "[5]"}).json()
    assert (mocked["status"], mocked["output"]) == ("SUCCEEDED", "[5]")


def test_who_answers_an_error(api: APIClient) -> None:
    busy = ask(api, **PAY, mock={"error": "Busy"}).json()
    assert busy["status"] == "RETRIABLE"
    details = {"retryIndex": 0, "retryBackoffIntervalSeconds": 4}
    assert busy["inspectionData"]["errorDetails"] == details
    other = ask(api, **PAY, mock={"error": "Other", "cause": "why"}).json()
    assert (other["status"], other["nextState"]) == ("CAUGHT_ERROR", "Sorry")
    assert json.loads(other["output"]) == {"Error": "Other", "Cause": "why"}


def test_a_state_beside_broken_ones_is_tested_alone(api: APIClient) -> None:
    broken = json.loads(json.dumps(MACHINE))
    broken["States"]["Later"] = {"Type": "Pass", "Next": "Nowhere"}
    answer = ask(api, broken, **PAY, mock={"result": '{"id": 7}'})
    assert (answer.json()["status"], answer.json()["testedAlone"]) == ("SUCCEEDED", True)
    later = ask(api, broken, stateName="Later")
    assert later.json()["status"] == "SUCCEEDED"
    broken["States"]["Later"] = {"Type": "Nonsense"}
    refused = ask(api, broken, stateName="Later")
    assert (refused.status_code, refused.json()["code"]) == (400, "InvalidDefinition")
    assert "/States/Later" in {each["location"][:13] for each in refused.json()["diagnostics"]}


def test_a_broken_jsonata_machine_keeps_its_language(api: APIClient) -> None:
    machine = {
        "QueryLanguage": "JSONata",
        "States": {"A": {"Type": "Pass", "Output": "{% $states.input.n + 1 %}", "End": True}},
    }
    answer = ask(api, machine, stateName="A", input='{"n": 1}').json()
    assert (answer["output"], answer["testedAlone"]) == ("2", True)


def test_yaml(api: APIClient) -> None:
    text = "StartAt: A\nStates:\n  A: {Type: Pass, Result: 5, End: true}\n"
    assert ask(api, text, format="YAML", stateName="A").json()["output"] == "5"
    refused = ask(api, "a: [", format="YAML", stateName="A")
    assert refused.json()["diagnostics"][0]["code"] == "INVALID_YAML_DESCRIPTION"


@pytest.mark.parametrize(
    ("members", "code", "said"),
    [
        ({"stateName": "Nobody"}, "ValidationException", "State not found"),
        ({"stateName": "Pay", "input": "{"}, "InvalidExecutionInput", ""),
        ({"stateName": "Pay", "variables": "[]"}, "ValidationException", "variables"),
        ({"stateName": "Pay", "context": '{"X": 1}'}, "ValidationException", "'X'"),
        ({"stateName": "Pay", "mock": {}}, "ValidationException", "errorOutput"),
        ({"stateName": "Pay", "mock": {"result": "no"}}, "ValidationException", "valid JSON"),
        ({"stateName": "Sorry", "mock": {"result": "1"}}, "ValidationException", "'Pass'"),
    ],
)
def test_refusals(api: APIClient, members: dict[str, Any], code: str, said: str) -> None:
    answer = ask(api, **members)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert said in answer.json()["message"]


def test_no_room_to_perform(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object) -> None:
        raise TooManyTasks

    monkeypatch.setattr("executions.actions.page_state_tests.perform_tested_task", refuse)
    answer = ask(api, **PAY, perform=True)
    assert (answer.status_code, answer.json()["code"]) == (429, "TooManyTests")


def test_only_for_those_who_are_signed_in(db: None) -> None:
    assert ask(APIClient()).status_code == 401
