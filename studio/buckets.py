"""Token buckets that all processes share, in Valkey.

A bucket holds ``size`` tokens and is refilled at ``refill`` a second. A process takes some more
than it needs at the moment, a tenth of what is there, and spends those without asking; what it has
not spent within ``LEASE_SECONDS`` it puts back when it next asks. So the tokens spent never exceed
the bucket, and few requests cost a round trip.

Throttling is no truth: while Valkey is away everything passes.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import redis
from django.conf import settings

if TYPE_CHECKING:
    from studio.quotas import Quota

LEASE_SECONDS = 1.0
"""For how long a process keeps tokens that it has not spent."""
BROKEN_SECONDS = 1.0
"""After a Valkey that did not answer, for how long nobody asks again."""

# Valkey's clock is the only one. A bucket may owe: what has been done already is charged in full.
_TAKE = """
local size, refill = tonumber(ARGV[1]), tonumber(ARGV[2])
local needed, returned, shared = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(kept[1]) or size, tonumber(kept[2]) or now
tokens = math.min(size, tokens + math.max(0, now - at) * refill + returned)
local given = 0
if shared == 0 then
  given = needed
elseif tokens >= needed then
  given = math.max(needed, math.floor(tokens / 10))
end
tokens = tokens - given
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens),
           'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((size - tokens) / refill * 1000) + 1000)
return {given, string.format('%.6f', tokens)}
"""

_log = logging.getLogger(__name__)
_broken_until = 0.0


@lru_cache(maxsize=1)
def _script() -> Any:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=0.25, socket_connect_timeout=0.25
    )
    return client.register_script(_TAKE)


def _ask(name: str, quota: Quota, needed: int, returned: int, *, lease: bool) -> tuple[int, float]:
    """Tokens given and what is left in the bucket; all that is needed while Valkey is away."""
    global _broken_until  # noqa: PLW0603 - one breaker a process
    if time.monotonic() < _broken_until:
        return needed, float(quota.size)
    key = f"stepwell:bucket:{settings.AWS_ACCOUNT_ID}:{settings.AWS_REGION}:{name}"
    arguments = (quota.size, quota.refill, needed, returned, int(lease))
    try:
        given, left = _script()(keys=[key], args=arguments)
    except redis.RedisError as error:
        _broken_until = time.monotonic() + BROKEN_SECONDS
        _log.warning("quotas are not enforced (%s)", error)
        return needed, float(quota.size)
    return int(given), float(left)


@dataclass(slots=True)
class _Lease:
    tokens: int = 0
    until: float = 0.0
    empty_until: float = 0.0


class Buckets:
    """The shares that this process has of the buckets."""

    def __init__(self) -> None:
        self._leases: dict[str, _Lease] = {}
        self._lock = threading.Lock()

    def take(self, name: str, quota: Quota) -> float:
        """Take one token from the bucket of this name: 0, or in how many seconds there is one."""
        now = time.monotonic()
        with self._lock:
            lease = self._leases.setdefault(name, _Lease())
            if lease.tokens and now < lease.until:
                lease.tokens -= 1
                return 0.0
            if now < lease.empty_until:
                return lease.empty_until - now
            given, left = _ask(name, quota, 1, lease.tokens, lease=True)
            if given:
                lease.tokens = given - 1
                lease.until = now + LEASE_SECONDS
                return 0.0
            lease.tokens = 0
            wait = (1 - left) / quota.refill
            # Nobody asks again before there can be one.
            lease.empty_until = now + wait
            return wait

    def charge(self, name: str, quota: Quota, tokens: int) -> float:
        """Take tokens for what has been done: 0, or for how many seconds the bucket owes."""
        _, left = _ask(name, quota, tokens, 0, lease=False)
        return max(0.0, -left / quota.refill)


buckets = Buckets()
"""Those of this process."""
