"""A variable that is read is assigned somewhere in the state's scope, or in one around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic
from studio.asl.outline import is_distributed, variables_assigned
from studio.asl.variables_read import variables_read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline, ScopeOutline


def variable_is_assigned(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each variable that nothing assigns before or beside the state that reads it."""
    yield from _scope(outline, outline.machine, frozenset())


def _scope(outline: Outline, scope: ScopeOutline, outer: frozenset[str]) -> Iterator[Diagnostic]:
    known = outer | variables_assigned(scope)
    for state in scope.states.values():
        for place, name in variables_read(outline, state):
            if name not in known:
                message = f"Variable '{name}' is possibly not defined."
                yield Diagnostic("WARNING", "POSSIBLY_UNDEFINED_VARIABLE", message, place)
        for inner in state.scopes:
            # The child executions of a distributed Map see none of the variables outside.
            yield from _scope(outline, inner, frozenset() if is_distributed(state) else known)
