"""An execution that has ended, made the test case that repeats it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from executions.interpreter.rehearsal.answers import Answer, Response, numbered
from executions.interpreter.rehearsal.cases import Case
from executions.interpreter.rehearsal.expectations import Expectation
from executions.interpreter.rehearsal.places import Place, maps_around, scopes_around
from executions.interpreter.rehearsal.recording import read_recording
from executions.interpreter.retry import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.interpreter.rehearsal.recording import Attempt, Recording
    from studio.asl.definition import Definition

NEVER_SECONDS: Final = 31_536_000.0
"""How long a mock takes that stands for an attempt whose end nobody waited for: a year."""


class NotRepeatable(ValueError):
    """No mocks could repeat the execution; the text says why."""


def recorded_case(events: Sequence[str], definition: Definition) -> Case:
    """Make the case: the input, each task's results in order, status, output and path.

    ``events`` are the whole history of an execution of ``definition``, as stored. The path is that
    of the top level. Where something failed, mocks take as long as the tasks did, for then it
    matters who was first.

    Raises:
        NotRepeatable: it runs still, or was stopped or redriven, which no task told it to.
    """
    recording = read_recording(events, maps_around(definition))
    _check(recording)
    timed = recording.status != "SUCCEEDED" or any(
        attempt.kind != "succeeded" for attempt in recording.attempts
    )
    responses = {
        place: numbered([_answer(each, timed=timed) for each in attempts])
        for place, attempts in recording.attempts_at().items()
    }
    scopes = scopes_around(definition)
    path = [visit.place.state for visit in recording.visits if not scopes[visit.place.state]]
    return Case(
        recording.input,
        {str(place): each for place, each in _without_repeats(responses).items()},
        Expectation(
            status=recording.status,
            output=recording.output,
            error=recording.error,
            cause=None,  # It may name events by their ids.
            path=tuple(path),
        ),
    )


def _check(recording: Recording) -> None:
    if recording.status == "RUNNING":
        raise NotRepeatable("The execution has not ended yet.")
    for kind, _ in recording.cuts:
        if kind == "redrive":
            raise NotRepeatable("The execution was redriven; no mocks could tell it to begin anew.")
    if recording.status == "ABORTED":
        raise NotRepeatable("The execution was stopped; no mocks could tell it to end so.")


def _answer(attempt: Attempt, *, timed: bool) -> Answer:
    if attempt.ended is None:
        return Answer(0, 0, "null", after_seconds=NEVER_SECONDS)
    details = attempt.ended.details
    took = max(0.0, round(attempt.ended.at - attempt.scheduled.at, 3)) if timed else 0.0
    if attempt.kind == "succeeded":
        return Answer(0, 0, details.get("output", "null"), after_seconds=took)
    if attempt.kind == "timed_out":
        return Answer(0, 0, None, TIMEOUT, None, took)
    return Answer(0, 0, None, details.get("error") or None, details.get("cause"), took)


def _without_repeats(responses: dict[Place, Response]) -> dict[Place, Response]:
    """Where every iteration of a state gave the same, say it once."""
    states: dict[str, list[Response]] = {}
    for place, response in responses.items():
        states.setdefault(place.state, []).append(response)
    shorter: dict[Place, Response] = {}
    for place, response in responses.items():
        if all(each == response for each in states[place.state]):
            place = Place(place.state)  # noqa: PLW2901 - the shorter name of the same
        shorter[place] = response
    return shorter
