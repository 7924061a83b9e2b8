"""What a turn leaves behind: snapshot, history, tasks, timers and messages, in its transaction."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

from executions.interpreter.history import encode_events
from executions.interpreter.messages import CancelTask, CancelTimer, Effect, ScheduleTask, SetTimer
from executions.interpreter.state import encode
from executions.runtime import debugging, nested, statements
from executions.runtime.batch import Batch, KeptTasks
from executions.runtime.event_log import log_of
from executions.runtime.inbox import CONTINUE, Message
from executions.runtime.queues import TASKS, queue_of
from executions.runtime.status_changes import changes_of
from studio import arns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from executions.runtime.claimed import Advanced, Claimed
    from executions.runtime.outcomes import Outcome

    Cursor = psycopg.Cursor[tuple[Any, ...]]


class Written(NamedTuple):
    """What a turn's writes leave to do.

    ``kept``: the tasks that the caller keeps. ``queued``: others wait.
    ``outside``: tasks of activities wait for workers outside.
    ``map_runs``: there is something to do for a Map Run. ``children_ended``: of one.
    ``more``: other executions may have messages now.
    """

    kept: KeptTasks | None = None
    queued: bool = False
    outside: bool = False
    map_runs: bool = False
    children_ended: bool = False
    more: bool = False


def put(cursor: Cursor, execution_id: int, messages: list[Message]) -> None:
    """Store messages for an execution that this turn does not hold."""
    cursor.executemany(
        statements.PUT_MESSAGE, [(execution_id, m.command, m.key, m.body) for m in messages]
    )


def put_unstored(cursor: Cursor, execution: Claimed) -> None:
    """Store the messages of a claimed execution that are not rows yet: accepted outcomes."""
    if unstored := execution.messages[len(execution.rows) :]:
        put(cursor, execution.id, unstored)


def write(
    cursor: Cursor,
    advanced: list[Advanced],
    late: list[Claimed],
    now: float,
    outcomes: Sequence[Outcome] = (),
    keep: Callable[[ScheduleTask], bool] | None = None,
) -> Written:
    """Queue the turn's writes, one multi-row statement or a few that go with the commit."""
    if not advanced and not late:
        return Written()
    batch = gather(advanced, late, now, outcomes, keep)
    for parent, messages in nested.outcomes(cursor, advanced, now):
        for message in messages:
            batch.tell_parent(parent.id, message)
    debugging.write(cursor, [result for result in advanced if result.debugged])
    return Written(
        batch.execute(cursor),
        batch.has_queued_tasks,
        batch.has_activity_tasks,
        batch.map_runs.are_asked_for,
        batch.map_runs.have_tallies,
        batch.leaves_messages,
    )


def gather(
    advanced: list[Advanced],
    late: list[Claimed],
    now: float,
    outcomes: Sequence[Outcome] = (),
    keep: Callable[[ScheduleTask], bool] | None = None,
) -> Batch:
    """The writes of a turn, but for what other executions are told of an end."""
    announced = _announced(outcomes)
    batch = Batch(now)
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
        batch.change_statuses(changes_of(result, now))
        if not running and execution.map_run_id is not None:
            batch.map_runs.child_ended(execution, state)
        batch.map_runs.apply(execution, result.effects)
        if not running:
            # One that this transaction has created has nothing yet that could be left alive.
            if execution.version or execution.rows:
                batch.close(execution.id)
            _cancel_tasks(batch, execution, result.effects)
            continue
        for task in announced.get(execution.id, ()):
            batch.cancel_timer(execution.id, str(task))
        if result.more and not unapplied:
            batch.put_message(execution.id, CONTINUE)
        _apply_effects(batch, execution, result.effects, keep)
    return batch


def _announced(outcomes: Sequence[Outcome]) -> dict[int, list[int]]:
    """The tasks whose TaskStarted message has lost its point, by execution."""
    announced: dict[int, list[int]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.started.announced:
            announced[outcome.started.execution_id].append(outcome.started.task)
    return announced


def _apply_effects(
    batch: Batch,
    execution: Claimed,
    effects: list[Effect],
    keep: Callable[[ScheduleTask], bool] | None,
) -> None:
    """Turn effects into rows. What a turn sets and cancels again leaves no trace."""
    execution_id = execution.id
    cancelled_tasks = _cancel_tasks(batch, execution, effects)
    for effect in effects:
        match effect:
            case ScheduleTask():
                if effect.task not in cancelled_tasks:
                    kept = keep is not None and queue_of(effect.resource) == TASKS and keep(effect)
                    batch.schedule_task(execution, effect, kept)
            case SetTimer():
                batch.set_timer(execution_id, effect.timer, effect.at)
            case CancelTimer():
                batch.cancel_timer(execution_id, effect.timer)


def _cancel_tasks(batch: Batch, execution: Claimed, effects: list[Effect]) -> set[int]:
    """Remove the tasks that nobody waits for any more, and stop the children they wait for."""
    cancelled = {effect.task for effect in effects if isinstance(effect, CancelTask)}
    if cancelled:
        to_child = nested.stop_child(arns.execution_arn(execution.machine_name, execution.name))
        for task in cancelled:
            batch.cancel_task(execution.id, task, to_child)
    return cancelled
