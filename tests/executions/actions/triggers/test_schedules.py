"""Schedules: rows that are due, one start for each time, and what a pause of everything leaves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from executions.actions.triggers import schedules, starts
from executions.models import Execution, Schedule, TriggeredStart
from studio.errors import ValidationException
from tests.conftest import MakeMachine

pytestmark = pytest.mark.django_db(transaction=True)

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
NOW = datetime(2027, 1, 31, 9, 0, 30, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What schedules take for PostgreSQL's clock: the one entry, which a test may change."""
    now = [NOW]
    monkeypatch.setattr(schedules, "_now", lambda: now[0])
    return now


def make(machine: Any, expression: str, **given: Any) -> Schedule:
    fields = {"name": "nightly", "expression": expression, **given}
    return schedules.save_schedule(Schedule(state_machine=machine), fields)


def test_a_due_time_starts_one_execution(make_machine: MakeMachine, clock: list[datetime]) -> None:
    machine = make_machine(PASS)
    text = '{"at": "<aws.scheduler.scheduled-time>"}'
    schedule = make(machine, "cron(0 7 * * ? *)", input_text=text)
    assert schedules.serve_schedules() == 0

    clock[0] = datetime(2027, 2, 1, 7, 0, 1, tzinfo=UTC)
    assert schedules.serve_schedules() == 1
    assert schedules.serve_schedules() == 0
    starts.perform_starts()

    execution = Execution.objects.get()
    assert execution.name.startswith("nightly-20270201T070000Z-")
    assert json.loads(execution.input) == {"at": "2027-02-01T07:00:00Z"}
    schedule.refresh_from_db()
    assert schedule.next_at == datetime(2027, 2, 2, 7, tzinfo=UTC)
    assert schedule.missed == 0


def test_the_latest_missed_time_is_made_up_for_once(
    make_machine: MakeMachine, clock: list[datetime]
) -> None:
    schedule = make(make_machine(PASS), "cron(0 7 * * ? *)")
    clock[0] = NOW + timedelta(days=4)
    assert schedules.serve_schedules() == 1
    start = TriggeredStart.objects.get()
    assert start.scheduled_for == datetime(2027, 2, 4, 7, tzinfo=UTC)
    schedule.refresh_from_db()
    assert schedule.missed == 3
    assert schedule.next_at == datetime(2027, 2, 5, 7, tzinfo=UTC)


def test_what_was_missed_before_the_end_is_made_up_for_after_it(
    make_machine: MakeMachine, clock: list[datetime]
) -> None:
    end = datetime(2027, 2, 3, 12, tzinfo=UTC)
    schedule = make(make_machine(PASS), "cron(0 7 * * ? *)", end_at=end)
    clock[0] = NOW + timedelta(days=30)
    assert schedules.serve_schedules() == 1
    assert TriggeredStart.objects.get().scheduled_for == datetime(2027, 2, 3, 7, tzinfo=UTC)
    schedule.refresh_from_db()
    assert (schedule.missed, schedule.next_at) == (2, None)


def test_a_rate_begins_at_once(make_machine: MakeMachine, clock: list[datetime]) -> None:
    make(make_machine(PASS), "rate(5 minutes)")
    assert schedules.serve_schedules() == 1
    clock[0] += timedelta(minutes=4)
    assert schedules.serve_schedules() == 0
    clock[0] += timedelta(minutes=1)
    assert schedules.serve_schedules() == 1
    assert TriggeredStart.objects.count() == 2


def test_one_time_is_one_time(make_machine: MakeMachine, clock: list[datetime]) -> None:
    schedule = make(make_machine(PASS), "at(2027-02-01T08:00:00)", time_zone="Europe/Berlin")
    assert schedule.next_at == datetime(2027, 2, 1, 7, tzinfo=UTC)
    clock[0] += timedelta(days=30)
    assert schedules.serve_schedules() == 1
    schedule.refresh_from_db()
    assert (schedule.next_at, schedule.due_at) == (None, None)


def test_start_end_window_and_enabled(make_machine: MakeMachine, clock: list[datetime]) -> None:
    machine = make_machine(PASS)
    begin, end = NOW + timedelta(days=10), NOW + timedelta(days=11)
    schedule = make(machine, "cron(0 7 * * ? *)", start_at=begin, end_at=end)
    assert schedule.next_at == datetime(2027, 2, 11, 7, tzinfo=UTC)
    assert schedules.next_times(schedule) == [schedule.next_at]

    wide = make(machine, "cron(0 7 * * ? *)", name="wide", window_minutes=15)
    assert wide.next_at is not None
    assert wide.due_at is not None
    assert timedelta(0) <= wide.due_at - wide.next_at < timedelta(minutes=15)

    schedules.save_schedule(wide, {"is_enabled": False})
    assert (wide.next_at, wide.due_at) == (None, None)
    schedules.save_schedule(wide, {"is_enabled": True, "window_minutes": 0})
    assert wide.due_at == datetime(2027, 2, 1, 7, tzinfo=UTC)


def test_a_changed_description_does_not_move_a_schedule(
    make_machine: MakeMachine, clock: list[datetime]
) -> None:
    schedule = make(make_machine(PASS), "cron(0 9 * * ? *)")
    due = schedule.due_at
    clock[0] += timedelta(days=3)
    schedules.save_schedule(schedule, {"description": "changed"})
    assert schedule.due_at == due


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"expression": "cron(0 7 * * * *)"}, "is \\?"),
        ({"time_zone": "Nowhere"}, "no time zone"),
        ({"input_text": "{"}, "input:"),
        ({"window_minutes": 1441}, "window"),
        ({"start_at": NOW, "end_at": NOW}, "end must come after"),
        ({"name": "a b"}, "A name has"),
    ],
)
def test_what_is_no_schedule_is_refused(
    make_machine: MakeMachine, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationException, match=said):
        make(make_machine(PASS), **({"expression": "rate(1 day)"} | given))
