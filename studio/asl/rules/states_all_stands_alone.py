"""States.ALL is the only name of its ErrorEquals, and that Retrier or Catcher the last.

What stands beside or behind a name that matches every error could never be used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json
    from studio.asl.outline import Outline


def states_all_stands_alone(outline: Outline) -> Iterator[Diagnostic]:
    """Note each States.ALL that has company or successors."""
    for state in outline.states():
        for field in ("Retry", "Catch"):
            entries = state.fields.get(field)
            if isinstance(entries, list):
                yield from _misplaced(entries, f"{state.location}/{field}")


def _misplaced(entries: list[Json], location: str) -> Iterator[Diagnostic]:
    for index, entry in enumerate(entries):
        names = entry.get("ErrorEquals") if isinstance(entry, dict) else None
        if not isinstance(names, list) or "States.ALL" not in names:
            continue
        if len(names) > 1 or index < len(entries) - 1:
            place = f"{location}[{index}]/ErrorEquals[{names.index('States.ALL')}]"
            message = "States.ALL must appear alone and at end of list"
            yield Diagnostic("ERROR", SCHEMA_VALIDATION_FAILED, message, place)
