"""What the compiled states of all types have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from executions.interpreter.payload import Payload, quote
from studio.asl.expressions.reference_path import compile_result_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from executions.interpreter.frame import Frame
    from executions.interpreter.messages import TaskSubmitted
    from executions.interpreter.retry import Failure
    from executions.interpreter.turn import Turn
    from studio.asl.definition import Catcher, Json, Retrier, State


class CompiledCatcher(NamedTuple):
    """A Catcher that knows where it points, and how to place the error into the state's input."""

    error_equals: tuple[str, ...]
    next: CompiledState
    place: Callable[[Json, Json], Json]

    def output(self, frame: Frame, failure: Failure) -> Payload:
        """Give what goes on to ``next``: the state's own input with the error in it.

        Raises StatesError where ResultPath cannot be applied.
        """
        return Payload(self.place(frame.input.value, failure.error_output()))


class CompiledState:
    """One state, compiled once a Program: its fields are closures and texts ready to be joined.

    ``entered_start`` and ``exited_start`` are the details of the two events up to the payload.
    ``aborted_type`` is None for types AWS records no …StateAborted for. ``is_plain`` tells a Pass
    that hands its input on as it is.
    """

    __slots__ = (
        "aborted_type",
        "catchers",
        "entered_start",
        "entered_type",
        "exited_start",
        "exited_type",
        "is_plain",
        "name",
        "next",
        "retriers",
    )

    def __init__(self, state: State, kind: str) -> None:
        quoted = quote(state.name)
        self.name = state.name
        self.entered_type = f"{kind}StateEntered"
        self.exited_type = f"{kind}StateExited"
        self.aborted_type: str | None = None
        self.is_plain = False
        self.entered_start = f'"stateEnteredEventDetails":{{"name":{quoted},"input":'
        self.exited_start = f'"stateExitedEventDetails":{{"name":{quoted},"output":'
        self.next: CompiledState | None = None
        self.retriers: tuple[Retrier, ...] = ()
        self.catchers: tuple[CompiledCatcher, ...] = ()

    def link(self, state: State, states: Mapping[str, CompiledState]) -> None:
        """Resolve names to the states of the same scope, once all of them exist."""
        if state.next is not None:
            self.next = states[state.next]

    def link_catchers(
        self, catchers: tuple[Catcher, ...], states: Mapping[str, CompiledState]
    ) -> None:
        """Resolve Catch."""
        self.catchers = tuple(
            CompiledCatcher(
                catcher.error_equals, states[catcher.next], compile_result_path(catcher.result_path)
            )
            for catcher in catchers
        )

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Do what the state does, for a frame that has entered it (or tries it again).

        Gives the state the frame is in then if it can go on at once, else None.
        """
        raise NotImplementedError

    # What reaches a frame that waits in this state. A type that never waits for it is never asked.

    def timer_fired(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """The state's own timer is due."""
        raise NotImplementedError

    def child_succeeded(
        self, turn: Turn, frame: Frame, child: Frame, output: Payload
    ) -> CompiledState | None:
        """A branch or iteration has ended well."""
        raise NotImplementedError

    def child_failed(
        self, turn: Turn, frame: Frame, child: Frame, failure: Failure
    ) -> CompiledState | None:
        """A branch or iteration has failed."""
        raise NotImplementedError

    def abort_child(self, turn: Turn, child: Frame, previous: int) -> None:
        """End a branch or iteration that nobody waits for any more."""
        turn.abort(child, previous)

    def task_started(self, turn: Turn, frame: Frame) -> None:
        """The outside began the attempt."""
        raise NotImplementedError

    def task_submitted(self, turn: Turn, frame: Frame, command: TaskSubmitted) -> None:
        """The outside accepted the work and will report later."""
        raise NotImplementedError

    def task_succeeded(self, turn: Turn, frame: Frame, output: str) -> CompiledState | None:
        """The attempt has a result."""
        raise NotImplementedError

    def task_failed(
        self, turn: Turn, frame: Frame, error: str | None, cause: str | None
    ) -> CompiledState | None:
        """The attempt has failed."""
        raise NotImplementedError

    def task_timed_out(self, turn: Turn, frame: Frame, alias: str | None) -> CompiledState | None:
        """Nobody reported in time. ``alias`` names a heartbeat's absence."""
        raise NotImplementedError
