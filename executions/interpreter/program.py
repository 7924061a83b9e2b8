"""A definition made ready to run: every path, template and rule compiled once.

A Program depends on its Definition only. It is immutable, may be shared between executions and
threads, and is cheap to cache by revision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from executions.interpreter.states.choice_state import CompiledChoice
from executions.interpreter.states.distributed_map_state import CompiledDistributedMap
from executions.interpreter.states.fail_state import CompiledFail
from executions.interpreter.states.map_state import CompiledMap
from executions.interpreter.states.parallel_state import CompiledParallel
from executions.interpreter.states.pass_state import CompiledPass
from executions.interpreter.states.plain_row import lay_rows
from executions.interpreter.states.succeed_state import CompiledSucceed
from executions.interpreter.states.task_state import CompiledTask
from executions.interpreter.states.wait_state import CompiledWait
from studio.asl.definition import (
    ChoiceState,
    FailState,
    MapState,
    ParallelState,
    PassState,
    SucceedState,
    TaskState,
    WaitState,
)

if TYPE_CHECKING:
    from executions.interpreter.states.compiled_state import CompiledState
    from studio.asl.definition import Definition, Scope, State


EXPRESS_SECONDS: Final = 300
"""How long an Express execution may take, whatever its definition allows."""


class CompiledScope:
    """The machine, a branch or an item processor.

    ``number`` follows from the scope's place in the definition, so that a stored frame finds its
    scope again in a Program compiled anew.
    """

    __slots__ = ("number", "start", "states")

    number: int
    start: CompiledState
    states: dict[str, CompiledState]


class Program:
    """A compiled Definition. ``scopes[0]`` is the machine itself, ``root`` where it begins.

    ``activities`` are the ARNs of the activities its Tasks name. ``is_express``: five minutes at
    most, and a history without a limit, for nobody keeps it.
    """

    __slots__ = ("activities", "is_express", "root", "scopes", "timeout_seconds")

    activities: frozenset[str]
    is_express: bool
    root: CompiledScope
    scopes: list[CompiledScope]
    timeout_seconds: int | None

    def __init__(self, definition: Definition, *, is_express: bool = False) -> None:
        self.is_express = is_express
        self.timeout_seconds = definition.timeout_seconds
        if is_express:
            self.timeout_seconds = min(
                definition.timeout_seconds or EXPRESS_SECONDS, EXPRESS_SECONDS
            )
        self.scopes = []
        self.root = self._compile_scope(definition)
        self.activities = frozenset(
            state.resource.arn
            for scope in self.scopes
            for state in scope.states.values()
            if isinstance(state, CompiledTask) and state.resource.kind == "activity"
        )

    def child(self, scope: int, *, is_express: bool) -> Program:
        """Give the program of a Map Run's children: it begins with this scope, a processor's.

        All scopes are shared. A processor declares no time-out: only Express children have one.
        """
        child = Program.__new__(Program)
        child.activities = self.activities
        child.is_express = is_express
        child.scopes = self.scopes
        child.root = self.scopes[scope]
        child.timeout_seconds = EXPRESS_SECONDS if is_express else None
        return child

    def map_state(self, scope: int, name: str) -> CompiledDistributedMap:
        """Give the distributed Map of this name in a scope."""
        state = self.scopes[scope].states[name]
        assert isinstance(state, CompiledDistributedMap)
        return state

    def _compile_scope(self, scope: Scope) -> CompiledScope:
        compiled = CompiledScope()
        compiled.number = len(self.scopes)
        self.scopes.append(compiled)
        compiled.states = {name: self._compile(state) for name, state in scope.states.items()}
        for name, state in scope.states.items():
            compiled.states[name].link(state, compiled.states)
        lay_rows(compiled.states.values())
        compiled.start = compiled.states[scope.start_at]
        return compiled

    def _compile(self, state: State) -> CompiledState:
        match state:
            case PassState():
                return CompiledPass(state)
            case TaskState():
                return CompiledTask(state)
            case ChoiceState():
                return CompiledChoice(state)
            case WaitState():
                return CompiledWait(state)
            case SucceedState():
                return CompiledSucceed(state)
            case FailState():
                return CompiledFail(state)
            case ParallelState(branches=branches):
                return CompiledParallel(state, [self._compile_scope(each) for each in branches])
            case MapState(processor=processor, mode=mode):
                kind = CompiledMap if mode == "INLINE" else CompiledDistributedMap
                return kind(state, self._compile_scope(processor))


def compile_program(definition: Definition, *, is_express: bool = False) -> Program:
    """Compile a definition. It must come from ``studio.asl.parse``, which refuses what is wrong."""
    return Program(definition, is_express=is_express)
