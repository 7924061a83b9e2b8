"""A change as members of a JSON object, for those who show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from studio.asl.changes.change import (
    Change,
    FieldChanged,
    ScopePlace,
    ScopesChanged,
    StateAdded,
    StateMoved,
    StateRemoved,
    StateRenamed,
)
from studio.asl.changes.words import sentence
from studio.asl.definition import ABSENT

if TYPE_CHECKING:
    from studio.asl.definition import Json


def as_members(change: Change) -> dict[str, Json]:
    """Give ``kind``, ``state``, ``sentence`` and what else its kind has.

    The state is None where the change is the state machine's own; before and after are left out
    where there was or is nothing.
    """
    return {"sentence": sentence(change), **_members(change)}


def _members(change: Change) -> dict[str, Any]:
    match change:
        case StateRenamed():
            return {"kind": "RENAMED", "state": change.name, "oldName": change.old_name}
        case ScopesChanged():
            return {"kind": "SCOPES_CHANGED", "state": change.name}
        case StateAdded():
            return {"kind": "ADDED", "state": change.name, "scope": _place(change.scope)}
        case StateMoved():
            return {"kind": "MOVED", "state": change.name, "scope": _place(change.scope)}
        case StateRemoved():
            return {"kind": "REMOVED", "state": change.name}
        case FieldChanged():
            members: dict[str, Any] = {"kind": "FIELD_CHANGED", "path": list(change.path)}
            members["state"] = change.scope.owner if change.scope else change.state
            if change.scope is not None:
                members["scope"] = _place(change.scope)
            if change.before is not ABSENT:
                members["before"] = change.before
            if change.after is not ABSENT:
                members["after"] = change.after
            return members


def _place(place: ScopePlace) -> dict[str, Any]:
    return {"owner": place.owner, "index": place.index}
