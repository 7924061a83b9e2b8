"""The Parallel state: runs branches side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.data_flow import compile_input_flow, compile_output_flow
from executions.interpreter.states.parent_state import CompiledParent
from studio.asl.errors import StatesError

if TYPE_CHECKING:
    from executions.interpreter.frame import Frame
    from executions.interpreter.payload import Payload
    from executions.interpreter.program import CompiledScope
    from executions.interpreter.retry import Failure
    from executions.interpreter.states.compiled_state import CompiledState
    from executions.interpreter.turn import Turn
    from studio.asl.definition import ParallelState


class CompiledParallel(CompiledParent):
    """A Parallel state."""

    __slots__ = ("branches", "input_flow")

    def __init__(self, state: ParallelState, branches: list[CompiledScope]) -> None:
        super().__init__(state, "Parallel")
        self.input_flow = compile_input_flow(state)
        self.output_flow = compile_output_flow(state)
        self.branches = branches

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Begin all branches: each enters its first state before any goes on."""
        try:
            payload = self.input_flow.apply(turn, frame)
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        refusal = None if payload is frame.input else turn.refusal(frame, payload)
        if refusal is not None:
            return turn.fail(frame, self, refusal)
        started = frame.last_id = turn.record(self.started_type, frame.last_id)
        wait = turn.start_children(frame, len(self.branches), len(self.branches))
        wait.started = len(self.branches)
        for index, branch in enumerate(self.branches):
            turn.add_frame(frame, branch, index, payload, started)
        return None

    def child_failed(
        self, turn: Turn, frame: Frame, child: Frame, failure: Failure
    ) -> CompiledState | None:
        """End the other branches; to Retry and Catch it is States.BranchFailed, too."""
        return super().child_failed(turn, frame, child, failure._replace(branch=True))

    def child_succeeded(
        self, turn: Turn, frame: Frame, child: Frame, output: Payload
    ) -> CompiledState | None:
        """Keep the branch's output; the last one lets the state go on."""
        wait = self.waiting(frame)
        wait.results[child.index] = output
        wait.finished += 1
        frame.last_id = child.last_id
        if wait.finished < len(wait.results):
            return None
        return self.join(turn, frame, wait.results)
