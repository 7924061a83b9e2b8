"""Express executions that StartExecution began: a leased row each, from the start to the end.

The row is all there is of one: a worker takes it, runs the execution in memory and removes it. If
the worker dies the lease runs out and another worker runs the execution again, from the beginning:
at least once, as at AWS.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from executions.interpreter.history import error_details
from executions.interpreter.log_events import log_events
from executions.interpreter.messages import HistoryEvent
from executions.runtime import ending, event_log
from executions.runtime.connection import DATABASE_AWAY, forget_broken_connection, transaction
from executions.runtime.ending import ProcessEnds
from executions.runtime.express.execution import ExpressStart, clock, run
from studio.sensitive_fields import marks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

ATTEMPTS = 3
"""Workers that may be lost with an execution before it is given up: it may be what kills them."""

_REMOVE = """
DELETE FROM executions_expressexecution x USING unnest(%b::bigint[], %b::int[]) AS v(id, attempt)
WHERE x.id = v.id AND x.attempt = v.attempt
"""
_PROLONG = """
UPDATE executions_expressexecution x SET lease_until = now() + make_interval(secs => %s)
FROM unnest(%b::bigint[], %b::int[]) AS v(id, attempt)
WHERE x.id = v.id AND x.attempt = v.attempt
"""
_TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM executions_expressexecution WHERE lease_until <= now()
    ORDER BY lease_until, id LIMIT %s FOR UPDATE SKIP LOCKED)
UPDATE executions_expressexecution x
SET lease_until = now() + make_interval(secs => %s), attempt = x.attempt + 1
FROM due, studio_statemachine m, studio_statemachinerevision r
WHERE x.id = due.id AND m.id = x.state_machine_id AND r.id = x.revision_id
RETURNING x.id, x.attempt, m.name, x.name, x.run::text, r.role_arn, r.definition, x.input,
          m.logging_configuration, 0, 0, x.hops, m.sensitive_fields
"""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that this process holds for the ``attempt``-th run of its execution."""

    id: int
    attempt: int
    start: ExpressStart


def take(room: int, *, finished: Sequence[Taken] = (), held: Sequence[Taken] = ()) -> list[Taken]:
    """Remove the rows of what has finished, prolong the leases of ``held``, take what is due.

    One commit. At most ``room`` are taken, and only those that are to be run.
    """
    with transaction() as cursor:
        if finished:
            cursor.execute(_REMOVE, _keys(finished))
        if held:
            cursor.execute(_PROLONG, (settings.TASK_LEASE_SECONDS, *_keys(held)))
        if room <= 0:
            return []
        cursor.execute(_TAKE, (room, settings.TASK_LEASE_SECONDS))
        taken = [Taken(row[0], row[1], ExpressStart(*row[2:])) for row in cursor.fetchall()]
        hopeless = [each for each in taken if each.attempt > ATTEMPTS]
        if hopeless:
            cursor.execute(_REMOVE, _keys(hopeless))
    for each in hopeless:
        _give_up(each.start)
    return [each for each in taken if each.attempt <= ATTEMPTS]


class Runner:
    """Runs the Express executions of one process: one thread takes rows, each execution has one.

    The one thread does everything that needs the database, several executions in a commit.
    """

    def __init__(self) -> None:
        self._nudges: queue.SimpleQueue[Taken | None] = queue.SimpleQueue()
        self._held: dict[int, Taken] = {}
        self._finished: list[Taken] = []
        self._is_closing = False
        self._thread = threading.Thread(target=self._serve, name="express", daemon=True)
        self._thread.start()

    def nudge(self) -> None:
        """There may be executions to run: look soon."""
        self._nudges.put(None)

    def close(self) -> None:
        """End the thread that takes rows; what runs is left to its lease."""
        self._is_closing = True
        self.nudge()
        self._thread.join()

    def _serve(self) -> None:
        prolong_at = time.monotonic()
        while not self._is_closing:
            # Early enough that two lost attempts still leave time for a third.
            between = settings.TASK_LEASE_SECONDS / 4
            self._wait(between if self._held else None)
            try:
                held = list(self._held.values()) if time.monotonic() >= prolong_at else []
                room = settings.EXPRESS_EXECUTIONS - len(self._held)
                if ending.is_announced():
                    room = 0
                taken = take(room, finished=self._finished, held=held)
                self._finished = []
                if held:
                    prolong_at = time.monotonic() + between
            except DATABASE_AWAY as error:
                _log.warning("Express executions are neither taken nor removed: %s", error)
                forget_broken_connection()
                time.sleep(0.25)
                self.nudge()
                continue
            except Exception:  # noqa: BLE001 - a fault of ours; the next look may do better
                _log.exception("Express executions could not be taken")
                time.sleep(1)
                continue
            for each in taken:
                self._held[each.id] = each
                threading.Thread(target=self._run, args=(each,), daemon=True).start()
        connection.close()

    def _wait(self, seconds: float | None) -> None:
        """Wait for a nudge or an end, and gather all that has come."""
        try:
            nudge = self._nudges.get(timeout=seconds)
            while True:
                if nudge is not None:
                    self._held.pop(nudge.id, None)
                    self._finished.append(nudge)
                nudge = self._nudges.get_nowait()
        except queue.Empty:
            return

    def _run(self, taken: Taken) -> None:
        try:
            run(taken.start)
        except ProcessEnds as reason:
            # Its lease is not prolonged any more: whoever takes the row next runs it again.
            _log.warning("the Express execution %s is left to others: %s", taken.start.arn, reason)
            self._held.pop(taken.id, None)
            ending.announce()
            return
        self._nudges.put(taken)


_runner: tuple[int, Runner] | None = None
_starting = threading.Lock()


def nudge() -> None:
    """Have this process look for Express executions to run; returns at once."""
    global _runner  # noqa: PLW0603 - one a process; a forked child starts its own
    with _starting:
        if _runner is None or _runner[0] != os.getpid():
            _runner = (os.getpid(), Runner())
        _runner[1].nudge()


def _keys(rows: Sequence[Taken]) -> tuple[list[int], list[int]]:
    return [row.id for row in rows], [row.attempt for row in rows]


def _give_up(start: ExpressStart) -> None:
    """Say of an execution that is not tried again that it has failed."""
    cause = f"The workers that ran the execution were lost, {ATTEMPTS} times in a row."
    _log.error("the Express execution %s is given up: %s", start.arn, cause)
    log = event_log.log_of(start.logging_configuration)
    if log.is_on:
        details = error_details("executionFailedEventDetails", "States.Runtime", cause)
        failed = HistoryEvent(1, 0, "ExecutionFailed", clock(), details)
        try:
            lines = log_events([failed], log.level, start.arn, 0)
            event_log.write(log.group, lines, marks_of(start.sensitive_fields))
        except OSError as error:
            _log.warning("log events of %s are lost: %s", start.arn, error)
