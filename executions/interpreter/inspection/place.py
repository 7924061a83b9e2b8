"""Where a state is in a definition, and in the Program made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from executions.interpreter.states.map_state import CompiledMap
from executions.interpreter.states.parallel_state import CompiledParallel
from executions.interpreter.states.parent_state import CompiledParent
from studio.asl.definition import MapState, ParallelState

if TYPE_CHECKING:
    from executions.interpreter.program import CompiledScope, Program
    from executions.interpreter.states.compiled_state import CompiledState
    from studio.asl.definition import Definition, Scope, State


class Around(NamedTuple):
    """A Map or Parallel state around another: ``child`` is the branch that leads to that one."""

    scope: CompiledScope
    compiled: CompiledParent
    child: int


class Place(NamedTuple):
    """A state, compiled and as it was read, and the states around it, the outermost first."""

    state: State
    compiled: CompiledState
    scope: CompiledScope
    around: tuple[Around, ...]


def find_place(definition: Definition, program: Program, name: str) -> Place | None:
    """Find the state called ``name``, however deep it is; None where there is none."""
    return _find(definition, program.scopes[0], name, ())


def states_below(state: State) -> set[str]:
    """Give the names of all states inside a Map or Parallel state; none for other types."""
    names: set[str] = set()
    for scope in _scopes_below(state):
        names.update(scope.states)
        for each in scope.states.values():
            names |= states_below(each)
    return names


def _find(
    scope: Scope, compiled: CompiledScope, name: str, around: tuple[Around, ...]
) -> Place | None:
    if name in scope.states:
        return Place(scope.states[name], compiled.states[name], compiled, around)
    for each, state in scope.states.items():
        parent = compiled.states[each]
        if not isinstance(parent, CompiledParent):
            continue
        below = zip(_scopes_below(state), _compiled_below(parent), strict=True)
        for index, (child, compiled_child) in enumerate(below):
            found = _find(child, compiled_child, name, (*around, Around(compiled, parent, index)))
            if found is not None:
                return found
    return None


def _scopes_below(state: State) -> tuple[Scope, ...]:
    if isinstance(state, ParallelState):
        return state.branches
    return (state.processor,) if isinstance(state, MapState) else ()


def _compiled_below(parent: CompiledParent) -> list[CompiledScope]:
    if isinstance(parent, CompiledParallel):
        return parent.branches
    assert isinstance(parent, CompiledMap)
    return [parent.processor]
