"""A Pass state's Result is fixed: nothing in it is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic, Fix
from studio.asl.expressions.jsonpath import looks_like_expression
from studio.asl.expressions.payload_template import template_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json
    from studio.asl.outline import Outline, StateOutline


def pass_result_is_static(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each expression in the Result of a Pass state; Parameters would evaluate it."""
    for state in outline.states():
        if state.type == "Pass" and outline.is_jsonpath(state):
            found = list(_expressions(state.fields.get("Result"), f"{state.location}/Result"))
            fixes = tuple(_fixes(state)) if all(place.endswith(".$") for _, place in found) else ()
            for name, place in found:
                message = (
                    f"'{name}' is taken as it is: the Result of a Pass state is static, use "
                    "Parameters to evaluate paths and intrinsic functions"
                )
                yield Diagnostic("WARNING", "PASS_RESULT_IS_STATIC", message, place, fixes)


def _expressions(value: Json, location: str) -> Iterator[tuple[str, str]]:
    """Give the name and the place of each."""
    if isinstance(value, list):
        for index, element in enumerate(value):
            yield from _expressions(element, f"{location}[{index}]")
    elif isinstance(value, dict):
        for name, member in value.items():
            place = f"{location}/{name}"
            if isinstance(member, str) and looks_like_expression(member):
                yield name, place
            else:
                yield from _expressions(member, place)


def _fixes(state: StateOutline) -> Iterator[Fix]:
    """Offer Parameters, where they can be what Result is."""
    result = state.fields.get("Result")
    if "Parameters" in state.fields or any(template_faults(result)):
        return
    add = {"op": "add", "path": f"{state.pointer}/Parameters", "value": result}
    remove = {"op": "remove", "path": f"{state.pointer}/Result"}
    yield Fix("Evaluate it (make Result the Parameters)", (add, remove))
