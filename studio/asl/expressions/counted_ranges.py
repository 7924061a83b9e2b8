"""Ranges of a JSONata expression, ``[1..n]``, counted before they are made.

The engine makes a range before it looks at its length, and nothing adds up the ranges that an
expression keeps: products of them filled hundreds of megabytes. So each ``a..b`` becomes a call of
a function of JSONata that tells how long it is going to be, and then makes it. Within an array's
brackets an array that a function gives counts as its elements, as a range does.
"""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(
    r"""\s+ | /\*.*?\*/ | (?P<literal>"(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | `[^`]*`)
    | (?P<range>\.\.) | (?P<word>[$\w]+(?:\.\d+)?) | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_KEYWORDS: Final = frozenset({"and", "or", "in"})
_CLOSED_BY: Final = {"": "", "(": ")", "[": "]", "{": "}"}

SPAN: Final = (
    "$__span := function($a, $b){("
    "$type($a) = 'number' and $type($b) = 'number' and $b > $a ? $__keep_range($b - $a); "
    "[$a..$b])}; "
)
"""What defines the function."""


class _Brackets:
    """What stands between two brackets, as far as it has been read."""

    def __init__(self, opened: str) -> None:
        self.opened = opened
        self.written: list[str] = []
        self.element: list[str] = []
        self.left: str | None = None

    def begin_right(self) -> None:
        self.left = "".join(self.element)
        self.element = []

    def end_element(self) -> None:
        text = "".join(self.element)
        self.written.append(text if self.left is None else f"$__span({self.left},{text})")
        self.element = []
        self.left = None


def counted_ranges(text: str) -> str:
    """Give the expression with its ranges counted; itself where it has none, or is no JSONata."""
    if ".." not in text:
        return text
    around = [_Brackets("")]
    after_operand = False
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        assert match is not None
        piece, kind = match.group(), match.lastgroup
        place = match.end()
        if kind == "range":
            if around[-1].opened != "[" or around[-1].left is not None:
                return text
            around[-1].begin_right()
            after_operand = False
            continue
        if kind == "sign" and piece in "([{":
            around.append(_Brackets(piece))
            after_operand = False
            continue
        if kind == "sign" and piece in ")]}":
            inner = around.pop()
            if _CLOSED_BY[inner.opened] != piece:
                return text
            inner.end_element()
            piece = f"{inner.opened}{''.join(inner.written)}{piece}"
            after_operand = True
        elif kind == "sign" and piece == ",":
            around[-1].end_element()
            around[-1].written.append(piece)
            after_operand = False
            continue
        elif kind == "sign" and piece == "/" and not after_operand:
            end = _end_of_regex(text, place)
            piece += text[place:end]
            place = end
            after_operand = True
        elif kind == "sign":
            # Where an operand is expected, these are one.
            after_operand = piece in "*%" and not after_operand
        elif kind is not None:
            after_operand = piece not in _KEYWORDS
        around[-1].element.append(piece)
    if len(around) > 1:
        return text
    around[0].end_element()
    return "".join(around[0].written)


def _end_of_regex(text: str, place: int) -> int:
    """Where a regular expression that began before ``place`` is closed, or the text's end."""
    depth = 0
    while place < len(text):
        character = text[place]
        if character == "\\":
            place += 1
        elif character == "/" and depth == 0:
            return place + 1
        else:
            depth += (character in "([{") - (character in ")]}")
        place += 1
    return len(text)
