"""The functions Step Functions adds to JSONata, and the one it takes away.

They are what the engine calls back; None stands for "undefined". The engine has looked at the types
of the arguments by then; what a function still cannot use raises FunctionFailure.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html; what the
guide leaves open (texts, missing arguments, the numbers of a seed) others have measured on the
service: decision 11.
"""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from math import copysign
from typing import TYPE_CHECKING, Final, NamedTuple

from studio.asl import json_text
from studio.asl.expressions.intrinsics.encodings import ALGORITHMS
from studio.asl.expressions.intrinsics.identifiers import make_uuid
from studio.asl.expressions.java_random import first_double

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Bindings, Randomness

MAX_RANGE: Final = 131_072
"""Elements $range may make: as many as any array of an expression may have."""

LONGEST_RANGE: Final = 10_000_000
"""Elements beyond which the engine refuses a range before it makes it."""

BUDGET: Final = 4 * MAX_RANGE
"""Elements and characters that the functions of one evaluation may handle together.

The engine looks at its clock too seldom between calls of ours: ten long $partition took seconds.
"""

KEPT: Final = 8_388_608
"""Elements that the functions of one evaluation may make together, whether they are kept or not:
some 230 megabytes where all of them are. Appending one by one makes that many at 4,096.
"""

OUT_OF_MEMORY: Final = (
    "Expression evaluation memory limit exceeded: Check for excessive memory usage"
)

_DOUBLE_BITS: Final = 53
_ELEMENTS_OF_A_UUID: Final = 128
"""Elements that take as much memory, with the call that made it."""
_HASHED_AT_ONCE: Final = 16
"""Characters that are hashed in the time another function needs for one element."""


class FunctionFailure(Exception):
    """A function cannot use its arguments. Its text is the message a cause ends with."""


class _Evaluation:
    """What the functions share during one evaluation: what they may still handle, and make."""

    __slots__ = ("left", "may_keep", "randomness")

    def __init__(self, randomness: Randomness) -> None:
        self.randomness = randomness
        self.left = BUDGET
        self.may_keep = KEPT


_EVALUATION: Final[ContextVar[_Evaluation]] = ContextVar("evaluation")
"""The one evaluation that a thread is busy with: the engine calls back in the same thread."""


def begin_evaluation(bindings: Bindings) -> None:
    """Let the functions draw from ``bindings``, and give them a whole budget again."""
    _EVALUATION.set(_Evaluation(bindings.randomness))


def spend(count: int) -> None:
    """Count elements or characters about to be handled. Raises FunctionFailure at the end."""
    evaluation = _EVALUATION.get()
    evaluation.left -= count + 1
    if evaluation.left < 0:
        raise FunctionFailure(OUT_OF_MEMORY)


def keep(count: float) -> float:
    """Count elements that were made, and may all be kept. Raises FunctionFailure at the end."""
    evaluation = _EVALUATION.get()
    evaluation.may_keep -= int(count) + 1
    if evaluation.may_keep < 0:
        raise FunctionFailure(OUT_OF_MEMORY)
    return count


def keep_range(count: float) -> float:
    """Count a range of one element more. Raises FunctionFailure where it would be too long.

    One that is longer than any JSONata allows has an error of its own, which the engine raises.
    """
    if count >= LONGEST_RANGE:
        return count
    if count >= MAX_RANGE:
        raise FunctionFailure(OUT_OF_MEMORY)
    # As much memory as elements have that are copied: its array grows as it is filled.
    return keep(1.5 * count)


def partition(array: Json = None, size: Json = None) -> Json:
    """$partition: cut an array into pieces of a size, the last perhaps shorter; without, into one.

    ``$partition([], 2)`` is undefined, ``$partition([])`` is ``[[]]``.
    """
    if array is None:
        return None
    if not isinstance(array, list):
        raise FunctionFailure(
            'T0412: Argument 1 of function "partition" must be an array of undefined'
        )
    if size is None:
        spend(len(array))
        return [array]
    step = int(size)
    if size < 0:
        raise FunctionFailure("D3137: Second argument must be zero or greater")
    if step == 0 or not array:
        return None
    spend(len(array) + len(array) // step)
    return [array[start : start + step] for start in range(0, len(array), step)]


def make_range(first: Json = None, last: Json = None, step: Json = None) -> Json:
    """$range: count from a first to a last number, both included, without fractions."""
    if first is None or last is None or step is None:
        return None
    begin, end, by = int(first), int(last), int(step)
    if by == 0 or (end != begin and copysign(1, end - begin) != copysign(1, by)):
        return None
    count = abs(end - begin) // abs(by) + 1
    spend(count if count <= MAX_RANGE else BUDGET)
    numbers = list(range(begin, end + (1 if by > 0 else -1), by))
    return numbers[0] if len(numbers) == 1 else numbers


def hash_text(text: Json = None, algorithm: Json = None) -> Json:
    """$hash: the hexadecimal digest of a text."""
    if text is None or algorithm is None:
        return None
    name = ALGORITHMS.get(algorithm)
    if name is None:
        raise FunctionFailure(
            f"D3137: Hash algorithm '{algorithm}' must be one of SHA-1, SHA-384, SHA-256, SHA-512, "
            "MD5"
        )
    spend(len(text) // _HASHED_AT_ONCE)
    data = text.encode("utf-8", "replace")
    return hashlib.new(name, data, usedforsecurity=False).hexdigest()


def parse(text: Json = None) -> Json:
    """$parse: read a JSON text. It is what AWS offers instead of $eval."""
    if text is None:
        return None
    spend(len(text))
    try:
        return json_text.loads(text)
    except json_text.InvalidJson:
        raise FunctionFailure("D3137: Invalid JSON") from None


def random(seed: Json = None) -> float:
    """$random: with a seed the number that Java's Random begins with, else the next draw."""
    if seed is not None:
        return first_double(int(seed))
    drawn = int.from_bytes(_EVALUATION.get().randomness.draw()[:8]) >> (64 - _DOUBLE_BITS)
    return drawn / (1 << _DOUBLE_BITS)


def uuid() -> Json:
    """$uuid: a version 4 UUID of the next draw."""
    keep(_ELEMENTS_OF_A_UUID)
    return make_uuid([], _EVALUATION.get().randomness)


class Function(NamedTuple):
    """A function, and what it takes, as JSONata writes it."""

    signature: str
    call: Callable[..., Json]


FUNCTIONS: Final[dict[str, Function]] = {
    "partition": Function("<(asnbof)?n?:x>", partition),
    "range": Function("<nnn?:x>", make_range),
    "hash": Function("<ss?:s>", hash_text),
    "parse": Function("<s?:x>", parse),
    "random": Function("<n?:n>", random),
    "uuid": Function("<:s>", uuid),
}

WITHDRAWN: Final = "eval"
"""What JSONata has and Step Functions has not."""
