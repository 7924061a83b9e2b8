"""Format and StringSplit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from studio.asl import json_text
from studio.asl.expressions.intrinsics.failure import MAX_TEXT, IntrinsicFailure, to_text

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Randomness

_PLACEHOLDER_OR_ESCAPE = re.compile(r"\{\}|\\(['{}\\])")
_MAX_DEPTH: Final = 200


def format_template(raw: str, arguments: list[Json]) -> str:
    """Fill the ``{}`` of a template as written (escapes and all) with arguments, in order."""
    pieces: list[str] = []
    values = iter(arguments)
    used = at = length = 0
    for match in _PLACEHOLDER_OR_ESCAPE.finditer(raw):
        pieces.append(raw[at : match.start()])
        at = match.end()
        if match.group(1) is not None:
            pieces.append(match.group(1))
            continue
        used += 1
        if used > len(arguments):
            break
        piece = shown(next(values))
        length += len(piece)
        if length > MAX_TEXT:
            raise IntrinsicFailure("States.Format", "the text would be too long")
        pieces.append(piece)
    if used != len(arguments):
        raise IntrinsicFailure(
            "States.Format", "number of arguments do not match the occurrences of {}"
        )
    return "".join(pieces) + raw[at:]


def format_text(arguments: list[Json], _: Randomness) -> Json:
    """Fill the ``{}`` of a template that is not written in place but comes from data."""
    template, *values = arguments
    return format_template(to_text(template, "States.Format"), values)


def string_split(arguments: list[Json], _: Randomness) -> Json:
    """Split a text at each of a set of characters, leaving out empty pieces."""
    text = to_text(arguments[0], "States.StringSplit")
    splitters = to_text(arguments[1], "States.StringSplit")
    if not splitters:
        return [text] if text else []
    pieces = re.split(f"[{re.escape(splitters)}]", text)
    return [piece for piece in pieces if piece]


def shown(value: Json, depth: int = 0) -> str:
    """Write a value as AWS's Format does: texts bare, objects as ``{a=1, b=[]}``."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        if depth > _MAX_DEPTH:
            raise IntrinsicFailure("States.Format", "the value is nested too deeply")
        if isinstance(value, list):
            return "[" + ", ".join(shown(element, depth + 1) for element in value) + "]"
        members = (f"{name}={shown(member, depth + 1)}" for name, member in value.items())
        return "{" + ", ".join(members) + "}"
    return json_text.dumps(value)
