"""One thread of each worker process that serves what triggers have to do, as the poller does turns.

Everything it does is a row that any worker may serve: schedules that are due, changes of status
that become events, executions to be started, webhooks to be called, events for EventBridge.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection

from executions.actions.triggers import removal
from executions.actions.triggers.event_bus import put_events
from executions.actions.triggers.schedules import serve_schedules
from executions.actions.triggers.starts import perform_starts
from executions.actions.triggers.status_events import publish
from executions.actions.triggers.webhook_calls import deliver_webhooks
from executions.runtime.connection import forget_broken_connection

if TYPE_CHECKING:
    from collections.abc import Callable

CHORE_SECONDS: Final = 60.0
LEAST_PAUSE: Final = 0.05

_DUE = """
SELECT least(
    (SELECT min(due_at) FROM executions_schedule WHERE is_enabled AND due_at IS NOT NULL),
    (SELECT min(due_at) FROM executions_triggeredstart WHERE due_at IS NOT NULL),
    (SELECT now() FROM executions_statuschange LIMIT 1)) <= now(),
  (SELECT min(due_at) FROM executions_webhookdelivery WHERE due_at IS NOT NULL) <= now(),
  (SELECT min(bus_due_at) FROM executions_event WHERE bus_due_at IS NOT NULL) <= now()
"""

_log = logging.getLogger(__name__)
_started_in = 0


def start() -> None:
    """Start this process's threads, once: one for the database, one for each kind of call."""
    global _started_in  # noqa: PLW0603 - a forked child starts its own
    if _started_in == os.getpid():
        return
    _started_in = os.getpid()
    threading.Thread(target=_Worker().run, name="triggers", daemon=True).start()


class _Worker:
    def __init__(self) -> None:
        self._next_chores = time.monotonic() + CHORE_SECONDS
        self._calling = {each: threading.Lock() for each in (deliver_webhooks, put_events)}

    def run(self) -> None:
        while True:
            pause = float(settings.POLL_SECONDS)
            try:
                if self.look():
                    pause = LEAST_PAUSE
            except Exception as error:  # noqa: BLE001 - the database may be away; look again
                _log.warning("triggers: %s", error)
                forget_broken_connection()
            time.sleep(pause)

    def look(self) -> bool:
        """Serve what is due; whether there was anything."""
        if time.monotonic() > self._next_chores:
            self._next_chores = time.monotonic() + CHORE_SECONDS
            removal.remove_old()
        with connection.cursor() as cursor:
            cursor.execute(_DUE)
            row = cursor.fetchone()
        own, calls, bus = row if row is not None else (None, None, None)
        if calls:
            self._beside(deliver_webhooks)
        if bus:
            self._beside(put_events)
        if not own:
            return False
        return bool(serve_schedules() + publish() + perform_starts())

    def _beside(self, work: Callable[[], int]) -> None:
        """Have calls made beside this thread, which must go on looking; never twice at a time."""
        lock = self._calling[work]
        if lock.acquire(blocking=False):
            threading.Thread(target=_call, args=(work, lock), daemon=True).start()


def _call(work: Callable[[], int], lock: threading.Lock) -> None:
    try:
        while work():
            pass
    except Exception as error:  # noqa: BLE001 - what goes wrong is over at a later look
        _log.warning("triggers: %s", error)
    finally:
        connection.close()
        lock.release()
