"""Items of JSON: the elements of an array, or the members of an object that a pointer leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from executions.items.formats.json_scanner import JsonScanner
from executions.items.formats.limits import LARGEST_ITEM, too_large
from executions.items.problems import ItemReaderFailed
from studio.asl import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json

NOT_ITERABLE = "Attempting to map over non-iterable node."
"""AWS's words (recorded) for a JSON object or scalar where an array should be."""
_BOM = b"\xef\xbb\xbf"


def read_json(
    stream: BinaryIO, pointer: str = "", start: int = 0
) -> Iterator[tuple[Json, str | None, int]]:
    """Read the items of a JSON document: each with its key, and the byte after it.

    ``pointer`` is ItemsPointer, a JSON Pointer (RFC 6901) whose every part names a member of an
    object. It may lead to an array, or to an object, whose members are the items: each
    ``{"Key": …, "Value": …}``, and its key. ``start`` is a byte that an earlier reading gave.

    Raises ItemReaderFailed.
    """
    scanner = JsonScanner(stream, start or _after_mark(stream))
    if start:
        if scanner.take(b","):
            yield from _items(scanner, None)
        elif not scanner.take(b"]") and not scanner.take(b"}"):
            raise scanner.fail("',' or ']'")
        return
    for name in _parts(pointer):
        _enter(scanner, name, pointer)
    if scanner.take(b"["):
        closing = b"]"
    elif pointer and scanner.take(b"{"):
        closing = b"}"
    else:
        if not scanner.peek():
            raise ItemReaderFailed("Invalid JSON: the object is empty")
        raise ItemReaderFailed(NOT_ITERABLE)
    if not scanner.take(closing):
        yield from _items(scanner, closing)
    if not pointer and scanner.peek():
        raise scanner.fail("the end")


def read_json_lines(stream: BinaryIO, start: int = 0) -> Iterator[tuple[Json, int]]:
    """Read JSON Lines: each line's value, and the byte after the line. Empty lines are passed over.

    Raises ItemReaderFailed.
    """
    offset = start or _after_mark(stream)
    stream.seek(offset)
    while line := stream.readline(LARGEST_ITEM + 2):
        begins, offset = offset, offset + len(line)
        text = line.strip()
        if len(text) > LARGEST_ITEM or (len(line) > LARGEST_ITEM and not line.endswith(b"\n")):
            raise too_large(f"byte {begins}")
        if text:
            try:
                value = json_text.loads(text)
            except json_text.InvalidJson as problem:
                raise ItemReaderFailed(
                    f"Invalid JSON in the line at byte {begins}: {problem.message}"
                ) from None
            yield value, offset


def _items(scanner: JsonScanner, closing: bytes | None) -> Iterator[tuple[Json, str | None, int]]:
    """Read items up to ``closing``; None: the first one tells whether this is an object."""
    while True:
        key: str | None = None
        value = scanner.value()
        ends = scanner.offset
        if closing == b"}" or (closing is None and scanner.peek() == b":"):
            if not isinstance(value, str) or not scanner.take(b":"):
                raise scanner.fail("':' after a member's name")
            key, value = value, scanner.value()
            yield {"Key": key, "Value": value}, key, scanner.offset
        else:
            yield value, None, ends
        closing = closing or (b"]" if key is None else b"}")
        if not scanner.take(b","):
            break
    if not scanner.take(closing):
        raise scanner.fail(f"',' or '{closing.decode()}'")


def _enter(scanner: JsonScanner, name: str, pointer: str) -> None:
    """Go to the value of the member ``name`` of the object that begins here."""
    missing = ItemReaderFailed(f"The ItemsPointer '{pointer}' leads to nothing: no '{name}' there")
    if not scanner.take(b"{") or scanner.take(b"}"):
        raise missing
    while True:
        found = scanner.value()
        if not isinstance(found, str) or not scanner.take(b":"):
            raise scanner.fail("a member's name and ':'")
        if found == name:
            return
        scanner.skip()
        if not scanner.take(b","):
            if not scanner.take(b"}"):
                raise scanner.fail("',' or '}'")
            raise missing


def _parts(pointer: str) -> list[str]:
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise ItemReaderFailed(f"The ItemsPointer '{pointer}' does not begin with '/'")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]


def _after_mark(stream: BinaryIO) -> int:
    """Where the text begins: after a byte order mark, if there is one."""
    stream.seek(0)
    return len(_BOM) if stream.read(len(_BOM)) == _BOM else 0
