"""Two sets of changes to one definition, made one where they do not touch the same things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.asl.changes.apply import apply_changes, rename_states
from studio.asl.changes.assembly import take_apart
from studio.asl.changes.change import (
    Change,
    FieldChanged,
    ScopesChanged,
    StateAdded,
    StateMoved,
    StateRemoved,
    StateRenamed,
)
from studio.asl.changes.compare import compare
from studio.asl.changes.values import is_same
from studio.asl.changes.words import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from studio.asl.definition import Json


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two changes that do not go together, in words."""

    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it: a definition, or else every conflict."""

    definition: dict[str, Json] | None
    conflicts: tuple[Conflict, ...]


def merge(base: Json, ours: Json, theirs: Json) -> Merged:
    """Make of ``theirs`` what our changes since ``base`` make of it.

    Changes go together where they are of different things: other states, other fields of a state.
    An array is one thing, and a state that one side removed is left alone by the other. A change
    that both made is made once. What comes out may still be no valid definition: a state that one
    side removed may be what the other goes to now.

    Raises NotComparable as ``compare`` does.
    """
    our_names, their_names = _renames(base, ours), _renames(base, theirs)
    conflicts = [
        Conflict(_renamed(old, our_names[old]), _renamed(old, their_names[old]))
        for old in our_names.keys() & their_names.keys()
        if our_names[old] != their_names[old]
    ]
    taken = {new: old for old, new in their_names.items()}
    conflicts += [
        Conflict(_renamed(old, new), _renamed(taken[new], new))
        for old, new in our_names.items()
        if taken.get(new, old) != old
    ]
    # A name that one side gave to a state and the other to a new one would be two states'.
    for old, new in our_names.items():
        if new in take_apart(theirs).states and new not in taken:
            conflicts.append(Conflict(_renamed(old, new), f"{new} added"))
    for old, new in their_names.items():
        if new in take_apart(ours).states and new not in our_names.values():
            conflicts.append(Conflict(f"{new} added", _renamed(old, new)))
    if conflicts:
        return Merged(None, tuple(conflicts))
    # From here on both call every state of the base by the name that it is to have.
    names = {**their_names, **our_names}
    base = _with_names(base, names)
    ours = _with_names(ours, {o: n for o, n in their_names.items() if o not in our_names})
    theirs = _with_names(theirs, {o: n for o, n in our_names.items() if o not in their_names})
    our_changes, their_changes = compare(base, ours), compare(base, theirs)
    same: set[int] = set()
    inside = _inside(base)
    for number, change in enumerate(our_changes):
        for other in their_changes:
            if not _touch(change, other, inside):
                continue
            if _is_same_change(change, other) or _end_alike(change, other, ours, theirs):
                same.add(number)
            else:
                conflicts.append(Conflict(sentence(change), sentence(other)))
    if conflicts:
        return Merged(None, tuple(dict.fromkeys(conflicts)))
    left = [change for number, change in enumerate(our_changes) if number not in same]
    return Merged(apply_changes(theirs, left), ())


def _renames(base: Json, other: Json) -> dict[str, str]:
    return {
        each.old_name: each.name for each in compare(base, other) if isinstance(each, StateRenamed)
    }


def _renamed(old: str, new: str) -> str:
    return sentence(StateRenamed(new, old))


def _with_names(document: Json, names: Mapping[str, str]) -> dict[str, Json]:
    machine = take_apart(document)
    rename_states(machine, names)
    return machine.write()


def _inside(base: Json) -> dict[str, frozenset[str]]:
    """For each state all that stand within it, at any depth, and itself."""
    machine = take_apart(base)
    found: dict[str, set[str]] = {name: {name} for name in machine.states}
    for name, state in machine.states.items():
        owner = state.scope.owner
        while owner is not None:
            found[owner.name].add(name)
            owner = owner.scope.owner
    return {name: frozenset(names) for name, names in found.items()}


def _touch(one: Change, other: Change, inside: Mapping[str, frozenset[str]]) -> bool:
    """Whether two changes are of one thing."""
    for removal, change in ((one, other), (other, one)):
        if isinstance(removal, StateRemoved):
            gone = inside.get(removal.name, frozenset((removal.name,)))
            return bool(gone & _states_of(change))
    if isinstance(one, FieldChanged) and isinstance(other, FieldChanged):
        return _holder(one) == _holder(other) and _is_within(_thing(one), _thing(other))
    for scopes, change in ((one, other), (other, one)):
        if isinstance(scopes, ScopesChanged):
            return scopes.name in _scopes_of(change)
    for state in (StateAdded, StateMoved):
        if isinstance(one, state) and isinstance(other, state):
            return one.name == other.name
    return False


def _states_of(change: Change) -> set[str]:
    """The states that have to be there for a change, or that it takes away."""
    match change:
        case FieldChanged():
            owner = change.scope.owner if change.scope else change.state
            return {owner} if owner else set()
        case StateAdded():
            return {change.scope.owner} if change.scope.owner else set()
        case StateMoved():
            return {change.name, *([change.scope.owner] if change.scope.owner else [])}
        case _:
            return {change.name}


def _scopes_of(change: Change) -> set[str]:
    """The states whose scopes a change is of."""
    match change:
        case ScopesChanged():
            return {change.name}
        case StateAdded() | StateMoved():
            return {change.scope.owner} if change.scope.owner else set()
        case FieldChanged() if change.scope is not None and change.scope.owner:
            return {change.scope.owner}
        case _:
            return set()


def _holder(change: FieldChanged) -> tuple[Any, ...]:
    if change.scope is None:
        return (change.state,)
    return (change.scope.owner, change.scope.index)


def _thing(change: FieldChanged) -> tuple[str, ...]:
    """The way to what is changed, up to the array it is in: that is one thing."""
    path: list[str] = []
    for step in change.path:
        if isinstance(step, int):
            break
        path.append(step)
    return tuple(path)


def _is_within(one: Sequence[str], other: Sequence[str]) -> bool:
    length = min(len(one), len(other))
    return tuple(one[:length]) == tuple(other[:length])


def _is_same_change(one: Change, other: Change) -> bool:
    if isinstance(one, FieldChanged):
        return False  # Where an array changed, one change says too little: see _end_alike.
    if isinstance(one, StateAdded) and isinstance(other, StateAdded):
        return one.scope == other.scope and is_same(one.state, other.state)
    if isinstance(one, StateRemoved) and isinstance(other, StateRemoved):
        return one.name == other.name
    return one == other


def _end_alike(one: Change, other: Change, ours: Json, theirs: Json) -> bool:
    """Whether a field that both changed says the same in the end."""
    if not (isinstance(one, FieldChanged) and isinstance(other, FieldChanged)):
        return False
    thing = _thing(one)
    return thing == _thing(other) and is_same(
        _value(ours, one, thing), _value(theirs, other, thing)
    )


def _value(document: Json, change: FieldChanged, thing: Sequence[str]) -> Json:
    machine = take_apart(document)
    holder: Any = (
        machine.scope_at(change.scope).fields
        if change.scope is not None
        else machine.states[str(change.state)].fields
    )
    for step in thing:
        holder = holder.get(step) if isinstance(holder, dict) else None
    return holder
