"""The steps that searching paths are made of, and the bounds they keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.errors import StatesError

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Bindings

    Step = Callable[[list[Json], "Search"], list[Json]]

MAX_VISITS: Final = 500_000
"""Values one evaluation may look at: several times what a payload of 256 KiB can hold."""


class Search:
    """One evaluation: what filters need of it, and how much it may still look at."""

    __slots__ = ("bindings", "text", "visits_left")

    def __init__(self, text: str, bindings: Bindings) -> None:
        self.text = text
        self.bindings = bindings
        self.visits_left = MAX_VISITS

    def spend(self, visits: int) -> None:
        """Count values about to be looked at. Raises StatesError States.Runtime at the limit."""
        self.visits_left -= visits
        if self.visits_left < 0:
            raise StatesError(
                "States.Runtime",
                f"The JSONPath '{self.text}' looks at more than {MAX_VISITS} values",
            )


def run_steps(steps: list[Step], values: list[Json], search: Search) -> list[Json]:
    """Take values through steps, one after the other."""
    for step in steps:
        values = step(values, search)
    return values


def children(value: Json) -> list[Json]:
    """Give the elements of an array or the members of an object; nothing for other values."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return list(value.values())
    return []


def every_child(values: list[Json], search: Search) -> list[Json]:
    """``*``: all elements of arrays and members of objects."""
    found: list[Json] = []
    for value in values:
        inner = children(value)
        search.spend(len(inner) + 1)
        found += inner
    return found


def descendants(values: list[Json], search: Search) -> list[Json]:
    """``..``: each value and all below it, outer before inner."""
    found: list[Json] = []
    waiting = values[::-1]
    while waiting:
        value = waiting.pop()
        found.append(value)
        inner = children(value)
        search.spend(len(inner) + 1)
        waiting += inner[::-1]
    return found


def members(names: list[str]) -> Step:
    """``.name`` and ``['a','b']``: members of objects, those that are there."""

    def step(values: list[Json], search: Search) -> list[Json]:
        search.spend(len(values) * len(names) + 1)
        objects = [value for value in values if isinstance(value, dict)]
        return [each[name] for each in objects for name in names if name in each]

    return step


def elements(indices: tuple[int, ...]) -> Step:
    """``[0]`` and ``[0,-1]``: elements of arrays, those that are there."""

    def step(values: list[Json], search: Search) -> list[Json]:
        search.spend(len(values) * len(indices) + 1)
        arrays = [value for value in values if isinstance(value, list)]
        return [
            each[index] for each in arrays for index in indices if -len(each) <= index < len(each)
        ]

    return step


def part(bounds: slice) -> Step:
    """``[1:3]``: a run of elements of arrays."""

    def step(values: list[Json], search: Search) -> list[Json]:
        found: list[Json] = []
        for value in values:
            if isinstance(value, list):
                inner = value[bounds]
                search.spend(len(inner) + 1)
                found += inner
        return found

    return step
