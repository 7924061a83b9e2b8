"""StartAt names a state of its own scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.close_names import close_name
from studio.asl.diagnostics import Diagnostic, Fix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline, ScopeOutline


def start_state_exists(outline: Outline) -> Iterator[Diagnostic]:
    """Note each StartAt that names no state beside it."""
    for scope in outline.scopes():
        # Where there are no states at all, that is noted, and once is enough.
        if scope.start_at is not None and scope.states and scope.start_at not in scope.states:
            yield Diagnostic(
                "ERROR",
                "MISSING_TRANSITION_TARGET",
                f"Missing 'Next' target: {scope.start_at}",
                f"{scope.location}/StartAt",
                tuple(_fixes(scope.start_at, scope)),
            )


def _fixes(start_at: str, scope: ScopeOutline) -> Iterator[Fix]:
    """Offer the state whose name is closest; the only one, whatever its name."""
    states = scope.states
    name = next(iter(states)) if len(states) == 1 else close_name(start_at, states)
    if name is not None:
        replace = {"op": "replace", "path": f"{scope.pointer}/StartAt", "value": name}
        yield Fix(f"Start at '{name}'", (replace,))
