"""Finds what is wrong in a text that the JSON reader refused, in the words of AWS's parser.

AWS reads JSON with Jackson and shows its messages, so these are Jackson's. This runs only when a
text is refused already; it is linear in the text's length and never recurses.
"""

from __future__ import annotations

import re
from typing import Final

_BLANK = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"[\w$]+")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_NUMBER_LIKE = re.compile(r"-?[\w.+-]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|[\"\\/bfnrt])")
_SURROGATE = re.compile(r"\\u[dD]([89abAB]|[c-fC-F])[0-9a-fA-F]{2}")

EXPECTED_VALUE: Final = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_CLOSERS: Final = {"{": "}", "[": "]"}
_WORDS: Final = frozenset({"true", "false", "null"})


class Fault(Exception):
    """The first fault of a text. ``at`` is the offset, in characters, where the parser stood."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


def find_fault(text: str, max_depth: int) -> Fault | None:
    """Give the first fault of ``text``, too deep a nesting among them; None where there is none."""
    scanner = _Scanner(text, max_depth)
    try:
        scanner.scan()
    except Fault as fault:
        return fault
    return None


class _Scanner:
    """Walks through a text value by value; ``open`` holds the offsets of what is not closed yet."""

    __slots__ = ("at", "max_depth", "open", "text")

    def __init__(self, text: str, max_depth: int) -> None:
        self.text = text
        self.max_depth = max_depth
        self.at = 0
        self.open: list[int] = []

    def scan(self) -> None:
        self.skip_blanks()
        if self.at == len(self.text):
            raise Fault("No content to map due to end-of-input", self.at)
        self.scan_value()
        # Each round ends behind a value: what may follow it depends on what is open.
        while self.open:
            self.skip_blanks()
            opener = self.text[self.open[-1]]
            if self.at == len(self.text):
                raise self.unclosed()
            character = self.text[self.at]
            if character == _CLOSERS[opener]:
                self.open.pop()
                self.at += 1
            elif character == ",":
                self.at += 1
                self.scan_member(opener)
            else:
                kind = "Object" if opener == "{" else "Array"
                raise self.unexpected(f"was expecting comma to separate {kind} entries")
        self.skip_blanks()
        if self.at < len(self.text):
            self.scan_value_start()
            raise Fault("Trailing text found after the value", self.at + 1)

    def scan_member(self, opener: str) -> None:
        """Take what an object or array holds next, up to the value's end or opening."""
        if opener == "{":
            self.scan_name()
        self.skip_blanks()
        if self.at == len(self.text):
            raise self.unclosed()
        self.scan_value()

    def scan_value(self) -> None:
        """Take a value; of an object or array that holds something, up to its first scalar."""
        while True:
            self.scan_value_start()
            character = self.text[self.at]
            if character not in "{[":
                self.scan_scalar(character)
                return
            self.open.append(self.at)
            if len(self.open) > self.max_depth:
                raise Fault(
                    f"Document nesting depth ({len(self.open)}) exceeds the maximum allowed "
                    f"({self.max_depth})",
                    self.at + 1,
                )
            self.at += 1
            self.skip_blanks()
            if self.at == len(self.text):
                raise self.unclosed()
            if self.text[self.at] == _CLOSERS[character]:
                return
            if character == "{":
                self.scan_name()

    def scan_name(self) -> None:
        """Take a member's name and colon, leaving the scanner before its value."""
        self.skip_blanks()
        if self.at == len(self.text):
            raise self.unclosed()
        if self.text[self.at] != '"':
            raise self.unexpected("was expecting double-quote to start field name")
        self.scan_string()
        self.skip_blanks()
        if self.at == len(self.text):
            raise self.unclosed()
        if self.text[self.at] != ":":
            raise self.unexpected("was expecting a colon to separate field name and value")
        self.at += 1
        self.skip_blanks()
        if self.at == len(self.text):
            raise self.unclosed()

    def scan_value_start(self) -> None:
        """Check that a value can begin here."""
        character = self.text[self.at]
        if character in '{["' or character == "-" or character.isdecimal():
            return
        word = _WORD.match(self.text, self.at)
        if word is None:
            raise self.unexpected(f"expected a valid value {EXPECTED_VALUE}")
        if word.group() not in _WORDS:
            raise Fault(
                f"Unrecognized token '{word.group()}': was expecting {EXPECTED_VALUE}", word.end()
            )

    def scan_scalar(self, character: str) -> None:
        if character == '"':
            self.scan_string()
        elif character == "-" or character.isdecimal():
            self.scan_number()
        else:
            word = _WORD.match(self.text, self.at)
            self.at = self.at + 1 if word is None else word.end()

    def scan_number(self) -> None:
        whole = _NUMBER_LIKE.match(self.text, self.at)
        number = _NUMBER.match(self.text, self.at)
        shown = whole.group()[:50] if whole else ""
        if number is None or whole is None or number.end() != whole.end():
            end = self.at + 1 if number is None else number.end()
            raise Fault(f"Invalid numeric value: '{shown}'", end + 1)
        is_integer = number.group().lstrip("-").isdecimal()
        if not is_integer and float(number.group()) in (float("inf"), float("-inf")):
            raise Fault(f"Numeric value out of range: '{shown}'", number.end())
        self.at = number.end()

    def scan_string(self) -> None:
        start = self.at
        self.at += 1
        while True:
            plain = _PLAIN.match(self.text, self.at)
            self.at = self.at if plain is None else plain.end()
            if self.at == len(self.text):
                kind = "String value"
                raise Fault(
                    f"Unexpected end-of-input: was expecting closing quote for a {kind} "
                    f"(start marker at {self.place(start)})",
                    self.at,
                )
            character = self.text[self.at]
            if character == '"':
                self.at += 1
                return
            if character == "\\":
                self.scan_escape()
                continue
            raise Fault(
                f"Illegal unquoted character ((CTRL-CHAR, code {ord(character)})): has to be "
                "escaped using backslash to be included in string value",
                self.at + 1,
            )

    def scan_escape(self) -> None:
        escape = _ESCAPE.match(self.text, self.at)
        if escape is None:
            found = self.text[self.at + 1 : self.at + 2]
            code = f"'{found}' (code {ord(found)})" if found else "end-of-input"
            raise Fault(f"Unrecognized character escape {code}", self.at + 2)
        surrogate = _SURROGATE.match(self.text, self.at)
        self.at = escape.end()
        if surrogate is None:
            return
        if surrogate.group(1) in "89abAB":
            second = _SURROGATE.match(self.text, self.at)
            if second is not None and second.group(1) not in "89abAB":
                self.at = second.end()
                return
        raise Fault(f"Lone surrogate in a string: {surrogate.group()}", self.at)

    def skip_blanks(self) -> None:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def unexpected(self, expectation: str) -> Fault:
        character = self.text[self.at]
        return Fault(
            f"Unexpected character ('{character}' (code {ord(character)})): {expectation}",
            self.at + 1,
        )

    def unclosed(self) -> Fault:
        if not self.open:
            return Fault("Unexpected end-of-input", self.at)
        start = self.open[-1]
        kind = "Object" if self.text[start] == "{" else "Array"
        return Fault(
            f"Unexpected end-of-input: expected close marker for {kind} "
            f"(start marker at {self.place(start)})",
            self.at,
        )

    def place(self, offset: int) -> str:
        line = self.text.count("\n", 0, offset) + 1
        column = offset - self.text.rfind("\n", 0, offset)
        return f"line: {line}, column: {column}"
