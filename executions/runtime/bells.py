"""Rings as this process hears them: one ear for all who watch or wait in it.

A socket of Channels' own kind has a channel of its own and cannot even open while Valkey is away.
Here one channel an event loop hears every ring of ``runtime.doorbell`` while somebody listens to
any, and sets their events; while Valkey is away nobody is rung, and everybody looks by themselves.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer

from executions.runtime import ears
from executions.runtime.doorbell import RINGS

JOIN_SECONDS = 2.0
"""For how long Valkey may keep a watch from its look at the database."""

_log = logging.getLogger(__name__)


class Bells:
    """The bells that somebody listens to, for one event loop."""

    def __init__(self) -> None:
        # The pubsub layer delivers a group's messages to channels that are received from in this
        # process, whether or not they could be subscribed to by name.
        self._channel = f"bells.{uuid.uuid4().hex}"
        self._rung: dict[str, set[asyncio.Event]] = {}
        self._hears = False
        self._ear: asyncio.Task[None] | None = None
        self._announcing: asyncio.Task[None] | None = None

    async def join(self, bell: str, rung: asyncio.Event) -> None:
        """Have ``rung`` set at each ring of a bell from now on.

        Cheap to call again, and to be called again before each look: a Valkey that was away
        is tried anew.
        """
        self._rung.setdefault(bell, set()).add(rung)
        if self._hears:
            return
        if self._ear is None or self._ear.done():
            self._ear = asyncio.create_task(self._listen())
            await asyncio.sleep(0)
        try:
            async with asyncio.timeout(JOIN_SECONDS):
                await _layer().group_add(RINGS, self._channel)
                await asyncio.to_thread(ears.announce)
        except Exception as error:  # noqa: BLE001 - whatever the layer's client raises
            _log.warning("no bell for %s (%s): looking instead", bell, error)
        else:
            self._hears = True
            if self._announcing is None:
                self._announcing = asyncio.create_task(self._announce())

    async def leave(self, bell: str, rung: asyncio.Event) -> None:
        """Undo ``join``; the last one to leave closes the ear."""
        others = self._rung.get(bell, set())
        others.discard(rung)
        if others:
            return
        self._rung.pop(bell, None)
        if self._rung:
            return
        if self._hears:
            self._hears = False
            # It may be away: then it has forgotten us by itself.
            with suppress(Exception):
                async with asyncio.timeout(JOIN_SECONDS):
                    await _layer().group_discard(RINGS, self._channel)
        # Somebody may have joined meanwhile.
        if not self._rung:
            tasks = [task for task in (self._ear, self._announcing) if task is not None]
            self._ear = self._announcing = None
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _announce(self) -> None:
        """Have others ring for as long as somebody listens here."""
        while True:
            await asyncio.sleep(ears.RENEW_SECONDS)
            try:
                await asyncio.to_thread(ears.announce)
            except Exception as error:  # noqa: BLE001 - whatever the client raises
                _log.debug("not announced: %s", error)

    async def _listen(self) -> None:
        while True:
            try:
                message = await _layer().receive(self._channel)
            except Exception as error:  # noqa: BLE001 - whatever the layer's client raises
                _log.debug("ear: %s", error)
                await asyncio.sleep(1)
                continue
            for bell in message["bells"]:
                for rung in tuple(self._rung.get(bell, ())):
                    rung.set()


def _layer() -> Any:
    return get_channel_layer()  # type: ignore[no-untyped-call]


_bells: WeakKeyDictionary[asyncio.AbstractEventLoop, Bells] = WeakKeyDictionary()


def bells() -> Bells:
    """The bells of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _bells:
        _bells[loop] = Bells()
    return _bells[loop]
