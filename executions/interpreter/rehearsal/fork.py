"""A definition that begins where an execution once was: a state, its input and variables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from executions.interpreter.rehearsal.places import Place, maps_around, scopes_around
from executions.interpreter.rehearsal.recording import read_recording
from studio.asl import json_text
from studio.asl.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from executions.interpreter.rehearsal.places import ScopeName
    from executions.interpreter.rehearsal.recording import Recording, Visit
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

    It has its own StartAt and the states that can be reached from there, unchanged. A state inside
    a Parallel or an inline Map goes on as its branch or iteration would have, alone, and the
    execution ends with it. Where variables had been assigned by then a Pass state before it assigns
    them again. ``text`` is the definition that the execution ran, ``events`` its history from the
    beginning, as stored.

    Raises:
        NotForkable: no state was entered at this event.
    """
    definition = parse(text)
    recording = read_recording(events, maps_around(definition))
    visit = next((each for each in recording.visits if each.entered == event), None)
    if visit is None:
        raise NotForkable(f"No state was entered at the event {event}.")
    state = visit.place.state
    scopes = scopes_around(definition)
    variables = _variables(events, recording, scopes, visit)
    document: dict[str, Any] = json_text.loads(text)
    states = _reachable(_scope(document, scopes[state])["States"], state)
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


def _scope(document: dict[str, Any], around: Iterable[ScopeName]) -> dict[str, Any]:
    """Give the branch or the item processor, as it is written, that these lead to."""
    scope = document
    for each in around:
        state = scope["States"][each.state]
        if not each.is_iterated:
            scope = state["Branches"][each.branch]
        else:
            scope = state["ItemProcessor"] if "ItemProcessor" in state else state["Iterator"]
    return scope


def _variables(
    events: Sequence[str],
    recording: Recording,
    scopes: Mapping[str, tuple[ScopeName, ...]],
    visit: Visit,
) -> dict[str, Json]:
    """Give the variables that a state could read: of its own scope and of those around it.

    Each event names the one that it follows, so a visit's way back passes through what came before
    it in its own branch or iteration, and no other's.
    """
    exits = {each.exited: each for each in recording.visits if each.exited is not None}
    found: dict[str, Json] = {}
    around = scopes[visit.place.state]
    here = visit.entered
    while here := json.loads(events[here - 1])["previousEventId"]:
        if (left := exits.get(here)) is not None and scopes[left.place.state] == around:
            for name, value in left.assigned.items():
                found.setdefault(name, json_text.loads(value))
            # What ran inside it had variables of its own.
            here = left.entered
        elif around and _begins(json.loads(events[here - 1]), around[-1]):
            container = Place(around[-1].state, visit.place.iterations[: _maps(around[:-1])])
            here = max(
                each.entered
                for each in recording.visits
                if each.place == container and each.entered < here
            )
            around = around[:-1]
    return found


def _begins(event: dict[str, Any], scope: ScopeName) -> bool:
    """Tell whether an event is the one that a branch or an iteration of this begins with."""
    if not scope.is_iterated:
        return bool(event["type"] == "ParallelStateStarted")
    details = event.get("mapIterationStartedEventDetails")
    return details is not None and details["name"] == scope.state


def _maps(around: Iterable[ScopeName]) -> int:
    return sum(each.is_iterated for each in around)


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
