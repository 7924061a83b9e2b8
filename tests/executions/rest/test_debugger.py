"""Debugging from a page: commands, what they answer, and what is refused in which words."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from executions.models import Execution
from executions.runtime import drain
from studio.models import StateMachine
from tests.conftest import MakeMachine

pytestmark = [pytest.mark.django_db(transaction=True)]

ORDERS: dict[str, Any] = {
    "StartAt": "Check",
    "States": {
        "Check": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.total", "NumericGreaterThan": 100, "Next": "Approve"}],
            "Default": "Ship",
        },
        "Approve": {"Type": "Wait", "Seconds": 3600, "Next": "Ship"},
        "Ship": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemProcessor": {
                "StartAt": "Pack",
                "States": {"Pack": {"Type": "Pass", "End": True}},
            },
            "End": True,
        },
    },
}


@pytest.fixture
def machine(make_machine: MakeMachine) -> StateMachine:
    return make_machine(ORDERS)


class Page:
    """What somebody does on the page of one execution."""

    def __init__(self, api: APIClient, machine: StateMachine, debugger: Any, text: str) -> None:
        self.api = api
        body = {"input": text, "debugger": debugger}
        answer = api.post(f"/api/state-machines/{machine.name}/executions/", body, format="json")
        assert answer.status_code == 201, answer.content
        self.name = answer.json()["name"]
        self.address = f"/api/executions/{machine.name}/{self.name}/"
        drain.drain_executions()

    def view(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.api.get(f"{self.address}debugger/").json()
        return answer

    def tell(self, command: str, **members: Any) -> Any:
        body = {"command": command, **members}
        return self.api.post(f"{self.address}debugger/", body, format="json")

    def done(self, command: str, **members: Any) -> dict[str, Any]:
        answer = self.tell(command, **members)
        assert answer.status_code == 200, answer.content
        view: dict[str, Any] = answer.json()
        return view


START: dict[str, Any] = {"pauseAtStart": True, "breakpoints": [{"state": "Pack"}]}
TEXT = '{"total": 5, "items": [7, 8]}'


def test_an_execution_is_stepped_through(api: APIClient, machine: StateMachine) -> None:
    page = Page(api, machine, START, TEXT)
    view = page.view()
    (paused,) = view["paused"]
    assert (paused["state"], paused["where"], paused["by"]) == ("Check", "before", "ada")
    assert (paused["input"], paused["enteredEventId"]) == ('{"total":5,"items":[7,8]}', 2)
    assert view["breakpoints"] == [
        {"state": "Pack", "where": "before", "condition": None, "setBy": "ada", "temporary": False}
    ]
    (listed,) = api.get("/api/executions/?paused=true").json()["results"]
    assert (listed["name"], listed["paused"]["state"]) == (page.name, "Check")
    assert api.get("/api/executions/?pausedBy=ad").json()["results"] == [listed]
    assert api.get("/api/executions/?pausedBy=bob").json()["results"] == []
    assert api.get("/api/executions/counts/").json()["paused"] == 1
    assert api.get(page.address).json()["paused"]["branches"] == 1

    view = page.done("resume", at=paused["at"], pace="over")
    assert [each["state"] for each in view["paused"]] == ["Ship"]
    view = page.done("resume", at=view["paused"][0]["at"])
    assert [(each["state"], each["path"]) for each in view["paused"]] == [
        ("Pack", [{"state": "Ship", "index": 0}]),
        ("Pack", [{"state": "Ship", "index": 1}]),
    ]
    first, second = (each["at"] for each in view["paused"])
    view = page.done("skip", at=first, result='"packed"')
    view = page.done("edit", at=second, edited="input", text='"other"')
    assert view["paused"][0]["input"] == '"other"'
    view = page.done("resume", at=second)
    assert view["paused"] == []
    assert [each["action"] for each in view["records"]][:3] == [
        "Continued",
        "InputEdited",
        "Skipped",
    ]
    ended = api.get(page.address).json()
    assert (ended["status"], ended["output"]) == ("SUCCEEDED", '["packed","other"]')
    assert ended["paused"] is None
    assert api.get("/api/executions/?paused=true").json()["results"] == []


def test_an_edit_changes_the_branch_and_a_wait_is_skipped(
    api: APIClient, machine: StateMachine
) -> None:
    page = Page(api, machine, {"pauseAtStart": True}, TEXT)
    at = page.view()["paused"][0]["at"]
    page.done("edit", at=at, edited="input", text='{"total": 500, "items": []}')
    view = page.done("resume", at=at)
    assert [(each["state"], each["waitsFor"]) for each in view["waiting"]] == [("Approve", "wait")]
    page.done("skip", at=view["waiting"][0]["at"], result='{"items":[1]}')
    assert api.get(page.address).json()["output"] == "[1]"


def test_all_is_paused_and_detached(api: APIClient, machine: StateMachine) -> None:
    page = Page(api, machine, None, '{"total": 500, "items": [1]}')
    assert page.done("pause")["isPausing"] is True
    view = page.done("fail", at=page.view()["waiting"][0]["at"], error="Refused", cause="by me")
    assert view["paused"] == []
    ended = api.get(page.address).json()
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "Refused", "by me")
    answer = page.tell("pause")
    assert (answer.status_code, answer.json()["code"]) == (409, "ExecutionNotRunning")


@pytest.mark.parametrize(
    ("told", "status", "words"),
    [
        ({"command": "nothing"}, 400, "command"),
        ({"command": "setBreakpoint"}, 400, "needs it"),
        ({"command": "setBreakpoint", "state": "Missing"}, 400, "none called 'Missing'"),
        (
            {"command": "setBreakpoint", "state": "Check", "condition": "{% true %}"},
            400,
            "as JSONPath asks for",
        ),
        (
            {"command": "setBreakpoint", "state": "Check", "condition": '{"Variable": "$.a"}'},
            400,
            "is not a Choice rule such as",
        ),
        ({"command": "resume", "at": "pause:1.0.before"}, 409, "gone on"),
        ({"command": "edit", "at": "{at}", "edited": "output", "text": "1"}, 400, "is its input"),
        ({"command": "edit", "at": "{at}", "edited": "input", "text": "{"}, 400, "is not JSON"),
        ({"command": "edit", "at": "{at}", "edited": "variables", "text": "1"}, 400, "object"),
        ({"command": "skip", "at": "{at}", "result": "1"}, 400, "Edit its input instead"),
        ({"command": "retry", "at": "{at}"}, 400, "Retrier"),
        ({"command": "resume", "at": "{at}", "target": "Missing"}, 400, "to run to"),
    ],
)
def test_what_is_refused(
    api: APIClient, machine: StateMachine, told: dict[str, Any], status: int, words: str
) -> None:
    page = Page(api, machine, {"pauseAtStart": True}, TEXT)
    (paused,) = page.view()["paused"]
    given = {name: paused["at"] if value == "{at}" else value for name, value in told.items()}
    answer = page.tell(given.pop("command"), **given)
    assert answer.status_code == status
    assert words in answer.json()["message"]
    assert page.view()["paused"] == [paused]


def test_a_start_with_a_breakpoint_that_fits_nowhere_starts_nothing(
    api: APIClient, machine: StateMachine
) -> None:
    body = {"input": "{}", "debugger": {"breakpoints": [{"state": "Missing"}]}}
    answer = api.post(f"/api/state-machines/{machine.name}/executions/", body, format="json")
    assert answer.status_code == 400
    assert not Execution.objects.exists()


def test_express_executions_are_not_debugged(api: APIClient, machine: StateMachine) -> None:
    machine.type = StateMachine.Type.EXPRESS
    machine.save()
    body = {"input": "{}", "debugger": START}
    answer = api.post(f"/api/state-machines/{machine.name}/executions/", body, format="json")
    assert answer.status_code == 400
    assert "cannot be paused or debugged" in answer.json()["message"]


def test_breakpoints_are_kept_for_a_state_machine(api: APIClient) -> None:
    address = "/api/breakpoints/orders/"
    assert api.get(address).json() == {"breakpoints": []}
    kept = {"breakpoints": [{"state": "A", "where": "after", "condition": "{% true %}"}]}
    assert api.put(address, kept, format="json").json() == kept
    assert api.get(address).json() == kept
    assert api.put(address, {"breakpoints": []}, format="json").json() == {"breakpoints": []}
    assert api.get(address).json() == {"breakpoints": []}
