"""Each worker process's own look at the database: due timers, expired leases, what hints missed.

The poller needs no broker: while Valkey is away it drains by itself, so progress never depends on
a message. It sleeps until the next timer, at most ``settings.POLL_SECONDS``.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from executions.runtime import (
    awaited_jobs,
    drain,
    ending,
    event_log,
    function_limits,
    leases,
    log_shipping,
    statements,
)
from executions.runtime.connection import forget_broken_connection, transaction
from executions.runtime.express import rows
from executions.runtime.map_runs import work

CHORE_SECONDS = 10.0
"""How often each process does the chores it was given; each finds little to do, or nothing."""
STARTED_SECONDS = 0.02
"""After a call of a limited function could begin, how soon to ask when the next one may."""
LOOKERS = 2
"""Threads that look at jobs which Tasks wait for."""
RESCUERS = 4
"""Threads that perform tasks when no hint brought a slot to them."""

_log = logging.getLogger(__name__)
_started_in = 0


def start(
    queues: tuple[str, ...],
    chores: tuple[Callable[[], object], ...] = (),
    map_run_queues: tuple[str, ...] = (),
) -> None:
    """Start this process's poller, once.

    ``queues`` are the task queues it may serve itself, ``map_run_queues`` those whose Map Runs it
    works at; ``chores`` are called now and then, and must do no harm when several processes call
    them at once.
    """
    global _started_in  # noqa: PLW0603 - a forked child starts its own
    if _started_in == os.getpid():
        return
    _started_in = os.getpid()
    poller = _Poller(queues, chores, map_run_queues)
    threading.Thread(target=poller.run, name="poller", daemon=True).start()


class _Poller:
    def __init__(
        self,
        queues: tuple[str, ...],
        chores: tuple[Callable[[], object], ...] = (),
        map_run_queues: tuple[str, ...] = (),
    ) -> None:
        self._queues = queues
        self._map_run_queues = map_run_queues
        self._chores = chores
        self._next_chores = time.monotonic() + CHORE_SECONDS
        self._rescuers = ThreadPoolExecutor(RESCUERS, thread_name_prefix="rescuer")
        self._busy = threading.BoundedSemaphore(RESCUERS)
        self._lookers = ThreadPoolExecutor(LOOKERS, thread_name_prefix="looker")
        self._looking = threading.BoundedSemaphore(LOOKERS)
        self._shipper = ThreadPoolExecutor(1, thread_name_prefix="shipper")
        self._shipping = threading.Lock()

    def run(self) -> None:
        while not ending.is_announced():
            try:
                pause = self.look()
            except Exception as error:  # noqa: BLE001 - the database may be away; look again
                _log.warning("poller: %s", error)
                forget_broken_connection()
                pause = settings.POLL_SECONDS
            time.sleep(pause)

    def look(self) -> float:
        """Serve what is due; seconds until the next look."""
        with transaction() as cursor:
            cursor.execute(statements.WAITING_WORK, (list(self._queues),))
            executions_wait, tasks_wait, next_timer = cursor.fetchall()[0]
            next_start = function_limits.next_start(cursor) if self._queues else None
        leases.expire_leases()
        self._deliver_log()
        next_look = None
        if self._queues:
            rows.nudge()
            next_look = self._look_at_jobs()
        if time.monotonic() > self._next_chores:
            self._next_chores = time.monotonic() + CHORE_SECONDS
            for chore in self._chores:
                chore()
        if executions_wait:
            drain.drain_executions(patient=False)
        for queue in work.queues_with_work(self._map_run_queues):
            self._rescue(work.drain_map_runs, (queue,))
        if tasks_wait or (next_start is not None and next_start <= 0):
            self._rescue(drain.drain_tasks, self._queues)
        pause = float(settings.POLL_SECONDS)
        if next_timer is not None:
            # A millisecond past the moment, so that the look does not come just too early.
            pause = min(pause, max(float(next_timer) + 0.001, 0.001))
        if next_start is not None:
            pause = min(pause, max(float(next_start) + 0.001, STARTED_SECONDS))
        if next_look is not None and next_look > 0:
            pause = min(pause, next_look + 0.001)
        return pause

    def _look_at_jobs(self) -> float | None:
        """Have due jobs looked at beside this thread; in how many seconds the next ones are due."""
        next_look = awaited_jobs.next_look()
        if next_look is not None and next_look <= 0 and self._looking.acquire(blocking=False):
            future = self._lookers.submit(_look)
            future.add_done_callback(lambda _: self._looking.release())
        return next_look

    def _deliver_log(self) -> None:
        """Write log events; where that cannot be done, executions go on all the same."""
        if settings.EVENT_LOG == event_log.CLOUDWATCH:
            # Beside this thread: the service may take long. Workers that compute leave it alone.
            if self._queues and self._shipping.acquire(blocking=False):
                future = self._shipper.submit(_ship)
                future.add_done_callback(lambda _: self._shipping.release())
            return
        try:
            event_log.deliver()
        except OSError as error:
            _log.warning("log events not written yet: %s", error)

    def _rescue(self, work_on: Callable[[str], int], queues: tuple[str, ...]) -> None:
        """Have work done beside this thread, which must go on looking."""
        for queue in queues:
            if self._busy.acquire(blocking=False):
                future = self._rescuers.submit(work_on, queue)
                future.add_done_callback(lambda _: self._busy.release())


def _look() -> None:
    """Look at all jobs that are due; what goes wrong with the database is over at a later look."""
    try:
        while awaited_jobs.look() == awaited_jobs.BATCH:
            pass
    except Exception as error:  # noqa: BLE001 - see above
        _log.warning("jobs not looked at: %s", error)
        forget_broken_connection()


def _ship() -> None:
    """Send log events; what goes wrong with the database is over at a later look."""
    try:
        log_shipping.ship()
    except Exception as error:  # noqa: BLE001 - see above
        _log.warning("log events not sent yet: %s", error)
        forget_broken_connection()
