"""The writes of a turn: gathered as columns, and sent as one statement where that can be.

Their SQL is in ``batch_statements``. Arrays go in binary, and the clock is PostgreSQL's: see
``statements``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings

from executions.interpreter.task_token import hash_of_token
from executions.runtime.arrays import BigInts, columns
from executions.runtime.batch_statements import (
    APPEND_HISTORY,
    CANCEL_TASKS,
    CANCEL_TIMERS,
    CANCELLABLE,
    CLOSE,
    CLOSE_INBOX,
    DELIVER_LOG,
    END_ATTEMPTS,
    HOLD,
    INSERT_EXECUTIONS,
    KEEP_MACHINES,
    NUMBER,
    NUMBERED,
    PUT_MESSAGES,
    REMOVE_MESSAGES,
    SCHEDULE_TASKS,
    TELL_PARENTS,
    UPDATE_EXECUTIONS,
    UPDATE_HELD,
)
from executions.runtime.map_runs.writes import MapRunWrites
from executions.runtime.one_statement import KEPT_COLUMNS, Part, send
from executions.runtime.outcomes import StartedTask
from executions.runtime.queues import is_for_workers_outside, queue_of
from executions.runtime.statements import LOCK_ATTEMPTS, REDRIVABLE_DAYS
from executions.runtime.status_changes import PUT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from executions.interpreter.messages import ScheduleTask
    from executions.runtime.claimed import Claimed
    from executions.runtime.inbox import Message
    from executions.runtime.status_changes import Change
    from executions.runtime.taking_up import TakingUp


@dataclass(frozen=True, slots=True)
class KeptTasks:
    """The tasks that a turn stores as STARTED for its caller. ``rows`` gives the rows that say
    their ids, when it is over.
    """

    rows: Callable[[], list[tuple[Any, ...]]]
    tasks: dict[tuple[int, int], tuple[Any, ...]]

    def started(self) -> list[StartedTask]:
        """The tasks. Only when the turn has been committed."""
        return [
            StartedTask(row_id, execution_id, *self.tasks[execution_id, task])
            for _, row_id, execution_id, task, *_ in self.rows()
            if row_id is not None
        ]


class Batch:
    """The writes of a turn, gathered as columns."""

    def __init__(self, now: float) -> None:
        self._now = now
        self._executions: list[tuple[Any, ...]] = []
        self._history: list[tuple[int, int, int, str]] = []
        self._logged: list[tuple[int, int, int]] = []
        self._changes: list[Change] = []
        self._removed: list[int] = []
        self._put: list[tuple[int, float | None, str, str, str]] = []
        self._cancelled_timers: list[tuple[int, str]] = []
        self._cancelled_tasks: list[tuple[int, int, str, str, str]] = []
        self._told_parents: list[tuple[int, str, str, str]] = []
        self._tasks: list[tuple[Any, ...]] = []
        self._kept: dict[tuple[int, int], tuple[Any, ...]] = {}
        self._closed: list[int] = []
        self.map_runs = MapRunWrites()
        self.has_queued_tasks = False
        self.has_activity_tasks = False

    def update_execution(
        self,
        execution_id: int,
        version: int,
        snapshot: str,
        last_event_id: int,
        status: str,
        output: str | None,
        error: str | None,
        cause: str | None,
    ) -> None:
        """Store the machine's state; ``version`` is the one that was read.

        A closed execution with a ``snapshot`` can be redriven from it.
        """
        self._executions.append(
            (
                execution_id,
                version,
                snapshot,
                last_event_id,
                status,
                output,
                _storable(error),
                _storable(cause),
            )
        )

    def append_history(self, execution_id: int, first: int, last: int, events: str) -> None:
        """Store a turn's events, one a line."""
        self._history.append((execution_id, first, last, events))

    def deliver_log(self, execution_id: int, first: int, redrive_count: int) -> None:
        """Have the turn's events, ids from ``first``, written as log events."""
        self._logged.append((execution_id, first, redrive_count))

    def change_statuses(self, changes: list[Change]) -> None:
        """Have somebody hear of changes of status."""
        self._changes += [
            each._replace(error=_storable(each.error), cause=_storable(each.cause))
            for each in changes
        ]

    def remove_messages(self, rows: list[int]) -> None:
        """Remove messages that were applied."""
        self._removed += rows

    def put_message(self, execution_id: int, message: Message) -> None:
        """Leave a message that is due at once."""
        self._put.append((execution_id, None, message.command, message.key, message.body))

    def set_timer(self, execution_id: int, timer: str, at: float) -> None:
        """Have FireTimer delivered at ``at``, in seconds since the epoch."""
        self._put.append((execution_id, at, "FireTimer", timer, ""))

    def cancel_timer(self, execution_id: int, timer: str) -> None:
        """Remove a timer, whether it is set in this turn or was set before."""
        kept = [
            put
            for put in self._put
            if not (put[0] == execution_id and put[2] in CANCELLABLE and put[3] == timer)
        ]
        if len(kept) == len(self._put):
            self._cancelled_timers.append((execution_id, timer))
        self._put = kept

    def schedule_task(self, execution: Claimed, effect: ScheduleTask, kept: bool) -> None:
        """Store a new task: STARTED where the caller keeps it, else QUEUED.

        The time-out of an activity's counts from when a worker takes it up; nobody keeps one.
        """
        queue = queue_of(effect.resource)
        outside = is_for_workers_outside(queue)
        counts = effect.timeout_seconds is not None and not outside
        deadline = self._now + (effect.timeout_seconds or 0.0) if counts else None
        if kept:
            self._kept[execution.id, effect.task] = (
                1,
                effect.task,
                effect.attempt,
                effect.state_name,
                effect.resource,
                effect.parameters,
                deadline,
                execution.machine_name,
                execution.name,
                execution.role_arn,
                effect.assumed_role_arn or "",
            )
        self._tasks.append(
            (
                execution.id,
                effect.task,
                effect.attempt,
                effect.state_name,
                effect.resource,
                effect.parameters,
                deadline,
                queue,
                outside,
                kept,
                None if effect.token is None else hash_of_token(effect.token),
                effect.timeout_seconds,
                effect.heartbeat_seconds,
                execution.role_arn,
                effect.assumed_role_arn or "",
            )
        )
        self.has_queued_tasks |= not kept and not outside
        self.has_activity_tasks |= outside

    def cancel_task(self, execution_id: int, task: int, to_child: Message) -> None:
        """Remove a task of an earlier turn; an outcome that still comes finds no row.

        Where the task waits for a child, that gets a message.
        """
        self._cancelled_tasks.append(
            (execution_id, task, to_child.command, to_child.key, to_child.body)
        )

    def tell_parent(self, parent_id: int, message: Message) -> None:
        """Leave a message about a task of another execution, which ends with this turn.

        Nothing happens where that task has ended already. Its row goes with the first message.
        """
        self._told_parents.append((parent_id, message.command, message.key, message.body))

    @property
    def leaves_messages(self) -> bool:
        """Whether other executions may have something due after this turn."""
        return bool(self._cancelled_tasks or self._told_parents)

    def close(self, execution_id: int) -> None:
        """Leave nothing alive of an execution that has ended."""
        self._closed.append(execution_id)

    @property
    def cancels(self) -> bool:
        """Whether messages that were there before go."""
        return bool(self._removed or self._cancelled_timers)

    @property
    def is_plain(self) -> bool:
        """Whether one statement can be all: nothing is given up, nobody is told of an end, no Map
        Run is asked for.
        """
        others = self._cancelled_tasks or self._told_parents
        return not (others or self.map_runs.are_asked_for or self.map_runs.have_tallies)

    def execute(self, cursor: psycopg.Cursor[tuple[Any, ...]]) -> KeptTasks | None:
        """Queue the writes in the transaction's pipeline; gives the tasks that the caller keeps."""
        connection = cursor.connection
        parts = self._parts(None)
        kept = None
        if parts:
            created = send(cursor, parts, [len(self._executions)] if self._executions else ())
            kept = KeptTasks(created.fetchall, self._kept) if self._kept else None
        for statement, values in self._ordered():
            psycopg.Cursor(connection).execute(statement, values)
        return kept

    def execute_quickly(
        self,
        cursor: psycopg.Cursor[tuple[Any, ...]],
        granted: Granted,
        taking_up: TakingUp | None,
    ) -> KeptTasks | None:
        """Write what is ``granted``, and take up what is to be taken up besides: one statement.

        The batch is plain. Gives the tasks that the caller keeps.

        Raises:
            psycopg.errors.DivisionByZero: it is not so; nothing was written.
        """
        parts = self._parts(granted) + (taking_up.parts if taking_up is not None else [])
        rows = send(cursor, parts, [len(self._executions), len(granted.attempts)]).fetchall()
        if taking_up is not None:
            taking_up.read(row[KEPT_COLUMNS:] for row in rows)
        return KeptTasks(lambda: rows, self._kept) if self._kept else None

    def _parts(self, granted: Granted | None) -> list[Part]:
        """The writes that go together, whatever comes first: name, statement, parameters."""
        parts: list[Part] = []
        times = (REDRIVABLE_DAYS, self._now)
        if granted is not None:
            loggings = granted.loggings
            held = [
                (*row, logging) for row, logging in zip(self._executions, loggings, strict=True)
            ]
            parts.append(("ended", END_ATTEMPTS, columns(END_ATTEMPTS, granted.attempts)))
            parts.append(("held", HOLD, columns(HOLD, held)))
            parts.append(("updated", f"{UPDATE_HELD} RETURNING 1", times))
            if self._closed:
                # Their attempts are those above, and nothing is due: what is left are timers.
                parts.append(("closed", CLOSE_INBOX, (BigInts(self._closed),)))
        elif self._executions:
            new = columns(UPDATE_EXECUTIONS, self._executions)
            parts.append(("updated", f"{UPDATE_EXECUTIONS} RETURNING 1", (*times, *new)))
        if self._removed:
            parts.append(("removed", REMOVE_MESSAGES, (BigInts(self._removed),)))
        if self._cancelled_timers:
            parts.append(
                ("cancelled", CANCEL_TIMERS, columns(CANCEL_TIMERS, self._cancelled_timers))
            )
        return parts + self._inserts()

    def _inserts(self) -> list[Part]:
        """Rows that are new, and belong to executions."""
        parts: list[Part] = []
        if self._history:
            parts.append(("history", APPEND_HISTORY, columns(APPEND_HISTORY, self._history)))
        if self._logged:
            parts.append(("logged", DELIVER_LOG, columns(DELIVER_LOG, self._logged)))
        if self._changes:
            parts.append(("heard", PUT, columns(PUT, self._changes)))
        if self._put:
            parts.append(("put", PUT_MESSAGES, columns(PUT_MESSAGES, self._put)))
        if self._tasks:
            lease = settings.TASK_LEASE_SECONDS
            parts.append(("tasks", SCHEDULE_TASKS, (lease, *columns(SCHEDULE_TASKS, self._tasks))))
        return parts

    def create(self, cursor: psycopg.Cursor[tuple[Any, ...]], new: Created) -> None:
        """Create executions with all that their first turns leave: one statement.

        They have no ids yet: in this batch they are numbered from 1 in the order of ``new.rows``.
        The batch is plain, and cancels nothing.

        Raises:
            psycopg.errors.DivisionByZero: a state machine is not as it was seen, or a name is
                taken; nothing was written.
        """
        # Of what a turn writes of an execution, all but its number and the version it was.
        rows = [(*row, *state[2:]) for row, state in zip(new.rows, self._executions, strict=True)]
        numbered = [(place, *row) for place, row in enumerate(rows, 1)]
        inserted = columns(INSERT_EXECUTIONS, numbered)
        parts: list[Part] = [
            ("known", KEEP_MACHINES, columns(KEEP_MACHINES, new.machines)),
            ("numbered", NUMBER, (len(rows),)),
            (
                "started",
                f"{INSERT_EXECUTIONS} RETURNING 1",
                (REDRIVABLE_DAYS, self._now, *inserted),
            ),
        ]
        for name, text, values in self._inserts():
            parts.append((name, text.replace("v.execution_id", NUMBERED), values))
        send(cursor, parts, [len(rows)])

    def _ordered(self) -> list[tuple[str, Sequence[Any]]]:
        """The writes of which each must see what was done before it."""
        writes: list[tuple[str, Sequence[Any]]] = []
        if self._cancelled_tasks:
            cancelled = columns(CANCEL_TASKS, self._cancelled_tasks)
            writes += [(LOCK_ATTEMPTS, cancelled[:2]), (CANCEL_TASKS, cancelled)]
        if self._told_parents:
            told = [(each[0], int(each[2]), *each) for each in self._told_parents]
            writes.append((TELL_PARENTS, columns(TELL_PARENTS, told)))
        # Before the messages of closed executions go: a run that ends now has left its own by then.
        writes += self.map_runs.statements()
        if self._closed:
            writes += [(statement, (BigInts(self._closed),)) for statement in CLOSE]
        return writes


@dataclass(frozen=True, slots=True)
class Created:
    """Executions to be created, and what is taken for granted of their state machines.

    ``machines``: id, current revision, logging configuration and whether somebody hears of changes
    of status, of each one. ``rows``: state machine, revision, name, input and trace header.
    """

    machines: list[tuple[int, int, str, bool]]
    rows: list[tuple[int, int, str, str, str]]


@dataclass(frozen=True, slots=True)
class Granted:
    """What a turn takes for granted: rows and fences of attempts, and the logging configurations of
    the executions that it updates. Its one statement fails with DivisionByZero where it is not so,
    or where a version is another one.
    """

    attempts: list[tuple[int, int]]
    loggings: list[str]


def _storable(text: str | None) -> str | None:
    """PostgreSQL's text has no NUL; everything else a workflow says is kept."""
    return text if text is None or "\0" not in text else text.replace("\0", "\N{SYMBOL FOR NULL}")
