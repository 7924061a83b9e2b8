"""Signed requests that come again: whoever has read one off the wire must not send it anew.

A signature is good for five minutes and holds the second in which it was made. An honest client
sends the same one twice by asking the same thing again within that second: boto3 does so when it
retries. AWS's SDKs for JavaScript, Java and Go never do, for they sign a number of their own with
every attempt. So a request with such a number is accepted once, any other one for
``GRACE_SECONDS`` after it came first.

Each web server remembers what it has seen and tells the others through a stream in Valkey, a
little later and many at once, so that no request waits for it. While Valkey is away each one knows
only its own.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from typing import TYPE_CHECKING, Any

import redis
from django.conf import settings

from studio.aws.errors import InvalidSignatureException
from studio.aws.signature import CLOCK_SKEW

if TYPE_CHECKING:
    from studio.aws.signature import Signed

GRACE_SECONDS = 5.0
"""For how long the same signature of an unnumbered request may come again."""
REMEMBER_SECONDS = 2 * CLOCK_SKEW.total_seconds()
"""A signature is good for so long at most: from a client whose clock is five minutes ahead."""
REMEMBERED = 250_000
"""Requests that a web server remembers, 40 MB of them; then the oldest are forgotten first."""
GATHER_SECONDS = 0.02
STREAM = "stepwell:signatures"

_log = logging.getLogger(__name__)


class Replays:
    """What one web server knows of the requests that have come. Safe to use from many threads."""

    def __init__(self, url: str) -> None:
        self._seen: dict[int, float] = {}
        self._lock = threading.Lock()
        self._untold: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._valkey = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=1)
        self._position = "0"
        self._read(block=None)
        for task in (self._tell_others, self._hear_others):
            threading.Thread(target=task, name="replays", daemon=True).start()

    def refuse(self, signed: Signed) -> None:
        """Take note of a verified request. Asks nobody: it takes some microseconds.

        Raises:
            InvalidSignatureException: it has come before.
        """
        now = time.time()
        number = int(signed.signature[:16], 16)
        first = self._seen.get(number)
        if first is None:
            with self._lock:
                first = self._note(number, now)
        if first is None:
            self._untold.put(f"{number:x} {now!r}")
        elif signed.is_single or now - first > GRACE_SECONDS:
            raise InvalidSignatureException(
                message="Signature already used: this request was received before. "
                "Sign every request anew."
            )

    def _note(self, number: int, now: float) -> float | None:
        """Remember a signature; when it came first, None where that is now. Needs the lock."""
        first = self._seen.setdefault(number, now)
        if first != now:
            return first
        while len(self._seen) > REMEMBERED or now - self._oldest() > REMEMBER_SECONDS:
            del self._seen[next(iter(self._seen))]
        return None

    def _oldest(self) -> float:
        return next(iter(self._seen.values()))

    def _tell_others(self) -> None:
        while True:
            told = [self._untold.get()]
            time.sleep(GATHER_SECONDS)
            # What comes meanwhile is for the next time.
            told += [self._untold.get() for _ in range(self._untold.qsize())]
            since = int((time.time() - REMEMBER_SECONDS) * 1000)
            try:
                self._valkey.xadd(STREAM, {"seen": " ".join(told)}, minid=since)
            except redis.RedisError as error:
                # Those of this moment stay unknown to the others.
                _log.warning("other web servers cannot be told of replays: %s", error)
                time.sleep(1)

    def _hear_others(self) -> None:
        while True:
            if not self._read(block=1000):
                time.sleep(1)

    def _read(self, block: int | None) -> bool:
        """Take in what others have told since the last time; False where Valkey is away."""
        try:
            answer: Any = self._valkey.xread({STREAM: self._position}, block=block)
        except redis.RedisError:
            return False
        for _, messages in answer or ():
            for position, fields in messages:
                self._position = position.decode()
                words = fields[b"seen"].decode().split()
                with self._lock:
                    for number, first in zip(words[::2], words[1::2], strict=True):
                        self._note(int(number, 16), float(first))
        return True


_replays: Replays | None = None
_making = threading.Lock()


def refuse_replay(signed: Signed) -> None:
    """Take note of a verified request; raises InvalidSignatureException if it has come before."""
    global _replays  # noqa: PLW0603 - made when first needed, with the settings of then
    if _replays is None:
        with _making:
            if _replays is None:
                _replays = Replays(settings.REDIS_URL)
    _replays.refuse(signed)
