"""The Succeed state: ends its scope well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.data_flow import InputFlow, OutputFlow
from executions.interpreter.states.compiled_state import CompiledState
from studio.asl.definition import ABSENT
from studio.asl.errors import StatesError

if TYPE_CHECKING:
    from executions.interpreter.frame import Frame
    from executions.interpreter.turn import Turn
    from studio.asl.definition import SucceedState


class CompiledSucceed(CompiledState):
    """A Succeed state."""

    __slots__ = ("input_flow", "output_flow")

    def __init__(self, state: SucceedState) -> None:
        super().__init__(state, "Succeed")
        self.input_flow = InputFlow(state.input_path)
        self.output_flow = OutputFlow(ABSENT, state.output_path)

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Leave, and end the scope."""
        try:
            result = self.input_flow.apply(turn, frame)
            output = self.output_flow.apply(turn, frame, result)
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        return turn.leave(frame, self, output, None)
