"""Chains of quick tasks that meet in a process go on as one."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connections

from executions.integration import Succeeded, TaskOutcome, TaskRequest
from executions.models import Execution, Task
from executions.runtime import chain, chains, drain, leases, performance, reports
from executions.runtime.chains import Chains
from executions.runtime.inbox import task_succeeded
from executions.runtime.invariants import check_invariants
from executions.runtime.looks import Looks
from executions.runtime.outcomes import Outcome, StartedTask
from executions.runtime.turn import Report
from tests.conftest import MakeMachine, StartExecution
from tests.executions.runtime.test_quick_turn import STEPS


def outcome(number: int) -> Outcome:
    """Of the task of another execution each."""
    started = StartedTask(number, number, 1, 3, 0, "T", "f", "{}", None, "m", "e", "", "")
    return Outcome(started, task_succeeded(3, "{}"))


def test_a_lone_chain_waits_for_nobody() -> None:
    meeting, chain = Chains(), object()
    for _ in range(2):
        assert meeting.join(chain, [outcome(1)]) is None
        assert meeting.next_of(chain, is_last=False) == []


def test_what_is_met_while_reporting_is_taken_on() -> None:
    meeting, first, second = Chains(), object(), object()
    assert meeting.join(first, [outcome(1)]) is None
    assert meeting.join(second, [outcome(2)]) is first
    assert meeting.join(object(), [outcome(3)]) is first
    assert meeting.next_of(first, is_last=False) == [outcome(2), outcome(3)]
    assert meeting.next_of(first, is_last=False) == []
    assert meeting.join(second, [outcome(4)]) is None


def test_one_that_is_to_end_takes_on_nothing_more() -> None:
    meeting, first, second = Chains(), object(), object()
    assert meeting.join(first, [outcome(1)]) is None
    assert meeting.join(second, [outcome(2)])
    assert meeting.next_of(first, is_last=True) == [outcome(2)]
    assert meeting.join(second, [outcome(3)]) is None
    assert meeting.next_of(first, is_last=True) == []
    assert meeting.join(object(), [outcome(4)])


def test_no_more_wait_than_may() -> None:
    meeting, first, second = Chains(), object(), object()
    assert meeting.join(first, [outcome(1)]) is None
    assert meeting.join(object(), [outcome(n) for n in range(chains.MOST_WAITING)])
    assert meeting.join(second, [outcome(100)]) is None
    assert meeting.next_of(second, is_last=False) == []
    assert len(meeting.next_of(first, is_last=False)) == chains.MOST_WAITING


class Answers:
    """A function that answers with what it is given."""

    lost_error = "Lambda.ServiceException"

    def perform(self, request: TaskRequest) -> TaskOutcome:
        return Succeeded(request.parameters)


@pytest.fixture
def _quick_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(performance, "integration_for", lambda _: Answers())
    monkeypatch.setattr(performance._durations, "expected", lambda _: 0.0)
    monkeypatch.setattr(chain, "_chains", Chains())
    monkeypatch.setattr(chain, "_looks", Looks())
    monkeypatch.setattr(drain, "SLOT_SECONDS", 600.0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_quick_tasks")
def test_two_slots_that_meet_go_on_as_one(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = make_machine(STEPS)
    executions = [start(machine), start(machine)]
    drain.drain_executions()
    slots: list[threading.Thread] = []
    reported: list[int] = []
    report = reports.report

    def slot(first: list[StartedTask]) -> None:
        chain.go_on(first, time.monotonic() + 600)
        connections.close_all()

    def reporting(outcomes: list[Outcome], keep: Any, look: Any) -> Report:
        if not reported:
            slots.append(threading.Thread(target=slot, args=(others,)))
            slots[0].start()
            slots[0].join(60)  # It is free at once: what it has to report is taken on here.
        reported.append(len(outcomes))
        return report(outcomes, keep, look)

    monkeypatch.setattr(reports, "report", reporting)
    with monkeypatch.context() as one_by_one:
        one_by_one.setattr(performance._durations, "expected", lambda _: None)
        (mine, _), (others, _) = performance.claim_tasks("tasks"), performance.claim_tasks("tasks")
    chain.go_on(mine, time.monotonic() + 600)

    assert reported == [1, 1, 2, 2, 2, 2]
    assert [each.status for each in Execution.objects.all()] == ["SUCCEEDED"] * len(executions)
    assert not leases._held._tasks
    assert check_invariants() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_quick_tasks")
def test_leases_end_with_a_slot_that_breaks(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Exception):
        """As when PostgreSQL has been away for too long."""

    def breaking(outcomes: Sequence[Outcome], keep: Any, look: Any) -> Report:
        assert chain._chains.join(object(), [outcome(77)])
        leases.hold([outcome(77).started])
        raise Broken

    monkeypatch.setattr(reports, "report", breaking)
    start(make_machine(STEPS))
    drain.drain_executions()
    with pytest.raises(Broken):
        drain.drain_tasks()
    assert not leases._held._tasks
    assert Task.objects.get().status == "STARTED"  # Until its lease is over.
    assert not chain._chains.join(object(), [outcome(1)])
