"""Saved mocks and tests follow a state that is given another name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from executions.runtime.rehearsals import processes

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:pay"
ALL = "/api/state-machines/"
ONE = f"{ALL}orders/"
MOCKS = f"{ONE}mocks/"
TESTS = f"{ONE}tests/"


@pytest.fixture(autouse=True)
def no_processes_are_left() -> Iterator[None]:
    yield
    processes.close()
    processes._one = None


def definition(each: str = "Pay") -> str:
    """Every item is paid, then the order ends."""
    pay = {"Type": "Task", "Resource": LAMBDA, "TimeoutSeconds": 3, "End": True}
    items = {
        "Type": "Map",
        "ItemProcessor": {"StartAt": each, "States": {each: pay}},
        "Next": "Done",
    }
    return json.dumps({"StartAt": "Items", "States": {"Items": items, "Done": {"Type": "Succeed"}}})


def saved(api: APIClient) -> None:
    """A state machine with two mocks and a test of it, by places and names."""
    assert api.post(ALL, {"name": "orders", "definition": definition()}, "json").status_code == 201
    for name in ("paid", "refused"):
        mock = {"state": "Pay", "name": name, "response": {"Return": name}}
        assert api.post(MOCKS, mock, "json").status_code == 201
    test = {
        "name": "two",
        "input": "[1, 2]",
        "mocks": {"Pay": "paid", "Pay[1]": "refused"},
        "expectedOutput": '["paid", "refused"]',
        "expectedPath": ["Items", "Pay[0]", "Pay[1]", "Done"],
    }
    assert api.post(TESTS, test, "json").status_code == 201


def names_of(api: APIClient) -> list[tuple[str, str]]:
    return [(each["state"], each["name"]) for each in api.get(MOCKS).json()["results"]]


def run(api: APIClient, **body: Any) -> Any:
    test = api.get(TESTS).json()["results"][0]["id"]
    return api.post(f"{TESTS}run/", {"testId": test, **body}, "json").json()


def test_a_draft_is_tested_with_what_is_saved_for_the_published_name(api: APIClient) -> None:
    saved(api)
    assert run(api)["passed"]
    drafted = run(api, definition=definition("Charge"))
    assert (drafted["passed"], drafted["unmet"], drafted["unknownMocks"]) == (True, [], [])
    # Also where the page says the new name itself.
    unsaved = {"input": "[1]", "mocks": {"Charge": "paid"}, "expectedOutput": '["paid"]'}
    body = {"test": unsaved, "definition": definition("Charge")}
    assert api.post(f"{TESTS}run/", body, "json").json()["passed"]
    # Nothing is renamed by it.
    assert names_of(api) == [("Pay", "paid"), ("Pay", "refused")]
    assert run(api)["passed"]


def test_publishing_renames_what_is_saved(api: APIClient) -> None:
    saved(api)
    # One that somebody saved for the new name already stays; the older one of its name, too.
    api.post(MOCKS, {"state": "Charge", "name": "paid", "response": {"Return": "new"}}, "json")
    assert api.put(ONE, {"definition": definition("Charge")}, "json").status_code == 200
    assert names_of(api) == [("Charge", "paid"), ("Charge", "refused"), ("Pay", "paid")]
    [test] = api.get(TESTS).json()["results"]
    assert test["mocks"] == {"Charge": "paid", "Charge[1]": "refused"}
    assert test["expectedPath"] == ["Items", "Charge[0]", "Charge[1]", "Done"]
    assert test["sequence"] == 2
    after = run(api)
    assert [each["what"] for each in after["unmet"]] == ["output"]


def test_another_state_is_no_new_name(api: APIClient) -> None:
    saved(api)
    other = json.loads(definition("Charge"))
    inner = {"Type": "Wait", "Seconds": 3, "End": True}
    other["States"]["Items"]["ItemProcessor"]["States"]["Charge"] = inner
    assert api.put(ONE, {"definition": json.dumps(other)}, "json").status_code == 200
    assert names_of(api) == [("Pay", "paid"), ("Pay", "refused")]
    assert api.get(TESTS).json()["results"][0]["sequence"] == 1
