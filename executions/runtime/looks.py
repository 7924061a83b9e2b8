"""Looks for tasks that wait, which slots leave to a chain.

A chain reports every few milliseconds, and can take up with its report what waits: that costs a
statement. A slot would need a commit to claim, and one more to report, for one or two tasks of
executions that have just begun. So a slot that is told of tasks leaves the look to the chain that
is under way. The chain's next reports look until some have found nothing, and where it comes to its
end before that it lingers, and looks now and then. For as long the mark of the hint stays where it
is, so that no other one is sent.
"""

from __future__ import annotations

import threading
import time

FRESH_SECONDS = 0.05
"""A chain that has not reported for so long may be held up by a task: nobody counts on it."""
IN_VAIN = 4
"""Looks without a find after which no more are made: each costs a tenth of a lone step."""
MOST_IN_VAIN = 16
"""The same where much is found: each find pays for one more look."""
LINGER_SECONDS = 0.0015
"""How long a chain without tasks waits between looks: a hint takes many times as long to arrive."""

clock = time.monotonic


class Looks:
    """The looks that a process's chain has yet to make."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._chain: object | None = None
        self._seen_at = 0.0
        self._left = 0
        self._is_called = False

    def go_on(self, chain: object) -> None:
        """``chain`` has reported, has quick tasks to perform, and will report again."""
        with self._lock:
            if self._chain is None or not self._is_fresh():
                self._chain = chain
            if self._chain is chain:
                self._seen_at = clock()

    def leave(self) -> bool:
        """Leave a look to the chain that is under way; False: the slot is to look itself.

        There is none, or it has called for a slot.
        """
        with self._lock:
            if self._is_called or self._chain is None or not self._is_fresh():
                self._is_called = False
                return False
            self._left = max(self._left, IN_VAIN)
            return True

    def are_asked_of(self, chain: object) -> bool:
        """Whether the next report of ``chain`` is to look."""
        return self._chain is chain and self._left > 0

    def looked(self, found: int, *, others_wait: bool) -> bool:
        """What a look has found. Whether hints are to be sent again: before the last look.

        ``others_wait``: there are tasks that the chain does not take; a slot is called for.
        """
        with self._lock:
            if not self._left:
                return False
            if others_wait:
                self._is_called, self._left = True, 0
                return True
            self._left = min(self._left + found, MOST_IN_VAIN) if found else self._left - 1
            return self._left == 1

    def hand_over(self, chain: object, host: object) -> None:
        """``host`` has taken in ``chain``, which ends."""
        with self._lock:
            if self._chain is chain:
                self._chain = host

    def end(self, chain: object) -> bool:
        """``chain`` is over; whether hints are to be sent again, and its slot to look."""
        with self._lock:
            if self._chain is not chain:
                return False
            self._chain = None
            asked, self._left = self._left > 0, 0
            return asked

    def _is_fresh(self) -> bool:
        return clock() < self._seen_at + FRESH_SECONDS
