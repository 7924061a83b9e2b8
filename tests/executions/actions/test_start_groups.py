"""Starts that arrive together share a commit, and nothing else: each ends as if it were alone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from executions.actions import start_groups
from executions.actions.executions import StartedExecution, get_execution
from executions.actions.start_groups import StartGroups
from executions.errors import (
    ExecutionAlreadyExists,
    ExecutionLimitExceeded,
    InvalidExecutionInput,
)
from executions.models import Execution
from executions.runtime import drain, gathering, open_executions
from executions.runtime.connection import transaction
from executions.runtime.gathering import TooManyWait
from executions.runtime.invariants import check_invariants
from studio.errors import StateMachineDoesNotExist
from studio.models import StateMachine
from tests.conftest import MakeMachine

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(transaction=True)

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
WAIT = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "End": True}}}

Start = Coroutine[Any, Any, StartedExecution]


def _together(*starts: Start) -> list[StartedExecution | BaseException]:
    async def run() -> list[StartedExecution | BaseException]:
        return await asyncio.gather(*starts, return_exceptions=True)

    return asyncio.run(run())


def _count_commits(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    commits: list[None] = []

    @contextmanager
    def counting() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
        with transaction() as cursor:
            yield cursor
        commits.append(None)

    monkeypatch.setattr(start_groups, "transaction", counting)
    return commits


def test_many_at_once_share_commits(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = _count_commits(monkeypatch)
    one, other = make_machine(PASS), make_machine(WAIT)
    groups = StartGroups()

    started = _together(
        *(groups.start((one, other)[n % 2].name, input=f'{{"n":{n}}}') for n in range(40))
    )

    assert all(isinstance(each, StartedExecution) for each in started)
    # The first sets out alone, whatever the machine's speed the others fill two groups or more.
    assert len(commits) <= 20
    inputs = {execution.input for execution in Execution.objects.all()}
    assert inputs == {f'{{"n":{n}}}' for n in range(40)}
    assert Execution.objects.filter(state_machine=one, status="SUCCEEDED").count() == 20
    assert Execution.objects.filter(state_machine=other, status="RUNNING").count() == 20
    assert check_invariants() == []


def test_of_a_group_that_does_not_fit_some_are_started(
    make_machine: MakeMachine, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.QUOTAS = "off,OpenExecutions=5"
    monkeypatch.setattr(open_executions, "_left", 0)
    machine, groups = make_machine(WAIT), StartGroups()

    started = _together(*(groups.start(machine.name) for _ in range(12)))

    assert sum(isinstance(each, StartedExecution) for each in started) == 5
    assert sum(isinstance(each, ExecutionLimitExceeded) for each in started) == 7
    assert Execution.objects.filter(status="RUNNING").count() == 5
    assert check_invariants() == []


def test_each_of_a_group_gets_its_own_answer(make_machine: MakeMachine) -> None:
    waiting, done = make_machine(WAIT), make_machine(PASS)
    express = make_machine(PASS)
    StateMachine.objects.filter(pk=express.pk).update(type="EXPRESS")
    groups = StartGroups()

    first, again, other, missing, invalid, ended, repeated, memory = _together(
        groups.start(waiting.name, name="one", input="{}"),
        groups.start(waiting.name, name="one", input="{}"),
        groups.start(waiting.name, name="one", input='{"other": true}'),
        groups.start("nobody"),
        groups.start(waiting.name, input="{"),
        groups.start(done.name, name="one"),
        groups.start(done.name, name="one"),
        groups.start(express.name),
    )

    assert isinstance(first, StartedExecution)
    assert again == first
    assert isinstance(other, ExecutionAlreadyExists)
    assert isinstance(missing, StateMachineDoesNotExist)
    assert isinstance(invalid, InvalidExecutionInput)
    assert isinstance(ended, StartedExecution)
    assert get_execution(ended.arn).status == "SUCCEEDED"
    assert isinstance(repeated, ExecutionAlreadyExists)
    assert isinstance(memory, StartedExecution)
    assert ":express:" in memory.arn


def test_one_that_cannot_be_stored_spoils_it_for_nobody_else(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = start_groups.take_first_turns

    def fail_in_company(cursor: Any, new: Any) -> Any:
        if len(new) > 1:
            raise RuntimeError("a bug of ours")
        return take(cursor, new)

    monkeypatch.setattr(start_groups, "take_first_turns", fail_in_company)
    machine = make_machine(PASS)
    groups = StartGroups()

    started = _together(*(groups.start(machine.name) for _ in range(5)))

    assert all(isinstance(each, StartedExecution) for each in started)
    assert Execution.objects.filter(status="SUCCEEDED").count() == 5
    assert check_invariants() == []


def test_a_commit_whose_answer_is_lost_is_not_made_again(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def losing() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
        with transaction() as cursor:
            yield cursor
        raise psycopg.OperationalError("the answer to the commit was lost")

    machine = make_machine(PASS)
    groups = StartGroups()
    with monkeypatch.context() as broken:
        broken.setattr(start_groups, "transaction", losing)
        (lost,) = _together(groups.start(machine.name))

    assert isinstance(lost, psycopg.OperationalError)
    assert Execution.objects.count() == 1
    (next_one,) = _together(groups.start(machine.name))
    assert isinstance(next_one, StartedExecution)


def test_a_client_that_went_away_holds_up_nobody(make_machine: MakeMachine) -> None:
    machine = make_machine(WAIT)
    groups = StartGroups()

    async def run() -> StartedExecution:
        gone = asyncio.ensure_future(groups.start(machine.name))
        await asyncio.sleep(0)
        gone.cancel()
        return await groups.start(machine.name)

    assert get_execution(asyncio.run(run()).arn).status == "RUNNING"


def test_what_a_first_turn_leaves_goes_to_the_workers(
    make_machine: MakeMachine, settings: Any
) -> None:
    settings.FIRST_TURN_EVENTS = 0
    groups = StartGroups()
    machine = make_machine(PASS)

    _together(*(groups.start(machine.name) for _ in range(3)))

    assert Execution.objects.filter(status="RUNNING").count() == 3
    drain.drain_executions()
    assert Execution.objects.filter(status="SUCCEEDED").count() == 3


def test_there_is_an_end_to_waiting(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_WAITING", 0)
    (refused,) = _together(StartGroups().start(make_machine(PASS).name))
    assert isinstance(refused, TooManyWait)
