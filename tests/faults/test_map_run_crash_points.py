"""A crash before and after every commit of a Map Run: no item is lost, and none has two results."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import connection

from executions.actions.redrive import redrive_execution
from executions.models import Execution, MapRun, MapRunPart
from executions.runtime import drain, quick_turn, turn
from executions.runtime.claimed import kept_states
from executions.runtime.invariants import check_invariants
from executions.runtime.map_runs import drive, ends, express, parts, run, source, standard, work
from executions.runtime.map_runs.writes import QUEUES
from tests.conftest import event_types
from tests.faults.crashes import FAULTS, Commits, Died, Fault

if TYPE_CHECKING:
    from studio.models import StateMachine
    from tests.conftest import MakeMachine, StartExecution

pytestmark = pytest.mark.django_db(transaction=True)

MODULES = (turn, drain, run, drive, ends, parts, work)
LEASED = ("executions_maprun", "executions_maprunpart")


def definition(kind: str, most_failures: int) -> dict[str, Any]:
    return {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "Label": "Each",
                "MaxConcurrency": 4,
                "ItemBatcher": {"MaxItemsPerBatch": 2},
                "ToleratedFailureCount": most_failures,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind},
                    "StartAt": "Check",
                    "States": {
                        "Check": {
                            "Type": "Choice",
                            "Choices": [
                                {"Variable": "$.Items[0]", "NumericEquals": 5, "Next": "Bad"}
                            ],
                            "Default": "Good",
                        },
                        "Good": {"Type": "Pass", "OutputPath": "$.Items", "End": True},
                        "Bad": {"Type": "Fail", "Error": "Five"},
                    },
                },
                "End": True,
            }
        },
    }


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_every_commit(
    make_machine: MakeMachine,
    start: StartExecution,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    fault: Fault,
) -> None:
    """Of a run that succeeds, although one of its children fails."""
    machine = make_machine(definition(kind, 2))
    items = list(range(1, 8))
    plain = play(monkeypatch, start, machine, items, Commits())
    assert plain[0] == "SUCCEEDED", plain
    commits = counted(monkeypatch, start, machine, items)
    assert commits > 6
    for at in range(1, commits + 1):
        again = play(monkeypatch, start, machine, items, Commits(at, fault))
        assert again == plain, (at, fault)
    assert [str(each) for each in check_invariants()] == []


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_every_commit_of_a_redrive(
    make_machine: MakeMachine,
    start: StartExecution,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    fault: Fault,
) -> None:
    """Of a run that fails, and fails again when it is redriven: five is five."""
    machine = make_machine(definition(kind, 0))
    items = list(range(1, 8))
    plain = play(monkeypatch, start, machine, items, Commits(), redrives=1)
    assert plain[0] == "FAILED", plain
    commits = counted(monkeypatch, start, machine, items, redrives=1)
    for at in range(1, commits + 1):
        again = play(monkeypatch, start, machine, items, Commits(at, fault), redrives=1)
        assert again[:2] == plain[:2], (at, fault)
    assert [str(each) for each in check_invariants()] == []


def counted(
    monkeypatch: pytest.MonkeyPatch,
    start: StartExecution,
    machine: StateMachine,
    items: list[int],
    redrives: int = 0,
) -> int:
    commits = Commits()
    play(monkeypatch, start, machine, items, commits, redrives)
    return commits.count


def play(
    monkeypatch: pytest.MonkeyPatch,
    start: StartExecution,
    machine: StateMachine,
    items: list[int],
    commits: Commits,
    redrives: int = 0,
) -> tuple[Any, ...]:
    """Run an execution with a worker and its successors: how it ended, and how its children did."""
    source._readings = source._Readings()
    with monkeypatch.context() as patch:
        for module in MODULES:
            patch.setattr(module, "transaction", commits.transaction)
        patch.setattr(quick_turn, "single_statement", commits.transaction)
        patch.setattr(standard, "STEP", 3)
        patch.setattr(standard, "STOPPED", 15)
        patch.setattr(express, "QUICK_CHILDREN", 2)
        patch.setattr(time, "sleep", lambda _: None)
        execution = start(machine, items)
        work_until_idle()
        for _ in range(redrives):
            redrive_execution(execution.arn)
            work_until_idle()
    execution.refresh_from_db()
    run = MapRun.objects.get(execution_id=execution.pk)
    assert run.is_settled
    counts = (run.status, run.succeeded, run.failed, run.aborted, run.items_failed, run.children)
    children = [
        (child.map_number, child.status, child.input, event_types(child))
        for child in Execution.objects.filter(map_run_id=run.pk).order_by("map_number")
    ]
    parts = MapRunPart.objects.filter(map_run_id=run.pk).order_by("number")
    lines = [(part.number, part.inputs) for part in parts]
    output = [
        each["Error"] if isinstance(each, dict) else each
        for each in json.loads(execution.output or "[]")
    ]
    return (execution.status, event_types(execution), output, counts, children, lines)


def work_until_idle() -> None:
    """Do what workers and pollers do; a worker that dies has a successor."""
    moved = 1
    while moved:
        try:
            moved = drain.drain_executions() + sum(map(work.drain_map_runs, QUEUES))
        except (Died, psycopg.OperationalError) as interruption:
            if isinstance(interruption, Died):
                kept_states.clear()
                source._readings = source._Readings()
            with connection.cursor() as cursor:
                for table in LEASED:
                    cursor.execute(
                        f"UPDATE {table} SET lease_until = now() - interval '1 s'"
                        " WHERE lease_until IS NOT NULL"
                    )
