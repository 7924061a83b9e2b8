"""What Parallel and Map have in common: a frame that waits for the scopes below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.frame import ChildrenWait
from executions.interpreter.payload import Payload
from executions.interpreter.states.compiled_state import CompiledState
from studio.asl.errors import StatesError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from executions.interpreter.frame import Frame
    from executions.interpreter.retry import Failure
    from executions.interpreter.turn import Turn
    from studio.asl.definition import MapState, ParallelState, State


class CompiledParent(CompiledState):
    """A Parallel or Map state. The first child that fails ends all others.

    …Succeeded and the …Aborted events are leaves of the history: no event follows them.
    """

    __slots__ = ("failed_type", "started_type", "succeeded_type")

    def __init__(self, state: ParallelState | MapState, kind: str) -> None:
        super().__init__(state, kind)
        self.aborted_type = f"{kind}StateAborted"
        self.started_type = f"{kind}StateStarted"
        self.succeeded_type = f"{kind}StateSucceeded"
        self.failed_type = f"{kind}StateFailed"
        self.retriers = state.retry

    def link(self, state: State, states: Mapping[str, CompiledState]) -> None:
        """Resolve Next and Catch."""
        super().link(state, states)
        self.link_catchers(state, states)

    def timer_fired(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """A Retrier's delay is over: everything begins anew."""
        return self.run(turn, frame)

    def join(self, turn: Turn, frame: Frame, results: list[Payload | None]) -> CompiledState | None:
        """Leave with the array of what the children gave."""
        texts = [each.text for each in results if each is not None]
        turn.record(self.succeeded_type, frame.last_id)
        turn.halt(frame)
        try:
            result = Payload.of_array(texts)
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        return self.leave(turn, frame, result, self.next)

    def child_failed(
        self, turn: Turn, frame: Frame, child: Frame, failure: Failure
    ) -> CompiledState | None:
        """End the other children, then let Retry and Catch decide about the whole."""
        previous = child.last_id
        for each in turn.children_of(frame):
            if each is child:
                turn.abort(each, previous)
            else:
                self.abort_child(turn, each, previous)
        self.record_failed_child(turn, frame, child)
        frame.last_id = previous
        return self.children_failed(turn, frame, failure)

    def query_failed(self, turn: Turn, frame: Frame, failure: Failure) -> CompiledState | None:
        """Retry the whole, or record its failure, as for a child's."""
        return self.children_failed(turn, frame, failure)

    def children_failed(self, turn: Turn, frame: Frame, failure: Failure) -> CompiledState | None:
        """Retry the whole, or record its failure. No child is left."""
        turn.halt(frame)
        if turn.retry(frame, self, failure):
            return None
        frame.last_id = turn.record(self.failed_type, frame.last_id)
        return turn.catch(frame, self, failure)

    def resume(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Go on after a redrive, with the results and the children there are."""
        wait = self.waiting(frame)
        return self.join(turn, frame, wait.results) if wait.finished == len(wait.results) else None

    def record_failed_child(self, turn: Turn, frame: Frame, child: Frame) -> None:
        """Record what is said of the child that failed."""

    def waiting(self, frame: Frame) -> ChildrenWait:
        """Give what the frame waits for."""
        assert isinstance(frame.wait, ChildrenWait)
        return frame.wait
