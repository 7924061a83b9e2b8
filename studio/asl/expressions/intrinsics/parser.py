"""Reads the text of an intrinsic function call into a tree.

    call     = "States." name "(" [ argument { "," argument } ] ")"
    argument = call | path | "'" text "'" | number | "true" | "false" | "null"

In a text in quotes ``\\'``, ``\\{``, ``\\}`` and ``\\\\`` are escapes and no others exist.
Source: https://states-language.net/spec.html#intrinsic-functions
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.asl.errors import InvalidExpression

if TYPE_CHECKING:
    from studio.asl.definition import Json

MAX_LENGTH: Final = 10_000
"""Characters of one expression."""

MAX_CALLS: Final = 10
"""Function calls within one expression, AWS's own limit."""

_NAME = re.compile(r"States\.[A-Za-z0-9]+")
_BLANK = re.compile(r"\s*")
_TEXT = re.compile(r"'((?:[^'\\]|\\['{}\\])*)'")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,300})(?:\.\d{1,300})?(?:[eE][+-]?\d{1,3})?(?![\w.])")
_WORD = re.compile(r"(true|false|null)\b")
_WORDS: Final[dict[str, Json]] = {"true": True, "false": False, "null": None}
_ESCAPE = re.compile(r"\\(['{}\\])")
_PATH_END: Final = frozenset(",)")
_OPENING: Final = frozenset("[(")
_CLOSING: Final = frozenset("])")


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. ``raw`` is a text as written, escapes and all; None for other constants."""

    value: Json
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class PathArgument:
    """A path from any root."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    name: str
    arguments: tuple[Argument, ...]


Argument = Literal | PathArgument | Call


def parse_call(text: str) -> Call:
    """Read a call. Raises InvalidExpression where ``text`` is none, or is beyond the limits."""
    if len(text) > MAX_LENGTH:
        raise InvalidExpression(f"An expression may have {MAX_LENGTH} characters at most")
    parser = _Parser(text)
    parser.skip_blanks()
    call = parser.read_call()
    parser.skip_blanks()
    if parser.at != len(text):
        raise parser.unexpected()
    return call


class _Parser:
    """Recursive descent; recursion ends at MAX_CALLS."""

    __slots__ = ("at", "calls", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.calls = 0

    def unexpected(self) -> InvalidExpression:
        found = self.text[self.at : self.at + 20] or "the end"
        return InvalidExpression(f"Unexpected {found!r} at column {self.at + 1}")

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        return match

    def skip_blanks(self) -> None:
        self.take(_BLANK)

    def accept(self, character: str) -> bool:
        self.skip_blanks()
        if self.text.startswith(character, self.at):
            self.at += 1
            return True
        return False

    def read_call(self) -> Call:
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise InvalidExpression(f"An expression may call {MAX_CALLS} functions at most")
        name = self.take(_NAME)
        if name is None or not self.accept("("):
            raise self.unexpected()
        arguments: list[Argument] = []
        if not self.accept(")"):
            arguments.append(self.read_argument())
            while self.accept(","):
                arguments.append(self.read_argument())
            if not self.accept(")"):
                raise self.unexpected()
        return Call(name.group(), tuple(arguments))

    def read_argument(self) -> Argument:
        self.skip_blanks()
        if self.text.startswith("$", self.at):
            return self.read_path()
        if self.text.startswith("States.", self.at):
            return self.read_call()
        if match := self.take(_TEXT):
            raw = match.group(1)
            return Literal(_ESCAPE.sub(r"\1", raw), raw)
        if match := self.take(_WORD):
            return Literal(_WORDS[match.group()])
        if match := self.take(_NUMBER):
            number = match.group()
            value = int(number) if number.lstrip("-").isdigit() else float(number)
            if value in (float("inf"), float("-inf")):
                raise InvalidExpression(f"Number out of range: {number}")
            return Literal(value)
        raise self.unexpected()

    def read_path(self) -> PathArgument:
        """Take everything up to a comma or bracket that belongs to the call, not to the path."""
        start, depth, quote = self.at, 0, ""
        while self.at < len(self.text):
            character = self.text[self.at]
            if quote:
                if character == "\\":
                    self.at += 1
                elif character == quote:
                    quote = ""
            elif character in "'\"":
                quote = character
            elif depth == 0 and character in _PATH_END:
                break
            elif character in _OPENING:
                depth += 1
            elif character in _CLOSING:
                depth -= 1
            self.at += 1
        return PathArgument(self.text[start : self.at].rstrip())
