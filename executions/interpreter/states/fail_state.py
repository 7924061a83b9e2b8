"""The Fail state: ends its scope with an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.context import QueryBindings
from executions.interpreter.retry import Failure
from executions.interpreter.states.compiled_state import CompiledState
from studio.asl.errors import StatesError
from studio.asl.expressions.jsonata import compile_query, is_query
from studio.asl.expressions.payload_template import compile_expression

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.frame import Frame
    from executions.interpreter.turn import Turn
    from studio.asl.definition import FailState, Json
    from studio.asl.expressions.bindings import Bindings
    from studio.asl.expressions.jsonata import Query


class CompiledFail(CompiledState):
    """A Fail state. It has no …StateExited event."""

    __slots__ = ("cause", "cause_of", "cause_query", "error", "error_of", "error_query")

    def __init__(self, state: FailState) -> None:
        super().__init__(state, "Fail")
        self.error = state.error
        self.cause = state.cause
        self.error_of = _compile(state.error_path, "ErrorPath")
        self.cause_of = _compile(state.cause_path, "CausePath")
        jsonata = state.query_language == "JSONata"
        self.error_query = _compile_query(state.error, "Error") if jsonata else None
        self.cause_query = _compile_query(state.cause, "Cause") if jsonata else None

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Fail the scope."""
        error, cause = self.error, self.cause
        try:
            if self.error_of is not None:
                error = self.text_of("ErrorPath", self.error_of(turn.bindings(frame)))
            if self.cause_of is not None:
                cause = self.text_of("CausePath", self.cause_of(turn.bindings(frame)))
            if self.error_query is not None:
                error = self.error_query.evaluate_as(QueryBindings(turn, frame), "string")
            if self.cause_query is not None:
                cause = self.cause_query.evaluate_as(QueryBindings(turn, frame), "string")
        except StatesError as raised:
            return turn.fail_runtime(frame, self, raised)
        turn.fail_scope(frame, Failure.told(error, cause))
        return None

    @staticmethod
    def text_of(field: str, value: Json) -> str:
        """Give what a path pointed to. Raises StatesError where it is no text."""
        if not isinstance(value, str):
            raise StatesError("States.Runtime", f"The {field} field must point to a string")
        return value


def _compile(path: str | None, field: str) -> Callable[[Bindings], Json] | None:
    return None if path is None else compile_expression(path, field)


def _compile_query(text: str | None, field: str) -> Query | None:
    return compile_query(text, field) if text is not None and is_query(text) else None
