"""Time-outs against callbacks: whichever is committed first decides.

A callback removes the row of its attempt and leaves the outcome in the inbox, in one commit, and
is told that it was in time. A turn that finds a time-out due may have read the inbox just before.
So it locks the attempt's row first: where that has gone, an outcome is on its way and the time-out
is nothing any more; where a sign of life came, the machine hears of it before the timer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from executions.runtime import statements
from executions.runtime.inbox import Message, task_heartbeat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

Attempts = dict[tuple[int, int], float | None]
"""Attempts that live, by execution and task, and their latest sign of life (epoch seconds)."""


def lock_expiring_attempts(
    cursor: psycopg.Cursor[tuple[Any, ...]], messages: Mapping[int, Sequence[Message]]
) -> Attempts:
    """Lock the rows of all attempts whose time-out or heartbeat is due; those that are left.

    ``messages`` are those that are due, by execution. Asks nothing where no attempt expires.
    """
    expiring = [
        (execution_id, task)
        for execution_id, due in messages.items()
        for message in due
        if (task := _expiring_task(message)) is not None
    ]
    if not expiring:
        return {}
    locking = psycopg.Cursor(cursor.connection).execute(
        statements.LOCK_ATTEMPTS, ([each[0] for each in expiring], [each[1] for each in expiring])
    )
    return {(row[0], row[1]): row[2] for row in locking.fetchall()}


def settle(execution_id: int, message: Message, attempts: Attempts) -> list[Message]:
    """What the machine is told for a due message: nothing where its attempt has ended."""
    task = _expiring_task(message)
    if task is None:
        return [message]
    if (execution_id, task) not in attempts:
        return []
    heard_at = attempts[execution_id, task]
    return [message] if heard_at is None else [task_heartbeat(task, heard_at), message]


def _expiring_task(message: Message) -> int | None:
    """The attempt that a due timer would end."""
    if message.command != "FireTimer":
        return None
    kind, _, task = message.key.partition(":")
    return int(task) if kind in ("timeout", "heartbeat") else None
