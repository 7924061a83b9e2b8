"""The functions Step Functions adds to JSONata, and the one it takes away.

They are what the engine calls back; None stands for "undefined". Arguments that JSONata's
signatures let through but the function cannot use raise FunctionFailure.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import hashlib
from math import copysign
from typing import TYPE_CHECKING, Final

from studio.asl import json_text
from studio.asl.expressions.bindings import Randomness
from studio.asl.expressions.intrinsics.encodings import ALGORITHMS
from studio.asl.expressions.intrinsics.identifiers import make_uuid

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Json

    Function = Callable[..., Json]

MAX_RANGE: Final = 131_072
"""Elements $range may make: as many as any array of an expression may have."""

BUDGET: Final = 4 * MAX_RANGE
"""Elements and characters that the functions of one evaluation may handle together.

The engine looks at its clock too seldom between calls of ours: ten long $partition took seconds.
"""

_DOUBLE_BITS: Final = 53
_HASHED_AT_ONCE: Final = 16
"""Characters that are hashed in the time another function needs for one element."""


class FunctionFailure(Exception):
    """A function cannot use its arguments. Its text is the message a cause ends with."""


class Budget:
    """What the functions of one evaluation may still handle."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = BUDGET

    def spend(self, count: int) -> None:
        """Count elements or characters about to be handled. Raises FunctionFailure at the end."""
        self.left -= count + 1
        if self.left < 0:
            raise FunctionFailure("Expression evaluation memory limit exceeded")


def partition_function(budget: Budget) -> Function:
    """Give $partition: it cuts an array into pieces of a size; the last one may be shorter."""

    def partition(array: Json = None, size: Json = None) -> Json:
        if array is None or size is None:
            return None
        whole = array if isinstance(array, list) else [array]
        step = int(_number(size, 2, "partition"))
        if step == 0 or not whole:
            return None
        if step < 0:
            raise FunctionFailure("The second argument of the partition function must be positive")
        budget.spend(len(whole) + len(whole) // step)
        return [whole[start : start + step] for start in range(0, len(whole), step)]

    return partition


def range_function(budget: Budget) -> Function:
    """Give $range: it counts from a first to a last number, both included, without fractions."""

    def make_range(first: Json = None, last: Json = None, step: Json = None) -> Json:
        if first is None or last is None or step is None:
            return None
        begin, end, by = (
            int(_number(value, place, "range"))
            for place, value in enumerate((first, last, step), 1)
        )
        if by == 0 or (end != begin and copysign(1, end - begin) != copysign(1, by)):
            return None
        count = abs(end - begin) // abs(by) + 1
        budget.spend(count if count <= MAX_RANGE else BUDGET)
        numbers = list(range(begin, end + (1 if by > 0 else -1), by))
        return numbers[0] if len(numbers) == 1 else numbers

    return make_range


def hash_function(budget: Budget) -> Function:
    """Give $hash: the hexadecimal digest of a text."""

    def hash_text(text: Json = None, algorithm: Json = None) -> Json:
        if text is None or algorithm is None:
            return None
        if not isinstance(text, str):
            raise FunctionFailure(
                'T0410: Argument 1 of function "hash" does not match function signature'
            )
        name = ALGORITHMS.get(algorithm) if isinstance(algorithm, str) else None
        if name is None:
            raise FunctionFailure(f"The hash function knows {', '.join(ALGORITHMS)}")
        budget.spend(len(text) // _HASHED_AT_ONCE)
        data = text.encode("utf-8", "replace")
        return hashlib.new(name, data, usedforsecurity=False).hexdigest()

    return hash_text


def parse_function(budget: Budget) -> Function:
    """Give $parse, which reads a JSON text: what AWS offers instead of $eval."""

    def parse(text: Json = None) -> Json:
        if text is None:
            return None
        if not isinstance(text, str):
            raise FunctionFailure(
                'T0410: Argument 1 of function "parse" does not match function signature'
            )
        budget.spend(len(text))
        try:
            return json_text.loads(text)
        except json_text.InvalidJson as error:
            raise FunctionFailure(
                f"The argument of the parse function is not JSON: {error}"
            ) from None

    return parse


def random_function(draws: Randomness) -> Callable[..., float]:
    """Give $random: with a seed the same number each time, else the next of ``draws``."""

    def random(seed: Json = None) -> float:
        source = draws
        if seed is not None:
            source = Randomness(f"$random {int(_number(seed, 1, 'random'))}")
        drawn = int.from_bytes(source.draw()[:8]) >> (64 - _DOUBLE_BITS)
        return drawn / (1 << _DOUBLE_BITS)

    return random


def uuid_function(draws: Randomness) -> Callable[[], Json]:
    """Give $uuid, which makes a version 4 UUID of the next draw."""
    return lambda: make_uuid([], draws)


def _number(value: Json, place: int, function: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FunctionFailure(
            f'T0410: Argument {place} of function "{function}" does not match function signature'
        )
    return value


PURE_FUNCTIONS: Final[dict[str, Callable[[Budget], Function]]] = {
    "partition": partition_function,
    "range": range_function,
    "hash": hash_function,
    "parse": parse_function,
}
"""Functions of their arguments alone: given what one evaluation may handle, each is made."""

DRAWING_FUNCTIONS: Final[dict[str, Callable[[Randomness], Callable[..., Json]]]] = {
    "random": random_function,
    "uuid": uuid_function,
}
"""Functions that also draw: given a row of draws, each makes its function."""

WITHDRAWN: Final = "eval"
"""What JSONata has and Step Functions has not."""
