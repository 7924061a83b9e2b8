"""A turn that ends with the state it watches, and notes how: left, tried again, caught, failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from executions.interpreter.context import context_object
from executions.interpreter.messages import SetTimer
from executions.interpreter.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.interpreter.context import Iteration
    from executions.interpreter.frame import Frame
    from executions.interpreter.payload import Payload
    from executions.interpreter.program import Program
    from executions.interpreter.retry import Failure
    from executions.interpreter.state import ExecutionState
    from executions.interpreter.states.compiled_state import CompiledState
    from executions.interpreter.variables import Assigned, Variables

TestStatus = Literal["SUCCEEDED", "FAILED", "RETRIABLE", "CAUGHT_ERROR"]

SHOWN_NAME = "StateName"
"""What ``$$.State.Name`` says in a test, whatever the state is called."""


@dataclass(slots=True)
class Finding:
    """How the state ended. ``retry_seconds`` is the delay of the Retrier that granted a retry."""

    status: TestStatus | None = None
    output: Payload | None = None
    next_state: str | None = None
    error: str | None = None
    cause: str | None = None
    retry_index: int | None = None
    retry_seconds: float | None = None
    catch_index: int | None = None
    variables: Variables | None = None


class InspectedTurn(Turn):
    """The draft of a test. ``retry_count`` is how often the Retrier that answers has been used.

    ``given_context`` takes the place of the context object.
    """

    def __init__(
        self,
        program: Program,
        base: ExecutionState,
        seed: str,
        *,
        retry_count: int = 0,
        given_context: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(program, base, base.now, seed)
        self.found = Finding()
        self._retry_count = retry_count
        self._given_context = given_context

    def context(
        self, frame: Frame, token: str | None, iteration: Iteration | None
    ) -> dict[str, Any]:
        """Give the context object of a test: an Express execution's, or what was given."""
        context = context_object(self, frame, token, iteration)
        if self._given_context is not None:
            around = {"Map": context["Map"]} if "Map" in context else {}
            return {**self._given_context, **around}
        del context["Execution"]["RedriveCount"]
        context["Execution"]["RoleArn"] = context["Execution"]["RoleArn"] or None
        context["State"]["Name"] = SHOWN_NAME
        return context

    def leave(
        self,
        frame: Frame,
        state: CompiledState,
        output: Payload,
        following: CompiledState | None,
        assigned: Assigned | None = None,
        *,
        is_checked: bool = False,
    ) -> CompiledState | None:
        """Leave, and note where to."""
        entered = super().leave(frame, state, output, following, assigned, is_checked=is_checked)
        if entered is not None:
            self._left(frame, frame.input, entered.name)
        return entered

    def end_scope(self, frame: Frame, output: Payload) -> None:
        """Note the output: the test ends here, whoever waits for it."""
        self._left(frame, output, None)

    def retries_of(self, frame: Frame, state: CompiledState, position: int) -> Sequence[int]:
        """Give counts as if the Retrier that answers had been used ``retry_count`` times."""
        self.found.retry_index = position
        frame.retries = tuple(
            self._retry_count if place == position else 0 for place in range(len(state.retriers))
        )
        return frame.retries

    def retry(self, frame: Frame, state: CompiledState, failure: Failure) -> bool:
        """Ask the Retriers, and note the delay."""
        granted = super().retry(frame, state, failure)
        if granted:
            timer = self.effects[-1]
            assert isinstance(timer, SetTimer)
            self.found.retry_seconds = timer.at - self.now
            self._failed(frame, "RETRIABLE", failure)
        return granted

    def note_catcher(self, frame: Frame, position: int, failure: Failure) -> None:
        """Note which Catcher answers."""
        self.found.catch_index = position
        self._failed(frame, "CAUGHT_ERROR", failure)

    def fail_scope(self, frame: Frame, failure: Failure) -> None:
        """Note the failure; the states around may still answer it."""
        self._failed(frame, "FAILED", failure)
        if frame.parent is not None:
            super().fail_scope(frame, failure)

    def _left(self, frame: Frame, output: Payload, following: str | None) -> None:
        found = self.found
        if found.status != "CAUGHT_ERROR":
            found.status = "SUCCEEDED"
        found.output = output
        found.next_state = following
        found.variables = frame.variables

    def _failed(self, frame: Frame, status: TestStatus, failure: Failure) -> None:
        found = self.found
        found.status = status
        found.error, found.cause = failure.error, failure.cause
        found.variables = frame.variables
