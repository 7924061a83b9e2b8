"""The Succeed state: ends its scope well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.data_flow import compile_input_flow, compile_output_flow
from executions.interpreter.states.compiled_state import CompiledState
from studio.asl.errors import StatesError

if TYPE_CHECKING:
    from executions.interpreter.frame import Frame
    from executions.interpreter.turn import Turn
    from studio.asl.definition import SucceedState


class CompiledSucceed(CompiledState):
    """A Succeed state."""

    __slots__ = ("input_flow",)

    def __init__(self, state: SucceedState) -> None:
        super().__init__(state, "Succeed")
        self.input_flow = compile_input_flow(state)
        self.output_flow = compile_output_flow(state)

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Leave, and end the scope."""
        try:
            result = self.input_flow.apply(turn, frame)
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        return self.leave(turn, frame, result, None)
