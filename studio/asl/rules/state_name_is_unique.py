"""State names are unique in the whole definition, across scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline


def state_name_is_unique(outline: Outline) -> Iterator[Diagnostic]:
    """Note each state whose name an earlier state of another scope has."""
    seen: set[str] = set()
    for state in outline.states():
        if state.name in seen:
            yield Diagnostic(
                "ERROR",
                "DUPLICATE_STATE_NAME",
                f"Duplicate State name: {state.name}",
                state.location,
            )
        seen.add(state.name)
