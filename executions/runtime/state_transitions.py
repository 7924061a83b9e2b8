"""The quota of state transitions: executions that exceed it are delayed, and never fail.

A turn is charged for what it did, so that a bucket may owe. While it does nobody begins a turn of
its own accord: outcomes of tasks are accepted and wait as messages. What a client asks for (to stop
an execution, say) is done at once.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from executions.interpreter.messages import SetTimer
from studio.buckets import buckets
from studio.quotas import STATE_TRANSITION, quota_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from executions.runtime.claimed import Advanced

SETTLE_SECONDS = 0.05
"""For how long a process gathers what its turns cost, before it tells the bucket."""
SAID_SECONDS = 10.0

_log = logging.getLogger(__name__)


class Transitions:
    """What this process owes for state transitions, and until when it must wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._uncharged = 0
        self._settled_at = 0.0
        self._owes_until = 0.0
        self._said_at = -SAID_SECONDS

    def add(self, advanced: Iterable[Advanced]) -> None:
        """Note what a committed turn did: states entered, and retries begun."""
        if quota_of(STATE_TRANSITION) is None:
            return
        done = sum(_transitions(result) for result in advanced)
        with self._lock:
            self._uncharged += done

    def delay(self) -> float:
        """For how many seconds no turn should begin; 0 where there is no quota."""
        quota = quota_of(STATE_TRANSITION)
        if quota is None:
            return 0.0
        with self._lock:
            now = time.monotonic()
            if now < self._owes_until:
                return self._owes_until - now
            if now < self._settled_at + SETTLE_SECONDS:
                return 0.0
            owed = buckets.charge(STATE_TRANSITION, quota, self._uncharged)
            self._uncharged = 0
            self._settled_at = now
            self._owes_until = now + owed
            if owed and now > self._said_at + SAID_SECONDS:
                self._said_at = now
                _log.warning(
                    "executions are delayed: more than %g state transitions a second", quota.refill
                )
            return owed


def _transitions(result: Advanced) -> int:
    entered = sum(event.type.endswith("StateEntered") for event in result.events)
    retried = sum(
        isinstance(effect, SetTimer) and effect.timer.startswith("retry:")
        for effect in result.effects
    )
    return entered + retried


transitions = Transitions()
"""Those of this process."""
