"""A state name has 1 to 80 characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline


MAX_NAME_LENGTH: Final = 80


def state_name_is_short(outline: Outline) -> Iterator[Diagnostic]:
    """Note each state whose name is empty or longer than 80 characters."""
    for state in outline.states():
        if not 1 <= len(state.name) <= MAX_NAME_LENGTH:
            yield Diagnostic(
                "ERROR",
                "INVALID_STATE_NAME",
                f"A state name must have 1 to {MAX_NAME_LENGTH} characters, not {len(state.name)}",
                state.location,
            )
