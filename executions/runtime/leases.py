"""Leases: how a worker says that it is still at a task, and how others learn that it is not.

A task that is being performed has ``lease_until``. One thread a process prolongs the leases of
all its tasks. A lease that ran out means that the worker died, or was stopped for longer than a
lease: the attempt fails with the integration's ``lost_error`` and the definition's Retry decides;
where the integration has none, the attempt is queued again. Whatever the worker still reports is
refused, because the row has gone or has another fence.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from executions.integrations.registry import integration_for
from executions.runtime import hints, statements
from executions.runtime.connection import forget_broken_connection, transaction
from executions.runtime.inbox import task_failed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from executions.runtime.outcomes import StartedTask

_log = logging.getLogger(__name__)


class _Held:
    """The tasks this process is performing, and the thread that prolongs their leases."""

    def __init__(self) -> None:
        self._tasks: dict[int, int] = {}
        self._slots: set[int] = set()
        self._lock = threading.Lock()
        self._process = 0

    def add(self, started: Sequence[StartedTask]) -> None:
        with self._lock:
            if self._process != os.getpid():
                self._process = os.getpid()
                self._tasks.clear()
                self._slots.clear()
                threading.Thread(target=self._prolong, name="leases", daemon=True).start()
            self._tasks.update((task.id, task.fence) for task in started)
            self._slots.update(task.slot for task in started if task.slot is not None)

    def remove(self, started: Iterable[StartedTask]) -> None:
        with self._lock:
            for task in started:
                self._tasks.pop(task.id, None)
                if task.slot is not None:
                    self._slots.discard(task.slot)

    def _prolong(self) -> None:
        while True:
            # Early enough that two lost attempts still leave time for a third.
            threading.Event().wait(settings.TASK_LEASE_SECONDS / 4)
            with self._lock:
                held = dict(self._tasks)
                slots = list(self._slots)
            try:
                if held:
                    with transaction() as cursor:
                        cursor.execute(
                            statements.PROLONG_LEASES,
                            (settings.TASK_LEASE_SECONDS, list(held), list(held.values())),
                        )
                        if slots:
                            cursor.execute(
                                statements.PROLONG_SLOTS, (settings.TASK_LEASE_SECONDS, slots)
                            )
            except Exception as error:  # noqa: BLE001 - tried again until the lease is over
                _log.warning("leases not prolonged: %s", error)
                forget_broken_connection()
            finally:
                if not held:
                    connection.close()


_held = _Held()


def hold(started: Sequence[StartedTask]) -> None:
    """Keep the leases of these tasks, which are in this process's hands, until ``let_go``.

    Of all that a slot has taken on, from before the first call until each outcome is reported: one
    that waits for its turn in a batch, or whose outcome cannot be reported yet, is as much in this
    process's hands as the one that is being called.
    """
    _held.add(started)


def let_go(started: Iterable[StartedTask]) -> None:
    """Their outcomes are reported, or never will be by this process."""
    _held.remove(started)


def expire_leases() -> int:
    """Fail, or queue again, the attempts whose worker has gone; how many there were.

    Removing the task and telling its execution are one commit, so it happens once however many
    workers look.
    """
    removed: list[int] = []
    queued: list[int] = []
    with transaction() as cursor:
        cursor.execute(statements.EXPIRED_LEASES)
        lost = cursor.fetchall()
        for row_id, execution_id, task, resource, state_name in lost:
            lost_error = integration_for(resource).lost_error
            if lost_error is None:
                queued.append(row_id)
                continue
            removed.append(row_id)
            message = task_failed(
                task,
                lost_error,
                f"The worker that performed {state_name!r} was lost before it could report; "
                "whether the call took effect is not known.",
            )
            cursor.execute(
                statements.PUT_MESSAGE, (execution_id, message.command, message.key, message.body)
            )
        if removed:
            cursor.execute(statements.REMOVE_TASKS, (removed,))
        if queued:
            cursor.execute(statements.REQUEUE_TASKS, (queued,))
    if lost:
        _log.warning("%d tasks were lost with their workers", len(lost))
    if removed:
        hints.executions_ready()
    if queued:
        hints.tasks_queued()
    return len(lost)
