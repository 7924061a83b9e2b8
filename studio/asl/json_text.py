"""JSON texts: the strict loader and the writer that the whole product uses.

Values are plain Python: dict, list, str, int, float, bool, None. An integer stays an int however
long, ``1.0`` stays a float. When an object names a member twice the last one counts.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NoReturn

import orjson

from studio.asl.errors import StatesError
from studio.asl.json_fault import find_fault

if TYPE_CHECKING:
    from studio.asl.definition import Json

MAX_DEPTH: Final = 100
"""Objects and arrays inside one another, unless the caller says otherwise."""

MAX_WRITTEN_DEPTH: Final = 255
"""What ``dumps`` can write: a workflow that wraps its data makes deeper values than may come in."""

MAX_DIGITS: Final = 1_000
"""Digits of one integer, the limit of AWS's parser."""

# orjson reads an integer of more than 64 bits as a float: such texts go to the standard library.
_DIGITS_ALIKE: Final = bytes.maketrans(b"123456789", b"000000000")
_MANY_DIGITS: Final = b"0" * 19
_SHORT: Final = len(_MANY_DIGITS)
_LONG_INTEGER = re.compile(rb"(?:^|[\[:,\s])-?0{19}")
_LONGEST_WRITTEN: Final = range(-(2**63), 2**64)

_ALL_BUT_STRUCTURE: Final = bytes(set(range(256)) - set(b'"[]{}'))
_STRING = re.compile(rb'"[^"]*"')


class InvalidJson(Exception):
    """The text is not JSON, or not within the limits.

    ``message`` is in the words of AWS's parser (Jackson), without the position; ``line`` and
    ``column`` count from 1.
    """

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{message} at line {line}, column {column}")
        self.message = message
        self.line = line
        self.column = column


def loads(text: str | bytes, *, max_depth: int = MAX_DEPTH) -> Json:
    """Read a JSON text.

    Refuses, with InvalidJson: what is not JSON (NaN and Infinity among it), more than one value,
    bytes that are not UTF-8, lone surrogates, numbers too large for a double, and values nested
    deeper than ``max_depth``. Time is linear in the text's length, whatever it holds; nothing
    recurses.
    """
    if len(text) < _SHORT and len(text) <= max_depth and text.__class__ is str:
        # Too short for a long integer or much depth, as what expressions give often is.
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            pass  # The long way says what is wrong.
    try:
        data = text.encode() if isinstance(text, str) else bytes(text)
        source = text if isinstance(text, str) else data.decode()
    except UnicodeError as error:
        _refuse_encoding(error)
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        _refuse_fault(source, max_depth)
        # No fault: orjson refuses integers beyond the largest double, of 309 digits and more.
        return _loads_long_integers(source)
    if data.count(b"[") + data.count(b"{") > max_depth and _depth_exceeds(data, max_depth):
        _refuse_fault(source, max_depth)
    return _loads_long_integers(source) if _has_long_integer(data) else value


def dumps(value: Json) -> str:
    """Write a JSON value as AWS does: no spaces, non-ASCII kept, members in their order.

    Raises StatesError States.Runtime where the value is nested more than about 250 levels deep:
    only a workflow that wraps its data again and again can make one.
    """
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return _dump(value, 0).decode()


def dump_bytes(value: Json) -> bytes:
    """Write a JSON value as ``dumps`` does, in UTF-8."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return _dump(value, 0)


def canonical(value: Json) -> str:
    """Write a value so that equal values, whatever the order of their members, are equal texts.

    ``1``, ``1.0`` and ``true`` differ. Raises as ``dumps`` does.
    """
    return _dump(value, orjson.OPT_SORT_KEYS).decode()


def is_longer(value: Json, limit: int) -> bool:
    """Tell whether a value's text would have more than ``limit`` characters, without writing it."""
    return measure(value, limit) > limit


def measure(value: Json, limit: int) -> int:
    """Say how many characters a value's text would have, without writing it.

    Beyond ``limit`` it stops, and gives some number above that. Cheap where parts are shared: each
    is measured once, however often it appears. It counts a little less than the text would have
    (escapes are left out).
    """
    if not isinstance(value, dict | list):
        return _scalar_size(value)
    measured: dict[int, int] = {}
    waiting: list[tuple[Json, bool]] = [(value, False)]
    size = 0
    while waiting:
        current, ready = waiting.pop()
        identity = id(current)
        if identity in measured:
            size = measured[identity]
            continue
        parts = list(current.values()) if isinstance(current, dict) else current
        inner = [part for part in parts if isinstance(part, dict | list)]
        if inner and not ready:
            waiting.append((current, True))
            waiting += [(part, False) for part in inner if id(part) not in measured]
            continue
        # Brackets and commas; quotes and colons of names.
        size = len(parts) + 1 + sum(measured[id(part)] for part in inner)
        size += sum(_scalar_size(part) for part in parts if not isinstance(part, dict | list))
        if isinstance(current, dict):
            size += 3 * len(current) + sum(map(len, current))
        measured[identity] = size
        if size > limit:
            break
    return size


def _scalar_size(value: Json) -> int:
    return len(value) + 2 if isinstance(value, str) else 1


def _dump(value: Json, option: int) -> bytes:
    try:
        return orjson.dumps(value, option=option)
    except orjson.JSONEncodeError:
        # Long integers or deep nesting. Anything else is our bug, and is raised again below.
        return orjson.dumps(_with_long_integers_written(value, 250), option=option)


def _with_long_integers_written(value: Json, levels: int) -> Json:
    """Copy a value, with each integer that orjson refuses replaced by its text."""
    if isinstance(value, dict | list):
        if levels == 0:
            raise StatesError(
                "States.Runtime", "The value is nested too deeply to be written as JSON"
            )
        if isinstance(value, list):
            return [_with_long_integers_written(element, levels - 1) for element in value]
        return {
            name: _with_long_integers_written(member, levels - 1) for name, member in value.items()
        }
    if isinstance(value, int) and value not in _LONGEST_WRITTEN:
        return orjson.Fragment(str(value))
    return value


def _has_long_integer(data: bytes) -> bool:
    alike = data.translate(_DIGITS_ALIKE)
    return _MANY_DIGITS in alike and _LONG_INTEGER.search(alike) is not None


def _loads_long_integers(source: str) -> Json:
    # Faultless by now, and shallow enough for a recursive reader.
    return json.loads(source, parse_int=_parse_integer)


def _parse_integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        message = f"Number value length ({len(text)}) exceeds the maximum allowed ({MAX_DIGITS})"
        raise InvalidJson(message, 1, 1)
    return int(text)


def _depth_exceeds(data: bytes, max_depth: int) -> bool:
    """Tell whether valid JSON is nested deeper than ``max_depth``.

    What is no bracket is taken out, then the innermost brackets again and again: all of it runs
    in C, and is a fifth of the cost of reading.
    """
    if b"\\" in data:
        # In this order: behind an even number of backslashes a quote is no escaped one.
        data = data.replace(rb"\\", b"").replace(rb"\"", b"")
    # Two quotes side by side: an empty string, or the seam of two strings. Either may go.
    brackets = data.translate(None, _ALL_BUT_STRUCTURE).replace(b'""', b"")
    if b'"' in brackets:
        brackets = _STRING.sub(b"", brackets)
    for _ in range(max_depth):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return bool(brackets)


def _refuse_fault(source: str, max_depth: int) -> None:
    """Raise InvalidJson for the first fault of a text; return where there is none."""
    fault = find_fault(source, max_depth)
    if fault is not None:
        raise InvalidJson(fault.message, *_line_and_column(source, fault.at)) from None


def _line_and_column(source: str, offset: int) -> tuple[int, int]:
    line = source.count("\n", 0, offset) + 1
    return line, offset - source.rfind("\n", 0, offset)


def _refuse_encoding(error: UnicodeError) -> NoReturn:
    if isinstance(error, UnicodeDecodeError):
        message = f"Invalid UTF-8: unexpected byte 0x{error.object[error.start]:02x}"
        before = error.object[: error.start].decode()
    elif isinstance(error, UnicodeEncodeError):
        message = f"Lone surrogate U+{ord(error.object[error.start]):04X}"
        before = error.object[: error.start]
    else:
        raise error
    raise InvalidJson(message, *_line_and_column(before, len(before))) from None
