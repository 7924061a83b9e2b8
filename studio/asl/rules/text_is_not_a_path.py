"""A field that takes a fixed text does not hold a path: its ``…Path`` twin would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.diagnostics import Diagnostic, Fix
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.choice_rule import COMPARISONS
from studio.asl.expressions.jsonpath import compile_path, looks_like_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json
    from studio.asl.outline import Outline


STATE_TEXTS: Final = ("Error", "Cause")
TEXT_COMPARISONS: Final = tuple(
    name for name in COMPARISONS if name.startswith(("String", "Timestamp"))
)


def text_is_not_a_path(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each fixed text that looks like a path, where a ``…Path`` field exists."""
    for state in outline.states():
        if not outline.is_jsonpath(state):
            continue
        if state.type == "Fail":
            yield from _texts(state.fields, STATE_TEXTS, state.location, state.pointer)
        if state.type == "Choice":
            rules = state.fields.get("Choices")
            yield from _comparisons(rules, f"{state.location}/Choices", f"{state.pointer}/Choices")


def _comparisons(rules: Json, location: str, pointer: str) -> Iterator[Diagnostic]:
    if isinstance(rules, list):
        for index, rule in enumerate(rules):
            yield from _comparisons(rule, f"{location}[{index}]", f"{pointer}/{index}")
    elif isinstance(rules, dict):
        yield from _texts(rules, TEXT_COMPARISONS, location, pointer)
        for field in ("And", "Or", "Not"):
            yield from _comparisons(rules.get(field), f"{location}/{field}", f"{pointer}/{field}")


def _texts(
    fields: dict[str, Json], names: tuple[str, ...], location: str, pointer: str
) -> Iterator[Diagnostic]:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and looks_like_expression(value):
            message = (
                f"The value of '{name}' looks like a path; to have it evaluated, use '{name}Path'"
            )
            fixes = () if f"{name}Path" in fields else tuple(_fixes(name, value, pointer))
            yield Diagnostic("WARNING", "NO_PATH", message, f"{location}/{name}", fixes)


def _fixes(name: str, value: str, pointer: str) -> Iterator[Fix]:
    """Offer the field that takes a path, where the text is one."""
    try:
        if not compile_path(value).is_reference:
            return
    except InvalidExpression:
        return
    add = {"op": "add", "path": f"{pointer}/{name}Path", "value": value}
    remove = {"op": "remove", "path": f"{pointer}/{name}"}
    yield Fix(f"Evaluate it ({name}Path)", (add, remove))
