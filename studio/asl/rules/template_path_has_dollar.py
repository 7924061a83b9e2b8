"""A payload template's member that holds a path or an intrinsic has a name ending in ``.$``.

Without that ending the text is taken as it is, which is seldom what was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.diagnostics import Diagnostic, Fix
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.jsonpath import looks_like_expression
from studio.asl.expressions.payload_template import compile_expression

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
            template = state.fields.get(field)
            yield from _undollared(
                template, f"{state.location}/{field}", f"{state.pointer}/{field}"
            )


def _undollared(template: Json, location: str, pointer: str) -> Iterator[Diagnostic]:
    if isinstance(template, list):
        for index, element in enumerate(template):
            yield from _undollared(element, f"{location}[{index}]", f"{pointer}/{index}")
    elif isinstance(template, dict):
        for name, value in template.items():
            place = f"{location}/{name}"
            below = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if isinstance(value, str) and not name.endswith(".$") and looks_like_expression(value):
                message = (
                    f"The value of '{name}' looks like a path or an intrinsic function; to have "
                    f"it evaluated, name the field '{name}.$'"
                )
                fixes = () if f"{name}.$" in template else tuple(_fixes(name, value, below))
                yield Diagnostic("WARNING", "NO_DOLLAR", message, place, fixes)
            else:
                yield from _undollared(value, place, below)


def _fixes(name: str, value: str, pointer: str) -> Iterator[Fix]:
    """Offer the name that has the text evaluated, where it can be."""
    try:
        compile_expression(value, f"{name}.$")
    except InvalidExpression:
        return
    add = {"op": "add", "path": f"{pointer}.$", "value": value}
    yield Fix(f"Evaluate it (name it '{name}.$')", (add, {"op": "remove", "path": pointer}))
