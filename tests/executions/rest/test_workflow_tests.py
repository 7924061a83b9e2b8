"""Mocks and tests of workflows, saved and run from the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from executions.actions.state_machines import delete_state_machine
from executions.models import MockedResponse, WorkflowTest
from executions.runtime.rehearsals import processes
from tests.conftest import MakeMachine

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:pay"
DEFINITION = {
    "StartAt": "Pay",
    "States": {"Pay": {"Type": "Task", "Resource": LAMBDA, "End": True}},
}
LOOP = {
    "QueryLanguage": "JSONata",
    "StartAt": "A",
    "States": {
        "A": {
            "Type": "Pass",
            "Assign": {"x": "{% $sum([1..5000]) %}"},
            "Next": "B",
        },
        "B": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% false %}", "Next": "C"}],
            "Default": "A",
        },
        "C": {"Type": "Succeed"},
    },
}
PAID = {"Return": {"paid": True}}
MOCKS = "/api/state-machines/orders/mocks/"
TESTS = "/api/state-machines/orders/tests/"
RUN = f"{TESTS}run/"


@pytest.fixture(autouse=True)
def no_processes_are_left() -> Iterator[None]:
    yield
    processes.close()
    processes._one = None


def post(api: APIClient, address: str, document: Any) -> Any:
    return api.post(address, document, format="json")


def a_mock(**values: Any) -> dict[str, Any]:
    return {"state": "Pay", "name": "paid", "response": PAID, **values}


def a_test(**values: Any) -> dict[str, Any]:
    return {"name": "happy", "input": "{}", "mocks": {"Pay": "paid"}, **values}


def test_mocks_are_saved_changed_and_deleted(api: APIClient) -> None:
    made = post(api, MOCKS, a_mock())
    assert (made.status_code, made.json()["sequence"]) == (201, 1)
    again = post(api, MOCKS, a_mock())
    assert (again.status_code, again.json()["id"]) == (201, made.json()["id"])
    other = post(api, MOCKS, a_mock(response={"Return": 2}))
    assert (other.status_code, other.json()["code"]) == (409, "MockAlreadyExists")
    address = f"{MOCKS}{made.json()['id']}/"
    change = {"response": {"0": {"Throw": {"Error": "E"}}}, "follows": 1}
    changed = api.patch(address, change, format="json")
    assert changed.json()["sequence"] == 2
    assert changed.json()["response"] == change["response"]
    assert api.patch(address, change, format="json").json()["sequence"] == 2
    late = api.patch(address, {"name": "x", "follows": 1}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "MockChanged")
    assert [each["name"] for each in api.get(MOCKS).json()["results"]] == ["paid"]
    assert api.get("/api/state-machines/others/mocks/").json()["results"] == []
    assert api.delete(address).status_code == 204
    assert api.delete(address).status_code == 204
    assert api.patch(address, change, format="json").status_code == 404


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"response": {"0": {}}}, "needs either"),
        ({"name": ""}, "name"),
        ({"name": "n" * 81}, "name"),
        ({"state": ""}, "state"),
    ],
)
def test_what_is_no_mock(api: APIClient, values: dict[str, Any], said: str) -> None:
    answer = post(api, MOCKS, a_mock(**values))
    assert (answer.status_code, answer.json()["code"]) == (400, "ValidationException")
    assert said in answer.json()["message"]


def test_there_are_only_so_many(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("executions.actions.mocked_responses.MAX_MOCKS", 1)
    monkeypatch.setattr("executions.actions.workflow_tests.MAX_TESTS", 1)
    post(api, MOCKS, a_mock())
    post(api, TESTS, a_test())
    for answer in (post(api, MOCKS, a_mock(name="x")), post(api, TESTS, a_test(name="x"))):
        assert answer.json()["code"] == "ServiceQuotaExceededException"


def test_tests_are_saved_changed_and_deleted(api: APIClient) -> None:
    made = post(api, TESTS, a_test(expectedStatus="SUCCEEDED", expectedPath=["Pay"]))
    assert made.status_code == 201
    saved = made.json()
    assert {name: saved[name] for name in ("name", "input", "mocks", "sequence")} == {
        "name": "happy",
        "input": "{}",
        "mocks": {"Pay": "paid"},
        "sequence": 1,
    }
    assert (saved["expectedStatus"], saved["expectedPath"]) == ("SUCCEEDED", ["Pay"])
    assert (saved["expectedOutput"], saved["expectedError"]) == (None, None)
    taken = post(api, TESTS, a_test())
    assert (taken.status_code, taken.json()["code"]) == (409, "WorkflowTestAlreadyExists")
    address = f"{TESTS}{saved['id']}/"
    change = {**a_test(input="[1]", mocks={"Pay": PAID, "Pay[1]": "x"}), "follows": 1}
    changed = api.put(address, change, format="json").json()
    assert (changed["sequence"], changed["input"], changed["expectedStatus"]) == (2, "[1]", None)
    late = api.put(address, {**change, "input": "[2]"}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "WorkflowTestChanged")
    assert api.get(TESTS).json()["results"] == [changed]
    assert api.delete(address).status_code == 204
    assert api.put(address, change, format="json").status_code == 404


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"input": "{"}, "InvalidExecutionInput"),
        ({"expectedOutput": "{"}, "ValidationException"),
        ({"expectedStatus": "RUNNING"}, "ValidationException"),
        ({"mocks": {"Pay": {"0": 1}}}, "ValidationException"),
        ({"mocks": {"Pay": 5}}, "ValidationException"),
    ],
)
def test_what_is_no_test(api: APIClient, values: dict[str, Any], code: str) -> None:
    answer = post(api, TESTS, a_test(**values))
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_saved_test_runs_on_a_draft_and_on_what_is_published(
    api: APIClient, make_machine: MakeMachine
) -> None:
    machine = make_machine(DEFINITION)
    root = f"/api/state-machines/{machine.name}/"
    post(api, f"{root}mocks/", a_mock())
    saved = post(api, f"{root}tests/", a_test(expectedOutput='{"paid": true}')).json()
    ran = post(api, f"{root}tests/run/", {"testId": saved["id"]}).json()
    assert (ran["passed"], ran["status"], ran["output"]) == (True, "SUCCEEDED", '{"paid":true}')
    assert ran["path"] == ["Pay"]
    assert [event["type"] for event in ran["events"]][:3] == [
        "ExecutionStarted",
        "TaskStateEntered",
        "LambdaFunctionScheduled",
    ]
    assert ran["eventCount"] == len(ran["events"]) == 7
    draft = "StartAt: Skip\nStates:\n  Skip: {Type: Pass, Result: {paid: false}, End: true}\n"
    body = {"testId": saved["id"], "definition": draft, "format": "YAML"}
    other = post(api, f"{root}tests/run/", body).json()
    assert (other["passed"], other["unknownMocks"]) == (False, ["Pay"])
    assert other["unmet"] == [
        {"what": "output", "pointer": "/paid", "expected": "true", "actual": "false"}
    ]


def test_a_test_need_not_be_saved_nor_the_machine_exist(api: APIClient) -> None:
    body = {"definition": json.dumps(DEFINITION), "test": {"input": "{}", "mocks": {"Pay": PAID}}}
    assert post(api, RUN, body).json()["passed"]
    body["test"] = {"input": "{}"}
    stopped = post(api, RUN, body).json()
    assert (stopped["passed"], stopped["status"]) == (False, "RUNNING")
    assert (stopped["stop"]["reason"], stopped["stop"]["place"]) == ("NO_RESULT", "Pay")


def test_refusals_of_a_run(api: APIClient) -> None:
    text = json.dumps(DEFINITION)
    named = {"input": "{}", "mocks": {"Pay": "nowhere"}}
    for body, status, code in (
        ({"definition": text}, 400, "ValidationException"),
        ({"definition": "{}", "test": {"input": "{}"}}, 400, "InvalidDefinition"),
        ({"definition": text, "test": named}, 400, "ValidationException"),
        ({"definition": text, "testId": 1}, 404, "WorkflowTestDoesNotExist"),
        ({"test": {"input": "{}"}}, 404, "StateMachineDoesNotExist"),
    ):
        answer = post(api, RUN, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_what_takes_too_long_or_too_much_is_stopped_and_the_next_one_runs(
    api: APIClient, settings: Any
) -> None:
    settings.REHEARSAL_SECONDS = 0.1
    body = {"definition": json.dumps(LOOP), "test": {"input": "{}"}}
    stopped = post(api, RUN, body).json()
    assert (stopped["passed"], stopped["stop"]["reason"]) == (False, "TOO_LONG")
    settings.REHEARSAL_SECONDS = 60.0
    large = {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Pass", "Result": "x" * 200_000, "Next": "B"},
            "B": {
                "Type": "Choice",
                "Choices": [{"Variable": "$", "IsNull": True, "Next": "C"}],
                "Default": "A",
            },
            "C": {"Type": "Succeed"},
        },
    }
    settings.REHEARSAL_MEGABYTES = 200
    stopped = post(api, RUN, {"definition": json.dumps(large), "test": {"input": "{}"}}).json()
    assert (stopped["passed"], stopped["stop"]["reason"]) == (False, "OUT_OF_MEMORY")
    body = {"definition": json.dumps(DEFINITION), "test": {"input": "{}", "mocks": {"Pay": PAID}}}
    assert post(api, RUN, body).json()["passed"]


def test_no_room(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise processes.TooManyRehearsals

    monkeypatch.setattr(processes, "ask", refuse)
    body = {"definition": json.dumps(DEFINITION), "test": {"input": "{}"}}
    answer = post(api, RUN, body)
    assert (answer.status_code, answer.json()["code"]) == (429, "TooManyTests")


def test_they_go_with_their_state_machine(api: APIClient, make_machine: MakeMachine) -> None:
    machine = make_machine(DEFINITION)
    post(api, f"/api/state-machines/{machine.name}/mocks/", a_mock())
    post(api, f"/api/state-machines/{machine.name}/tests/", a_test())
    post(api, TESTS, a_test())
    delete_state_machine(machine.name)
    assert not MockedResponse.objects.exists()
    assert [test.state_machine for test in WorkflowTest.objects.all()] == ["orders"]
