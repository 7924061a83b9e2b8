"""A start of what was started a moment ago is one statement, and leaves what any start leaves."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from executions.actions import start_groups
from executions.actions.executions import StartedExecution, get_execution
from executions.actions.start_groups import StartGroups
from executions.actions.triggers.webhooks import create_webhook
from executions.errors import ExecutionAlreadyExists, ExecutionLimitExceeded
from executions.models import Execution, HistoryChunk, InboxMessage, StatusChange, Task
from executions.runtime import drain, open_executions, quick_start
from executions.runtime.connection import single_statement, transaction
from executions.runtime.invariants import check_invariants
from executions.runtime.quick_start import QuickStart, seen_machines, start_quickly
from studio.actions.state_machines import update_state_machine
from studio.errors import StateMachineDeleting
from studio.models import StateMachine
from tests.conftest import MakeMachine, database_url, history
from tests.executions.interpreter.definitions import LAMBDA

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(transaction=True)


def _alone(state: dict[str, Any], name: str = "A") -> dict[str, Any]:
    return {"StartAt": name, "States": {name: {**state, "End": True}}}


def _passes(*names: str) -> dict[str, Any]:
    """A machine of Pass states."""
    following = [{"Next": name} for name in names[1:]]
    ways: list[dict[str, Any]] = [*following, {"End": True}]
    states = {name: {"Type": "Pass", **way} for name, way in zip(names, ways, strict=True)}
    return {"StartAt": names[0], "States": states}


PASS = _alone({"Type": "Pass"})
WAIT = _alone({"Type": "Wait", "Seconds": 60})
EVERYTHING = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                _alone({"Type": "Task", "Resource": LAMBDA, "TimeoutSeconds": 9}, "B"),
                WAIT,
            ],
            "End": True,
        }
    },
}


def _start(groups: StartGroups, *machines: StateMachine, **asked: Any) -> list[Any]:
    async def run() -> list[Any]:
        starts = [groups.start(machine.name, **asked) for machine in machines]
        return await asyncio.gather(*starts, return_exceptions=True)

    return asyncio.run(run())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with each start that is one statement and has been committed."""
    counted: list[int] = []

    @contextmanager
    def counting() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
        with single_statement() as cursor:
            yield cursor
        counted.append(1)

    monkeypatch.setattr(quick_start, "single_statement", counting)
    return counted


def _left_by(execution: Execution) -> dict[str, Any]:
    """All that a start has left, but for ids, names and moments."""
    fields = {
        field.attname
        for field in Execution._meta.concrete_fields
        if not field.attname.endswith("_at") and field.attname not in {"id", "name"}
    }
    text = json.dumps(
        {
            "row": {name: str(getattr(execution, name)) for name in sorted(fields)},
            "chunks": list(
                HistoryChunk.objects.filter(execution_id=execution.id).values_list(
                    "first_id", "last_id"
                )
            ),
            "events": [
                {key: value for key, value in event.items() if key != "timestamp"}
                for event in history(execution)
            ],
            "tasks": list(
                Task.objects.filter(execution_id=execution.id).values_list(
                    "task", "attempt", "state_name", "resource", "status", "timeout_seconds"
                )
            ),
            "messages": [
                (message.command, message.key, message.body)
                for message in InboxMessage.objects.filter(execution_id=execution.id)
            ],
        },
        default=str,
    )
    left = json.loads(text.replace(execution.name, "NAME"))
    # Moments stand in the state, too.
    snapshot = left["row"].pop("snapshot")
    return {**left, "snapshot": len(snapshot) > 0}


@pytest.mark.parametrize("definition", [PASS, WAIT, EVERYTHING])
def test_it_leaves_what_an_ordinary_start_leaves(
    make_machine: MakeMachine, quick: list[int], definition: dict[str, Any]
) -> None:
    machine, groups = make_machine(definition), StartGroups()

    (first,) = _start(groups, machine, input='{"a":1}')
    assert quick == []
    (second,) = _start(groups, machine, input='{"a":1}')
    assert quick == [1]

    ordinary, one = get_execution(first.arn), get_execution(second.arn)
    assert _left_by(one) == _left_by(ordinary)
    assert one.started_at == second.started_at
    assert (one.stopped_at is None) is (ordinary.stopped_at is None)
    assert ordinary.started_at < one.started_at <= timezone.now()
    assert ordinary.id < one.id
    assert check_invariants() == []


def test_what_is_left_to_do_is_done_by_the_workers(
    make_machine: MakeMachine, settings: Any, quick: list[int]
) -> None:
    settings.FIRST_TURN_EVENTS = 3
    machine, groups = make_machine(_passes(*"ABCDEF")), StartGroups()
    _start(groups, machine)
    started = _start(groups, *[machine] * 5)
    assert quick
    assert Execution.objects.filter(status="RUNNING").count() == 6
    drain.drain_executions()

    for each in started:
        assert get_execution(each.arn).status == "SUCCEEDED"
    assert check_invariants() == []


def test_what_is_changed_meanwhile_is_seen(make_machine: MakeMachine, quick: list[int]) -> None:
    machine, groups = make_machine(PASS), StartGroups()
    _start(groups, machine)
    update_state_machine(machine, definition=json.dumps(WAIT))

    (started,) = _start(groups, machine)

    assert quick == []
    assert get_execution(started.arn).status == "RUNNING"
    # And is known from then on.
    _start(groups, machine)
    assert quick == [1]


def test_of_one_that_is_being_deleted_none_is_started(
    make_machine: MakeMachine, quick: list[int]
) -> None:
    machine, groups = make_machine(PASS), StartGroups()
    _start(groups, machine)
    StateMachine.objects.filter(pk=machine.pk).update(status="DELETING")

    (refused,) = _start(groups, machine)

    assert isinstance(refused, StateMachineDeleting)
    assert quick == []
    assert Execution.objects.count() == 1


def test_somebody_who_listens_from_now_on_hears_of_the_next(
    make_machine: MakeMachine, quick: list[int]
) -> None:
    machine, groups = make_machine(PASS), StartGroups()
    _start(groups, machine)
    create_webhook(machine, {"url": "https://example.org/hook"})

    _start(groups, machine)
    assert quick == []
    assert StatusChange.objects.values_list("status", flat=True).count() == 2
    _start(groups, machine)
    assert quick == [1]
    assert StatusChange.objects.count() == 4


def test_a_name_that_is_taken_is_refused_and_the_others_start(
    make_machine: MakeMachine, quick: list[int]
) -> None:
    machine, groups = make_machine(PASS), StartGroups()
    _start(groups, machine, name="taken")

    async def run() -> list[Any]:
        return await asyncio.gather(
            groups.start(machine.name, name="taken"),
            *(groups.start(machine.name, name=f"free-{n}") for n in range(4)),
            return_exceptions=True,
        )

    refused, *started = asyncio.run(run())

    assert isinstance(refused, ExecutionAlreadyExists)
    assert all(isinstance(each, StartedExecution) for each in started)
    assert Execution.objects.count() == 5
    assert check_invariants() == []


def test_a_quota_of_open_executions_holds(
    make_machine: MakeMachine, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.QUOTAS = "off,OpenExecutions=3"
    monkeypatch.setattr(open_executions, "_left", 0)
    machine, groups = make_machine(WAIT), StartGroups()
    answers = [_start(groups, machine)[0] for _ in range(5)]

    assert sum(isinstance(each, StartedExecution) for each in answers) == 3
    assert sum(isinstance(each, ExecutionLimitExceeded) for each in answers) == 2


def test_one_whose_answer_is_lost_is_not_started_again(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def losing() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
        with single_statement() as cursor:
            yield cursor
        raise psycopg.OperationalError("the answer was lost")

    machine, groups = make_machine(PASS), StartGroups()
    _start(groups, machine)
    with monkeypatch.context() as broken:
        broken.setattr(quick_start, "single_statement", losing)
        (lost,) = _start(groups, machine, name="lost")

    assert isinstance(lost, psycopg.OperationalError)
    assert Execution.objects.filter(name="lost").count() == 1
    (again,) = _start(groups, machine, name="lost")
    assert isinstance(again, ExecutionAlreadyExists)


def test_a_commit_of_others_that_is_lost_is_not_theirs(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, other, groups = make_machine(PASS), make_machine(PASS), StartGroups()
    _start(groups, seen)

    @contextmanager
    def losing() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
        with transaction() as cursor:
            yield cursor
        raise psycopg.OperationalError("the answer was lost")

    answers: dict[int, Any] = {}
    together = [
        start_groups._Wanted(machine.name, "one", "{}", "", None, None) for machine in (seen, other)
    ]
    with monkeypatch.context() as broken:
        broken.setattr(start_groups, "transaction", losing)
        with pytest.raises(psycopg.OperationalError):
            start_groups._answer_group(together, answers.update)

    assert answers.keys() == {0}
    assert get_execution(answers[0].arn).status == "SUCCEEDED"


def test_those_who_start_the_same_names_wait_for_one_another_and_not_for_ever(
    make_machine: MakeMachine,
) -> None:
    machine, groups = make_machine(PASS), StartGroups()
    _start(groups, machine)
    take = (
        "INSERT INTO executions_execution (state_machine_id, revision_id, name, status, input,"
        " trace_header, version, last_event_id, snapshot, failed_turns)"
        " VALUES (%s, %s, %s, 'RUNNING', '{}', '', 0, 0, '', 0)"
    )
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"

    seen = seen_machines.latest(machine.name)
    assert seen is not None

    def start_both() -> object:
        try:
            return start_quickly([QuickStart(seen, name, "{}", "") for name in ("b", "a")])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread, psycopg.connect(database_url()) as other:
        other.execute(take, (machine.pk, machine.current_id, "a"))
        starting = thread.submit(start_both)
        until = time.monotonic() + 30
        while other.execute(waits).fetchall() == [(0,)]:
            assert time.monotonic() < until
        other.execute(take, (machine.pk, machine.current_id, "b"))
        other.commit()
        # Nothing was done, where it would have been a deadlock: an ordinary start decides.
        assert starting.result(60) is None

    assert Execution.objects.filter(state_machine=machine).count() == 3
