"""Whether anybody listens to the rings for pages: a mark in Valkey, which whoever listens renews.

To ring costs a process four times as much as to look for the mark, and mostly nobody watches. A
process looks at most every ``ASK_SECONDS``: for so long it may not notice who has just begun.
"""

from __future__ import annotations

import logging
import time

import redis

from executions.runtime import hints

ASK_SECONDS = 0.1
RENEW_SECONDS = 1.0
MARK = "stepwell:ears"
MARK_MILLISECONDS = 3000
"""How long the mark of a process that has gone stays."""

_log = logging.getLogger(__name__)


def announce() -> None:
    """Say that this process listens. Again every ``RENEW_SECONDS``, for as long as it does."""
    hints.valkey().set(MARK, "1", px=MARK_MILLISECONDS)


class Ears:
    """What a process knows of those who listen."""

    def __init__(self) -> None:
        self._asked_at = float("-inf")
        self._are_there = False

    def are_there(self) -> bool:
        """Whether anybody listens, as far as this process knows. Where Valkey is away: nobody."""
        if time.monotonic() >= self._asked_at + ASK_SECONDS:
            self._asked_at = time.monotonic()
            try:
                self._are_there = bool(hints.valkey().exists(MARK))
            except redis.RedisError as error:
                self._are_there = False
                _log.warning("bells are not rung (%s): who waits for one looks again soon", error)
        return self._are_there
