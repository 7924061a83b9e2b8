"""Executions, their histories, and stopping them from a page."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from executions.actions.executions import get_execution, start_execution
from executions.models import Execution
from executions.runtime import drain
from tests.conftest import MakeMachine, StartExecution

pytestmark = [
    # A turn sees what was due when its transaction began: the tests' must not be around it.
    pytest.mark.django_db(transaction=True),
]

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
NAP = {"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 3600, "End": True}}}


@pytest.fixture
def address(make_machine: MakeMachine, start: StartExecution) -> str:
    execution = start(make_machine(NAP), {"a": 1})
    drain.drain_executions()
    return f"/api/executions/{execution.state_machine.name}/{execution.name}/"


def test_an_execution(api: APIClient, address: str) -> None:
    answer = api.get(address).json()
    execution = Execution.objects.get()
    assert answer["executionArn"] == execution.arn
    assert answer["stateMachineName"] == execution.state_machine.name
    assert (answer["status"], answer["lastEventId"]) == ("RUNNING", 2)
    assert answer["input"] == '{"a": 1}'
    assert '"Nap"' in answer["definition"]
    assert answer["revisionId"] == str(execution.revision.revision_id)


def test_events_after_an_id(api: APIClient, address: str) -> None:
    everything = api.get(f"{address}events/").json()
    assert [event["id"] for event in everything["events"]] == [1, 2]
    assert (everything["lastEventId"], everything["status"]) == (2, "RUNNING")
    assert everything["events"][1]["stateEnteredEventDetails"]["name"] == "Nap"
    assert [e["id"] for e in api.get(f"{address}events/?after=1").json()["events"]] == [2]
    assert [e["id"] for e in api.get(f"{address}events/?limit=1").json()["events"]] == [1]
    assert api.get(f"{address}events/?after=2147483647").json()["events"] == []


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=2147483648", "limit=0", "limit=1001"]
)
def test_events_asked_for_wrongly(api: APIClient, address: str, query: str) -> None:
    answer = api.get(f"{address}events/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "ValidationException")
    assert query.split("=")[0] in answer.json()["message"]


def test_stopping(api: APIClient, address: str) -> None:
    stopped = api.post(f"{address}stop/", {"error": "E", "cause": "why"}, format="json").json()
    assert (stopped["status"], stopped["error"], stopped["cause"]) == ("ABORTED", "E", "why")
    assert stopped["stopDate"] is not None
    again = api.post(f"{address}stop/", {"error": "F"}, format="json").json()
    assert again == stopped


def test_what_does_not_exist(api: APIClient, db: None) -> None:
    for path in ("", "events/"):
        answer = api.get(f"/api/executions/none/none/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "ExecutionDoesNotExist")
    assert api.post("/api/executions/none/none/stop/", {}, format="json").status_code == 404


def test_lists(api: APIClient, make_machine: MakeMachine, start: StartExecution) -> None:
    machine, other = make_machine(PASS), make_machine(PASS)
    for _ in range(5):
        start(machine)
    drain.drain_executions()
    late, elsewhere = start(machine), start(other)
    of_machine = f"/api/state-machines/{machine.name}/executions/"

    def names(address: str, **query: Any) -> list[str]:
        found: list[str] = []
        cursor = None
        while True:
            page = api.get(address, {"limit": 2, **query, **({"cursor": cursor} if cursor else {})})
            found += [row["name"] for row in page.json()["results"]]
            cursor = page.json()["nextCursor"]
            if cursor is None:
                return found

    assert len(names(of_machine)) == 6
    assert names(of_machine)[0] == late.name
    assert names(of_machine, status="RUNNING") == [late.name]
    assert names("/api/executions/", status="RUNNING") == [elsewhere.name, late.name]
    assert len(names("/api/executions/")) == 7
    for wrong in ({"status": "LOST"}, {"limit": 0}, {"cursor": "x"}, {"cursor": "9" * 30}):
        assert api.get("/api/executions/", wrong).status_code == 400


def test_only_for_those_signed_in(address: str) -> None:
    for path in (address, f"{address}events/", "/api/state-machines/", "/api/session/"):
        answer = APIClient().get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "NotAuthenticated")


def test_a_redrive(api: APIClient, address: str) -> None:
    refused = api.post(f"{address}redrive/")
    assert (refused.status_code, refused.json()["code"]) == (409, "ExecutionNotRedrivable")
    stopped = api.post(f"{address}stop/", {}, format="json").json()
    assert (stopped["redriveCount"], stopped["redriveStatusReason"]) == (0, None)

    redriven = api.post(f"{address}redrive/").json()

    assert (redriven["status"], redriven["redriveCount"]) == ("RUNNING", 1)
    assert redriven["redriveDate"] is not None
    assert redriven["redriveStatusReason"] == "Execution is RUNNING and cannot be redriven"
    assert redriven["stopDate"] is None


def test_parents_and_children(api: APIClient, make_machine: MakeMachine) -> None:
    child_machine = make_machine(NAP)
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync",
        "Parameters": {"StateMachineArn": child_machine.arn},
        "End": True,
    }
    machine = make_machine({"StartAt": "Child", "States": {"Child": task}})
    parent = get_execution(start_execution(machine.name).arn)
    drain.drain_tasks()
    address = f"/api/executions/{machine.name}/{parent.name}/"

    (child,) = api.get(f"{address}children/?task=3&task=99").json()["results"]

    started = Execution.objects.get(parent_id=parent.pk)
    assert child == {
        "executionArn": started.arn,
        "name": started.name,
        "stateMachineName": child_machine.name,
        "status": "RUNNING",
        "task": 3,
    }
    shown = api.get(f"/api/executions/{child_machine.name}/{started.name}/").json()
    assert shown["startedBy"] == {
        "executionArn": parent.arn,
        "name": parent.name,
        "stateMachineName": machine.name,
        "status": "RUNNING",
    }
    assert api.get(address).json()["startedBy"] is None
    assert api.get(f"{address}children/?task=4").json()["results"] == []
    assert api.get(f"{address}children/").status_code == 400
    parent.delete()
    orphan = api.get(f"/api/executions/{child_machine.name}/{started.name}/").json()
    assert orphan["startedBy"] is None
