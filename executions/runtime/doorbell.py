"""Rings for those who watch an execution, and for workers that wait for tasks of activities.

A ring says "look at the database again", and nothing more. It may be lost, doubled or late: whoever
waits for one looks now and then. Rings are gathered for a few milliseconds and sent by one thread a
process, so that a turn never waits, and in one message: each listener picks its own out of it.
While no page is open nobody rings (see ``ears``).
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from typing import TYPE_CHECKING

from channels.layers import get_channel_layer

from executions.runtime.ears import Ears

if TYPE_CHECKING:
    from collections.abc import Iterable

GATHER_SECONDS = 0.01
REST_SECONDS = 0.05
"""How long a process rests between rings for pages: each waits so long in the worst case, and each
costs a third of a millisecond. The first ring after a pause is not held up; workers outside, who
wait for each task, never are."""
RINGS = "rings"
"""The Channels group of all who listen."""
ACTIVITIES = "activities"
"""The bell that is rung when tasks of activities wait."""

_log = logging.getLogger(__name__)


def bell_of(execution_id: int) -> str:
    """The bell that is rung for an execution."""
    return f"execution.{execution_id}"


class _Doorbell:
    """One process's bells that are to be rung, and the thread that rings them."""

    def __init__(self, rest_seconds: float, ears: Ears | None) -> None:
        self._rest_seconds = rest_seconds
        self._ears = ears
        self._rested_at = 0.0
        self._waiting: set[str] = set()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = 0

    def ring(self, bells: Iterable[str]) -> None:
        with self._lock:
            # A forked child inherits this object but not its thread.
            if self._loop is None or self._process != os.getpid():
                self._process = os.getpid()
                self._waiting = set()
                self._loop = asyncio.new_event_loop()
                threading.Thread(
                    target=self._loop.run_forever, name="doorbell", daemon=True
                ).start()
            idle = not self._waiting
            self._waiting.update(bells)
            if idle:
                # The loop sleeps in its selector, not in a thread pool: a process may end any time.
                asyncio.run_coroutine_threadsafe(self._send(), self._loop)

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(GATHER_SECONDS, self._rested_at - loop.time()))
        with self._lock:
            bells, self._waiting = self._waiting, set()
        self._rested_at = loop.time() + self._rest_seconds
        # This loop has nothing else to do meanwhile.
        if self._ears is not None and not self._ears.are_there():
            return
        layer = get_channel_layer()  # type: ignore[no-untyped-call]
        try:
            await layer.group_send(RINGS, {"type": "ring", "bells": list(bells)})
        except Exception as error:  # noqa: BLE001 - a bell is never worth a worker
            _log.warning("doorbell not heard (%s): who waits for it looks again soon", error)


_doorbell = _Doorbell(REST_SECONDS, Ears())
_activities_bell = _Doorbell(0.0, None)


def ring(execution_ids: list[int]) -> None:
    """Tell the watchers of these executions that there is something new. Returns at once."""
    if execution_ids:
        _doorbell.ring(bell_of(each) for each in execution_ids)


def ring_activities() -> None:
    """Tell those who wait for a task of an activity that there may be one. Returns at once."""
    _activities_bell.ring((ACTIVITIES,))
