"""Workers outside that wait for tasks: every long poll of this process, served by one look.

A poll that waits holds neither a thread nor a connection. One look at the database is made for all
of them, when a poll comes, when the doorbell rings, and every ``settings.POLL_SECONDS`` for what a
lost ring did not tell. The longest waiting poll of an activity gets its oldest task.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

from executions.errors import ActivityWorkerLimitExceeded
from executions.runtime import hints
from executions.runtime.activities import ActivityTask, hand_out
from executions.runtime.bells import bells
from executions.runtime.doorbell import ACTIVITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_POLLS = 1000
"""Polls of one activity that one process lets wait: AWS's quota for each activity.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""
JOIN_PAUSE = 10.0
"""After joining the bell's group, or failing to, for how long it is not tried again."""

# One look at a time, and the next answers all who came meanwhile.
_LOOKER = ThreadPoolExecutor(1, thread_name_prefix="activities")

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Poll:
    """One worker's request. ``is_looked_for``: a look that is being made may find it a task."""

    worker: str | None
    answer: asyncio.Future[ActivityTask | None]
    is_looked_for: bool = False
    is_over: bool = False


class Polls:
    """The polls that wait, for one event loop."""

    def __init__(self) -> None:
        # By the activity's name, in the order in which they came.
        self._waiting: dict[str, dict[_Poll, None]] = {}
        self._rung = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None
        self._joining: asyncio.Task[None] | None = None
        self._next_join = 0.0

    async def next_task(self, activity: str, worker: str | None) -> ActivityTask | None:
        """Wait for a task of the activity of this name; None where none came in time.

        Raises ActivityWorkerLimitExceeded: ``MAX_POLLS`` wait for it already.
        """
        waiting = self._waiting.setdefault(activity, {})
        if len(waiting) >= MAX_POLLS:
            raise ActivityWorkerLimitExceeded
        poll = _Poll(worker, asyncio.get_running_loop().create_future())
        waiting[poll] = None
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())
        self._rung.set()
        try:
            await asyncio.wait((poll.answer,), timeout=settings.ACTIVITY_POLL_SECONDS)
            if not (poll.answer.done() or poll.is_looked_for):
                return None
            # A task that has just been found for this poll is given to nobody else.
            poll.is_over = True
            return await poll.answer
        finally:
            del waiting[poll]
            if not waiting and self._waiting.get(activity) is waiting:
                del self._waiting[activity]

    async def _serve(self) -> None:
        while True:
            self._rung.clear()
            self._listen()
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - the database may be away; look again
                _log.warning("polls of activities: %s", error)
                await asyncio.sleep(settings.POLL_SECONDS)
            try:
                async with asyncio.timeout(settings.POLL_SECONDS if self._waiting else None):
                    await self._rung.wait()
            except TimeoutError:
                pass  # Looks without having been rung.

    def _listen(self) -> None:
        """See to it that rings are heard. Not waited for: Valkey may be away."""
        now = asyncio.get_running_loop().time()
        if now >= self._next_join and (self._joining is None or self._joining.done()):
            self._next_join = now + JOIN_PAUSE
            self._joining = asyncio.create_task(bells().join(ACTIVITIES, self._rung))
            # What was scheduled before the bell could be heard rang in vain.
            self._joining.add_done_callback(lambda _: self._rung.set())

    async def _look(self) -> None:
        """Serve as many polls as there are tasks for."""
        # Who has been answered goes a moment later: a second task would be lost on them.
        unanswered = {
            name: [poll for poll in polls if not poll.answer.done()]
            for name, polls in self._waiting.items()
        }
        served = {name: polls for name, polls in unanswered.items() if polls}
        if not served:
            return
        for polls in served.values():
            for poll in polls:
                poll.is_looked_for = True
        wanted = {name: [poll.worker for poll in polls] for name, polls in served.items()}
        found: dict[str, list[ActivityTask]] = {}
        try:
            found = await asyncio.get_running_loop().run_in_executor(_LOOKER, _hand_out, wanted)
        finally:
            for name, polls in served.items():
                tasks = found.get(name, [])
                for poll, task in zip_longest(polls, tasks):
                    poll.is_looked_for = False
                    if (task or poll.is_over) and not poll.answer.done():
                        poll.answer.set_result(task)


def _hand_out(wanted: Mapping[str, Sequence[str | None]]) -> dict[str, list[ActivityTask]]:
    try:
        found = hand_out(wanted)
    finally:
        # Back to the pool: a thread that waits for its next look needs none.
        connection.close()
    if any(found.values()):
        hints.executions_ready()
    return found


_polls: WeakKeyDictionary[asyncio.AbstractEventLoop, Polls] = WeakKeyDictionary()


def polls() -> Polls:
    """The polls of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _polls:
        _polls[loop] = Polls()
    return _polls[loop]
