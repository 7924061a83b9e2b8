"""Log events of Express executions on their way to CloudWatch Logs.

Nothing keeps an Express execution, and nothing keeps its log events but this process, for a few
seconds: they are handed over to a thread, so that no execution waits for the service. AWS promises
no more: "log delivery is best effort". While the service is away the oldest give way to new ones.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final

from executions.integrations.aws.cloudwatch_logs import NotPut, cloudwatch_logs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.actions.configurations import LogGroup

MOST_CHARACTERS: Final = 16 * 1024 * 1024
"""What a process keeps of events that are not put yet."""
SECONDS: Final = 1.0
"""How long events are gathered."""
LONGEST_PAUSE: Final = 60.0
"""How long a service that goes on refusing them is left alone at most."""

_log = logging.getLogger(__name__)


class Waiting:
    """The events of one process that are not put yet."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._events: deque[tuple[LogGroup, Sequence[str]]] = deque()
        self._size = 0
        self._dropped = 0
        self._pause = SECONDS
        self._lock = threading.Lock()
        self._some = threading.Event()
        threading.Thread(target=self._serve, name="express-log", daemon=True).start()

    def add(self, group: LogGroup, events: Sequence[str]) -> None:
        """Take events over; what is too much is given up, the oldest first."""
        with self._lock:
            self._events.append((group, events))
            self._size += sum(map(len, events))
            while self._size > MOST_CHARACTERS:
                _, oldest = self._events.popleft()
                self._size -= sum(map(len, oldest))
                self._dropped += len(oldest)
        self._some.set()

    def flush(self) -> None:
        """Put what waits; what the service does not take stays."""
        with self._lock:
            taken, self._events, self._size = self._events, deque(), 0
            dropped, self._dropped = self._dropped, 0
        if dropped:
            _log.warning("%d log events of Express executions are lost: no room", dropped)
        groups: dict[LogGroup, list[str]] = {}
        for group, events in taken:
            groups.setdefault(group, []).extend(events)
        for group, lines in groups.items():
            try:
                cloudwatch_logs().put(group.name, group.region, lines)
            except NotPut as problem:
                _log.warning("log events of %s not put yet: %s", group.name, problem)
                self._give_back(group, lines)
                self._pause = min(self._pause * 2, LONGEST_PAUSE)
            else:
                self._pause = SECONDS

    def _give_back(self, group: LogGroup, lines: list[str]) -> None:
        with self._lock:
            self._events.appendleft((group, lines))
            self._size += sum(map(len, lines))
        self._some.set()

    def _serve(self) -> None:
        while True:
            self._some.wait()
            time.sleep(self._pause)
            self._some.clear()
            try:
                self.flush()
            except Exception:  # noqa: BLE001 - a fault of ours; what comes later is not to blame
                _log.exception("log events of Express executions are lost")


_waiting: Waiting | None = None
_starting = threading.Lock()


def hand_over(group: LogGroup, events: Sequence[str]) -> None:
    """Have events put soon; returns at once."""
    global _waiting  # noqa: PLW0603 - one a process; a forked child starts its own
    with _starting:
        if _waiting is None or _waiting.process != os.getpid():
            _waiting = Waiting()
            atexit.register(_waiting.flush)
        _waiting.add(group, events)
