"""Every scope has a state that ends it: End, Succeed or Fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline


def terminal_state_exists(outline: Outline) -> Iterator[Diagnostic]:
    """Note each scope in which no state is terminal.

    A Choice state without Default may end its scope too, but only by failing.
    """
    for scope in outline.scopes():
        if scope.states and not any(state.is_terminal for state in scope.states.values()):
            # AWS gives no location here; inside a branch ours tells which one.
            yield Diagnostic(
                "ERROR", "MISSING_END_STATE", "Workflow has no terminal state", scope.location
            )
