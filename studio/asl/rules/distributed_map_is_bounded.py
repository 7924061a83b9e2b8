"""A distributed Map says how many items it works on at once.

An inline Map has a bound of its own (40), a distributed one goes up to 10,000:
https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.diagnostics import Diagnostic, Fix
from studio.asl.outline import is_distributed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline

SUGGESTED: Final = 100


def distributed_map_is_bounded(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each distributed Map without MaxConcurrency, or with 0, which means none."""
    for state in outline.states():
        if not is_distributed(state):
            continue
        if "MaxConcurrencyPath" in state.fields or state.fields.get("MaxConcurrency", 0) != 0:
            continue
        message = (
            "This Map starts up to 10000 child executions at once, and what they call must bear "
            "it: give it a MaxConcurrency"
        )
        # Adding a member that is there replaces it.
        add = {"op": "add", "path": f"{state.pointer}/MaxConcurrency", "value": SUGGESTED}
        fix = Fix(f"Work on {SUGGESTED} at once (MaxConcurrency {SUGGESTED})", (add,))
        yield Diagnostic("WARNING", "UNBOUNDED_MAP", message, state.location, (fix,))
