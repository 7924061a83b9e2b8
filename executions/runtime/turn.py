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
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings

from executions.interpreter.advance import advance, begin
from executions.interpreter.history import encode_events
from executions.interpreter.messages import (
    CancelTask,
    CancelTimer,
    Effect,
    HistoryEvent,
    ScheduleTask,
    SetTimer,
)
from executions.interpreter.state import ExecutionState, Identity, decode, encode
from executions.runtime import statements
from executions.runtime.connection import DATABASE_AWAY, transaction
from executions.runtime.event_log import log_of
from executions.runtime.expiry import Attempts, lock_expiring_attempts, settle
from executions.runtime.inbox import CONTINUE, START, Message, to_command
from executions.runtime.programs import is_brief, program_of_revision
from executions.runtime.snapshots import Snapshots
from studio import arns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from executions.runtime.outcomes import Outcome, StartedTask

    Cursor = psycopg.Cursor[tuple[Any, ...]]

SET_ASIDE_AFTER = 5
"""Turns in a row that fail by our own fault before an execution is looked at once an hour only."""

_log = logging.getLogger(__name__)
_snapshots = Snapshots()


@dataclass(slots=True)
class Report:
    """What a committed turn leaves to do.

    ``started``: tasks that the caller asked to keep and must perform now. ``queued``: others wait.
    ``more``: some execution has more to do at once. ``full``: there may be more ready executions.
    """

    advanced: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    started: list[StartedTask] = field(default_factory=list)
    queued: bool = False
    more: bool = False
    full: bool = False


@dataclass(slots=True)
class _Claimed:
    """An execution's row, locked by this transaction, and what is due for it.

    ``attempts`` are those that a due time-out finds alive.
    """

    id: int
    version: int
    revision: int
    status: str
    snapshot: str
    input: str | None
    failed_turns: int
    machine_name: str
    name: str
    role_arn: str
    logging_configuration: str
    state_machine_version: int | None
    state_machine_alias: str | None
    messages: list[Message] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    attempts: Attempts = field(default_factory=dict)


@dataclass(slots=True)
class _Advanced:
    """What the machine made of a claimed execution."""

    execution: _Claimed
    state: ExecutionState
    events: list[HistoryEvent]
    effects: list[Effect]
    more: bool
    applied: int


def take_turn(
    *,
    outcomes: Sequence[Outcome] = (),
    only: Sequence[int] | None = None,
    keep: Callable[[ScheduleTask], bool] | None = None,
    wait: bool = False,
) -> Report:
    """Run one turn and commit it.

    Args:
        outcomes: task outcomes to report; their executions are advanced in this same commit.
        only: advance just these executions (besides those of ``outcomes``); None: any that are
            ready, up to ``settings.TURN_EXECUTIONS``.
        keep: says of a new task whether the caller performs it right after the commit; it is then
            stored as STARTED with a lease, otherwise as QUEUED.
        wait: wait for an execution that another worker holds, instead of passing it by.

    Raises:
        psycopg.OperationalError: PostgreSQL is not there; the caller may report again later.
    """
    try:
        return _take(outcomes, only, keep, wait)
    except DATABASE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - a fault of ours in one must not hold up the others
        _log.exception("a turn failed; its executions are tried one by one")
    return _one_by_one(outcomes, only, keep)


@dataclass(frozen=True, slots=True)
class NewExecution:
    """An execution whose row this transaction has just inserted. ``now`` is the database's."""

    id: int
    revision: int
    input: str
    machine_name: str
    name: str
    role_arn: str
    logging_configuration: str
    now: float
    state_machine_version: int | None = None
    state_machine_alias: str | None = None


def take_first_turn(cursor: Cursor, new: NewExecution) -> Report:
    """Begin an execution in the transaction that creates it: one commit instead of two.

    Goes ``settings.FIRST_TURN_EVENTS`` far at most and leaves the rest to the workers, as it does
    with all of an execution whose expressions could take long: the caller is a client's request.
    """
    report = Report()
    execution = _Claimed(
        id=new.id,
        version=0,
        revision=new.revision,
        status="RUNNING",
        snapshot="",
        input=new.input,
        failed_turns=0,
        machine_name=new.machine_name,
        name=new.name,
        role_arn=new.role_arn,
        logging_configuration=new.logging_configuration,
        state_machine_version=new.state_machine_version,
        state_machine_alias=new.state_machine_alias,
    )
    execution.messages.append(START)
    try:
        if settings.FIRST_TURN_EVENTS and is_brief(new.revision):
            now = math.floor(new.now * 1000) / 1000
            result = _advance(execution, now, os.urandom(16).hex(), settings.FIRST_TURN_EVENTS)
            _write(cursor, [result], [], now, {}, None, report)
            report.more = result.more
            report.advanced.append(new.id)
            return report
    except DATABASE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - a worker tries again, and sets it aside
        _log.exception("execution %s could not begin at once", new.id)
    _put_unstored(cursor, execution)
    report.more = True
    return report


def _take(
    outcomes: Sequence[Outcome],
    only: Sequence[int] | None,
    keep: Callable[[ScheduleTask], bool] | None,
    wait: bool,
) -> Report:
    report = Report()
    broken: list[_Claimed] = []
    wanted: set[int] | None = None
    if only is not None or outcomes:
        wanted = {*(only or ()), *(outcome.started.execution_id for outcome in outcomes)}
    with transaction() as cursor:
        accepting = _send_outcomes(cursor, outcomes)
        claiming = _send_claim(cursor, wanted, wait)
        # Where the executions are known, everything so far is one round trip.
        reading = None if wanted is None else _send_inbox(cursor, wanted)
        accepted = _accepted(accepting, outcomes)
        now, claimed, found = _claimed(claiming)
        report.full = wanted is None and found >= settings.TURN_EXECUTIONS
        _read_inbox(reading or _send_inbox(cursor, claimed), claimed)
        for execution_id, messages in accepted.items():
            if execution_id in claimed:
                claimed[execution_id].messages.extend(messages)
            else:
                # Another worker holds the execution: it, or the next hint, finds the row.
                _put(cursor, execution_id, messages)
                report.more = True

        attempts = lock_expiring_attempts(cursor, {e.id: e.messages for e in claimed.values()})
        advanced: list[_Advanced] = []
        events = 0
        seed = os.urandom(16).hex()
        for execution in claimed.values():
            if not execution.messages or execution.status != "RUNNING":
                continue
            if events > 4 * settings.TURN_EVENTS:
                _put_unstored(cursor, execution)
                report.more = True
                continue
            execution.attempts = attempts
            try:
                result = _advance(execution, now, seed, settings.TURN_EVENTS)
            except Exception:  # noqa: BLE001 - set aside, the others go on
                _log.exception("execution %s could not be advanced", execution.id)
                broken.append(execution)
                continue
            advanced.append(result)
            events += len(result.events)
            report.more |= result.more

        _set_aside(cursor, broken)
        late = [e for e in claimed.values() if e.status != "RUNNING"]
        created = _write(cursor, advanced, late, now, _announced(outcomes), keep, report)

    report.started = statements.started_tasks(created)
    for result in advanced:
        report.advanced.append(result.execution.id)
        if result.state.status == "RUNNING":
            _snapshots.put(result.execution.id, result.execution.version + 1, result.state)
        else:
            report.closed.append(result.execution.id)
            _snapshots.forget(result.execution.id)
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
                accepted = _accepted(_send_outcomes(cursor, some_outcomes), some_outcomes)
                for execution_id, messages in accepted.items():
                    _put(cursor, execution_id, messages)
                wanted = {*some_executions, *accepted}
                _, claimed, _ = _claimed(_send_claim(cursor, wanted, wait=False))
                _set_aside(cursor, list(claimed.values()))
            continue
        total.advanced += report.advanced
        total.closed += report.closed
        total.started += report.started
        total.queued |= report.queued
        total.more |= report.more
    return total


def _send_outcomes(cursor: Cursor, outcomes: Sequence[Outcome]) -> list[Cursor]:
    submissions = [o for o in outcomes if o.message.command == "TaskSubmitted"]
    ends = [o for o in outcomes if o.message.command != "TaskSubmitted"]
    return [
        psycopg.Cursor(cursor.connection).execute(
            statement, ([o.started.id for o in some], [o.started.fence for o in some])
        )
        for statement, some in (
            (statements.ACCEPT_OUTCOMES, ends),
            (statements.ACCEPT_SUBMISSIONS, submissions),
        )
        if some
    ]


def _accepted(accepting: list[Cursor], outcomes: Sequence[Outcome]) -> dict[int, list[Message]]:
    """The messages of the outcomes whose fence still held, by execution, in the order given.

    PostgreSQL promises no order of the rows that a DELETE returns.
    """
    accepted: dict[int, list[Message]] = defaultdict(list)
    held = {row for each in accepting for row in each.fetchall()}
    for outcome in outcomes:
        started = outcome.started
        if (started.id, started.fence) in held:
            held.remove((started.id, started.fence))  # One outcome a task, the first of several.
            accepted[started.execution_id].append(outcome.message)
    return accepted


def _send_claim(cursor: Cursor, wanted: set[int] | None, wait: bool) -> Cursor:
    """Lock the wanted executions, or any that are ready."""
    claiming = psycopg.Cursor(cursor.connection)
    if wanted is None:
        return claiming.execute(statements.CLAIM_READY, (settings.TURN_EXECUTIONS,))
    statement = statements.CLAIM_THESE_WAITING if wait else statements.CLAIM_THESE
    return claiming.execute(statement, (sorted(wanted),))


def _claimed(claiming: Cursor) -> tuple[float, dict[int, _Claimed], int]:
    """The database's clock in whole milliseconds, the locked rows by id, and how many due messages
    (or executions) were found.
    """
    rows = claiming.fetchall()
    claimed = {row[1]: _Claimed(*row[1:]) for row in rows}
    # Floored, so that a timer computed from it cannot lie before its moment.
    now = math.floor(float(rows[0][0]) * 1000) / 1000 if rows else 0.0
    return now, claimed, len(rows)


def _send_inbox(cursor: Cursor, executions: Iterable[int]) -> Cursor:
    """Ask for what is due, oldest first; a statement of its own after the claim, so that it sees
    all that was committed before the locks were had.
    """
    return psycopg.Cursor(cursor.connection).execute(
        statements.READ_INBOX, (list(executions), settings.TURN_EVENTS)
    )


def _read_inbox(reading: Cursor, claimed: dict[int, _Claimed]) -> None:
    for row_id, execution_id, command, key, body in reading.fetchall():
        if execution := claimed.get(execution_id):
            execution.rows.append(row_id)
            execution.messages.append(Message(command, key, body))


def _put(cursor: Cursor, execution_id: int, messages: list[Message]) -> None:
    """Store messages for an execution that this turn does not hold."""
    cursor.executemany(
        statements.PUT_MESSAGE, [(execution_id, m.command, m.key, m.body) for m in messages]
    )


def _put_unstored(cursor: Cursor, execution: _Claimed) -> None:
    """Store the messages of a claimed execution that are not rows yet: accepted outcomes."""
    if unstored := execution.messages[len(execution.rows) :]:
        _put(cursor, execution.id, unstored)


def _advance(execution: _Claimed, now: float, seed: str, turn_events: int) -> _Advanced:
    """Let the machine apply the due messages in order, within the turn's budget of events."""
    program = program_of_revision(execution.revision)
    state = _snapshots.get(execution.id, execution.version)
    if state is None:
        state = decode(execution.snapshot) if execution.snapshot else _begin(execution)
    events: list[HistoryEvent] = []
    effects: list[Effect] = []
    applied = 0
    more = False
    for number, message in enumerate(execution.messages):
        budget = turn_events - len(events)
        if budget <= 0:
            more = True
            break
        # One draw of randomness a turn; no two commands of any execution share a seed.
        own_seed = f"{seed}:{execution.id}:{number}"
        before = len(events)
        for told in settle(execution.id, message, execution.attempts):
            command = to_command(told, now, own_seed, execution.input or "")
            transition = advance(program, state, command, budget)
            state = transition.state
            events += transition.events
            effects += transition.effects
            more = transition.more
        applied += 1
        # A message from before a redrive, which follows, finds the execution closed: no event.
        if state.status != "RUNNING" and len(events) > before:
            break
    return _Advanced(execution, state, events, effects, more, applied)


def _begin(execution: _Claimed) -> ExecutionState:
    return begin(
        program_of_revision(execution.revision),
        Identity(
            execution_arn=arns.execution_arn(execution.machine_name, execution.name),
            execution_name=execution.name,
            role_arn=execution.role_arn,
            state_machine_arn=arns.state_machine_arn(execution.machine_name),
            state_machine_name=execution.machine_name,
            state_machine_version_arn=arns.optional_qualified_arn(
                execution.machine_name, execution.state_machine_version
            ),
            state_machine_alias_arn=arns.optional_qualified_arn(
                execution.machine_name, execution.state_machine_alias
            ),
        ),
    )


def _set_aside(cursor: Cursor, broken: list[_Claimed]) -> None:
    """Put off what our own code cannot advance: a little longer each time, then hourly.

    The execution stays RUNNING, so that a release that mends the fault carries on with it.
    """
    for execution in broken:
        _put_unstored(cursor, execution)
        failed = execution.failed_turns + 1
        if failed >= SET_ASIDE_AFTER:
            _log.error("execution %s is set aside after %d failures", execution.id, failed)
        delay = 2.0**failed if failed < SET_ASIDE_AFTER else 3600.0
        cursor.execute(statements.PUT_OFF, (delay, execution.id))


def _write(
    cursor: Cursor,
    advanced: list[_Advanced],
    late: list[_Claimed],
    now: float,
    announced: dict[int, list[int]],
    keep: Callable[[ScheduleTask], bool] | None,
    report: Report,
) -> Cursor | None:
    """Queue the turn's writes, a handful of multi-row statements that go with the commit.

    Gives the cursor that will have the tasks the caller keeps.
    """
    if not advanced and not late:
        return None
    batch = statements.Batch(now)
    for execution in late:
        batch.remove_messages(execution.rows)
    for result in advanced:
        execution, state = result.execution, result.state
        running = state.status == "RUNNING"
        unapplied = execution.messages[result.applied :]
        # Rows come first in ``messages``; an accepted outcome beyond the budget becomes a row.
        batch.remove_messages(execution.rows[: result.applied])
        if running:
            for message in unapplied[max(0, len(execution.rows) - result.applied) :]:
                batch.put_message(execution.id, message)
        batch.update_execution(
            execution.id,
            execution.version,
            # Frames that an end has left are what a redrive goes on with.
            encode(state) if running or state.frames else "",
            state.last_event_id,
            state.status,
            state.output,
            state.error,
            state.cause,
        )
        if result.events:
            batch.append_history(
                execution.id,
                result.events[0].id,
                result.events[-1].id,
                encode_events(result.events),
            )
            if log_of(execution.logging_configuration).is_on:
                batch.deliver_log(execution.id, result.events[0].id, state.redrive_count)
        if not running:
            batch.close(execution.id)
            continue
        for task in announced.get(execution.id, ()):
            batch.cancel_timer(execution.id, str(task))
        if result.more and not unapplied:
            batch.put_message(execution.id, CONTINUE)
        _apply_effects(batch, execution.id, result.effects, keep)
    report.queued |= batch.has_queued_tasks
    return batch.execute(cursor)


def _announced(outcomes: Sequence[Outcome]) -> dict[int, list[int]]:
    """The tasks whose TaskStarted message has lost its point, by execution."""
    announced: dict[int, list[int]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.started.announced:
            announced[outcome.started.execution_id].append(outcome.started.task)
    return announced


def _apply_effects(
    batch: statements.Batch,
    execution_id: int,
    effects: list[Effect],
    keep: Callable[[ScheduleTask], bool] | None,
) -> None:
    """Turn effects into rows. What a turn sets and cancels again leaves no trace."""
    cancelled_tasks = {e.task for e in effects if isinstance(e, CancelTask)}
    for effect in effects:
        match effect:
            case ScheduleTask():
                if effect.task not in cancelled_tasks:
                    batch.schedule_task(execution_id, effect, keep is not None and keep(effect))
            case CancelTask():
                batch.cancel_task(execution_id, effect.task)
            case SetTimer():
                batch.set_timer(execution_id, effect.timer, effect.at)
            case CancelTimer():
                batch.cancel_timer(execution_id, effect.timer)
