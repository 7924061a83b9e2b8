"""Limits of functions, enforced where tasks are claimed: PostgreSQL counts, whatever dies.

Tasks of a limited function wait on a queue of its own, so that they stand in nobody's way. One is
started at a time, under the lock of the function's row. It takes a slot with a lease, which lasts
as long as the call does, even where its execution has long gone on without it.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings

from executions.integrations.functions.limits import (
    FunctionLimit,
    LimitsError,
    limited_name,
    read_limits,
    stamp,
)
from executions.runtime.connection import DATABASE_AWAY, forget_broken_connection, transaction
from executions.runtime.queues import function_queue

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    import psycopg

    Cursor = psycopg.Cursor[tuple[Any, ...]]

LOOK_SECONDS = 0.5
"""How often a process looks whether what is declared has changed."""

_LIMITED = """
SELECT name, concurrency IS NOT NULL OR rate IS NOT NULL FROM executions_functionlimit
"""
_DECLARE = """
WITH declared AS (
    INSERT INTO executions_functionlimit (name, concurrency, rate)
    SELECT * FROM unnest(%b::text[], %b::int[], %b::float8[])
    ON CONFLICT (name) DO UPDATE SET concurrency = excluded.concurrency, rate = excluded.rate
)
UPDATE executions_functionlimit SET concurrency = NULL, rate = NULL, next_at = now()
WHERE name <> ALL(%b::text[])
"""
_MOVE = """
UPDATE executions_task t SET queue = v.queue
FROM unnest(%b::bigint[], %b::text[]) AS v(id, queue) WHERE t.id = v.id
"""
_FREE = """
    EXISTS (SELECT FROM executions_task t
            WHERE t.queue = 'function:' || l.name AND t.status = 'QUEUED')
    AND (l.concurrency IS NULL OR l.concurrency > (
            SELECT count(*) FROM executions_functionslot s
            WHERE s.function = l.name AND s.lease_until > now()))
"""
# The one whose latest call began the longest ago: no function keeps the others waiting.
_LOCK = f"""
SELECT l.name, l.concurrency, l.rate FROM executions_functionlimit l
WHERE l.next_at <= now() AND {_FREE}
ORDER BY l.next_at LIMIT 1 FOR UPDATE OF l SKIP LOCKED
"""
# A statement of its own after the lock, so that it sees every slot that was taken under it.
_TAKE = """
WITH gone AS (
    DELETE FROM executions_functionslot WHERE function = %(name)s AND lease_until <= now()
), busy AS (
    SELECT count(*) AS calls FROM executions_functionslot
    WHERE function = %(name)s AND lease_until > now()
), task AS (
    SELECT t.id FROM executions_task t, busy
    WHERE t.queue = %(queue)s AND t.status = 'QUEUED'
      AND (%(concurrency)s::int IS NULL OR busy.calls < %(concurrency)s::int)
    ORDER BY t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED
), slot AS (
    INSERT INTO executions_functionslot (function, lease_until)
    SELECT %(name)s, now() + make_interval(secs => %(lease)s) FROM task RETURNING id
), spaced AS (
    UPDATE executions_functionlimit
    SET next_at = now() + make_interval(secs => coalesce(1 / %(rate)s::float8, 0))
    WHERE name = %(name)s AND EXISTS (SELECT FROM task)
)
SELECT task.id, slot.id,
       %(rate)s::float8 IS NULL AND (%(concurrency)s::int IS NULL
                                     OR busy.calls + 1 < %(concurrency)s::int)
FROM task, slot, busy
"""
_NEXT_START = f"""
SELECT extract(epoch FROM min(l.next_at) - now())::float8 FROM executions_functionlimit l
WHERE {_FREE}
"""

_log = logging.getLogger(__name__)


class Limited(NamedTuple):
    """A task that may start: its row, the slot it has, and whether another one could start, too."""

    task: int
    slot: int
    more: bool


class _Declared:
    """The names that are limited, as this process last saw them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names: frozenset[str] = frozenset()
        self.are_known = False
        self._looked_at = -LOOK_SECONDS
        self._stamp: object = None

    def names(self) -> frozenset[str]:
        with self._lock:
            now = time.monotonic()
            if now >= self._looked_at + LOOK_SECONDS:
                self._looked_at = now
                try:
                    self._declare()
                    with transaction() as cursor:
                        cursor.execute(_LIMITED)
                        rows = cursor.fetchall()
                    self._names = frozenset(name for name, is_limited in rows if is_limited)
                    self.are_known = bool(rows)
                except DATABASE_AWAY:
                    # Whoever has work to report must come to it. Nothing is claimed meanwhile.
                    forget_broken_connection()
            return self._names

    def _declare(self) -> None:
        """Have PostgreSQL know what the files say, if they have changed since."""
        folders = settings.FUNCTION_FOLDERS
        if not folders or (now := stamp(folders)) == self._stamp:
            return
        try:
            limits = read_limits(folders)
        except LimitsError as error:
            _log.error("limits stay as they were: %s", error)
        else:
            declare(limits)
        self._stamp = now


_declared = _Declared()


def declare(limits: dict[str, FunctionLimit]) -> None:
    """Make these the limits of functions; others have none any more."""
    names = sorted(limits)  # In order, so that two processes never wait for each other.
    with transaction() as cursor:
        cursor.execute(
            _DECLARE,
            (
                names,
                [limits[name].concurrency for name in names],
                [limits[name].rate for name in names],
                names,
            ),
        )


def limited_functions() -> frozenset[str]:
    """The names of the functions that have limits; as old as ``LOOK_SECONDS`` at most."""
    return _declared.names()


def are_known() -> bool:
    """Whether any function has limits, or had: tasks may wait on queues of functions."""
    return _declared.are_known


def limited_function(resource: str, parameters: str, limited: Collection[str]) -> str | None:
    """The limited function that a Task calls; None where it calls none of them."""
    if not limited:
        return None
    name = limited_name(resource, parameters)
    return name if name in limited else None


def move(cursor: Cursor, tasks: Sequence[tuple[int, str]]) -> None:
    """Let tasks wait on the queues of their functions: (row, name)."""
    rows = [row for row, _ in tasks]
    cursor.execute(_MOVE, (rows, [function_queue(name) for _, name in tasks]))


def take_limited(cursor: Cursor) -> Limited | None:
    """Give a task of a limited function that may start now a slot; the caller starts it."""
    cursor.execute(_LOCK)
    locked = cursor.fetchone()
    if locked is None:
        return None
    name, concurrency, rate = locked
    cursor.execute(
        _TAKE,
        {
            "name": name,
            "queue": function_queue(name),
            "concurrency": concurrency,
            "rate": rate,
            "lease": settings.TASK_LEASE_SECONDS,
        },
    )
    taken = cursor.fetchone()
    return None if taken is None else Limited(*taken)


def next_start(cursor: Cursor) -> float | None:
    """In how many seconds a limited task may start, at most 0: now; None where none waits."""
    cursor.execute(_NEXT_START)
    row = cursor.fetchone()
    return None if row is None else row[0]
