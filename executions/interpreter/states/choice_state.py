"""The Choice state: branches on data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.context import StateBindings
from executions.interpreter.data_flow import InputFlow, OutputFlow
from executions.interpreter.states.compiled_state import CompiledState
from studio.asl.definition import ABSENT
from studio.asl.errors import StatesError
from studio.asl.expressions.choice_rule import compile_condition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from executions.interpreter.frame import Frame
    from executions.interpreter.turn import Turn
    from studio.asl.definition import ChoiceState, State
    from studio.asl.expressions.bindings import Bindings


class CompiledChoice(CompiledState):
    """A Choice state: predicates in their order, each with where it leads."""

    __slots__ = ("default", "input_flow", "is_whole", "output_flow", "rules")

    def __init__(self, state: ChoiceState) -> None:
        super().__init__(state, "Choice")
        self.input_flow = InputFlow(state.input_path)
        self.output_flow = OutputFlow(ABSENT, state.output_path)
        self.is_whole = self.input_flow.is_whole and self.output_flow.is_whole
        self.rules = [(compile_condition(rule.condition), self) for rule in state.choices]
        self.default: CompiledState | None = None

    def link(self, state: State, states: Mapping[str, CompiledState]) -> None:
        """Resolve the rules' Next and Default."""
        self.rules = [
            (holds, states[rule.next])  # type: ignore[misc]
            for (holds, _), rule in zip(self.rules, state.choices, strict=True)  # type: ignore[union-attr]
        ]
        if state.default is not None:  # type: ignore[union-attr]
            self.default = states[state.default]  # type: ignore[union-attr]

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Follow the first rule that holds, else Default."""
        following = self.default
        try:
            bindings: Bindings = StateBindings(turn, frame)
            path = self.input_flow.path
            if path is not None:
                bindings = bindings.with_input(path(bindings))
            for holds, target in self.rules:
                if holds(bindings):
                    following = target
                    break
            if following is None:
                raise StatesError(
                    "States.Runtime",
                    "Failed to transition out of the state. The state does not point to a next "
                    "state.",
                )
            output = frame.input
            if not self.is_whole:
                output = self.output_flow.apply(turn, frame, self.input_flow.apply(turn, frame))
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        return turn.leave(frame, self, output, following)
