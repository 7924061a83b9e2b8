"""How data goes through a state: InputPath, Parameters, ResultSelector, ResultPath, OutputPath.

In a JSONata state: Arguments and Output.

Every stage that a definition leaves out costs nothing: the payload itself is handed on, with the
text it already has.

Source: https://states-language.net/spec.html#filters
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.context import QueryBindings, StateBindings
from executions.interpreter.payload import Payload
from studio.asl.definition import ABSENT, MapState, ParallelState, TaskState
from studio.asl.expressions.jsonpath import compile_path, nothing_to_transform
from studio.asl.expressions.payload_template import compile_template, template_reads_input
from studio.asl.expressions.query_template import compile_query_template
from studio.asl.expressions.result_path import compile_result_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.frame import Frame
    from executions.interpreter.turn import Turn
    from executions.interpreter.variables import Assigned, Assignment
    from studio.asl.definition import Absent, Json, State
    from studio.asl.expressions.bindings import Bindings

    Stage = Callable[[Bindings], Json]


def compile_stage_path(path: str | Absent | None) -> Stage | None:
    """Compile InputPath or OutputPath; None where it takes everything."""
    if path is ABSENT or path == "$":
        return None
    if path is None:
        return lambda bindings: {}
    return compile_path(path).get


def compile_input_flow(state: State) -> InputFlow | QueryInput:
    """Compile what makes a state's effective input: InputPath and Parameters, or Arguments."""
    if state.query_language == "JSONata":
        return QueryInput(getattr(state, "arguments", ABSENT))
    return InputFlow(state.input_path, getattr(state, "parameters", ABSENT))


def compile_output_flow(state: State) -> OutputFlow | QueryOutput:
    """Compile what makes a state's output: ResultSelector, ResultPath, OutputPath, or Output."""
    if state.query_language == "JSONata":
        return QueryOutput(
            state.output, has_result=isinstance(state, TaskState | ParallelState | MapState)
        )
    return OutputFlow(
        getattr(state, "result_path", ABSENT),
        state.output_path,
        getattr(state, "result_selector", ABSENT),
    )


class InputFlow:
    """InputPath, then Parameters (a payload template).

    ``needs_input``: Parameters has a path from ``$``, which AWS does not apply to null.
    """

    __slots__ = ("is_whole", "needs_input", "path", "template")

    def __init__(self, input_path: str | Absent | None, template: Json | Absent = ABSENT) -> None:
        self.path = compile_stage_path(input_path)
        self.template = None if template is ABSENT else compile_template(template)
        self.needs_input = template is not ABSENT and template_reads_input(template)
        self.is_whole = self.path is None and self.template is None

    def selected(self, turn: Turn, frame: Frame) -> Payload:
        """Give the input after InputPath. Raises StatesError."""
        if self.path is None:
            return frame.input
        return Payload(self.path(turn.bindings(frame)))

    def apply(self, turn: Turn, frame: Frame, bindings: Bindings | None = None) -> Payload:
        """Give the effective input. Raises StatesError."""
        if self.is_whole:
            return frame.input
        if bindings is None:
            bindings = StateBindings(turn, frame)
        if self.path is not None:
            value = self.path(bindings)
            if self.template is None:
                return Payload(value)
            bindings = bindings.with_input(value)
        assert self.template is not None
        if self.needs_input and bindings.input is None:
            raise nothing_to_transform()
        return Payload(self.template(bindings))


class OutputFlow:
    """ResultSelector (a payload template), ResultPath, then OutputPath."""

    __slots__ = ("discards", "is_whole", "output_path", "place", "replaces", "selector")

    def __init__(
        self,
        result_path: str | Absent | None,
        output_path: str | Absent | None,
        selector: Json | Absent = ABSENT,
    ) -> None:
        self.selector = None if selector is ABSENT else compile_template(selector)
        self.discards = result_path is None
        self.replaces = result_path is ABSENT or result_path == "$"
        self.place = compile_result_path(result_path)
        self.output_path = compile_stage_path(output_path)
        self.is_whole = self.selector is None and self.replaces and self.output_path is None

    def apply(self, turn: Turn, frame: Frame, result: Payload) -> Payload:
        """Make the state's output from its result and its own input. Raises StatesError."""
        if self.is_whole:
            return result
        bindings: Bindings | None = None
        if self.selector is not None:
            bindings = turn.bindings(frame)
            result = Payload(self.selector(bindings.with_input(result.value)))
        return self._place(turn, frame, result, bindings)

    def apply_and_assign(
        self, turn: Turn, frame: Frame, result: Payload, assignment: Assignment
    ) -> tuple[Payload, Assigned]:
        """Make the output, and what Assign keeps of the result. Raises StatesError.

        ``$`` in Assign is the result as ResultSelector gives it, whatever ResultPath does then.
        """
        bindings = turn.bindings(frame)
        if self.selector is not None:
            result = Payload(self.selector(bindings.with_input(result.value)))
        assigned = assignment.evaluate(bindings.with_input(result.value))
        return self._place(turn, frame, result, bindings), assigned

    def _place(
        self, turn: Turn, frame: Frame, result: Payload, bindings: Bindings | None
    ) -> Payload:
        if self.discards:
            output = frame.input
        elif self.replaces:
            output = result
        else:
            output = Payload(self.place(frame.input.value, result.value))
        if self.output_path is not None:
            bindings = bindings or turn.bindings(frame)
            output = Payload(self.output_path(bindings.with_input(output.value)))
        return output


class QueryInput:
    """Arguments, in JSONata: without it the input itself."""

    __slots__ = ("build", "is_whole")

    def __init__(self, arguments: Json | Absent) -> None:
        self.build = None if arguments is ABSENT else compile_query_template(arguments, "Arguments")
        self.is_whole = self.build is None

    def apply(self, turn: Turn, frame: Frame, bindings: Bindings | None = None) -> Payload:
        """Give the effective input. Raises StatesError."""
        if self.build is None:
            return frame.input
        return Payload(self.build(bindings or QueryBindings(turn, frame)))


class QueryOutput:
    """Output, in JSONata: without it the result itself. ``field`` is its place below the state.

    ``has_result``: the state's type has a result, which ``$states.result`` shows.
    """

    __slots__ = ("build", "has_result", "is_whole")

    def __init__(
        self, output: Json | Absent, *, has_result: bool = False, field: str = "Output"
    ) -> None:
        self.build = None if output is ABSENT else compile_query_template(output, field)
        self.has_result = has_result
        self.is_whole = self.build is None

    def apply(self, turn: Turn, frame: Frame, result: Payload) -> Payload:
        """Make the state's output. Raises StatesError."""
        if self.build is None:
            return result
        shown = result.value if self.has_result else ABSENT
        return Payload(self.build(QueryBindings(turn, frame, None, None, shown)))

    def apply_and_assign(
        self, turn: Turn, frame: Frame, result: Payload, assignment: Assignment
    ) -> tuple[Payload, Assigned]:
        """Make the output, and what Assign keeps. Raises StatesError."""
        shown = result.value if self.has_result else ABSENT
        bindings = QueryBindings(turn, frame, None, None, shown)
        assigned = assignment.evaluate(bindings)
        return (result if self.build is None else Payload(self.build(bindings))), assigned

    def bindings(self, turn: Turn, frame: Frame, result: Payload) -> Bindings:
        """Give what Output and Assign see."""
        return QueryBindings(turn, frame, result=result.value if self.has_result else ABSENT)
