"""The Pass state: hands its input on, reshaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.data_flow import compile_input_flow, compile_output_flow
from executions.interpreter.payload import Payload
from executions.interpreter.states.compiled_state import CompiledState
from studio.asl.definition import ABSENT
from studio.asl.errors import StatesError

if TYPE_CHECKING:
    from executions.interpreter.frame import Frame
    from executions.interpreter.turn import Turn
    from studio.asl.definition import PassState


class CompiledPass(CompiledState):
    """A Pass state. ``result`` is Result's payload, made once for all visits."""

    __slots__ = ("input_flow", "result")

    def __init__(self, state: PassState) -> None:
        super().__init__(state, "Pass")
        self.input_flow = compile_input_flow(state)
        self.output_flow = compile_output_flow(state)
        self.result = None if state.result is ABSENT else Payload(state.result)
        self.is_plain = (
            self.result is None
            and self.assignment is None
            and self.input_flow.is_whole
            and self.output_flow.is_whole
        )

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Make the output and leave."""
        if self.is_plain:
            if self.row is None or turn.runnable:
                return turn.leave(frame, self, frame.input, self.next)
            row, place = self.row
            return row.pass_through(turn, frame, place)
        result = self.result
        if result is None and self.input_flow.is_whole:
            result = frame.input
        elif result is None:
            try:
                result = self.input_flow.apply(turn, frame)
            except StatesError as error:
                return turn.fail_runtime(frame, self, error)
        return self.leave(turn, frame, result, self.next)
