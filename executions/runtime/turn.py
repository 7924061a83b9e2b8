"""A turn: claim executions, advance each through all that is due, commit everything at once.

Life of a turn, in one transaction:

1. accept task outcomes by compare-and-set; late or doubled ones find no row and are refused;
2. claim executions with FOR NO KEY UPDATE SKIP LOCKED (the lock goes with the transaction, so a
   worker that is killed leaves nothing to clean up);
3. read their due messages and let the pure machine advance, in memory;
4. write snapshot, history chunk, tasks and timers, remove the applied messages; commit.

What the machine asked for leaves only after the commit. Several executions share a commit, because
a commit costs a thousand times a transition.
"""

from __future__ import annotations

import logging
import math
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings

from executions.runtime import statements
from executions.runtime.acceptance import accepted_messages, send_outcomes
from executions.runtime.activities import Activities
from executions.runtime.arrays import BigInts
from executions.runtime.awaited_jobs import put_jobs
from executions.runtime.claimed import Advanced, Claimed, advance_claimed, kept_states
from executions.runtime.connection import DATABASE_AWAY, transaction
from executions.runtime.expiry import lock_expiring_attempts
from executions.runtime.inbox import Message
from executions.runtime.moments import Moment
from executions.runtime.snapshots import Kept
from executions.runtime.state_transitions import transitions
from executions.runtime.writes import put, put_unstored, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from executions.interpreter.messages import ScheduleTask
    from executions.runtime.batch import KeptTasks
    from executions.runtime.outcomes import Outcome, StartedTask

    Cursor = psycopg.Cursor[tuple[Any, ...]]

SET_ASIDE_AFTER = 5
"""Turns in a row that fail by our own fault before an execution is looked at once an hour only."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Report:
    """What a committed turn leaves to do.

    ``started``: tasks that the caller asked to keep and must perform now. ``queued``: others wait.
    ``outside``: tasks of activities wait for workers outside.
    ``map_runs``: there is something to do for a Map Run. ``children_ended``: of one, which whoever
    works at it adds up.
    ``more``: some execution has more to do at once. ``full``: there may be more ready executions.
    """

    advanced: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    started: list[StartedTask] = field(default_factory=list)
    queued: bool = False
    outside: bool = False
    map_runs: bool = False
    children_ended: bool = False
    more: bool = False
    full: bool = False

    def add(self, other: Report) -> None:
        """Take in what another committed turn leaves to do."""
        self.advanced += other.advanced
        self.closed += other.closed
        self.started += other.started
        self.queued |= other.queued
        self.outside |= other.outside
        self.map_runs |= other.map_runs
        self.children_ended |= other.children_ended
        self.more |= other.more
        self.full |= other.full


def take_turn(
    *,
    outcomes: Sequence[Outcome] = (),
    only: Sequence[int] | None = None,
    keep: Callable[[ScheduleTask], bool] | None = None,
    wait: bool = False,
    delayed: bool = False,
) -> Report:
    """Run one turn and commit it.

    Args:
        outcomes: task outcomes to report; their executions are advanced in this same commit.
        only: advance just these executions (besides those of ``outcomes``); None: any that are
            ready, up to ``settings.TURN_EXECUTIONS``.
        keep: says of a new task whether the caller performs it right after the commit; it is then
            stored as STARTED with a lease, otherwise as QUEUED.
        wait: wait for an execution that another worker holds, instead of passing it by.
        delayed: accept the outcomes and leave them as messages; nothing is advanced.

    Raises:
        psycopg.OperationalError: PostgreSQL is not there; the caller may report again later.
    """
    try:
        return _take(outcomes, only, keep, wait, delayed)
    except DATABASE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - a fault of ours in one must not hold up the others
        _log.exception("a turn failed; its executions are tried one by one")
    return _one_by_one(outcomes, only, keep)


def _take(
    outcomes: Sequence[Outcome],
    only: Sequence[int] | None,
    keep: Callable[[ScheduleTask], bool] | None,
    wait: bool,
    delayed: bool = False,
) -> Report:
    report = Report()
    broken: list[Claimed] = []
    wanted: set[int] | None = None
    if only is not None or outcomes:
        wanted = {*(only or ()), *(outcome.started.execution_id for outcome in outcomes)}
    if delayed:
        wanted = set()
    with transaction() as cursor:
        accepting = send_outcomes(cursor, outcomes)
        claiming = _send_claim(cursor, wanted, wait)
        # Where the executions are known, everything so far is one round trip.
        reading = None if wanted is None else _send_inbox(cursor, wanted)
        accepted = accepted_messages(accepting, outcomes)
        put_jobs(cursor, outcomes)
        now, claimed, found = _claimed(claiming)
        moment = Moment.just_told(now)
        report.full = wanted is None and found >= settings.TURN_EXECUTIONS
        _read_inbox(reading or _send_inbox(cursor, claimed), claimed)
        for execution_id, messages in accepted.items():
            if execution_id in claimed:
                claimed[execution_id].messages.extend(messages)
            else:
                # Another worker holds the execution: it, or the next hint, finds the row.
                put(cursor, execution_id, messages)
                report.more = True

        attempts = lock_expiring_attempts(cursor, {e.id: e.messages for e in claimed.values()})
        advanced: list[Advanced] = []
        events = 0
        seed = os.urandom(16).hex()
        activities = Activities(cursor)
        for execution in claimed.values():
            if not execution.messages or execution.status != "RUNNING":
                continue
            if events > 4 * settings.TURN_EVENTS:
                put_unstored(cursor, execution)
                report.more = True
                continue
            execution.attempts = attempts
            try:
                result = advance_claimed(execution, now, seed, settings.TURN_EVENTS, activities)
            except Exception:  # noqa: BLE001 - set aside, the others go on
                _log.exception("execution %s could not be advanced", execution.id)
                broken.append(execution)
                continue
            advanced.append(result)
            events += len(result.events)
            report.more |= result.more

        _set_aside(cursor, broken)
        late = [e for e in claimed.values() if e.status != "RUNNING"]
        written = write(cursor, advanced, late, now, outcomes, keep)
        report.queued = written.queued
        report.outside = written.outside
        report.map_runs = written.map_runs
        report.children_ended = written.children_ended
        report.more |= written.more

    return tell_of(report, advanced, written.kept, moment)


def tell_of(
    report: Report, advanced: list[Advanced], kept: KeptTasks | None, moment: Moment
) -> Report:
    """Complete the report of a turn that has been committed, and keep the states it made."""
    transitions.add(advanced)
    report.started = kept.started() if kept is not None else []
    for result in advanced:
        execution = result.execution
        report.advanced.append(execution.id)
        if result.state.status == "RUNNING":
            kept_states.put(Kept(execution.committed(), result.state, moment))
        else:
            report.closed.append(execution.id)
            kept_states.forget(execution.id)
    return report


def _one_by_one(
    outcomes: Sequence[Outcome],
    only: Sequence[int] | None,
    keep: Callable[[ScheduleTask], bool] | None,
) -> Report:
    """Isolate the execution that spoils a batch: each alone, the failing one set aside."""
    if only is None and not outcomes:
        with transaction() as cursor:
            only = list(_claimed(_send_claim(cursor, None, wait=False))[1])
    total = Report()
    alone: list[tuple[Sequence[Outcome], Sequence[int]]] = [([o], []) for o in outcomes]
    alone += [([], [execution_id]) for execution_id in only or ()]
    for some_outcomes, some_executions in alone:
        try:
            report = _take(some_outcomes, some_executions, keep, wait=False)
        except DATABASE_AWAY:
            raise
        except Exception:  # noqa: BLE001 - set aside, the others go on
            _log.exception("set aside: %s %s", some_outcomes, some_executions)
            with transaction() as cursor:
                accepted = accepted_messages(send_outcomes(cursor, some_outcomes), some_outcomes)
                put_jobs(cursor, some_outcomes)
                for execution_id, messages in accepted.items():
                    put(cursor, execution_id, messages)
                wanted = {*some_executions, *accepted}
                _, claimed, _ = _claimed(_send_claim(cursor, wanted, wait=False))
                _set_aside(cursor, list(claimed.values()))
            continue
        total.add(report)
    return total


def _send_claim(cursor: Cursor, wanted: set[int] | None, wait: bool) -> Cursor:
    """Lock the wanted executions, or any that are ready."""
    claiming = psycopg.Cursor(cursor.connection)
    if wanted is None:
        return claiming.execute(statements.CLAIM_READY, (settings.TURN_EXECUTIONS,))
    statement = statements.CLAIM_THESE_WAITING if wait else statements.CLAIM_THESE
    return claiming.execute(statement, (BigInts(sorted(wanted)),))


def _claimed(claiming: Cursor) -> tuple[float, dict[int, Claimed], int]:
    """The database's clock in whole milliseconds, the locked rows by id, and how many due messages
    (or executions) were found.
    """
    rows = claiming.fetchall()
    claimed = {row[1]: Claimed(*row[1:]) for row in rows}
    # Floored, so that a timer computed from it cannot lie before its moment.
    now = math.floor(float(rows[0][0]) * 1000) / 1000 if rows else 0.0
    return now, claimed, len(rows)


def _send_inbox(cursor: Cursor, executions: Iterable[int]) -> Cursor:
    """Ask for what is due, oldest first; a statement of its own after the claim, so that it sees
    all that was committed before the locks were had.
    """
    return psycopg.Cursor(cursor.connection).execute(
        statements.READ_INBOX, (BigInts(executions), settings.TURN_EVENTS)
    )


def _read_inbox(reading: Cursor, claimed: dict[int, Claimed]) -> None:
    for row_id, execution_id, command, key, body in reading.fetchall():
        if execution := claimed.get(execution_id):
            execution.rows.append(row_id)
            execution.messages.append(Message(command, key, body))


def _set_aside(cursor: Cursor, broken: list[Claimed]) -> None:
    """Put off what our own code cannot advance: a little longer each time, then hourly.

    The execution stays RUNNING, so that a release that mends the fault carries on with it.
    """
    for execution in broken:
        put_unstored(cursor, execution)
        failed = execution.failed_turns + 1
        if failed >= SET_ASIDE_AFTER:
            _log.error("execution %s is set aside after %d failures", execution.id, failed)
        delay = 2.0**failed if failed < SET_ASIDE_AFTER else 3600.0
        cursor.execute(statements.PUT_OFF, (delay, execution.id))
