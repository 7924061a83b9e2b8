"""Places in a definition that are carried along while it changes.

A place is given as a JSON pointer (RFC 6901) into the whole definition. It is kept as the state, or
the scope, it belongs to and the way from there, so that it survives renames, moves, and what comes
and goes before it in an array.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.asl.changes.change import (
    SCOPE_FIELDS,
    FieldChanged,
    ScopePlace,
    ScopesChanged,
    StateRenamed,
)
from studio.asl.changes.compare import compare
from studio.asl.definition import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from studio.asl.changes.change import Change
    from studio.asl.definition import Json

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place: within the state, or within a scope of ``owner`` where ``scope`` is a number.

    Both None and no owner: the state machine itself, at ``path``.
    """

    owner: str | None
    scope: int | None
    path: Path

    @property
    def state(self) -> str | None:
        """The state that it belongs to, or whose scope it is in; None: the state machine."""
        return self.owner


@dataclass(frozen=True, slots=True)
class Carried:
    """Where an anchor is now. ``anchor`` is None where its place is gone; ``state`` may be left."""

    anchor: Anchor | None
    state: str | None


def anchor_at(document: Json, pointer: str) -> Anchor | None:
    """Find what a pointer points at; None where the definition has no such place."""
    steps = _steps(pointer)
    if steps is None:
        return None
    owner: str | None = None
    scope: int | None = None
    holder = document
    while True:
        states = holder.get("States") if isinstance(holder, dict) else None
        if not isinstance(states, dict):
            return None
        if not steps or steps[0] != "States":
            path = _path_in(holder, steps)
            return None if path is None else Anchor(owner, scope, path)
        if len(steps) == 1:
            return Anchor(owner, scope, ())
        name, steps = steps[1], steps[2:]
        if name not in states:
            return None
        inner = _into_scope(states[name], steps)
        if inner is None:
            path = _path_in(states[name], steps)
            return None if path is None else Anchor(name, None, path)
        owner = name
        scope, holder, steps = inner


def pointer_of(document: Json, anchor: Anchor) -> str | None:
    """The pointer to an anchor's place in a definition; None where there is none."""
    pointer, holder = "", document
    if anchor.owner is not None:
        found = next((each for each in _states(document) if each[0] == anchor.owner), None)
        if found is None:
            return None
        _, pointer, holder = found
    if anchor.scope is not None:
        scopes = list(_scopes(holder))
        if anchor.scope >= len(scopes):
            return None
        step, holder = scopes[anchor.scope]
        pointer += step
    for step_in in anchor.path:
        if isinstance(holder, dict) and step_in in holder:
            holder = holder[str(step_in)]
        elif isinstance(holder, list) and isinstance(step_in, int) and step_in < len(holder):
            holder = holder[step_in]
        else:
            return None
        pointer += f"/{_escaped(step_in)}"
    return pointer


def value_at(document: Json, pointer: str) -> Json:
    """The value that a pointer points at. Raises KeyError, IndexError, ValueError or TypeError."""
    value: Json = document
    for step in _steps(pointer) or ():
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def carry(anchors: Sequence[Anchor], before: Json, after: Json) -> list[Carried]:
    """Say where places of one definition are in another that was made from it.

    Raises NotComparable as ``compare`` does.
    """
    changes = compare(before, after)
    names = {each.old_name: each.name for each in changes if isinstance(each, StateRenamed)}
    known = {name for name, _, _ in _states(after)}
    return [_carried(anchor, names, known, changes, after) for anchor in anchors]


def _carried(
    anchor: Anchor,
    names: dict[str, str],
    known: set[str],
    changes: Sequence[Change],
    after: Json,
) -> Carried:
    owner = anchor.owner and names.get(anchor.owner, anchor.owner)
    if owner is not None and owner not in known:
        return Carried(None, None)
    scope: int | None = anchor.scope
    path: Path | None = anchor.path
    for change in changes:
        if isinstance(change, ScopesChanged) and change.name == owner and scope is not None:
            if scope not in change.sources:
                return Carried(None, owner)
            scope = change.sources.index(scope)
    for change in changes:
        if path is not None and isinstance(change, FieldChanged):
            place = change.scope or ScopePlace(None)
            at = (place.owner, place.index if place.owner else None)
            if ((change.state, None) if change.scope is None else at) == (owner, scope):
                path = _moved(path, change)
    if path is None:
        return Carried(None, owner)
    now = Anchor(owner, scope, path)
    return Carried(now if pointer_of(after, now) is not None else None, owner)


def _moved(path: Path, change: FieldChanged) -> Path | None:
    """The way to the same thing after a change; None where that took it away."""
    last = len(change.path) - 1
    if len(path) <= last or path[:last] != change.path[:last]:
        return path
    here, there = path[last], change.path[last]
    if isinstance(here, int) and isinstance(there, int):
        if change.before is ABSENT and here >= there:
            return (*path[:last], here + 1, *path[last + 1 :])
        if change.after is ABSENT and here > there:
            return (*path[:last], here - 1, *path[last + 1 :])
    return None if here == there and change.after is ABSENT else path


def _states(document: Json, pointer: str = "") -> Iterator[tuple[str, str, Json]]:
    """Every state at any depth: its name, the pointer to it, and what it is."""
    states = document.get("States") if isinstance(document, dict) else None
    for name, state in (states if isinstance(states, dict) else {}).items():
        here = f"{pointer}/States/{_escaped(name)}"
        yield name, here, state
        for step, scope in _scopes(state):
            yield from _states(scope, here + step)


def _scopes(state: Json) -> Iterator[tuple[str, Json]]:
    for field in SCOPE_FIELDS:
        held = state.get(field) if isinstance(state, dict) else None
        if field == "Branches" and isinstance(held, list):
            yield from ((f"/Branches/{index}", scope) for index, scope in enumerate(held))
        elif isinstance(held, dict) and "States" in held:
            yield f"/{field}", held


def _into_scope(state: Json, steps: list[str]) -> tuple[int, Json, list[str]] | None:
    for number, (step, scope) in enumerate(_scopes(state)):
        way = step[1:].split("/")
        if steps[: len(way)] == way:
            return number, scope, steps[len(way) :]
    return None


def _path_in(holder: Json, steps: Sequence[str]) -> Path | None:
    path: list[str | int] = []
    for step in steps:
        if isinstance(holder, dict) and step in holder:
            path.append(step)
            holder = holder[step]
        elif isinstance(holder, list) and step.isdecimal() and int(step) < len(holder):
            path.append(int(step))
            holder = holder[int(step)]
        else:
            return None
    # A state with its branches is one thing: only what is within a branch has a place there.
    return tuple(path)


def _steps(pointer: str) -> list[str] | None:
    if pointer and not pointer.startswith("/"):
        return None
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _escaped(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
