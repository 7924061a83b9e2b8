"""Finds where JSON values end in a stream, without reading what is in them.

A value's text is then read by the same loader as every other JSON, and the byte after it is where
reading can go on another day. What is skipped takes no memory, however large it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, Final

from executions.items.formats.limits import LARGEST_ITEM, too_large
from executions.items.problems import ItemReaderFailed
from studio.asl import json_text

if TYPE_CHECKING:
    from studio.asl.definition import Json

_CHUNK: Final = 1 << 16
_STRUCTURE: Final = re.compile(rb'["{}\[\]]')
_IN_STRING: Final = re.compile(rb'["\\]')
_AFTER_SCALAR: Final = re.compile(rb"[,\]}\s]")
_SOMETHING: Final = re.compile(rb"[^ \t\r\n]")


class JsonScanner:
    """A place in a stream of JSON. ``offset`` counts bytes from the stream's beginning."""

    def __init__(self, stream: BinaryIO, offset: int = 0) -> None:
        stream.seek(offset)
        self._stream = stream
        self._buffer = b""
        self._at = 0
        self._before = offset

    @property
    def offset(self) -> int:
        """Where the next byte is read."""
        return self._before + self._at

    def peek(self) -> bytes:
        """The next byte that is no white space, or nothing at the end."""
        while (found := _SOMETHING.search(self._buffer, self._at)) is None:
            self._at = len(self._buffer)
            if not self._more(self._at):
                return b""
        self._at = found.start()
        return found.group()

    def take(self, expected: bytes) -> bool:
        """Go past the next byte if it is ``expected``."""
        if self.peek() != expected:
            return False
        self._at += 1
        return True

    def value(self) -> Json:
        """Read the next value. Raises ItemReaderFailed where it is too large or no JSON."""
        begins = self.offset
        text = self._pass_value(keep=True)
        try:
            return json_text.loads(text)
        except json_text.InvalidJson as problem:
            raise ItemReaderFailed(
                f"Invalid JSON in the value at byte {begins}: {problem.message}"
            ) from None

    def skip(self) -> None:
        """Go past the next value, whatever is in it."""
        self._pass_value(keep=False)

    def fail(self, expected: str) -> ItemReaderFailed:
        """The failure for what is no JSON here."""
        found = self.peek()
        what = f"'{found.decode(errors='replace')}'" if found else "the end"
        return ItemReaderFailed(
            f"Invalid JSON at byte {self.offset}: expected {expected}, found {what}"
        )

    def _pass_value(self, *, keep: bool) -> bytes:
        first = self.peek()
        if first in (b"", b",", b":", b"]", b"}"):
            raise self.fail("a value")
        begins = self.offset
        kept: list[bytes] = []
        size = 0

        def passed(end: int) -> None:
            """Count, and keep, what is before ``end`` in the buffer."""
            nonlocal size
            size += end - self._at
            if keep:
                if size > LARGEST_ITEM:
                    raise too_large(f"byte {begins}")
                kept.append(self._buffer[self._at : end])
            self._at = end

        if first not in (b'"', b"{", b"["):
            while (found := _AFTER_SCALAR.search(self._buffer, self._at)) is None:
                passed(len(self._buffer))
                if not self._more(self._at):
                    break
            else:
                passed(found.start())
            return b"".join(kept)
        depth, in_string, position = 0, False, self._at
        while True:
            pattern = _IN_STRING if in_string else _STRUCTURE
            found = pattern.search(self._buffer, position)
            if found is None or (found.group() == b"\\" and found.end() == len(self._buffer)):
                # A backslash at the very end waits for what it escapes.
                end = len(self._buffer) if found is None else found.start()
                passed(end)
                if not self._more(end):
                    raise ItemReaderFailed(f"Invalid JSON: the value at byte {begins} does not end")
                position = self._at
                continue
            position, byte = found.end(), found.group()
            if byte == b"\\":
                position += 1
                continue
            if byte == b'"':
                in_string = not in_string
            else:
                depth += 1 if byte in (b"{", b"[") else -1
            if depth == 0 and not in_string:
                passed(position)
                return b"".join(kept)

    def _more(self, keep_from: int) -> bool:
        """Read on, dropping what is before ``keep_from``; tell whether there was more."""
        chunk = self._stream.read(_CHUNK)
        if not chunk:
            return False
        self._before += keep_from
        self._buffer = self._buffer[keep_from:] + chunk
        self._at -= keep_from
        return True
