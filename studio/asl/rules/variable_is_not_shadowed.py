"""An inner scope does not assign a name that a scope around it assigns.

It would get a variable of its own: the outer one keeps its value, which is seldom what was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic
from studio.asl.outline import assignments, variables_assigned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline, ScopeOutline


def variable_is_not_shadowed(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each Assign in a branch or iteration that hides an outer variable."""
    yield from _scope(outline.machine, frozenset())


def _scope(scope: ScopeOutline, outer: frozenset[str]) -> Iterator[Diagnostic]:
    for state in scope.states.values():
        for place, name in assignments(state):
            if name in outer:
                message = (
                    f"The variable '{name}' is assigned in an outer scope too; this one is "
                    "another, and the outer one keeps its value"
                )
                yield Diagnostic("WARNING", "SHADOWED_VARIABLE", message, place)
    known = outer | variables_assigned(scope)
    for state in scope.states.values():
        for inner in state.scopes:
            yield from _scope(inner, known)
