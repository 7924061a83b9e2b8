"""Labels of Maps are unique in the whole definition: they become parts of ARNs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline


def label_is_unique(outline: Outline) -> Iterator[Diagnostic]:
    """Note each Map whose Label an earlier one has."""
    seen: set[str] = set()
    for state in outline.states():
        label = state.fields.get("Label")
        if state.type != "Map" or not isinstance(label, str):
            continue
        if label in seen:
            message = f"Duplicate Label name: {label}"
            place = f"{state.location}/Label"
            yield Diagnostic("ERROR", "DUPLICATE_LABEL_NAME", message, place)
        seen.add(label)
