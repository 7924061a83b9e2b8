"""Next, Default and the Next of a rule or Catcher name a state of the same scope.

A branch or an item processor is a scope of its own: nothing in it may point out of it, and nothing
outside may point into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline


def transition_target_exists(outline: Outline) -> Iterator[Diagnostic]:
    """Note each transition whose target is not in its own scope."""
    for scope in outline.scopes():
        for state in scope.states.values():
            for transition in state.transitions:
                if transition.target not in scope.states:
                    yield Diagnostic(
                        "ERROR",
                        "MISSING_TRANSITION_TARGET",
                        f"Missing 'Next' target: {transition.target}",
                        transition.location,
                    )
