"""The world as somebody says it shall be: mocked responses by states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.messages import (
    MapRunFailed,
    MapRunSucceeded,
    TaskFailed,
    TaskSucceeded,
)
from executions.interpreter.rehearsal.answers import answer_of
from executions.interpreter.rehearsal.outside import UNRECORDED, Planned, Unanswered
from executions.interpreter.rehearsal.places import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from executions.interpreter.program import Program
    from executions.interpreter.rehearsal.answers import Answer, Response
    from executions.interpreter.rehearsal.outside import AskedTask, AskedTimer

TASK_FAILED = "States.TaskFailed"
"""What a Map Run fails with where the mock names no error."""


class MockedOutside:
    """Answers from mocks. Attempts are counted at each place by itself.

    A place's own response goes before that of its state, which is for every iteration.
    """

    def __init__(self, mocks: Mapping[Place, Response]) -> None:
        self._mocks = mocks

    def beginning(self, program: Program) -> list[Planned]:
        """Nothing is said that no state asks for."""
        return []

    def answer(self, asked: AskedTask) -> list[Planned]:
        """Give the mocked answer. Raises Unanswered where there is none."""
        place, number, task = asked.place, asked.number, asked.task.task
        answer = self._find(place, number, asked.task.resource)
        at = asked.now + answer.after_seconds
        result, error, cause = answer.result, answer.error, answer.cause
        if result is not None:
            return [
                Planned(at, UNRECORDED, lambda now, seed: TaskSucceeded(now, seed, task, result))
            ]
        return [
            Planned(at, UNRECORDED, lambda now, seed: TaskFailed(now, seed, task, error, cause))
        ]

    def run_map(self, place: Place, number: int, run: int, now: float) -> list[Planned]:
        """Give the mocked result of a whole Map Run: its children are not run."""
        answer = self._find(place, number, "a Map Run")
        at = now + answer.after_seconds
        result, error, cause = answer.result, answer.error or TASK_FAILED, answer.cause
        if result is not None:
            return [
                Planned(at, UNRECORDED, lambda now, seed: MapRunSucceeded(now, seed, run, result))
            ]
        return [
            Planned(at, UNRECORDED, lambda now, seed: MapRunFailed(now, seed, run, error, cause))
        ]

    def _find(self, place: Place, number: int, wanted: str) -> Answer:
        response = self._mocks.get(place) or self._mocks.get(Place(place.state))
        if response is None:
            raise Unanswered(
                f"State '{place}' asks for {wanted}, and no mock says what that gives."
            )
        answer = answer_of(response, number)
        if answer is None:
            raise Unanswered(f"The mock of state '{place}' says nothing of attempt {number}.")
        return answer

    def fire(self, timer: AskedTimer, program: Program) -> tuple[float, int]:
        """Every timer fires when it is due."""
        return timer.at, UNRECORDED
