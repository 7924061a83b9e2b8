"""A state that uses what this version cannot run yet: it fails, and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.retry import RUNTIME
from executions.interpreter.states.compiled_state import CompiledState
from studio.asl.definition import ABSENT
from studio.asl.errors import StatesError

if TYPE_CHECKING:
    from executions.interpreter.frame import Frame
    from executions.interpreter.turn import Turn
    from studio.asl.definition import State


class UnsupportedState(CompiledState):
    """A state in JSONata, or one that assigns variables."""

    __slots__ = ("feature",)

    def __init__(self, state: State, feature: str) -> None:
        super().__init__(state, type(state).__name__.removesuffix("State"))
        self.feature = feature

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Fail the execution."""
        return turn.fail_runtime(
            frame, self, StatesError(RUNTIME, f"{self.feature} is not supported by this version.")
        )


def unsupported_feature(state: State) -> str | None:
    """Name what the state uses and this version cannot run, or give None."""
    if state.query_language == "JSONata":
        return "QueryLanguage JSONata"
    parts = [state, *getattr(state, "catch", ()), *getattr(state, "choices", ())]
    if any(part.assign is not ABSENT for part in parts):
        return "Assign"
    return None
