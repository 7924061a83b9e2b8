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
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._process = 0

    def ring(self, execution_ids: list[int]) -> None:
        with self._lock:
            self._waiting.update(execution_ids)
            # A forked child inherits this object but not its thread.
            if self._thread is None or self._process != os.getpid():
                self._process = os.getpid()
                self._wake = threading.Event()
                self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        layer = get_channel_layer()  # type: ignore[no-untyped-call]
        loop = asyncio.get_running_loop()
        while True:
            await loop.run_in_executor(None, self._wake.wait)
            await asyncio.sleep(GATHER_SECONDS)
            self._wake.clear()
            with self._lock:
                ids, self._waiting = self._waiting, set()
            try:
                for execution_id in ids:
                    await layer.group_send(
                        group_of(execution_id), {"type": "ring", "execution": execution_id}
                    )
            except Exception as error:  # noqa: BLE001 - a bell is never worth a worker
                _log.warning("doorbell not heard (%s): watchers look again within 2 s", error)
                await asyncio.sleep(0.5)


_doorbell = _Doorbell()


def ring(execution_ids: list[int]) -> None:
    """Tell the watchers of these executions that there is something new. Returns at once."""
    if execution_ids:
        _doorbell.ring(execution_ids)
