"""Plays executions with breakpoints everywhere, each continued at once, as if nobody debugged."""

from __future__ import annotations

import json
from itertools import cycle
from typing import TYPE_CHECKING, Any, Literal

from executions.interpreter.advance import advance
from executions.interpreter.debugging.breakpoint import Breakpoint
from executions.interpreter.debugging.commands import NoteDebugging, ResumeExecution
from executions.interpreter.debugging.debugger import Debugger
from executions.interpreter.frame import PauseWait
from executions.interpreter.messages import Continue, RedriveExecution, Transition

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from executions.interpreter.debugging.commands import Pace
    from executions.interpreter.messages import Command
    from executions.interpreter.program import Program
    from executions.interpreter.state import ExecutionState

BY = "ada"
PLACES: tuple[Literal["before", "after"], ...] = ("before", "after")


def breakpoints_everywhere(program: Program) -> Debugger:
    """Give a debugger that pauses before and after each state."""
    return Debugger(
        tuple(
            Breakpoint(name, where, by=BY)
            for scope in program.scopes
            for name in scope.states
            for where in PLACES
        )
    )


class Stepper:
    """An ``advance`` that lets go on whatever has paused, until nothing is paused.

    First what is paused after a state, then what has been paused longest: so every frame does in
    its turn what it would have done without a pause. ``pauses`` counts them. ``between`` is applied
    to the state before each command.
    """

    def __init__(
        self,
        between: Callable[[ExecutionState], ExecutionState] = lambda state: state,
        budget: int | None = None,
    ) -> None:
        self._between = between
        self._budget = budget
        self.pauses = 0
        self._paces: Iterator[Pace] = cycle(("continue", "over", "into", "out"))
        self._paused: list[str] = []

    def __call__(
        self,
        program: Program,
        state: ExecutionState,
        command: Command,
        budget: int = 1000,
        missing_activities: Collection[str] = (),
    ) -> Transition:
        """Apply a command and everything that follows from it."""
        events: list[Any] = []
        effects: list[Any] = []
        following: Command | None = command
        while following is not None:
            transition = advance(
                program, self._between(state), following, self._budget or budget, missing_activities
            )
            state = transition.state
            events += transition.events
            if isinstance(following, RedriveExecution):
                self._paused = [name for name, _ in self._waiting(state)]
            for effect in transition.effects:
                if not isinstance(effect, NoteDebugging):
                    effects.append(effect)
                elif effect.action == "Paused":
                    self.pauses += 1
                    name = json.loads(effect.details)["at"]
                    if name not in self._paused:
                        self._paused.append(name)
            following = None
            if transition.more:
                following = Continue(command.now, command.seed)
            elif state.status == "RUNNING" and (name := self._first(state)) is not None:
                following = ResumeExecution(
                    command.now, command.seed, BY, name, next(self._paces), 0
                )
        return Transition(state, events, effects)

    def _first(self, state: ExecutionState) -> str | None:
        waiting = dict(self._waiting(state))
        self._paused = [name for name in self._paused if name in waiting]
        leaving = [name for name in self._paused if waiting[name] == "after"]
        return (leaving or self._paused or [None])[0]

    @staticmethod
    def _waiting(state: ExecutionState) -> list[tuple[str, str]]:
        frames = sorted(state.frames.values(), key=lambda frame: frame.id)
        waits = [frame.wait for frame in frames if isinstance(frame.wait, PauseWait)]
        return [(wait.name, wait.where) for wait in waits]
