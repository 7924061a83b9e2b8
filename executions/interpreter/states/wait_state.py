"""The Wait state: holds its input until a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from executions.interpreter.context import QueryBindings
from executions.interpreter.data_flow import InputFlow, compile_input_flow, compile_output_flow
from executions.interpreter.states.compiled_state import CompiledState
from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import QueryEvaluationError, StatesError
from studio.asl.expressions.jsonata import compile_query, is_query, is_whole
from studio.asl.expressions.jsonpath import compile_path
from studio.asl.expressions.timestamps import epoch_seconds, offset_date_time_seconds

if TYPE_CHECKING:
    from executions.interpreter.frame import Frame
    from executions.interpreter.turn import Turn
    from studio.asl.definition import Json, WaitState
    from studio.asl.expressions.jsonata import Query

MAX_SECONDS: Final = 99_999_999
"""What AWS lets Seconds be at most."""


class CompiledWait(CompiledState):
    """A Wait state in one of its four forms."""

    __slots__ = (
        "input_flow",
        "moment",
        "seconds",
        "seconds_path",
        "seconds_query",
        "timestamp_path",
        "timestamp_query",
    )

    def __init__(self, state: WaitState) -> None:
        super().__init__(state, "Wait")
        self.aborted_type = "WaitStateAborted"
        self.input_flow = compile_input_flow(state)
        self.output_flow = compile_output_flow(state)
        jsonata = state.query_language == "JSONata"
        self.seconds_query: Query | None = None
        self.seconds = 0.0
        if jsonata and is_query(state.seconds):
            self.seconds_query = compile_query(state.seconds, "Seconds")
        elif state.seconds is not ABSENT:
            self.seconds = float(state.seconds)
        self.timestamp_query: Query | None = None
        if jsonata and state.timestamp is not None and is_query(state.timestamp):
            self.timestamp_query = compile_query(state.timestamp, "Timestamp")
        has_moment = state.timestamp is not None and self.timestamp_query is None
        self.moment = epoch_seconds(str(state.timestamp)) if has_moment else None
        self.seconds_path = None if state.seconds_path is None else compile_path(state.seconds_path)
        self.timestamp_path = (
            None if state.timestamp_path is None else compile_path(state.timestamp_path)
        )

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Set the timer; a moment that has passed is no reason to wait."""
        try:
            at = self.until(turn, frame)
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        if at <= turn.now:
            return self.timer_fired(turn, frame)
        turn.wait_for_timer(frame, f"wait:{frame.entered_id}", at)
        return None

    def timer_fired(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Leave."""
        try:
            result = self.input_flow.apply(turn, frame)
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        return self.leave(turn, frame, result, self.next)

    def until(self, turn: Turn, frame: Frame) -> float:
        """Give the moment the wait ends, in seconds since the epoch. Raises StatesError."""
        if self.moment is not None:
            return self.moment
        if self.seconds_query is not None:
            return turn.now + self.queried_seconds(turn, frame, self.seconds_query)
        if self.timestamp_query is not None:
            return self.queried_moment(turn, frame, self.timestamp_query)
        if self.seconds_path is None and self.timestamp_path is None:
            return turn.now + self.seconds
        bindings = turn.bindings(frame)
        if isinstance(self.input_flow, InputFlow) and self.input_flow.path is not None:
            bindings = bindings.with_input(self.input_flow.path(bindings))
        if self.seconds_path is not None:
            value = self.seconds_path.find(bindings)
            return turn.now + self.checked_seconds(self.seconds_path.text, value)
        assert self.timestamp_path is not None
        return self.checked_moment(self.timestamp_path.text, self.timestamp_path.find(bindings))

    @staticmethod
    def queried_seconds(turn: Turn, frame: Frame, query: Query) -> int:
        """Give what Seconds evaluates to. Raises StatesError where it is none to wait for."""
        value = query.evaluate_as(QueryBindings(turn, frame), "number")
        if not is_whole(value) or not 0 <= value <= MAX_SECONDS:
            raise QueryEvaluationError(
                f"The Seconds field must be an integer from 0 to {MAX_SECONDS} but was: "
                f"{json_text.dumps(value)}",
                "Seconds",
                follows_entry=True,
            )
        return int(value)

    @staticmethod
    def queried_moment(turn: Turn, frame: Frame, query: Query) -> float:
        """Give what Timestamp evaluates to. Raises StatesError where it is no timestamp."""
        value = query.evaluate_as(QueryBindings(turn, frame), "string")
        try:
            return offset_date_time_seconds(value)
        except ValueError:
            raise QueryEvaluationError(
                "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time "
                f"format string: {value}",
                "Timestamp",
                follows_entry=True,
            ) from None

    @staticmethod
    def checked_seconds(path: str, value: Json) -> int:
        """Give SecondsPath's value. Raises StatesError where it is none to wait for."""
        if value is ABSENT:
            problem = "does not reference an input value"
        elif isinstance(value, bool) or not isinstance(value, int):
            problem = "cannot be parsed as a long value"
        elif value < 0:
            problem = "references a negative value"
        elif value > MAX_SECONDS:
            problem = f"references a value greater than the maximum of {MAX_SECONDS}"
        else:
            return value
        raise StatesError(
            "States.Runtime", f"The SecondsPath parameter {problem}: {path}{_shown(value)}"
        )

    @staticmethod
    def checked_moment(path: str, value: Json) -> float:
        """Give TimestampPath's value. Raises StatesError where it is no timestamp."""
        problem = (
            "does not reference a valid ISO-8601 extended offset date-time format string"
            if value is not ABSENT
            else "does not reference an input value"
        )
        if isinstance(value, str):
            try:
                return offset_date_time_seconds(value)
            except ValueError:
                pass
        raise StatesError(
            "States.Runtime", f"The TimestampPath parameter {problem}: {path}{_shown(value)}"
        )


def _shown(value: Json) -> str:
    if value is ABSENT:
        return ""
    return f" == {value if isinstance(value, str) else json_text.dumps(value)}"
