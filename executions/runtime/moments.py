"""PostgreSQL's clock, read off this process's own for a while.

PostgreSQL's ``now()`` is the only clock. A turn that asks nothing before it writes cannot ask for
it either: to what PostgreSQL said a moment ago it adds what has passed here since. That is never
ahead of PostgreSQL, for its answer took time to arrive.
"""

from __future__ import annotations

import math
import time

from executions.interpreter.value import value

TRUSTED_SECONDS = 10.0
"""For how long the two clocks are believed to go at the same rate."""

clock = time.monotonic


@value
class Moment:
    """``told`` is PostgreSQL's ``now()``, ``at`` our own clock when the answer had come."""

    told: float
    at: float

    @classmethod
    def just_told(cls, told: float) -> Moment:
        """The answer has come now."""
        return cls(told, clock())

    @property
    def is_recent(self) -> bool:
        """Whether ``now`` may still be relied upon."""
        return clock() - self.at < TRUSTED_SECONDS

    @property
    def now(self) -> float:
        """Seconds since the epoch, floored to milliseconds as the machine counts them."""
        return math.floor((self.told + clock() - self.at) * 1000) / 1000
