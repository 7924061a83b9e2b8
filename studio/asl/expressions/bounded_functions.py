"""Functions of JSONata that take the engine's place where it has no bound of its own.

The engine looks neither at its clock nor at its memory within them: ``$distinct`` compares each
element with each, half a minute for 130,000; ``$zip`` fills what memory there is. These count what
they handle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl import json_text
from studio.asl.expressions.jsonata_functions import Function, spend

if TYPE_CHECKING:
    from studio.asl.definition import Json

LONG: Final = 5_000
"""Elements of an array beyond which the engine's own ``$distinct`` takes long."""


def has_long_array(value: Json) -> bool:
    """Tell whether there is a long array anywhere in a value."""
    if value.__class__ is list:
        return len(value) > LONG or any(map(has_long_array, value))
    return value.__class__ is dict and any(map(has_long_array, value.values()))


def distinct(array: Json = None) -> Json:
    """$distinct: the elements without those that were there before.

    For long arrays only: the engine's own knows a sequence from an array, and gives the only
    element of a sequence without an array around it.
    """
    if not isinstance(array, list):
        return array
    spend(len(array))
    first: dict[object, Json] = {}
    for element in array:
        scalar = not isinstance(element, list | dict)
        key = (element.__class__, element) if scalar else json_text.canonical(element)
        first.setdefault(key, element)
    return list(first.values())


def zip_arrays(*arrays: Json) -> Json:
    """$zip: the first elements of all arrays, the second ones, as far as the shortest goes."""
    if any(array is None for array in arrays):
        return []
    spend(len(arrays) * min(map(len, arrays)))
    return [list(each) for each in zip(*arrays, strict=False)]


ALWAYS: Final[dict[str, Function]] = {"zip": Function("<a+:a>", zip_arrays)}
"""Those that do what the engine's do in every case."""
