"""The order in which AWS writes the members of objects it puts together.

JSON leaves the order open, but histories are compared as texts: AWS keeps evaluated members in a
Java HashMap, whose order follows from the hashes of their names, and so do we.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_ORDERED: Final = 1_000
"""Names beyond which the order is left alone: hashing them would cost more than it is worth."""


def hash_map_order(names: Iterable[str]) -> list[str]:
    """Give distinct names in the order of a Java HashMap to which they were added in turn."""
    listed = list(names)
    if not 1 < len(listed) <= MAX_ORDERED:
        return listed
    buckets = 16
    while len(listed) > buckets * 3 // 4:
        buckets *= 2
    # Stable, as a bucket is: names of equal buckets stay in the order of their coming.
    return sorted(listed, key=lambda name: _spread(_hash_code(name)) & (buckets - 1))


def hash_set_order(names: Iterable[str]) -> list[str]:
    """Give a model's values in the order in which AWS's messages list what a member may be.

    Their set has 32 buckets, takes the hashes as they are, and has the latest first in a bucket.
    That gives what services are known to say: DynamoDB's ``[ALL_NEW, UPDATED_OLD, ALL_OLD, NONE,
    UPDATED_NEW]`` and its operators, and of this service the statuses ``[SUCCEEDED, TIMED_OUT,
    PENDING_REDRIVE, ABORTED, FAILED, RUNNING]``.
    """
    latest_first = list(names)[::-1]
    return sorted(latest_first, key=lambda name: _hash_code(name) & 31)


def _hash_code(text: str) -> int:
    """String.hashCode, of the text's UTF-16 units."""
    units = text.encode("utf-16-be", "surrogatepass")
    code = 0
    for high, low in zip(units[::2], units[1::2], strict=True):
        code = (31 * code + (high << 8 | low)) & 0xFFFFFFFF
    return code


def _spread(code: int) -> int:
    return code ^ code >> 16
