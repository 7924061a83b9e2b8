"""The Choice state: branches on data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from executions.interpreter.context import QueryBindings, StateBindings
from executions.interpreter.data_flow import (
    InputFlow,
    QueryOutput,
    compile_input_flow,
    compile_output_flow,
)
from executions.interpreter.states.compiled_state import CompiledState
from executions.interpreter.variables import compile_assignment
from studio.asl.definition import JsonataCondition
from studio.asl.errors import StatesError
from studio.asl.expressions.choice_rule import compile_condition
from studio.asl.expressions.jsonata import compile_query, is_query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from executions.interpreter.data_flow import OutputFlow
    from executions.interpreter.frame import Frame
    from executions.interpreter.turn import Turn
    from executions.interpreter.variables import Assignment
    from studio.asl.definition import ChoiceRule, ChoiceState, Condition, State
    from studio.asl.expressions.bindings import Bindings

    Predicate = Callable[[Bindings], bool]


class _Way(NamedTuple):
    """One way out of the state: where a rule (or Default) leads, and what it says of the output."""

    next: CompiledState
    output_flow: OutputFlow | QueryOutput
    assignment: Assignment | None
    is_plain: bool


class CompiledChoice(CompiledState):
    """A Choice state: predicates in their order, each with where it leads."""

    __slots__ = ("default", "input_flow", "is_query", "rules")

    def __init__(self, state: ChoiceState) -> None:
        super().__init__(state, "Choice")
        self.input_flow = compile_input_flow(state)
        self.output_flow = compile_output_flow(state)
        self.is_query = state.query_language == "JSONata"
        self.rules: list[tuple[Predicate, _Way]] = []
        self.default: _Way | None = None

    def link(self, state: State, states: Mapping[str, CompiledState]) -> None:
        """Compile the rules, each with where it leads, and Default."""
        self.rules = [
            (
                _compile_predicate(rule.condition, index),
                self.way_of(rule, index, states[rule.next]),
            )
            for index, rule in enumerate(state.choices)  # type: ignore[union-attr]
        ]
        if state.default is not None:  # type: ignore[union-attr]
            self.default = self.way(
                states[state.default],  # type: ignore[union-attr]
                self.output_flow,
                self.assignment,
            )

    def way_of(self, rule: ChoiceRule, index: int, following: CompiledState) -> _Way:
        """Compile a rule's way: its own Output and Assign, never the state's."""
        place = f"Choices[{index}]"
        flow = self.output_flow
        if self.is_query:
            flow = QueryOutput(rule.output, field=f"{place}/Output")
        assignment = compile_assignment(
            rule.assign, "JSONata" if self.is_query else "JSONPath", f"{place}/Assign"
        )
        return self.way(following, flow, assignment)

    def way(
        self,
        following: CompiledState,
        flow: OutputFlow | QueryOutput,
        assignment: Assignment | None,
    ) -> _Way:
        """Make a way; it is plain where the input goes on as it is."""
        plain = assignment is None and self.input_flow.is_whole and flow.is_whole
        return _Way(following, flow, assignment, plain)

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Follow the first rule that holds, else Default."""
        way = self.default
        assigned = None
        try:
            bindings: Bindings
            if self.is_query:
                bindings = QueryBindings(turn, frame)
            else:
                bindings = StateBindings(turn, frame)
                assert isinstance(self.input_flow, InputFlow)
                path = self.input_flow.path
                if path is not None:
                    bindings = bindings.with_input(path(bindings))
            for holds, rule_way in self.rules:
                if holds(bindings):
                    way = rule_way
                    break
            if way is None:
                raise StatesError(
                    "States.Runtime",
                    "Failed to transition out of the state. The state does not point to a next "
                    "state.",
                )
            if way.is_plain:
                return turn.leave(frame, self, frame.input, way.next)
            result = self.input_flow.apply(turn, frame)
            if way.assignment is None:
                output = way.output_flow.apply(turn, frame, result)
            else:
                output, assigned = way.output_flow.apply_and_assign(
                    turn, frame, result, way.assignment
                )
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        return turn.leave(frame, self, output, way.next, assigned)


def _compile_predicate(condition: Condition, index: int) -> Predicate:
    if not isinstance(condition, JsonataCondition):
        return compile_condition(condition)
    expression = condition.expression
    if not is_query(expression):
        return lambda bindings: expression is True
    query = compile_query(expression, f"Choices[{index}]/Condition")
    return lambda bindings: query.evaluate_as(bindings, "boolean") is True
