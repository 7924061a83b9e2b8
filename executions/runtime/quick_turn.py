"""A turn in one round trip, for executions that this process advanced a moment ago.

A slot that goes from step to step knows what an ordinary turn would ask: the row, the state, that
nothing else is due. So it advances in memory first and writes with one statement, which is its own
transaction. That statement holds what was taken for granted against the database, and does nothing
where any of it is not so: another turn was faster, somebody holds the row, a message is due, the
attempt is not ours any more. Then an ordinary turn decides, as if this one had not been tried. It
decides, too, of the executions of a group that this process does not know, and of ends that others
are told of.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
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
    from collections.abc import Sequence

    from executions.runtime.claimed import Advanced
    from executions.runtime.outcomes import Outcome
    from executions.runtime.snapshots import Kept
    from executions.runtime.taking_up import TakingUp

_log = logging.getLogger(__name__)

Look = Callable[[], "TakingUp | None"]
"""Gives what a turn's statement is to take up besides."""


def no_look() -> None:
    """Take up nothing."""


def take_quick_turn(
    outcomes: Sequence[Outcome], keep: Callable[[ScheduleTask], bool] | None, look: Look = no_look
) -> tuple[Report, Sequence[Outcome]]:
    """Report outcomes and advance their executions, where that can be done without asking first.

    ``look`` is asked for what is to be taken up besides, when it is known what is kept.

    Gives what is left to do, and the outcomes of which nothing has been done: ``take_turn``
    decides of those. All of an execution's outcomes are reported, or none.

    Raises:
        psycopg.OperationalError: PostgreSQL is not there; the caller may report again later.
    """
    known = _known(outcomes)
    if not known:
        return Report(), outcomes
    try:
        return _take(known, outcomes, keep, look)
    except psycopg.errors.DivisionByZero:
        return Report(), outcomes
    except DATABASE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - the ordinary turn isolates what is at fault
        _log.exception("a quick turn failed; an ordinary one is tried")
        return Report(), outcomes


def _known(outcomes: Sequence[Outcome]) -> dict[int, Kept]:
    """What this process made last of each execution of which that is enough.

    Only executions that wait for nothing but these outcomes: with others under way, turns meet, and
    an ordinary one is made for that. It asks for activities, too.
    """
    reported: dict[int, set[int]] = {}
    asking: set[int] = set()
    for outcome in outcomes:
        started = outcome.started
        reported.setdefault(started.execution_id, set()).add(started.task)
        if outcome.message.command == "TaskSubmitted" or started.slot is not None:
            asking.add(started.execution_id)
    known: dict[int, Kept] = {}
    for execution_id, tasks in reported.items():
        kept = kept_states.latest(execution_id)
        if kept is None or not kept.moment.is_recent or kept.state.runnable:
            continue
        if execution_id in asking or kept.state.waiting.keys() != tasks:
            continue
        if not program_of_revision(kept.execution.revision).activities:
            known[execution_id] = kept
    return known


def _take(
    known: dict[int, Kept],
    outcomes: Sequence[Outcome],
    keep: Callable[[ScheduleTask], bool] | None,
    look: Look,
) -> tuple[Report, Sequence[Outcome]]:
    moment = max((kept.moment for kept in known.values()), key=lambda moment: moment.now)
    now = moment.now
    seed = os.urandom(16).hex()
    executions = {each: kept.execution.again() for each, kept in known.items()}
    for outcome in outcomes:
        if execution := executions.get(outcome.started.execution_id):
            execution.messages.append(outcome.message)
    advanced = []
    turn_events = settings.TURN_EVENTS
    for execution in executions.values():
        state = known[execution.id].state
        result = advance_claimed(execution, now, seed, turn_events, None, state)
        if is_plain(result):
            advanced.append(result)
    plain = {result.execution.id for result in advanced}
    reported = [each for each in outcomes if each.started.execution_id in plain]
    if not reported:
        return Report(), outcomes
    batch = gather(advanced, [], now, reported, keep)
    if not batch.is_plain:
        return Report(), outcomes
    granted = Granted(
        [(outcome.started.id, outcome.started.fence) for outcome in reported],
        [each.execution.logging_configuration for each in advanced],
    )
    taking_up = look()
    with single_statement() as cursor:
        kept_tasks = batch.execute_quickly(cursor, granted, taking_up)
    report = Report(queued=batch.has_queued_tasks, outside=batch.has_activity_tasks)
    report.more = any(result.more for result in advanced)
    rest = [each for each in outcomes if each.started.execution_id not in plain]
    tell_of(report, advanced, kept_tasks, moment)
    if taking_up is not None and taking_up.found:
        report.started += taking_up.found
    return report, rest


def is_plain(result: Advanced) -> bool:
    """Whether all that is asked for is tasks and timers, and nobody else is told of an end."""
    execution = result.execution
    if result.state.status != "RUNNING" and (
        result.debugged or execution.parent_id is not None or execution.map_run_id is not None
    ):
        return False
    return all(
        isinstance(effect, (ScheduleTask, SetTimer, CancelTimer)) for effect in result.effects
    )
