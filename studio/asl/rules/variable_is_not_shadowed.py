"""An inner scope does not assign a name that a scope around it assigns.

AWS refuses it. A distributed Map is another matter: its child executions see no outer variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic
from studio.asl.outline import assignments, is_distributed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline, ScopeOutline


def variable_is_not_shadowed(outline: Outline) -> Iterator[Diagnostic]:
    """Note each Assign in a branch or iteration that takes the name of an outer variable."""
    yield from _scope(outline.machine, frozenset())


def _scope(scope: ScopeOutline, outer: frozenset[str]) -> Iterator[Diagnostic]:
    for state in scope.states.values():
        for place, name in assignments(state):
            if name in outer:
                message = f"The variable name '{name}' was already defined in a parent scope."
                yield Diagnostic("ERROR", "DUPLICATE_VARIABLE_NAME", message, place)
    for state in scope.states.values():
        if not state.scopes:
            continue
        # What the state itself assigns, it assigns after its inner scopes: AWS takes that.
        others = (each for each in scope.states.values() if each is not state)
        known = outer.union(name for each in others for _, name in assignments(each))
        for inner in state.scopes:
            yield from _scope(inner, frozenset() if is_distributed(state) else known)
