"""What executions that have ended would have done with another definition."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from rest_framework.test import APIClient

from executions.actions import replays
from executions.models import Execution, Replay, WhatIf
from executions.runtime import drain
from executions.runtime.rehearsals import processes
from studio.models import StateMachine
from tests.conftest import MakeMachine, StartExecution

pytestmark = [pytest.mark.django_db(transaction=True)]

LIMIT = {"Variable": "$.sum", "NumericGreaterThan": 100, "Next": "Large"}
DEFINITION: dict[str, Any] = {
    "StartAt": "Size",
    "States": {
        "Size": {"Type": "Choice", "Choices": [LIMIT], "Default": "Small"},
        "Small": {"Type": "Pass", "Result": "small", "End": True},
        "Large": {"Type": "Pass", "Result": "large", "End": True},
    },
}
SUMS = (5, 50, 99, 100, 101, 500)


@pytest.fixture(autouse=True)
def no_processes_are_left() -> Iterator[None]:
    yield
    processes.close()


@pytest.fixture
def machine(make_machine: MakeMachine, start: StartExecution) -> StateMachine:
    made = make_machine(DEFINITION)
    for number in SUMS:
        start(made, {"sum": number})
    drain.drain_executions()
    assert Execution.objects.exclude(status="SUCCEEDED").count() == 0
    return made


def changed(limit: int) -> str:
    choice = {**DEFINITION["States"]["Size"], "Choices": [{**LIMIT, "NumericGreaterThan": limit}]}
    return json.dumps({**DEFINITION, "States": {**DEFINITION["States"], "Size": choice}})


def ask(api: APIClient, machine: StateMachine, **body: Any) -> Any:
    return api.post(f"/api/state-machines/{machine.name}/what-if/", body, format="json")


def carried_out(api: APIClient, machine: StateMachine, asked: Any) -> Any:
    while replays.carry_out_next():
        pass
    return api.get(f"/api/state-machines/{machine.name}/what-if/{asked['id']}/").json()


def test_exactly_those_diverge_that_should(api: APIClient, machine: StateMachine) -> None:
    answer = ask(api, machine, definition=changed(50))
    assert answer.status_code == 202
    asked = answer.json()
    assert (asked["total"], asked["done"]) == (6, 0)
    assert {each["verdict"] for each in asked["results"]} == {None}
    told = carried_out(api, machine, asked)
    assert (told["total"], told["done"]) == (6, 6)
    assert told["counts"] == {"SAME": 4, "DIVERGES": 2, "UNREPEATABLE": 0, "FAILED": 0}
    sums = {e.name: json.loads(e.input)["sum"] for e in Execution.objects.all()}
    verdicts = {sums[each["executionName"]]: each["verdict"] for each in told["results"]}
    assert {number for number, each in verdicts.items() if each == "DIVERGES"} == {99, 100}
    one = next(each for each in told["results"] if each["verdict"] == "DIVERGES")
    first = one["divergences"][0]
    assert (first["kind"], first["place"]) == ("PATH", "Size")
    assert (first["recorded"], first["replayed"]) == ("Small", "Large")
    assert (one["status"], one["output"]) == ("SUCCEEDED", None)
    address = f"/api/state-machines/{machine.name}/what-if/{asked['id']}/{one['executionName']}/"
    whole = api.get(address).json()
    assert whole["output"] == '"large"'
    assert [each["kind"] for each in whole["divergences"]] == ["PATH", "OUTPUT"]
    history = api.get(f"{address}events/").json()
    assert history["eventCount"] == len(history["events"])
    entered = [
        each["stateEnteredEventDetails"]["name"]
        for each in history["events"]
        if each["type"].endswith("StateEntered")
    ]
    assert entered == ["Size", "Large"]


def test_the_current_revision_and_named_executions(api: APIClient, machine: StateMachine) -> None:
    name = Execution.objects.first().name  # type: ignore[union-attr]
    told = carried_out(api, machine, ask(api, machine, executions=[name]).json())
    assert (told["total"], told["counts"]["SAME"]) == (1, 1)
    assert carried_out(api, machine, ask(api, machine, latest=2).json())["counts"]["SAME"] == 2


def test_refusals(api: APIClient, machine: StateMachine, start: StartExecution) -> None:
    running = start(machine).name
    for body, status, code in (
        ({"definition": "{}"}, 400, "InvalidDefinition"),
        ({"executions": ["nobody"]}, 404, "ExecutionDoesNotExist"),
        ({"executions": [running]}, 400, "ValidationException"),
        ({"executions": []}, 400, "ValidationException"),
        ({"version": 7}, 404, "StateMachineDoesNotExist"),
    ):
        answer = ask(api, machine, **body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    StateMachine.objects.update(type="EXPRESS")
    assert ask(api, machine).json()["code"] == "StateMachineTypeNotSupported"
    root = f"/api/state-machines/{machine.name}/what-if/1/"
    assert api.get(root).json()["code"] == "WhatIfDoesNotExist"
    assert api.get(f"{root}x/").json()["code"] == "WhatIfDoesNotExist"


def test_what_a_lost_worker_had_is_taken_up_again(api: APIClient, machine: StateMachine) -> None:
    asked = ask(api, machine, latest=1).json()
    assert replays._take() is not None  # by a worker that dies now
    assert not replays.carry_out_next()
    Replay.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert carried_out(api, machine, asked)["counts"]["SAME"] == 1
    Replay.objects.update(verdict=None, attempt=3, lease_until=Now() - timedelta(seconds=1))
    given_up = carried_out(api, machine, asked)
    assert given_up["counts"]["FAILED"] == 1
    assert "lost" in given_up["results"][0]["stop"]["message"]


def test_a_late_verdict_is_not_taken(
    api: APIClient, machine: StateMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(api, machine, latest=1).json()

    def overtaken(_: Replay) -> dict[str, Any]:
        Replay.objects.update(attempt=2)
        return {"verdict": "DIVERGES"}

    with monkeypatch.context() as patch:
        patch.setattr(replays, "_replay", overtaken)
        assert replays.carry_out_next()
    assert Replay.objects.get().verdict is None
    Replay.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert carried_out(api, machine, asked)["counts"]["SAME"] == 1


def test_an_execution_that_was_removed_meanwhile(api: APIClient, machine: StateMachine) -> None:
    asked = ask(api, machine, latest=1).json()
    Replay.objects.update(execution_id=0)
    assert carried_out(api, machine, asked)["counts"]["FAILED"] == 1


def test_only_some_questions_are_kept(
    api: APIClient, machine: StateMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("executions.actions.what_ifs.KEPT", 2)
    ids = [ask(api, machine, latest=1).json()["id"] for _ in range(4)]
    assert [each.pk for each in WhatIf.objects.all()] == [ids[3], ids[2]]
    assert Replay.objects.count() == 2
