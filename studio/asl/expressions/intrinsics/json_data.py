"""StringToJson, JsonToString, JsonMerge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl import json_text
from studio.asl.expressions.intrinsics.failure import MAX_TEXT, IntrinsicFailure, to_text
from studio.asl.expressions.member_order import hash_map_order

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Randomness


def string_to_json(arguments: list[Json], _: Randomness) -> Json:
    """Read a JSON text. A blank one gives null, as AWS has it."""
    text = to_text(arguments[0], "States.StringToJson")
    if not text.strip():
        return None
    try:
        return json_text.loads(text)
    except json_text.InvalidJson as error:
        raise IntrinsicFailure("States.StringToJson", str(error)) from None


def json_to_string(arguments: list[Json], _: Randomness) -> Json:
    """Write a value as JSON."""
    text = json_text.dumps(arguments[0])
    if len(text) > MAX_TEXT:
        raise IntrinsicFailure("States.JsonToString", "the text would be too long")
    return text


def json_merge(arguments: list[Json], _: Randomness) -> Json:
    """Merge two objects; what both have, the second decides. Shallow only, as AWS has it."""
    first, second, deep = arguments
    if deep is not False:
        raise IntrinsicFailure("States.JsonMerge", "only shallow merging is there (false)")
    if not isinstance(first, dict) or not isinstance(second, dict):
        raise IntrinsicFailure("States.JsonMerge")
    merged = {**first, **second}
    return {name: merged[name] for name in hash_map_order(merged)}
