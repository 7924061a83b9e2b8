"""A definition's shape as rules see it: scopes, states and transitions.

Made from the document itself, not from what could be read of it, and tolerant of anything in it:
a definition with a wrong field still gets its transitions checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json


@dataclass(frozen=True, slots=True)
class TransitionOutline:
    """One place that names a state to go to. ``location`` and ``pointer`` are the field's."""

    target: str
    location: str
    pointer: str


@dataclass(frozen=True, slots=True)
class StateOutline:
    """One state. ``fields`` is its JSON object, as written; ``pointer`` its place (RFC 6901).

    ``location`` is for people: where a name holds a slash, only ``pointer`` is without doubt.
    """

    name: str
    location: str
    pointer: str
    fields: dict[str, Json]
    transitions: tuple[TransitionOutline, ...]
    scopes: tuple[ScopeOutline, ...]

    @property
    def type(self) -> Json:
        """The state's Type, whatever it is."""
        return self.fields.get("Type")

    @property
    def is_terminal(self) -> bool:
        """Whether the state ends its scope."""
        return self.fields.get("End") is True or self.type in ("Succeed", "Fail")


@dataclass(frozen=True, slots=True)
class ScopeOutline:
    """States among which transitions may point. ``start_at`` is None where it is no text.

    ``location`` and ``pointer`` are the place of the object that has them.
    """

    location: str
    pointer: str
    start_at: str | None
    states: dict[str, StateOutline]

    @property
    def is_endless(self) -> bool:
        """Whether every state leads to another, and none ends the scope.

        Not so where a state says nothing of what follows it: something else is wrong with that.
        """
        return bool(self.states) and all(
            state.transitions and not state.is_terminal for state in self.states.values()
        )


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole document: ``machine`` is its outermost scope.

    ``has_timeout``: whether the machine has a TimeoutSeconds for all its execution.
    """

    machine: ScopeOutline
    query_language: Json
    has_timeout: bool

    def scopes(self) -> Iterator[ScopeOutline]:
        """Give every scope, outermost first, in the order of the text."""
        return _scopes(self.machine)

    def states(self) -> Iterator[StateOutline]:
        """Give every state of every scope, in the order of the text."""
        return _states(self.machine)

    def is_jsonpath(self, state: StateOutline) -> bool:
        """Tell whether a state speaks JSONPath."""
        return state.fields.get("QueryLanguage", self.query_language) != "JSONata"


def outline(document: dict[str, Json]) -> Outline:
    """Outline a document."""
    return Outline(
        _outline_scope(document, "", ""),
        document.get("QueryLanguage", "JSONPath"),
        "TimeoutSeconds" in document,
    )


def _scopes(scope: ScopeOutline) -> Iterator[ScopeOutline]:
    yield scope
    for state in scope.states.values():
        for inner in state.scopes:
            yield from _scopes(inner)


def _states(scope: ScopeOutline) -> Iterator[StateOutline]:
    for state in scope.states.values():
        yield state
        for inner in state.scopes:
            yield from _states(inner)


def _outline_scope(value: dict[str, Json], location: str, pointer: str) -> ScopeOutline:
    start_at = value.get("StartAt")
    members = value.get("States")
    states: dict[str, StateOutline] = {}
    if isinstance(members, dict):
        for name, fields in members.items():
            if isinstance(fields, dict):
                escaped = name.replace("~", "~0").replace("/", "~1")
                states[name] = _outline_state(
                    name, fields, f"{location}/States/{name}", f"{pointer}/States/{escaped}"
                )
    return ScopeOutline(location, pointer, start_at if isinstance(start_at, str) else None, states)


def _outline_state(name: str, fields: dict[str, Json], location: str, pointer: str) -> StateOutline:
    return StateOutline(
        name,
        location,
        pointer,
        fields,
        tuple(_transitions(fields, location, pointer)),
        tuple(_inner_scopes(fields, location, pointer)),
    )


def _transitions(
    fields: dict[str, Json], location: str, pointer: str
) -> Iterator[TransitionOutline]:
    for field in ("Next", "Default"):
        if isinstance(target := fields.get(field), str):
            yield TransitionOutline(target, f"{location}/{field}", f"{pointer}/{field}")
    for field in ("Choices", "Catch"):
        for index, entry in objects(fields.get(field)):
            if isinstance(target := entry.get("Next"), str):
                yield TransitionOutline(
                    target, f"{location}/{field}[{index}]/Next", f"{pointer}/{field}/{index}/Next"
                )


def _inner_scopes(fields: dict[str, Json], location: str, pointer: str) -> Iterator[ScopeOutline]:
    for index, branch in objects(fields.get("Branches")):
        yield _outline_scope(branch, f"{location}/Branches[{index}]", f"{pointer}/Branches/{index}")
    for field in ("ItemProcessor", "Iterator"):
        if isinstance(processor := fields.get(field), dict):
            yield _outline_scope(processor, f"{location}/{field}", f"{pointer}/{field}")


def is_distributed(state: StateOutline) -> bool:
    """Tell whether a state is a Map whose items are child executions."""
    processor = state.fields.get("ItemProcessor", state.fields.get("Iterator"))
    config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    mode = config.get("Mode") if isinstance(config, dict) else None
    return state.type == "Map" and mode == "DISTRIBUTED"


def objects(value: Json) -> Iterator[tuple[int, dict[str, Json]]]:
    """Give the objects of an array with their indices; nothing of what is no array."""
    if isinstance(value, list):
        for index, entry in enumerate(value):
            if isinstance(entry, dict):
                yield index, entry


def assignments(state: StateOutline) -> Iterator[tuple[str, str]]:
    """Give the place and the name of each variable a state assigns, its rules and Catchers too."""
    holders = [(state.location, state.fields)]
    for field in ("Choices", "Catch"):
        holders += [
            (f"{state.location}/{field}[{index}]", entry)
            for index, entry in objects(state.fields.get(field))
        ]
    for location, fields in holders:
        members = fields.get("Assign")
        if isinstance(members, dict):
            for name in members:
                yield f"{location}/Assign/{name}", name.removesuffix(".$")


def variables_assigned(scope: ScopeOutline) -> frozenset[str]:
    """Give the names of all variables the states of a scope assign, without inner scopes."""
    return frozenset(name for state in scope.states.values() for _, name in assignments(state))


def texts(value: Json, place: str, name: str) -> Iterator[tuple[str, str, str]]:
    """Give every text with its place and the name of the member that holds it."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from texts(each, f"{place}/{key}", key)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from texts(each, f"{place}[{index}]", name)
    elif isinstance(value, str):
        yield place, name, value
