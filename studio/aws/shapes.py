"""Checks requests against the model's shapes and writes answers by them.

Types that do not fit are a SerializationException, as where a Java service cannot bind a value;
values that break a constraint are gathered into one ValidationException, in AWS's words.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.model import ListShape, MapShape, StructureShape

from studio.asl.expressions.member_order import hash_set_order
from studio.aws.errors import SerializationException
from studio.errors import ValidationException

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.model import Shape

SHOWN_CHARACTERS = 1024
"""So much of a refused value is repeated in the message."""


def read_request(shape: Shape | None, value: Any) -> dict[str, Any]:
    """The members of a request that the model knows; what is null or unknown is left out.

    Raises:
        SerializationException: a value is of another type than the model's.
        ValidationException: with every constraint that is not met.
    """
    if not isinstance(value, dict):
        raise SerializationException(message=_cannot_convert(value, "structure"))
    if shape is None:
        return {}
    violations: list[str] = []
    request: dict[str, Any] = _read(shape, value, "", violations)
    if violations:
        errors = "error" if len(violations) == 1 else "errors"
        raise ValidationException(
            message=f"{len(violations)} validation {errors} detected: {'; '.join(violations)}"
        )
    return request


def write_answer(shape: Shape | None, value: Any) -> Any:
    """``value`` as the model has it: members it knows and that are not None, times as seconds."""
    if shape is None:
        return {}
    if isinstance(shape, StructureShape):
        return {
            name: write_answer(member, value[name])
            for name, member in shape.members.items()
            if value.get(name) is not None
        }
    if isinstance(shape, ListShape):
        return [write_answer(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        return {name: write_answer(shape.value, item) for name, item in value.items()}
    return epoch_seconds(value) if shape.type_name == "timestamp" else value


def epoch_seconds(moment: datetime) -> float:
    """Seconds since the epoch, cut to milliseconds as AWS gives them."""
    return int(moment.timestamp()) + moment.microsecond // 1000 / 1000


def _read(shape: Shape, value: Any, path: str, violations: list[str]) -> Any:
    if not isinstance(value, _PYTHON_TYPES[shape.type_name]) or (
        isinstance(value, bool) and shape.type_name != "boolean"
    ):
        raise SerializationException(message=_cannot_convert(value, shape.type_name))
    return _READERS[shape.type_name](shape, value, path, violations)


def _read_structure(
    shape: StructureShape, value: dict[str, Any], path: str, violations: list[str]
) -> dict[str, Any]:
    request = {}
    for name, member in shape.members.items():
        here = f"{path}.{name}" if path else name
        given = value.get(name)
        if given is not None:
            request[name] = _read(member, given, here, violations)
        elif name in shape.required_members:
            violations.append(_violation("null", here, "Member must not be null"))
    return request


def _read_list(shape: ListShape, value: list[Any], path: str, violations: list[str]) -> list[Any]:
    _check_bounds(shape, "length", len(value), value, path, violations)
    return [
        _read(shape.member, item, f"{path}.{number}.member", violations)
        for number, item in enumerate(value, start=1)
        if item is not None
    ]


def _read_string(shape: Shape, value: str, path: str, violations: list[str]) -> str:
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        constraint = f"Member must satisfy enum value set: [{', '.join(hash_set_order(allowed))}]"
        violations.append(_violation(_shown(shape, value), path, constraint))
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern.replace(r"\p{ASCII}", r"[\x00-\x7f]"), value):
        # The message shows the pattern as it stands in JSON.
        shown = pattern.replace("\\", "\\\\")
        constraint = f"Member must satisfy regular expression pattern: {shown}"
        violations.append(_violation(_shown(shape, value), path, constraint))
    # AWS counts definitions and payloads in bytes of UTF-8, and those are the sensitive ones.
    length = len(value.encode()) if shape.metadata.get("sensitive") else len(value)
    _check_bounds(shape, "length", length, value, path, violations)
    return value


def _read_number(shape: Shape, value: float, path: str, violations: list[str]) -> float:
    _check_bounds(shape, "value", value, value, path, violations)
    return value


def _check_bounds(
    shape: Shape, measure: str, size: float, value: Any, path: str, violations: list[str]
) -> None:
    """Note where ``size``, the ``measure`` of ``value``, is outside the shape's bounds."""
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    bound = None
    if least is not None and size < least:
        bound = f"greater than or equal to {least}"
    elif most is not None and size > most:
        bound = f"less than or equal to {most}"
    if bound is not None:
        constraint = f"Member must have {measure} {bound}"
        violations.append(_violation(_shown(shape, value), path, constraint))


def _read_boolean(_: Shape, value: bool, __: str, ___: list[str]) -> bool:
    return value


def _shown(shape: Shape, value: Any) -> str:
    """How a message repeats a value; "" for what may be a secret."""
    if shape.metadata.get("sensitive"):
        return ""
    text = _as_java(shape, value)
    if len(text) > SHOWN_CHARACTERS:
        text = text[:SHOWN_CHARACTERS] + "…"
    return f"'{text}'"


def _as_java(shape: Shape, value: Any) -> str:
    """A value as the service's own language prints it."""
    if isinstance(shape, ListShape):
        return f"[{', '.join(_as_java(shape.member, item) for item in value)}]"
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = (
            f"{name}={_as_java(member, value.get(name))}" for name, member in shape.members.items()
        )
        return f"{shape.name}({', '.join(members)})"
    return "null" if value is None else str(value)


def _violation(shown: str, path: str, constraint: str) -> str:
    value = f"Value {shown} at" if shown else "Value at"
    return f"{value} '{path}' failed to satisfy constraint: {constraint}"


def _cannot_convert(value: Any, wanted: str) -> str:
    if isinstance(value, dict):
        return "Start of structure or map found where not expected."
    if isinstance(value, list):
        return "Start of list found where not expected."
    return f"{_JAVA_NAMES[type(value)]} can not be converted to a {_WANTED_NAMES[wanted]}"


_PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "structure": dict,
    "list": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
}
_READERS: dict[str, Callable[..., Any]] = {
    "structure": _read_structure,
    "list": _read_list,
    "string": _read_string,
    "boolean": _read_boolean,
    "integer": _read_number,
    "long": _read_number,
    "float": _read_number,
    "double": _read_number,
}
_JAVA_NAMES = {
    str: "STRING_VALUE",
    int: "NUMBER_VALUE",
    float: "DECIMAL_VALUE",
    bool: "BOOLEAN_VALUE",
    type(None): "NULL_VALUE",
}
_WANTED_NAMES = {
    "structure": "Structure",
    "list": "List",
    "string": "String",
    "boolean": "Boolean",
    "integer": "Integer",
    "long": "Long",
    "float": "Float",
    "double": "Double",
}
