"""Java's random numbers: the service is written in Java, and a seed gives the same number there.

Source: https://docs.oracle.com/javase/8/docs/api/java/util/Random.html
"""

from __future__ import annotations

from typing import Final

_MULTIPLIER: Final = 0x5DEECE66D
_INCREMENT: Final = 0xB
_MASK: Final = (1 << 48) - 1


def first_double(seed: int) -> float:
    """Give what ``new java.util.Random(seed).nextDouble()`` gives: from 0 up to 1."""
    state = (seed ^ _MULTIPLIER) & _MASK
    state = (state * _MULTIPLIER + _INCREMENT) & _MASK
    high = state >> 22
    state = (state * _MULTIPLIER + _INCREMENT) & _MASK
    return ((high << 27) + (state >> 21)) / (1 << 53)
