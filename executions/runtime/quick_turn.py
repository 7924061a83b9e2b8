"""A turn in one round trip, for executions that this process advanced a moment ago.

A slot that goes from step to step knows what an ordinary turn would ask: the row, the state, that
nothing else is due. So it advances in memory first and writes with one statement, which is its own
transaction. That statement holds what was taken for granted against the database, and does nothing
where any of it is not so: another turn was faster, somebody holds the row, a message is due, the
attempt is not ours any more. Then an ordinary turn decides, as if this one had not been tried.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings

from executions.interpreter.messages import CancelTimer, ScheduleTask, SetTimer
from executions.runtime.batch import Granted
from executions.runtime.claimed import advance_claimed, kept_states
from executions.runtime.connection import DATABASE_AWAY, single_statement
from executions.runtime.programs import program_of_revision
from executions.runtime.turn import Report, tell_of
from executions.runtime.writes import gather

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from executions.runtime.claimed import Advanced
    from executions.runtime.outcomes import Outcome
    from executions.runtime.snapshots import Kept

_log = logging.getLogger(__name__)


def take_quick_turn(
    outcomes: Sequence[Outcome], keep: Callable[[ScheduleTask], bool] | None
) -> Report | None:
    """Report outcomes and advance their executions, if that can be done without asking first.

    None: nothing has been done; ``take_turn`` decides.

    Raises:
        psycopg.OperationalError: PostgreSQL is not there; the caller may report again later.
    """
    known = _known(outcomes)
    if known is None:
        return None
    try:
        return _take(known, outcomes, keep)
    except psycopg.errors.DivisionByZero:
        return None
    except DATABASE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - the ordinary turn isolates what is at fault
        _log.exception("a quick turn failed; an ordinary one is tried")
        return None


def _known(outcomes: Sequence[Outcome]) -> dict[int, Kept] | None:
    """What this process made last of each execution; None where that may not be enough.

    Only executions that wait for nothing but these outcomes: with others under way, turns meet, and
    an ordinary one is made for that. It asks for activities, too.
    """
    known: dict[int, Kept] = {}
    reported: dict[int, set[int]] = {}
    for outcome in outcomes:
        started = outcome.started
        if outcome.message.command == "TaskSubmitted" or started.slot is not None:
            return None
        kept = kept_states.latest(started.execution_id)
        if kept is None or not kept.moment.is_recent or kept.state.runnable:
            return None
        if program_of_revision(kept.execution.revision).activities:
            return None
        known[started.execution_id] = kept
        reported.setdefault(started.execution_id, set()).add(started.task)
    if any(kept.state.waiting.keys() != reported[each] for each, kept in known.items()):
        return None
    return known


def _take(
    known: dict[int, Kept],
    outcomes: Sequence[Outcome],
    keep: Callable[[ScheduleTask], bool] | None,
) -> Report | None:
    moment = max((kept.moment for kept in known.values()), key=lambda moment: moment.now)
    now = moment.now
    seed = os.urandom(16).hex()
    executions = {each: kept.execution.again() for each, kept in known.items()}
    for outcome in outcomes:
        executions[outcome.started.execution_id].messages.append(outcome.message)
    advanced = [
        advance_claimed(execution, now, seed, settings.TURN_EVENTS, None, known[execution.id].state)
        for execution in executions.values()
    ]
    if not all(map(_is_plain, advanced)):
        return None
    batch = gather(advanced, [], now, outcomes, keep)
    if not batch.is_plain:
        return None
    granted = Granted(
        [(outcome.started.id, outcome.started.fence) for outcome in outcomes],
        [(each.id, each.version, each.logging_configuration) for each in executions.values()],
    )
    with single_statement() as cursor:
        kept = batch.execute(cursor, granted)
    report = Report(queued=batch.has_queued_tasks, outside=batch.has_activity_tasks)
    report.more = any(result.more for result in advanced)
    return tell_of(report, advanced, kept, moment)


def _is_plain(result: Advanced) -> bool:
    """Whether the execution goes on, and asks for nothing but tasks and timers."""
    return result.state.status == "RUNNING" and all(
        isinstance(effect, (ScheduleTask, SetTimer, CancelTimer)) for effect in result.effects
    )
