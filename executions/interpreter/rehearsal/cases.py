"""Test cases: what an execution is started with, what its tasks give, and how it shall end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from executions.interpreter.program import compile_program
from executions.interpreter.rehearsal.answers import read_response, write_response
from executions.interpreter.rehearsal.expectations import Expectation, Unmet, unmet
from executions.interpreter.rehearsal.mocked import MockedOutside
from executions.interpreter.rehearsal.places import maps_around, parse_place, scopes_around
from executions.interpreter.rehearsal.recording import read_recording
from executions.interpreter.rehearsal.rehearsal import Rehearsed, rehearse

if TYPE_CHECKING:
    from executions.interpreter.rehearsal.answers import Response
    from executions.interpreter.state import Identity
    from studio.asl.definition import Definition


@dataclass(frozen=True, slots=True)
class Case:
    """``input`` is JSON text; ``mocks`` are responses by places, as ``str(place)`` writes them."""

    input: str
    mocks: dict[str, Response]
    expected: Expectation

    def as_document(self) -> dict[str, Any]:
        """Give it as a JSON document that ``of_document`` reads."""
        expected = self.expected
        return {
            "input": self.input,
            "mocks": {place: write_response(each) for place, each in self.mocks.items()},
            "expected": {name: getattr(expected, name) for name in Expectation.__slots__},
        }

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> Case:
        """Read what ``as_document`` gave."""
        expected = dict(document["expected"])
        if expected["path"] is not None:
            expected["path"] = tuple(expected["path"])
        mocks = {place: read_response(each) for place, each in document["mocks"].items()}
        return cls(document["input"], mocks, Expectation(**expected))


@dataclass(slots=True)
class CaseResult:
    """How a case went. ``path`` are the places that were entered, in order.

    ``unknown`` are places of mocks that are no states of the definition.
    """

    end: Rehearsed
    path: list[str]
    unmet: list[Unmet] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether it came to an end, and to the one that is expected."""
        return self.end.stop is None and not self.unmet


def run_case(
    definition: Definition, case: Case, identity: Identity, now: float, *, is_express: bool = False
) -> CaseResult:
    """Run the whole definition on mocks, from ``now`` (seconds since the epoch) on. Pure."""
    maps = maps_around(definition)
    mocks = {parse_place(text, maps): response for text, response in case.mocks.items()}
    program = compile_program(definition, is_express=is_express)
    end = rehearse(program, identity, case.input, MockedOutside(mocks), now, "test")
    entered = read_recording(end.events, maps)
    return CaseResult(
        end,
        [str(visit.place) for visit in entered.visits],
        unmet(case.expected, end, entered, scopes_around(definition)),
        [str(place) for place in mocks if place.state not in maps],
    )
