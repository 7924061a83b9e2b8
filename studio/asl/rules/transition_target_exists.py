"""Next, Default and the Next of a rule or Catcher name a state of the same scope.

A branch or an item processor is a scope of its own: nothing in it may point out of it, and nothing
outside may point into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.close_names import close_name
from studio.asl.diagnostics import Diagnostic, Fix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline, ScopeOutline, TransitionOutline


MOST_OFFERS: Final = 5
"""Findings for which a name that is close is looked for."""


def transition_target_exists(outline: Outline) -> Iterator[Diagnostic]:
    """Note each transition whose target is not in its own scope."""
    offers_left = MOST_OFFERS
    for scope in outline.scopes():
        for state in scope.states.values():
            for transition in state.transitions:
                if transition.target not in scope.states:
                    fixes = tuple(_fixes(transition, scope)) if offers_left > 0 else ()
                    offers_left -= 1
                    yield Diagnostic(
                        "ERROR",
                        "MISSING_TRANSITION_TARGET",
                        f"Missing 'Next' target: {transition.target}",
                        transition.location,
                        fixes,
                    )


def _fixes(transition: TransitionOutline, scope: ScopeOutline) -> Iterator[Fix]:
    """Offer the state whose name is closest, where one is close."""
    name = close_name(transition.target, scope.states)
    if name is not None:
        replace = {"op": "replace", "path": transition.pointer, "value": name}
        yield Fix(f"Go to '{name}'", (replace,))
