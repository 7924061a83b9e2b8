"""The world as somebody says it shall be: mocked responses by states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.messages import TaskFailed, TaskSucceeded
from executions.interpreter.rehearsal.answers import answer_of
from executions.interpreter.rehearsal.outside import UNRECORDED, Planned, Unanswered
from executions.interpreter.rehearsal.places import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from executions.interpreter.program import Program
    from executions.interpreter.rehearsal.answers import Response
    from executions.interpreter.rehearsal.outside import AskedTask, AskedTimer


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
        response = self._mocks.get(place) or self._mocks.get(Place(place.state))
        if response is None:
            raise Unanswered(
                f"State '{place}' asks for {asked.task.resource}, and no mock says what that gives."
            )
        answer = answer_of(response, number)
        if answer is None:
            raise Unanswered(f"The mock of state '{place}' says nothing of attempt {number}.")
        at = asked.now + answer.after_seconds
        result, error, cause = answer.result, answer.error, answer.cause
        if result is not None:
            return [
                Planned(at, UNRECORDED, lambda now, seed: TaskSucceeded(now, seed, task, result))
            ]
        return [
            Planned(at, UNRECORDED, lambda now, seed: TaskFailed(now, seed, task, error, cause))
        ]

    def fire(self, timer: AskedTimer, program: Program) -> tuple[float, int]:
        """Every timer fires when it is due."""
        return timer.at, UNRECORDED
