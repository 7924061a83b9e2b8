"""A payload template's member that holds a path or an intrinsic has a name ending in ``.$``.

Without that ending the text is taken as it is, which is seldom what was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.diagnostics import Diagnostic
from studio.asl.expressions.jsonpath import looks_like_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json
    from studio.asl.outline import Outline


TEMPLATES: Final = (
    "Parameters",
    "ResultSelector",
    "ItemSelector",
    "Assign",
    "Credentials",
)


def template_path_has_dollar(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each text in a template that looks like an expression under a plain name."""
    for state in outline.states():
        if not outline.is_jsonpath(state):
            continue
        for field in TEMPLATES:
            yield from _undollared(state.fields.get(field), f"{state.location}/{field}")


def _undollared(template: Json, location: str) -> Iterator[Diagnostic]:
    if isinstance(template, list):
        for index, element in enumerate(template):
            yield from _undollared(element, f"{location}[{index}]")
    elif isinstance(template, dict):
        for name, value in template.items():
            place = f"{location}/{name}"
            if isinstance(value, str) and not name.endswith(".$") and looks_like_expression(value):
                message = (
                    f"The value of '{name}' looks like a path or an intrinsic function; to have "
                    f"it evaluated, name the field '{name}.$'"
                )
                yield Diagnostic("WARNING", "NO_DOLLAR", message, place)
            else:
                yield from _undollared(value, place)
