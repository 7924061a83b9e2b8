"""Array, ArrayPartition, ArrayContains, ArrayRange, ArrayGetItem, ArrayLength, ArrayUnique."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl import json_text
from studio.asl.expressions.intrinsics.failure import (
    MAX_TEXT,
    IntrinsicFailure,
    to_array,
    to_integer,
)

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Randomness

MAX_UNCHECKED: Final = 64
"""Arguments of Array that are not measured: few cannot make a large value."""

MAX_RANGE: Final = 1_000
"""Elements ArrayRange may make."""


def array(arguments: list[Json], _: Randomness) -> Json:
    """Give the arguments as an array."""
    if len(arguments) > MAX_UNCHECKED and json_text.is_longer(arguments, MAX_TEXT):
        raise IntrinsicFailure("States.Array", "the array would be too large")
    return arguments


def array_partition(arguments: list[Json], _: Randomness) -> Json:
    """Cut an array into pieces of a size; the last one may be shorter."""
    whole = to_array(arguments[0], "States.ArrayPartition")
    size = to_integer(arguments[1], "States.ArrayPartition")
    if size < 1:
        raise IntrinsicFailure("States.ArrayPartition", "the size must be at least 1")
    return [whole[start : start + size] for start in range(0, len(whole), size)]


def array_contains(arguments: list[Json], _: Randomness) -> Json:
    """Tell whether an array has an element that equals a value."""
    wanted = arguments[1]
    text = json_text.canonical(wanted)
    return any(
        # Equal texts need equal types: most elements are told apart without writing them.
        element.__class__ is wanted.__class__ and json_text.canonical(element) == text
        for element in to_array(arguments[0], "States.ArrayContains")
    )


def array_range(arguments: list[Json], _: Randomness) -> Json:
    """Count from a first to a last number, both included, by a step."""
    first, last, step = (to_integer(value, "States.ArrayRange") for value in arguments)
    if step == 0:
        raise IntrinsicFailure("States.ArrayRange", "the step must not be 0")
    numbers = range(first, last + (1 if step > 0 else -1), step)
    # Not len(): the ends may be further apart than an index can be.
    if numbers and abs(numbers[-1] - first) // abs(step) + 1 > MAX_RANGE:
        raise IntrinsicFailure("States.ArrayRange", f"{MAX_RANGE} elements at most")
    return list(numbers)


def array_get_item(arguments: list[Json], _: Randomness) -> Json:
    """Give the element at an index that counts from 0."""
    whole = to_array(arguments[0], "States.ArrayGetItem")
    index = arguments[1]
    if isinstance(index, bool) or not isinstance(index, int):
        raise IntrinsicFailure("States.ArrayGetItem", "the index must be an integer")
    if not 0 <= index < len(whole):
        raise IntrinsicFailure(
            "States.ArrayGetItem", f"the index {index} is outside of an array of {len(whole)}"
        )
    return whole[index]


def array_length(arguments: list[Json], _: Randomness) -> Json:
    """Count the elements."""
    return len(to_array(arguments[0], "States.ArrayLength"))


def array_unique(arguments: list[Json], _: Randomness) -> Json:
    """Give the elements without repetitions, in the order of their first appearance."""
    whole = to_array(arguments[0], "States.ArrayUnique")
    first_by_text: dict[str, Json] = {}
    for element in whole:
        first_by_text.setdefault(json_text.canonical(element), element)
    return list(first_by_text.values())
