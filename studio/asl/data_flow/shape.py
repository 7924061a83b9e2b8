"""What a value can be: which members it may have, as far as that is certain.

A shape says what is possible, not what is there: of two ways that lead to a state, either may have
been taken. What nothing is known of is ``ANYTHING``, and nothing is ever said of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from studio.asl.definition import Json

    Step = str | int

MAX_DEPTH: Final = 12
"""Levels that are kept apart; below, everything is possible."""
MAX_SIZE: Final = 200
"""Members of a whole shape; of a larger one nothing is said."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The values that are possible: objects, arrays and others, each where its part is given.

    ``members``: those an object may have; None where the value is no object. ``rest``: what a
    member not named there may be; None where there are no others. ``items``: what elements of an
    array may be; None where the value is no array.
    """

    members: Mapping[str, Shape] | None = None
    rest: Shape | None = None
    items: Shape | None = None
    is_scalar: bool = False
    is_anything: bool = False
    depth: int = field(default=0, compare=False)
    size: int = field(default=1, compare=False)


ANYTHING: Final = Shape(is_anything=True, depth=-1)
NOTHING: Final = Shape()
"""No value at all: what an element of an empty array is, and what reaches a state nobody enters."""
SCALAR: Final = Shape(is_scalar=True)


def shape(
    members: Mapping[str, Shape] | None = None,
    rest: Shape | None = None,
    items: Shape | None = None,
    *,
    is_scalar: bool = False,
) -> Shape:
    """Make a shape, or ANYTHING where it would be too deep or too large to be worth it."""
    parts = [*(members or {}).values(), *(part for part in (rest, items) if part is not None)]
    depth = 1 + max((part.depth for part in parts), default=-1)
    size = 1 + sum(part.size for part in parts)
    if depth > MAX_DEPTH or size > MAX_SIZE:
        return ANYTHING
    return Shape(members, rest, items, is_scalar, depth=depth, size=size)


def of_value(value: Json) -> Shape:
    """Give the shape of a literal."""
    if isinstance(value, dict):
        return shape({name: of_value(member) for name, member in value.items()})
    if isinstance(value, list):
        return shape(items=join_all(of_value(element) for element in value))
    return SCALAR


def join(one: Shape, other: Shape) -> Shape:
    """Give what is possible where either is."""
    if one is other or other is NOTHING:
        return one
    if one is NOTHING:
        return other
    if one is ANYTHING or other is ANYTHING:
        return ANYTHING
    members: dict[str, Shape] | None = None
    if one.members is not None or other.members is not None:
        members = dict(one.members or {})
        for name, member in (other.members or {}).items():
            members[name] = join(members.get(name, NOTHING), member)
        for name in members:
            for side in (one, other):
                if side.rest is not None and name not in (side.members or {}):
                    members[name] = join(members[name], side.rest)
    return shape(
        members,
        _join_parts(one.rest, other.rest),
        _join_parts(one.items, other.items),
        is_scalar=one.is_scalar or other.is_scalar,
    )


def join_all(shapes: Iterator[Shape]) -> Shape:
    """Give what is possible where any is; NOTHING for none."""
    joined = NOTHING
    for each in shapes:
        joined = join(joined, each)
    return joined


def _join_parts(one: Shape | None, other: Shape | None) -> Shape | None:
    if one is None or other is None:
        return one or other
    return join(one, other)


def take(base: Shape, step: Step) -> Shape | None:
    """Give what one step of a path leads to; None where it certainly leads nowhere."""
    if base is ANYTHING:
        return ANYTHING
    if isinstance(step, int):
        return None if base.items is NOTHING else base.items
    if base.members is None:
        return None
    return base.members.get(step, base.rest)


def take_each(base: Shape, name: str) -> Shape | None:
    """The same for a name in JSONata, which is taken of every element of an array."""
    direct = take(base, name)
    if direct is ANYTHING or base.items is None or base.items is NOTHING:
        return direct
    within = take_each(base.items, name)
    if direct is None or within is None:
        return direct or within
    return join(direct, within)


def follow(base: Shape, steps: tuple[Step, ...]) -> Shape | None:
    """Give what a reference path leads to; None where it certainly leads nowhere."""
    found: Shape | None = base
    for step in steps:
        if found is None:
            return None
        found = take(found, step)
    return found


def put(base: Shape, steps: tuple[Step, ...], value: Shape) -> Shape:
    """Give ``base`` with ``value`` put where a ResultPath says."""
    if not steps:
        return value
    name = steps[0]
    if isinstance(name, int):
        return ANYTHING
    if base is ANYTHING:
        return shape({name: put(ANYTHING, steps[1:], value)}, rest=ANYTHING)
    if base is not NOTHING and not _is_object(base):
        # Nothing can be put there, or something can that is not known.
        return ANYTHING
    before = (base.members or {}).get(name, base.rest or NOTHING)
    members = {**(base.members or {}), name: put(before, steps[1:], value)}
    return shape(members, base.rest)


def _is_object(base: Shape) -> bool:
    return base.members is not None and base.items is None and not base.is_scalar


def paths(base: Shape, root: str = "$") -> Iterator[str]:
    """Give every path that is known to be possible, outer before inner: a list to choose from."""
    yield root
    if base is ANYTHING:
        return
    for name, member in (base.members or {}).items():
        plain = name.replace("_", "a").replace("-", "a").isalnum()
        quoted = name.replace("\\", "\\\\").replace("'", "\\'")
        yield from paths(member, f"{root}.{name}" if plain else f"{root}['{quoted}']")
    if base.items is not None and base.items is not NOTHING:
        yield from paths(base.items, f"{root}[0]")
