"""Changes as a person would say them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

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
from studio.asl.definition import ABSENT

if TYPE_CHECKING:
    from studio.asl.definition import Absent, Json

LONGEST_VALUE: Final = 60
"""Characters of a value that a sentence shows."""
_ENTRIES: Final = {"Retry": "Retry", "Catch": "Catch", "Choices": "Rule"}


def sentence(change: Change) -> str:
    """Say a change: ``Retry of Pay: MaxAttempts 3 → 5``."""
    match change:
        case StateRenamed():
            return f"{change.old_name} is now called {change.name}"
        case StateAdded():
            return f"{_kind(change.state)} {change.name} added{_inside(change.scope)}"
        case StateRemoved():
            return f"{_kind(change.state)} {change.name} removed"
        case StateMoved():
            return f"{change.name} moved {_way(change)}"
        case ScopesChanged():
            return _scopes_changed(change)
        case FieldChanged():
            return _field_changed(change)


def scope_name(place: ScopePlace) -> str:
    """Name a scope: ``the state machine``, ``branch 2 of Fan``, ``the processor of Each``."""
    if place.owner is None:
        return "the state machine"
    if place.field != "Branches":
        return f"the processor of {place.owner}"
    return f"branch {place.index + 1} of {place.owner}"


def _kind(state: dict[str, Json]) -> str:
    kind = state.get("Type")
    return kind if isinstance(kind, str) else "State"


def _inside(place: ScopePlace) -> str:
    return "" if place.owner is None else f" in {scope_name(place)}"


def _way(change: StateMoved) -> str:
    if change.scope.owner is None:
        return f"out of {change.from_owner}"
    return f"into {scope_name(change.scope)}"


def _scopes_changed(change: ScopesChanged) -> str:
    parts = [
        f"branch {place + 1} removed"
        for place in range(change.count)
        if place not in change.sources
    ]
    parts += [
        f"branch {place + 1} added" for place, source in enumerate(change.sources) if source is None
    ]
    kept = [source for source in change.sources if source is not None]
    if kept != sorted(kept):
        parts.append("branches in another order")
    if change.old_field and change.field and change.old_field != change.field:
        parts = [f"{change.old_field} is now {change.field}"]
    return f"{change.name}: {', '.join(parts)}"


def _field_changed(change: FieldChanged) -> str:
    subject = change.state if change.scope is None else scope_name(change.scope)
    head, *rest = change.path
    if change.before is not ABSENT and change.after is not ABSENT and not rest:
        if head == "Next":
            return f"{subject} goes to {_name(change.after)} instead of {_name(change.before)}"
        if head == "Default":
            return (
                f"{subject} otherwise goes to {_name(change.after)} "
                f"instead of {_name(change.before)}"
            )
        if head == "StartAt":
            return f"{_capital(subject)} starts with {_name(change.after)} instead of " + _name(
                change.before
            )
    if head in _ENTRIES and rest:
        place, *rest = rest
        word = _ENTRIES[str(head)]
        counted = word if place == 0 and word != "Rule" else f"{word} {int(place) + 1}"
        if not rest:
            entry = change.after if change.before is ABSENT else change.before
            return f"{counted} of {subject}{_matched(entry)} {_done(change)}"
        return f"{counted} of {subject}: {_trail(rest)} {_values(change)}"
    return f"{_capital(subject)}: {_trail(change.path)} {_values(change)}"


def _matched(entry: Json | Absent) -> str:
    errors = entry.get("ErrorEquals") if isinstance(entry, dict) else None
    if isinstance(errors, list) and errors:
        return f" on {', '.join(map(str, errors))}"
    return ""


def _done(change: FieldChanged) -> str:
    if change.before is ABSENT:
        return "added"
    return "removed" if change.after is ABSENT else "replaced"


def _values(change: FieldChanged) -> str:
    if change.before is ABSENT:
        return f"{_value(change.after)} added"
    if change.after is ABSENT:
        return f"{_value(change.before)} removed"
    return f"{_value(change.before)} → {_value(change.after)}"


def _trail(path: tuple[str | int, ...] | list[str | int]) -> str:
    words = ""
    for step in path:
        words += f"[{step}]" if isinstance(step, int) else f"{'.' if words else ''}{step}"
    return words


def _value(value: Json | Absent) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _name(value: Json | Absent) -> str:
    return value if isinstance(value, str) else _value(value)


def _capital(subject: str | None) -> str:
    if subject is None:
        return "State"
    return subject[0].upper() + subject[1:] if subject.startswith(("the ", "branch ")) else subject
