"""Places in a text, as editors count them."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place between two characters. Both count from 1.

    ``column`` counts UTF-16 code units, as browsers, Java and the Language Server Protocol do: a
    character beyond U+FFFF is two.
    """

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Range:
    """A part of a text, from ``start`` up to but without ``end``."""

    start: Position
    end: Position


class Lines:
    """Turns offsets into a text (in characters, from 0) into positions."""

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def position(self, offset: int) -> Position:
        """Give the position of an offset; of the text's end for one beyond it."""
        offset = min(offset, len(self._text))
        line = bisect_right(self._starts, offset)
        before = self._text[self._starts[line - 1] : offset]
        return Position(line, _width(before) + 1)

    def range(self, start: int, end: int) -> Range:
        """Give the range between two offsets."""
        return Range(self.position(start), self.position(end))


def _width(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
