"""Rings for those who watch an execution: "look at the database again", and nothing more.

A ring may be lost, doubled or late: watchers look by themselves every two seconds. Rings are
gathered for a few milliseconds and sent by one thread a process, so that a turn never waits.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading

from channels.layers import get_channel_layer

GATHER_SECONDS = 0.01

_log = logging.getLogger(__name__)


def group_of(execution_id: int) -> str:
    """The Channels group that is rung for an execution."""
    return f"execution.{execution_id}"


class _Doorbell:
    """One process's bell: a set of executions, and the thread that rings for them."""

    def __init__(self) -> None:
        self._waiting: set[int] = set()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = 0

    def ring(self, execution_ids: list[int]) -> None:
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
            self._waiting.update(execution_ids)
            if idle:
                # The loop sleeps in its selector, not in a thread pool: a process may end any time.
                asyncio.run_coroutine_threadsafe(self._send(), self._loop)

    async def _send(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        with self._lock:
            ids, self._waiting = self._waiting, set()
        layer = get_channel_layer()  # type: ignore[no-untyped-call]
        try:
            for execution_id in ids:
                await layer.group_send(
                    group_of(execution_id), {"type": "ring", "execution": execution_id}
                )
        except Exception as error:  # noqa: BLE001 - a bell is never worth a worker
            _log.warning("doorbell not heard (%s): watchers look again within 2 s", error)


_doorbell = _Doorbell()


def ring(execution_ids: list[int]) -> None:
    """Tell the watchers of these executions that there is something new. Returns at once."""
    if execution_ids:
        _doorbell.ring(execution_ids)
