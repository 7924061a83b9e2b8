"""MathRandom and MathAdd."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.expressions.bindings import Randomness
from studio.asl.expressions.intrinsics.failure import IntrinsicFailure, to_integer

if TYPE_CHECKING:
    from studio.asl.definition import Json

SMALLEST: Final = -(2**31)
LARGEST: Final = 2**31 - 1


def math_random(arguments: list[Json], randomness: Randomness) -> Json:
    """Draw an integer from a start (included) to an end (excluded).

    With a third argument, the seed, the same arguments always give the same number.
    """
    start, end, *seed = (_in_range(value, "States.MathRandom") for value in arguments)
    if end <= start:
        raise IntrinsicFailure("States.MathRandom", "the end must be greater than the start")
    source = Randomness(f"States.MathRandom {seed[0]}") if seed else randomness
    # 256 random bits over a span of 32: the bias is far below notice.
    return start + int.from_bytes(source.draw()) % (end - start)


def math_add(arguments: list[Json], _: Randomness) -> Json:
    """Add two integers."""
    first, second = arguments
    total = _in_range(first, "States.MathAdd") + _in_range(second, "States.MathAdd")
    return _in_range(total, "States.MathAdd")


def _in_range(value: Json, function: str) -> int:
    # The usual number is an integer already; loops call this three times a turn.
    number = value if type(value) is int else to_integer(value, function)
    if not SMALLEST <= number <= LARGEST:
        raise IntrinsicFailure(function, f"integers are from {SMALLEST} to {LARGEST}")
    return number
