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
            why = f"exceeds the {MAX_NAME_LENGTH}-character limit allowed by the service"
            yield Diagnostic(
                "ERROR",
                "INVALID_STATE_NAME",
                f"Invalid State name: State '{state.name}' {why if state.name else 'has no name'}",
                state.location,
            )
