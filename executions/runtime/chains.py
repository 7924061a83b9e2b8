"""Chains of quick tasks that meet in a process go on as one: one commit a step for all of them.

A slot that goes from step to step has a chain: it performs, reports, and performs what the report
asks for. While one slot's report is on its way to PostgreSQL and back, the others that have
something to report leave it to that slot, and are free. Its next report takes all of it, and it
performs what follows: as many executions as fit its budget of work, the rest is queued. A lone
chain waits for nobody, and many at once become cheaper.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from executions.runtime.outcomes import Outcome

MOST_WAITING = 64
"""Outcomes that may wait for the report that is on its way; further ones are reported beside it."""


class Chains:
    """The chains of a process. The one that ``_host`` names is reporting, and takes in others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._host: object | None = None
        self._waiting: list[Outcome] = []

    def join(self, chain: object, outcomes: list[Outcome]) -> object | None:
        """Leave outcomes to a chain that is reporting, which then owns them: that chain.

        None: ``chain`` reports them itself. After each of its reports it asks ``next_of``, until
        that gives nothing.
        """
        with self._lock:
            if self._host is None:
                self._host = chain
            if self._host is chain or len(self._waiting) + len(outcomes) > MOST_WAITING:
                return None
            self._waiting += outcomes
            return self._host

    def next_of(self, chain: object, *, is_last: bool) -> list[Outcome]:
        """What others have left to ``chain`` since; nothing: none will.

        ``is_last``: what they leave from now on is another's.
        """
        with self._lock:
            if self._host is not chain:
                return []
            waiting, self._waiting = self._waiting, []
            if is_last or not waiting:
                self._host = None
            return waiting
