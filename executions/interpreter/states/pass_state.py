"""The Pass state: hands its input on, reshaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.data_flow import compile_input_flow, compile_output_flow
from executions.interpreter.history import INPUT_END, OUTPUT_END, new_event
from executions.interpreter.messages import HistoryEvent
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
            return self.run_plain(turn, frame)
        result = self.result
        if result is None and self.input_flow.is_whole:
            result = frame.input
        elif result is None:
            try:
                result = self.input_flow.apply(turn, frame)
            except StatesError as error:
                return turn.fail_runtime(frame, self, error)
        return self.leave(turn, frame, result, self.next)

    def run_plain(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Leave, and pass through the plain Pass states behind this one, if nobody else waits.

        The same as ``Turn.leave`` for each of them; two texts are all that changes on the way.
        """
        if self.next is None or turn.runnable:
            return turn.leave(frame, self, frame.input, self.next)
        add = turn.events.append
        now = turn.now
        quoted = frame.input.quoted
        exited_end = quoted + OUTPUT_END
        entered_end = quoted + INPUT_END
        limit = turn.limit
        previous = frame.last_id
        number = turn.last_id
        state: CompiledState = self
        following = self.next
        while True:
            add(
                new_event(
                    HistoryEvent,
                    (
                        number + 1,
                        previous,
                        "PassStateExited",
                        now,
                        state.exited_start + exited_end,
                    ),
                )
            )
            previous = number + 2
            add(
                new_event(
                    HistoryEvent,
                    (
                        previous,
                        number + 1,
                        following.entered_type,
                        now,
                        following.entered_start + entered_end,
                    ),
                )
            )
            number = previous
            state = following
            if number >= limit or not state.is_plain or state.next is None:
                break
            following = state.next
        turn.last_id = frame.last_id = frame.entered_id = number
        frame.entered_at = now
        frame.state = state.name
        frame.retries = None
        return state
