"""Where in a definition a state is, and in which iterations: ``Pay``, or ``Pay[3]`` inside a Map.

A state's name is unique in its definition, so the name and the indexes of the Map iterations
around it, the outermost first, say which of the states that run at once is meant.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from studio.asl.definition import MapState, ParallelState

if TYPE_CHECKING:
    from collections.abc import Container

    from executions.interpreter.frame import Frame
    from executions.interpreter.state import ExecutionState
    from studio.asl.definition import Definition, Scope

_INDEXES = re.compile(r"((?:\[\d{1,9}\])+)\Z", re.ASCII)


class Place(NamedTuple):
    """A state, and the indexes of the Map iterations it is in, the outermost first."""

    state: str
    iterations: tuple[int, ...] = ()

    def __str__(self) -> str:
        return self.state + "".join(f"[{index}]" for index in self.iterations)


def parse_place(text: str, names: Container[str]) -> Place:
    """Read what ``str(place)`` wrote; ``names`` are the definition's states.

    What is the name of a state is that state, brackets or not.
    """
    match = _INDEXES.search(text)
    if match is None or text in names:
        return Place(text)
    indexes = match.group(1)[1:-1].split("][")
    return Place(text[: match.start()], tuple(int(index) for index in indexes))


def maps_around(definition: Definition) -> dict[str, tuple[str, ...]]:
    """Give every state's name with the names of the Map states around it, the outermost first."""
    found: dict[str, tuple[str, ...]] = {}
    _collect(definition, (), found)
    return found


def _collect(scope: Scope, around: tuple[str, ...], found: dict[str, tuple[str, ...]]) -> None:
    for name, state in scope.states.items():
        found[name] = around
        if isinstance(state, ParallelState):
            for branch in state.branches:
                _collect(branch, around, found)
        elif isinstance(state, MapState):
            _collect(state.processor, (*around, name), found)


class ScopeName(NamedTuple):
    """A branch or an item processor: the state it is in, and which of its branches it is."""

    state: str
    branch: int
    is_iterated: bool


def scopes_around(definition: Definition) -> dict[str, tuple[ScopeName, ...]]:
    """Give every state's name with the scopes around it, the outermost first; () at the top."""
    found: dict[str, tuple[ScopeName, ...]] = {}
    _collect_scopes(definition, (), found)
    return found


def _collect_scopes(
    scope: Scope, around: tuple[ScopeName, ...], found: dict[str, tuple[ScopeName, ...]]
) -> None:
    for name, state in scope.states.items():
        found[name] = around
        below: tuple[Scope, ...] = ()
        if isinstance(state, ParallelState):
            below = state.branches
        elif isinstance(state, MapState):
            below = (state.processor,)
        for index, each in enumerate(below):
            _collect_scopes(
                each, (*around, ScopeName(name, index, isinstance(state, MapState))), found
            )


def place_of(state: ExecutionState, frame: Frame) -> Place:
    """Say where a live frame is."""
    indexes: list[int] = []
    each: Frame | None = frame
    while each is not None:
        if each.item is not None:  # Only a Map's iteration has an item.
            indexes.append(each.index)
        each = None if each.parent is None else state.frames[each.parent]
    return Place(frame.state, tuple(reversed(indexes)))
