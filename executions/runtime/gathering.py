"""What is asked for at once is answered together, by one thread.

A round trip to PostgreSQL, and the thread that waits for it, cost many times what one more question
in it costs. While one group is on its way the next gathers: a lone caller waits for nobody, and
many at once become cheaper.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from django.db import connection

LARGEST_GROUP = 32
LINGER_SECONDS = 0.2
"""For how long the thread waits for the next caller before it gives its connection back: taking one
from the pool is a tenth of what a lone caller costs, and another one's caches are cold."""
MOST_WAITING = 512
"""Callers that may wait for a group; who comes on top is told to come again."""

_log = logging.getLogger(__name__)

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class TooManyWait(Exception):
    """More callers wait than may; nothing has been done."""


class Gathering(Generic[Asked, Answer]):
    """Callers on event loops, and the thread that answers them in groups.

    ``answer`` gets a group and a function to tell answers with, or the exceptions to raise in their
    place, by their places in the group: some at once, others when it knows them. Who is told
    nothing gets what ``answer`` raised.
    """

    def __init__(
        self,
        name: str,
        answer: Callable[[list[Asked], Callable[[dict[int, Answer | Exception]], None]], None],
    ) -> None:
        self._answer = answer
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._asked = threading.Condition()
        self._waiting: deque[tuple[Asked, asyncio.Future[Answer]]] = deque()
        self._is_working = False

    async def ask(self, asked: Asked) -> Answer:
        """The answer.

        Raises:
            TooManyWait: there is no room for it now.
        """
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        with self._asked:
            if len(self._waiting) >= MOST_WAITING:
                raise TooManyWait
            self._waiting.append((asked, future))
            if self._is_working:
                self._asked.notify()
            else:
                self._is_working = True
                self._thread.submit(self._work)
        return await future

    def _work(self) -> None:
        """Answer group after group until nobody has asked for a while."""
        try:
            while group := self._next_group():
                try:
                    self._answer_group(group)
                except Exception:  # noqa: BLE001 - as when an event loop closed meanwhile
                    _log.exception("%d callers were not answered", len(group))
        finally:
            # Back to the pool; one that broke is replaced there.
            connection.close()

    def _next_group(self) -> list[tuple[Asked, asyncio.Future[Answer]]]:
        with self._asked:
            self._asked.wait_for(lambda: self._waiting, LINGER_SECONDS)
            size = min(len(self._waiting), LARGEST_GROUP)
            self._is_working = bool(size)
            return [self._waiting.popleft() for _ in range(size)]

    def _answer_group(self, group: list[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        untold = set(range(len(group)))

        def tell(answers: dict[int, Answer | Exception]) -> None:
            untold.difference_update(answers)
            settled = [(group[place][1], answer) for place, answer in answers.items()]
            for loop in {future.get_loop() for future, _ in settled}:
                own = [each for each in settled if each[0].get_loop() is loop]
                loop.call_soon_threadsafe(_settle, own)

        error: Exception = RuntimeError("nobody answered")
        try:
            self._answer([asked for asked, _ in group], tell)
        except Exception as raised:  # noqa: BLE001 - the callers', who wait for it
            error = raised
            connection.close()
        if untold:
            tell(dict.fromkeys(untold, error))


def _settle(answers: list[tuple[asyncio.Future[Answer], Answer | Exception]]) -> None:
    for future, answer in answers:
        if future.done():
            continue  # Its caller went away.
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
