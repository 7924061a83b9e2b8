"""A Pass state's Result is fixed: nothing in it is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic
from studio.asl.expressions.jsonpath import looks_like_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json
    from studio.asl.outline import Outline


def pass_result_is_static(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each expression in the Result of a Pass state; Parameters would evaluate it."""
    for state in outline.states():
        if state.type == "Pass" and outline.is_jsonpath(state):
            yield from _expressions(state.fields.get("Result"), f"{state.location}/Result")


def _expressions(value: Json, location: str) -> Iterator[Diagnostic]:
    if isinstance(value, list):
        for index, element in enumerate(value):
            yield from _expressions(element, f"{location}[{index}]")
    elif isinstance(value, dict):
        for name, member in value.items():
            place = f"{location}/{name}"
            if isinstance(member, str) and looks_like_expression(member):
                message = (
                    f"'{name}' is taken as it is: the Result of a Pass state is static, use "
                    "Parameters to evaluate paths and intrinsic functions"
                )
                yield Diagnostic("WARNING", "PASS_RESULT_IS_STATIC", message, place)
            else:
                yield from _expressions(member, place)
