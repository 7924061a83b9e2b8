"""Changes applied to the definition they were found in."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from studio.asl.changes.assembly import Machine, ScopeNode, take_apart
from studio.asl.changes.change import (
    Change,
    FieldChanged,
    ScopesChanged,
    StateAdded,
    StateMoved,
    StateRemoved,
    StateRenamed,
)
from studio.asl.definition import ABSENT
from studio.asl.outline import objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from studio.asl.definition import Json


def apply_changes(before: Json, changes: Iterable[Change]) -> dict[str, Json]:
    """Make the newer definition of the older one and all changes that ``compare`` found.

    Raises NotComparable as ``compare`` does, KeyError or IndexError where a change is of some
    other definition.
    """
    machine = take_apart(before)
    changes = list(changes)
    rename_states(
        machine, {each.old_name: each.name for each in changes if isinstance(each, StateRenamed)}
    )
    for change in changes:
        _apply(machine, change)
    return machine.write()


def rename_states(machine: Machine, names: Mapping[str, str]) -> None:
    """Give states other names, all at once, and have those that go to them go there still."""
    for scope in dict.fromkeys(state.scope for state in machine.states.values()):
        own = {state.name for state in scope.states}
        inside = {old: names[old] for old in own & names.keys()}
        if inside:
            _redirect(scope.fields, ("StartAt",), inside)
            for state in scope.states:
                _redirect(state.fields, ("Next", "Default"), inside)
                for field in ("Choices", "Catch"):
                    for _, entry in objects(state.fields.get(field)):
                        _redirect(entry, ("Next",), inside)
    states = list(machine.states.values())
    machine.states.clear()
    for state in states:
        state.name = names.get(state.name, state.name)
        machine.states[state.name] = state


def _redirect(fields: dict[str, Json], members: tuple[str, ...], names: Mapping[str, str]) -> None:
    for member in members:
        if isinstance(target := fields.get(member), str):
            fields[member] = names.get(target, target)


def _apply(machine: Machine, change: Change) -> None:
    match change:
        case StateRenamed():
            pass  # All at once, before the others.
        case ScopesChanged():
            state = machine.states[change.name]
            state.scopes_field = change.field or None
            state.scopes = [
                ScopeNode(state) if source is None else state.scopes[source]
                for source in change.sources
            ]
        case StateAdded():
            machine.add(change.name, deepcopy(change.state), machine.scope_at(change.scope))
        case StateMoved():
            machine.move(change.name, machine.scope_at(change.scope))
        case StateRemoved():
            machine.remove(change.name)
        case FieldChanged():
            _set(machine, change)


def _set(machine: Machine, change: FieldChanged) -> None:
    if change.scope is not None:
        holder: Any = machine.scope_at(change.scope).fields
    else:
        holder = machine.states[str(change.state)].fields
    *way, last = change.path
    for step in way:
        holder = holder[step]
    if change.after is ABSENT:
        del holder[last]
    elif change.before is ABSENT and isinstance(holder, list):
        holder.insert(int(last), deepcopy(change.after))
    else:
        holder[last] = deepcopy(change.after)
