"""Tests brought in from files, given out as one, and made of executions."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from rest_framework.test import APIClient

from executions.integration import Failed, Succeeded, TaskRequest
from executions.runtime import drain
from executions.runtime.rehearsals import processes
from tests.conftest import MakeMachine, StartExecution

FILE: dict[str, Any] = {
    "StateMachines": {
        "orders": {
            "TestCases": {
                "Happy": {"Pay": "Paid", "Mail": "Sent"},
                "Retried": {"Pay": "Busy", "Mail": {"0": {"Return": "late"}}},
            },
            "Tests": {
                "Happy": {
                    "Input": {"a": 1},
                    "Expect": {"Status": "SUCCEEDED", "Output": "sent", "Path": ["Pay", "Mail"]},
                },
                "Retried": {"Input": {}},
            },
        }
    },
    "MockedResponses": {
        "Paid": {"0": {"Return": {"paid": True}}},
        "Sent": {"Return": "sent"},
        "Busy": {"0-1": {"Throw": {"Error": "Busy", "Cause": "why"}}, "2": {"Return": 1}},
    },
}
ADDRESS = "/api/state-machines/orders/tests/file/"


def test_a_file_goes_in_and_comes_out(api: APIClient) -> None:
    file = {**FILE, "MockedResponses": {**FILE["MockedResponses"], "Spare": {"Return": 0}}}
    imported = api.post(ADDRESS, file, format="json").json()
    assert imported == {"tests": 2, "mocks": 3, "unused": ["Spare"]}
    assert api.get(ADDRESS).json() == FILE
    again = api.post(ADDRESS, FILE, format="json").json()
    assert again == {"tests": 2, "mocks": 3, "unused": []}
    tests = api.get("/api/state-machines/orders/tests/").json()["results"]
    assert [(each["name"], each["sequence"]) for each in tests] == [("Happy", 1), ("Retried", 1)]


def test_for_step_functions_local(api: APIClient) -> None:
    api.post(ADDRESS, FILE, format="json")
    file = api.get(f"{ADDRESS}?local=true").json()
    assert file["StateMachines"] == {
        "orders": {
            "TestCases": {
                "Happy": {"Pay": "Paid", "Mail": "Sent"},
                "Retried": {"Pay": "Busy", "Mail": "Retried.Mail"},
            }
        }
    }
    assert file["MockedResponses"]["Sent"] == {"0-999": {"Return": "sent"}}
    assert file["MockedResponses"]["Retried.Mail"] == {"0": {"Return": "late"}}


def test_mocks_of_one_name_get_the_state_before_it(api: APIClient) -> None:
    mocks = "/api/state-machines/orders/mocks/"
    for state, value in (("A", 1), ("B", 2), ("C", 1)):
        mock = {"state": state, "name": "good", "response": {"Return": value}}
        api.post(mocks, mock, format="json")
    test = {"name": "t", "input": "{}", "mocks": {"A": "good", "B": "good", "C": "good"}}
    api.post("/api/state-machines/orders/tests/", test, format="json")
    file = api.get(ADDRESS).json()
    assert file["MockedResponses"] == {"good": {"Return": 1}, "B.good": {"Return": 2}}
    cases = file["StateMachines"]["orders"]["TestCases"]
    assert cases == {"t": {"A": "good", "B": "B.good", "C": "good"}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"StateMachines": 5}, "StateMachines"),
        ({"Extra": {}}, "'Extra'"),
        ({"MockedResponses": {"Paid": {"0": {}}}}, "'Paid'"),
        ({"MockedResponses": {}}, "'Paid', which is not among"),
        ({"StateMachines": {"a": {}, "b": {}}}, "nothing for 'orders'"),
        ({"StateMachines": {"orders": {"Tests": {"x": {"Expect": {"State": 1}}}}}}, "'State'"),
        ({"StateMachines": {"orders": {"Tests": {"x": {"Expect": {"Path": "A"}}}}}}, "Path"),
        ({"StateMachines": {"orders": {"Tests": {"x" * 81: {}}}}}, "80 characters"),
    ],
)
def test_what_is_no_such_file(api: APIClient, change: dict[str, Any], said: str) -> None:
    answer = api.post(ADDRESS, {**FILE, **change}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "ValidationException")
    assert said in answer.json()["message"]


@pytest.mark.django_db(transaction=True)
def test_an_execution_becomes_a_test_that_passes(
    api: APIClient,
    make_machine: MakeMachine,
    start: StartExecution,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Till:
        lost_error = None

        def perform(self, request: TaskRequest) -> Succeeded | Failed:
            if request.attempt == 0:
                return Failed("Busy", "try again")
            return Succeeded(json.dumps({"paid": json.loads(request.parameters)}))

    monkeypatch.setattr("executions.runtime.performance.integration_for", lambda _: Till())
    task = {
        "Type": "Task",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay",
        "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "BackoffRate": 1}],
        "End": True,
    }
    processor = {"StartAt": "Pay", "States": {"Pay": task}}
    machine = make_machine(
        {
            "StartAt": "Each",
            "States": {"Each": {"Type": "Map", "ItemProcessor": processor, "End": True}},
        }
    )
    execution = start(machine, [1, 2])
    address = f"/api/executions/{machine.name}/{execution.name}/test/"
    early = api.post(address, {"name": "as it was"}, format="json")
    assert "not ended" in early.json()["message"]
    until = time.monotonic() + 60
    while execution.status == "RUNNING" and time.monotonic() < until:
        drain.drain_executions()
        drain.drain_tasks()
        execution.refresh_from_db()
        time.sleep(0.05)
    assert execution.status == "SUCCEEDED"
    made = api.post(address, {"name": "as it was"}, format="json")
    assert made.status_code == 201
    test = made.json()
    assert sorted(test["mocks"]) == ["Pay[0]", "Pay[1]"]
    assert (test["expectedStatus"], test["expectedPath"]) == ("SUCCEEDED", ["Each"])
    assert json.loads(test["expectedOutput"]) == [{"paid": 1}, {"paid": 2}]
    try:
        run = f"/api/state-machines/{machine.name}/tests/run/"
        ran = api.post(run, {"testId": test["id"]}, format="json").json()
    finally:
        processes.close()
    assert (ran["passed"], ran["unmet"]) == (True, [])
