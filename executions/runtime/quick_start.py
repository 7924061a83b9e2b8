"""Starts in one round trip, of state machines that this process started a moment ago.

Such a start knows what an ordinary one would ask: the revision, the role, where its log goes,
whether somebody hears of it, PostgreSQL's clock. So the first turn is taken in memory, and one
statement, which is its own transaction, inserts the execution as that turn leaves it. The statement
holds what was taken for granted against the database, and does nothing where any of it is not so or
where a name is taken. Then an ordinary start decides, as if this one had not been tried.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings

from executions.runtime import open_executions
from executions.runtime.batch import Created
from executions.runtime.claimed import advance_claimed, begun
from executions.runtime.connection import DATABASE_AWAY, single_statement
from executions.runtime.first_turn import NewExecution, claimed_first
from executions.runtime.latest import Latest
from executions.runtime.moments import Moment
from executions.runtime.programs import is_brief, program_of_revision
from executions.runtime.quick_turn import is_plain
from executions.runtime.state_transitions import transitions
from executions.runtime.turn import Report
from executions.runtime.writes import gather

if TYPE_CHECKING:
    from collections.abc import Sequence

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SeenMachine:
    """A state machine as a start found it. ``moment`` is when that was, by PostgreSQL's clock."""

    id: int
    name: str
    revision: int
    role_arn: str
    logging_configuration: str
    is_heard: bool
    moment: Moment

    @property
    def is_quick(self) -> bool:
        """Whether its executions may begin at once, and need to know of nothing else."""
        if not self.moment.is_recent or not is_brief(self.revision):
            return False
        return not program_of_revision(self.revision).activities


seen_machines: Latest[str, SeenMachine] = Latest()
"""The state machines that this process started last, by name."""


@dataclass(frozen=True, slots=True)
class QuickStart:
    """An execution to be started: of what, and with what."""

    machine: SeenMachine
    name: str
    input: str
    trace_header: str


def start_quickly(starts: Sequence[QuickStart]) -> tuple[datetime, Report] | None:
    """Create executions and take their first turns; when they started, and what that leaves to do.

    None: nothing has been done, and ordinary starts decide. Each name comes once.

    Raises:
        psycopg.OperationalError: PostgreSQL is not there; whether they were created is not known.
    """
    if not settings.FIRST_TURN_EVENTS or transitions.delay() > 0:
        return None
    try:
        if all(each.machine.is_quick for each in starts) and open_executions.surely_fit(
            len(starts)
        ):
            return _start(starts)
    except psycopg.errors.DivisionByZero:
        seen_machines.forget(*{each.machine.name for each in starts})
    except DATABASE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - ordinary starts isolate what is at fault
        _log.exception("%d quick starts failed; ordinary ones are tried", len(starts))
    return None


def _start(starts: Sequence[QuickStart]) -> tuple[datetime, Report] | None:
    now = max(each.machine.moment.now for each in starts)
    seed = os.urandom(16).hex()
    advanced = []
    for place, each in enumerate(starts, 1):
        execution = claimed_first(_new(place, each, now))
        result = advance_claimed(
            execution, now, seed, settings.FIRST_TURN_EVENTS, None, begun(execution)
        )
        if not is_plain(result):
            return None
        advanced.append(result)
    batch = gather(advanced, [], now)
    if batch.cancels or not batch.is_plain:
        return None
    machines = {each.machine.id: each.machine for each in starts}.values()
    created = Created(
        [(m.id, m.revision, m.logging_configuration, m.is_heard) for m in machines],
        [
            (each.machine.id, each.machine.revision, each.name, each.input, each.trace_header)
            for each in starts
        ],
    )
    with single_statement() as cursor:
        batch.create(cursor, created)
    transitions.add(advanced)
    report = Report(queued=batch.has_queued_tasks, outside=batch.has_activity_tasks)
    report.more = any(result.more for result in advanced)
    return datetime.fromtimestamp(now, UTC), report


def _new(place: int, start: QuickStart, now: float) -> NewExecution:
    """As its row will be; its id is known when there is one, and until then its place."""
    machine = start.machine
    return NewExecution(
        place,
        machine.revision,
        start.input,
        machine.name,
        start.name,
        machine.role_arn,
        machine.logging_configuration,
        now,
        is_heard=machine.is_heard,
    )
