"""A definition that begins where an execution once was: a state, its input and variables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from executions.interpreter.rehearsal.places import maps_around, scopes_around
from executions.interpreter.rehearsal.recording import read_recording
from studio.asl import json_text
from studio.asl.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from studio.asl.definition import Json


class NotForkable(ValueError):
    """Nothing can begin there; the text says why and where it can."""


class Fork(NamedTuple):
    """``definition`` and ``input`` are JSON texts; ``state`` is the one that it begins with."""

    definition: str
    input: str
    state: str


def fork(text: str, events: Sequence[str], event: int) -> Fork:
    """Give the definition that goes on from the state entered at ``event``, and its input.

    It has its own StartAt and the states that can be reached from there, unchanged. Where variables
    had been assigned by then a Pass state before it assigns them again. ``text`` is the definition
    that the execution ran, ``events`` its history from the beginning, as stored.

    Raises:
        NotForkable: no state was entered at this event, or one inside a Map or Parallel, which
            cannot begin by itself.
    """
    definition = parse(text)
    recording = read_recording(events, maps_around(definition))
    visit = next((each for each in recording.visits if each.entered == event), None)
    if visit is None:
        raise NotForkable(f"No state was entered at the event {event}.")
    state = visit.place.state
    scopes = scopes_around(definition)
    if scopes[state]:
        raise NotForkable(
            f"State '{state}' is inside '{scopes[state][0].state}', and an execution cannot begin "
            f"inside a Map or Parallel. Begin with '{scopes[state][0].state}'."
        )
    variables: dict[str, Json] = {}
    for each in recording.visits:
        if each.exited is not None and each.exited < event and not scopes[each.place.state]:
            variables |= {name: json_text.loads(value) for name, value in each.assigned.items()}
    document: dict[str, Any] = json_text.loads(text)
    states = _reachable(document["States"], state)
    document["StartAt"] = state
    document["States"] = states
    if variables:
        name = "Variables"
        while name in scopes:
            name += "_"
        document["StartAt"] = name
        jsonata = document.get("QueryLanguage") == "JSONata"
        first = _assigning(variables, jsonata=jsonata)
        document["States"] = {name: {**first, "Next": state}, **states}
    return Fork(json_text.dumps(document), visit.input, state)


def _reachable(states: dict[str, Any], start: str) -> dict[str, Any]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_targets(states[name]))
    return {name: state for name, state in states.items() if name in found}


def _targets(state: dict[str, Any]) -> Iterable[str]:
    for field in ("Next", "Default"):
        if field in state:
            yield state[field]
    for field in ("Choices", "Catch"):
        for each in state.get(field, ()):
            yield each["Next"]


def _assigning(variables: dict[str, Json], *, jsonata: bool) -> dict[str, Any]:
    """Make a Pass state that assigns values whatever they look like, and hands its input on."""
    if jsonata:
        texts = {name: json.dumps(json_text.dumps(value)) for name, value in variables.items()}
        return {
            "Type": "Pass",
            "Assign": {name: f"{{% $parse({text}) %}}" for name, text in texts.items()},
        }
    return {
        "Type": "Pass",
        "Result": variables,
        "ResultPath": None,
        "Assign": {f"{name}.$": f"$.{name}" for name in variables},
    }
