"""Schedules: made, changed, removed, and served when they are due.

A due time is served by whoever holds the row: one commit puts down the execution that is wanted and
moves the schedule on to its next time. Of the times that passed while nobody served (every worker
was down) the latest is made up for, once; the others are counted as missed.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, connection, transaction

from executions.actions.executions import check_input
from executions.actions.triggers.routing import derived_name
from executions.actions.triggers.rules import check_target, check_trigger_name
from executions.actions.triggers.schedule_expression import (
    InvalidSchedule,
    Times,
    latest_until,
    parse_schedule,
)
from executions.errors import TriggerAlreadyExists, TriggerDoesNotExist
from executions.models import Schedule, TriggeredStart
from studio import arns
from studio.actions.audit import record
from studio.errors import ApiError, ValidationException
from studio.models import AuditAction, StateMachine

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST_SCHEDULES: Final = 1000
"""Of one state machine."""
LONGEST_WINDOW: Final = 1440
"""Minutes of a flexible time window, as at AWS."""
BATCH: Final = 50
MOST_COUNTED: Final = 1000
"""Missed times are counted up to here."""
FIELDS: Final = (
    *("name", "description", "expression", "time_zone", "start_at", "end_at"),
    *("window_minutes", "qualifier", "input_text", "is_enabled"),
)

_log = logging.getLogger(__name__)
_random = SystemRandom()


def schedules_of(machine: StateMachine) -> QuerySet[Schedule]:
    """A state machine's schedules, by name."""
    return Schedule.objects.filter(state_machine=machine)


def get_schedule(machine: StateMachine, schedule_id: int) -> Schedule:
    """One of them; raises TriggerDoesNotExist."""
    schedule = schedules_of(machine).filter(pk=schedule_id).first()
    if schedule is None:
        raise TriggerDoesNotExist(str(schedule_id))
    return schedule


def save_schedule(schedule: Schedule, given: dict[str, Any]) -> Schedule:
    """Store a schedule, new or changed, with the fields that are given; it counts from now on.

    Raises ValidationException, TriggerAlreadyExists.
    """
    changed = {name for name in FIELDS if name in given and getattr(schedule, name) != given[name]}
    for name in changed:
        setattr(schedule, name, given[name])
    check_trigger_name(schedule.name)
    check_target(schedule.state_machine, schedule.qualifier)
    if not 0 <= schedule.window_minutes <= LONGEST_WINDOW:
        raise ValidationException(message=f"A window has 0 to {LONGEST_WINDOW} minutes.")
    if schedule.start_at and schedule.end_at and schedule.end_at <= schedule.start_at:
        raise ValidationException(message="A schedule's end must come after its start.")
    try:
        check_input(schedule.input_text)
    except ApiError as error:
        raise ValidationException(message=f"input: {error.message}") from None
    now = _now()
    is_new = schedule.pk is None
    if is_new:
        schedule.created_at = now
        if schedules_of(schedule.state_machine).count() >= MOST_SCHEDULES:
            raise ValidationException(
                message=f"A state machine has at most {MOST_SCHEDULES} schedules."
            )
    times = times_of(schedule)
    timed = {"expression", "time_zone", "start_at", "end_at", "window_minutes", "is_enabled"}
    if is_new or changed & timed:
        _move_on(schedule, times, now - timedelta(microseconds=1) if is_new else now)
    try:
        with transaction.atomic():
            schedule.save()
            action = AuditAction.CREATE_SCHEDULE if is_new else AuditAction.UPDATE_SCHEDULE
            record(action, schedule.state_machine.arn, _told(schedule))
    except IntegrityError:
        raise TriggerAlreadyExists(schedule.name) from None
    return schedule


def delete_schedule(machine: StateMachine, schedule_id: int) -> None:
    """Remove a schedule; raises TriggerDoesNotExist."""
    with transaction.atomic():
        schedule = get_schedule(machine, schedule_id)
        record(AuditAction.DELETE_SCHEDULE, machine.arn, _told(schedule))
        schedule.delete()


def _told(schedule: Schedule) -> dict[str, Any]:
    """What the audit trail has of a schedule."""
    return {
        "name": schedule.name,
        "expression": schedule.expression,
        "timeZone": schedule.time_zone,
        "enabled": schedule.is_enabled,
    }


def times_of(schedule: Schedule) -> Times:
    """The times of a schedule. Raises ValidationException."""
    try:
        return parse_schedule(
            schedule.expression, schedule.time_zone, schedule.start_at or schedule.created_at
        )
    except InvalidSchedule as fault:
        raise ValidationException(message=str(fault)) from None


def next_times(schedule: Schedule, count: int = 5) -> list[datetime]:
    """The next times of a schedule, as if it were enabled."""
    times = times_of(schedule)
    found: list[datetime] = []
    moment: datetime | None = _next(schedule, times, _now())
    while moment is not None and len(found) < count:
        found.append(moment)
        moment = _next(schedule, times, moment)
    return found


def times_from_now(schedule: Schedule) -> list[datetime]:
    """The next times of a schedule that is not stored. Raises ValidationException."""
    schedule.created_at = _now() + timedelta(microseconds=1)
    return next_times(schedule)


def serve_schedules() -> int:
    """Put down what schedules that are due want started; how many were due."""
    with transaction.atomic():
        now = _now()
        due = list(
            Schedule.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("state_machine")
            .filter(is_enabled=True, due_at__lte=now)
            .order_by("due_at")[:BATCH]
        )
        for schedule in due:
            _serve(schedule, now)
    return len(due)


def _serve(schedule: Schedule, now: datetime) -> None:
    assert schedule.next_at is not None  # as long as there is a due time
    try:
        times = times_of(schedule)
    except ValidationException as error:
        # A time zone may have gone with an update of the database of time zones.
        _log.error("the schedule %s is left out: %s", schedule.name, error.message)
        schedule.next_at = schedule.due_at = None
        schedule.save(update_fields=["next_at", "due_at"])
        return
    until = now if schedule.end_at is None else min(now, schedule.end_at)
    latest = latest_until(times, schedule.next_at, until)
    schedule.missed += _count(times, schedule.next_at, latest)
    if schedule.state_machine.status == StateMachine.Status.ACTIVE:
        TriggeredStart.objects.bulk_create([_start_of(schedule, latest)], ignore_conflicts=True)
    _move_on(schedule, times, latest)
    schedule.save(update_fields=["next_at", "due_at", "missed"])


def _start_of(schedule: Schedule, moment: datetime) -> TriggeredStart:
    name = derived_name(
        f"{schedule.name[:28]}-{moment:%Y%m%dT%H%M%SZ}", str(schedule.uuid), moment.isoformat()
    )
    given = {
        "<aws.scheduler.schedule-arn>": arns.schedule_arn(
            schedule.name, arns.account_of(schedule.state_machine.name)
        ),
        "<aws.scheduler.scheduled-time>": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "<aws.scheduler.execution-id>": name,
        "<aws.scheduler.attempt-number>": "1",
    }
    text = schedule.input_text
    for keyword, value in given.items():
        text = text.replace(keyword, value)
    return TriggeredStart(
        state_machine=schedule.state_machine,
        schedule=schedule,
        scheduled_for=moment,
        qualifier=schedule.qualifier,
        execution_name=name,
        input_text=text,
    )


def _move_on(schedule: Schedule, times: Times, after: datetime) -> None:
    """Set the next time after ``after``, and when within the window it is served."""
    schedule.next_at = _next(schedule, times, after) if schedule.is_enabled else None
    if schedule.next_at is None:
        schedule.due_at = None
        return
    seconds = _random.randrange(schedule.window_minutes * 60) if schedule.window_minutes else 0
    schedule.due_at = schedule.next_at + timedelta(seconds=seconds)


def _next(schedule: Schedule, times: Times, after: datetime) -> datetime | None:
    if schedule.start_at is not None:
        after = max(after, schedule.start_at - timedelta(microseconds=1))
    found = times.next_after(after)
    if found is None or (schedule.end_at is not None and found > schedule.end_at):
        return None
    return found


def _count(times: Times, first: datetime, latest: datetime) -> int:
    """How many times there are from ``first`` on before ``latest``."""
    count, moment = 0, first
    while moment < latest and count < MOST_COUNTED:
        count += 1
        found = times.next_after(moment)
        assert found is not None  # ``latest`` is still to come
        moment = found
    return count


def _now() -> datetime:
    """PostgreSQL's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now: datetime = cursor.fetchone()[0]
    return now.astimezone(UTC)
