"""A history read back: which states were entered where, and what was asked of the outside.

Events do not say which branch or iteration they belong to; the event that each follows does. A
retried or caught Map is followed from inside one of its iterations, so how deep a state is comes
from the definition.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from executions.interpreter.rehearsal.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EndKind = Literal["succeeded", "failed", "timed_out"]

_FAMILIES = ("LambdaFunction", "Activity", "Task", "MapRun")
_ENDS: dict[str, EndKind] = {"Succeeded": "succeeded", "Failed": "failed", "TimedOut": "timed_out"}
_OVER = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}


class Told(NamedTuple):
    """Something the outside said: the event that shows it, its moment, and the event's details."""

    event: int
    at: float
    details: dict[str, Any]


@dataclass(slots=True)
class Attempt:
    """An attempt of a Task. ``parameters`` is JSON text; ``timeout`` is in seconds.

    Without ``kind`` nobody waited for its end: its branch was called off, or the execution.
    """

    place: Place
    resource: str
    parameters: str
    scheduled: Told
    timeout: int | None
    started: Told | None = None
    submitted: Told | None = None
    ended: Told | None = None
    kind: EndKind | None = None


@dataclass(slots=True)
class Visit:
    """A state that was entered. ``input`` and ``output`` are JSON texts; None: never left."""

    place: Place
    entered: int
    entered_at: float
    input: str
    exited: int | None = None
    exited_at: float | None = None
    output: str | None = None
    assigned: dict[str, str] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)


@dataclass(slots=True)
class Recording:
    """An execution as its history tells it; ``cuts`` are stops, time-outs and redrives of it."""

    started_at: float = 0.0
    input: str = ""
    status: str = "RUNNING"
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    visits: list[Visit] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    cuts: list[tuple[str, Told]] = field(default_factory=list)

    def attempts_at(self) -> dict[Place, list[Attempt]]:
        """Give the attempts of each place, in order."""
        found: dict[Place, list[Attempt]] = {}
        for attempt in self.attempts:
            found.setdefault(attempt.place, []).append(attempt)
        return found

    def visits_at(self) -> dict[Place, list[Visit]]:
        """Give the visits of each place, in order."""
        found: dict[Place, list[Visit]] = {}
        for visit in self.visits:
            found.setdefault(visit.place, []).append(visit)
        return found


def read_recording(events: Iterable[str], maps: Mapping[str, tuple[str, ...]]) -> Recording:
    """Read a history; ``events`` are JSON objects as ``encode_event`` writes them, in order.

    ``maps`` is ``maps_around`` of the definition that made it.
    """
    reader = _Reader(maps)
    for line in events:
        reader.read(json.loads(line))
    return reader.recording


class _Context(NamedTuple):
    """What an event belongs to: iterations, the state that the frame is in, its latest attempt."""

    iterations: tuple[int, ...] = ()
    visit: Visit | None = None
    attempt: Attempt | None = None


class _Reader:
    def __init__(self, maps: Mapping[str, tuple[str, ...]]) -> None:
        self.recording = Recording()
        self._maps = maps
        self._contexts: dict[int, _Context] = {}
        self._latest: dict[Place, Visit] = {}

    def read(self, event: dict[str, Any]) -> None:
        kind: str = event["type"]
        context = self._contexts.get(event["previousEventId"], _Context())
        if kind.endswith("StateEntered"):
            context = self._enter(event, context)
        elif kind.endswith("StateExited"):
            context = self._leave(event, context)
        elif kind == "MapIterationStarted":
            details = event["mapIterationStartedEventDetails"]
            iterations = self._around(details["name"], context)
            context = _Context((*iterations, details["index"]))
        elif kind == "EvaluationFailed":
            place = self._place(event["evaluationFailedEventDetails"]["state"], context)
            context = _Context(place.iterations, self._latest.get(place), context.attempt)
        elif kind.startswith("Execution"):
            self._note_execution(kind, event)
        else:
            context = self._work(kind, event, context)
        self._contexts[event["id"]] = context

    def _around(self, state: str, context: _Context) -> tuple[int, ...]:
        return context.iterations[: len(self._maps.get(state, ()))]

    def _place(self, state: str, context: _Context) -> Place:
        return Place(state, self._around(state, context))

    def _enter(self, event: dict[str, Any], context: _Context) -> _Context:
        details = event["stateEnteredEventDetails"]
        place = self._place(details["name"], context)
        visit = Visit(place, event["id"], event["timestamp"], details.get("input", ""))
        self.recording.visits.append(visit)
        self._latest[place] = visit
        return _Context(place.iterations, visit)

    def _leave(self, event: dict[str, Any], context: _Context) -> _Context:
        details = event["stateExitedEventDetails"]
        place = self._place(details["name"], context)
        visit = self._latest.get(place)
        if visit is not None:
            visit.exited, visit.exited_at = event["id"], event["timestamp"]
            visit.output = details.get("output", "")
            visit.assigned = details.get("assignedVariables", {})
        return _Context(place.iterations, visit)

    def _note_execution(self, kind: str, event: dict[str, Any]) -> None:
        recording = self.recording
        member = f"{kind[0].lower()}{kind[1:]}EventDetails"
        details: dict[str, Any] = event.get(member, {})
        told = Told(event["id"], event["timestamp"], details)
        if kind == "ExecutionStarted":
            recording.started_at, recording.input = event["timestamp"], details.get("input", "")
        elif kind == "ExecutionRedriven":
            recording.status, recording.output = "RUNNING", None
            recording.error = recording.cause = None
            recording.cuts.append(("redrive", told))
        elif kind in _OVER:
            recording.status = _OVER[kind]
            recording.output = details.get("output")
            recording.error, recording.cause = details.get("error"), details.get("cause")
            if kind in ("ExecutionTimedOut", "ExecutionAborted"):
                recording.cuts.append((recording.status, told))

    def _work(self, kind: str, event: dict[str, Any], context: _Context) -> _Context:
        family = next((each for each in _FAMILIES if kind.startswith(each)), None)
        if family is None:
            return context
        what = kind[len(family) :]
        details: dict[str, Any] = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails", {})
        told = Told(event["id"], event["timestamp"], details)
        if what == "Scheduled" or kind == "MapRunStarted":
            if context.visit is None:
                return context
            attempt = Attempt(
                context.visit.place,
                _resource(details),
                details.get("parameters", details.get("input", "")),
                told,
                details.get("timeoutInSeconds"),
            )
            self.recording.attempts.append(attempt)
            context.visit.attempts.append(attempt)
            return context._replace(attempt=attempt)
        current = context.attempt
        if current is not None:
            if what == "Started":
                current.started = told
            elif what == "Submitted":
                current.submitted = told
            elif what in _ENDS:
                current.ended, current.kind = told, _ENDS[what]
        return context


def _resource(details: dict[str, Any]) -> str:
    resource: str = details.get("resource", "")
    service = details.get("resourceType")
    return f"{service}:{resource}" if service else resource
