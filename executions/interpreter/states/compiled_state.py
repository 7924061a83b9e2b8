"""What the compiled states of all types have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from executions.interpreter.context import QueryBindings
from executions.interpreter.payload import Payload, quote
from executions.interpreter.variables import compile_assignment
from studio.asl.definition import ABSENT
from studio.asl.errors import StatesError
from studio.asl.expressions.query_template import compile_query_template
from studio.asl.expressions.result_path import compile_result_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from executions.interpreter.data_flow import OutputFlow, QueryOutput
    from executions.interpreter.frame import Frame
    from executions.interpreter.messages import TaskSubmitted
    from executions.interpreter.retry import Failure
    from executions.interpreter.states.plain_row import PlainRow
    from executions.interpreter.turn import Turn
    from executions.interpreter.variables import Assigned, Assignment
    from studio.asl.definition import Catcher, Json, Retrier, State
    from studio.asl.expressions.bindings import Bindings


class CompiledCatcher(NamedTuple):
    """A Catcher that knows where it points, and how to place the error into the state's input."""

    error_equals: tuple[str, ...]
    next: CompiledState
    place: Callable[[Json, Json], Json]
    is_query: bool = False
    build: Callable[[Bindings], Json] | None = None
    assignment: Assignment | None = None

    def output(self, turn: Turn, frame: Frame, failure: Failure) -> tuple[Payload, Assigned | None]:
        """Give what goes on to ``next``, and what Assign keeps.

        In JSONPath the state's own input with the error in it; ``$`` in Assign is the error. In
        JSONata what Output says, else the error. Raises StatesError where that cannot be made.
        """
        error = failure.error_output()
        if not self.is_query:
            output = Payload(self.place(frame.input.value, error))
            if self.assignment is None:
                return output, None
            return output, self.assignment.evaluate(turn.bindings(frame).with_input(error))
        bindings = QueryBindings(turn, frame, error_output=error)
        assigned = None if self.assignment is None else self.assignment.evaluate(bindings)
        return Payload(error if self.build is None else self.build(bindings)), assigned


class CompiledState:
    """One state, compiled once a Program: its fields are closures and texts ready to be joined.

    ``entered_start`` and ``exited_start`` are the details of the two events up to the payload.
    ``aborted_type`` is None for types AWS records no …StateAborted for. ``is_plain`` tells a Pass
    that hands its input on as it is; ``row`` is where it stands among others, if one follows it.
    """

    __slots__ = (
        "aborted_type",
        "assignment",
        "catchers",
        "entered_start",
        "entered_type",
        "exited_start",
        "exited_type",
        "is_plain",
        "name",
        "next",
        "output_flow",
        "retriers",
        "row",
    )

    output_flow: OutputFlow | QueryOutput

    def __init__(self, state: State, kind: str) -> None:
        quoted = quote(state.name)
        self.name = state.name
        self.entered_type = f"{kind}StateEntered"
        self.exited_type = f"{kind}StateExited"
        self.aborted_type: str | None = None
        self.is_plain = False
        self.row: tuple[PlainRow, int] | None = None
        self.entered_start = f'"stateEnteredEventDetails":{{"name":{quoted},"input":'
        self.exited_start = f'"stateExitedEventDetails":{{"name":{quoted},"output":'
        self.next: CompiledState | None = None
        self.retriers: tuple[Retrier, ...] = ()
        self.catchers: tuple[CompiledCatcher, ...] = ()
        self.assignment = compile_assignment(state.assign, state.query_language)

    def link(self, state: State, states: Mapping[str, CompiledState]) -> None:
        """Resolve names to the states of the same scope, once all of them exist."""
        if state.next is not None:
            self.next = states[state.next]

    def link_catchers(self, state: State, states: Mapping[str, CompiledState]) -> None:
        """Resolve Catch."""
        catchers: tuple[Catcher, ...] = state.catch  # type: ignore[union-attr]
        self.catchers = tuple(
            CompiledCatcher(
                catcher.error_equals,
                states[catcher.next],
                compile_result_path(catcher.result_path),
                state.query_language == "JSONata",
                None
                if catcher.output is ABSENT
                else compile_query_template(catcher.output, f"Catch[{index}]/Output"),
                compile_assignment(catcher.assign, state.query_language, f"Catch[{index}]/Assign"),
            )
            for index, catcher in enumerate(catchers)
        )

    def leave(
        self, turn: Turn, frame: Frame, result: Payload, following: CompiledState | None
    ) -> CompiledState | None:
        """Make the output of ``result``, assign variables, and go on with ``following``."""
        assigned = None
        try:
            if self.assignment is None:
                output = self.output_flow.apply(turn, frame, result)
            else:
                output, assigned = self.output_flow.apply_and_assign(
                    turn, frame, result, self.assignment
                )
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        return turn.leave(frame, self, output, following, assigned)

    def query_failed(self, turn: Turn, frame: Frame, failure: Failure) -> CompiledState | None:
        """A JSONata expression of the state failed, and the event that says so is written."""
        return turn.fail(frame, self, failure)

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

    def task_started(self, turn: Turn, frame: Frame, worker: str | None = None) -> None:
        """The outside began the attempt."""
        raise NotImplementedError

    def task_heard(self, turn: Turn, frame: Frame, at: float) -> None:
        """Who works at the attempt still does."""
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
