"""The numbers of a Map that paths and expressions give: how many at once, how many may fail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.retry import RUNTIME
from studio.asl import json_text
from studio.asl.errors import StatesError
from studio.asl.expressions.jsonata import is_whole

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Bindings
    from studio.asl.expressions.jsonata import Query
    from studio.asl.expressions.jsonpath import Path

_INTEGER: Final = re.compile(r"[+-]?\d{1,10}", re.ASCII)
"""A text that AWS takes for a number of iterations."""
_DECIMAL: Final = re.compile(r"[+-]?\d{1,10}(?:\.\d{1,10})?", re.ASCII)


def integer_from_path(field: str, path: Path, bindings: Bindings) -> int:
    """Give the integer, perhaps as a text, that a …Path field points to. Raises StatesError."""
    value = path.get(bindings)
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not _fits(value):
        raise _not_a_number(field, path.text, value, int)
    return value


def queried_limit(query: Query, bindings: Bindings) -> float:
    """Give what MaxConcurrency or a Tolerated… field evaluates to. Raises StatesError."""
    value: float = query.evaluate_as(bindings, "number")
    percentage = query.field.endswith("Percentage")
    if value < 0 or (percentage and value > 100):
        bounds = "between 0 and 100" if percentage else "0 or more"
        raise query.failure(f"must give a number that is {bounds}, but gave {value}.")
    if not percentage and not (is_whole(value) and _fits(value)):
        raise query.wrong_kind(value, "integer")
    return value


def tolerated_number(field: str, path: str, value: Json, number: type[Any]) -> float:
    """Give the number, perhaps as a text, that a Tolerated…Path points to. Raises StatesError."""
    given = value
    if isinstance(value, str) and (_INTEGER if number is int else _DECIMAL).fullmatch(value):
        value = number(value)
    allowed = int if number is int else (int, float)
    if (
        isinstance(value, bool)
        or not isinstance(value, allowed)
        or (number is int and not _fits(value))
    ):
        raise _not_a_number(f"{field}Path", path, given, number)
    if number is float and not 0 <= value <= 100:
        raise StatesError(RUNTIME, f"{field} must be between 0 and 100.")
    if value < 0:
        raise StatesError(RUNTIME, f"{field} cannot be negative.")
    return value


def _fits(value: float) -> bool:
    """Tell whether a number is within an integer of 32 bits, as the service's are."""
    return -(2**31) <= value < 2**31


def _not_a_number(field: str, path: str, value: Json, number: type[Any]) -> StatesError:
    shown = value if isinstance(value, str) else json_text.dumps(value)
    kind = "integer" if number is int else "float"
    return StatesError(
        RUNTIME, f'The {field} field refers to value "{shown}" which is not a valid {kind}: {path}'
    )
