"""Filters of searching paths: ``[?(@.price > 10 && @.kind == 'book')]``.

Comparisons are of numbers with numbers and texts with texts; ``==`` and ``!=`` take any values;
other pairs of types make a comparison false. ``@.name =~ /Ann.*/i`` matches whole texts; the engine
is RE2, whose time is linear in the text, so it has no look-around and no back-references.
"""

from __future__ import annotations

import json
import operator
import re
from typing import TYPE_CHECKING, Any, Final

import re2

from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.path_steps import Search, children, run_steps
from studio.asl.expressions.reference_path import (
    ReferencePath,
    compile_getter,
    compile_steps_of,
    read_reference_path,
    split_root,
    unescape,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Absent, Json
    from studio.asl.expressions.path_steps import Step

    Test = Callable[[Json, Search], bool]
    Operand = Callable[[Json, Search], Json | Absent]
    StepsCompiler = Callable[[str, str], list[Step]]

MAX_DEPTH: Final = 20
"""Brackets and negations inside one another."""

MAX_PATTERN: Final = 1_000
"""Characters of a regular expression."""

_PATTERN_MEMORY: Final = 1_048_576
"""Bytes RE2 may take for one regular expression."""

_BLANK = re.compile(r"\s*")
_OPERATOR = re.compile(r"=~|==|!=|<=|>=|<|>|in\b|nin\b")
_TEXT = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_PATTERN = re.compile(r"/((?:[^/\\]|\\.)+)/(i?)")
_NUMBER = re.compile(r"-?\d{1,300}(?:\.\d{1,300})?(?:[eE][+-]?\d{1,2})?")
_WORD = re.compile(r"(true|false|null)\b")
_WORDS: Final[dict[str, Json]] = {"true": True, "false": False, "null": None}
_PATH_END: Final = frozenset(" \t\n\r()=!<>&|,]")
_ORDERINGS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compile_filter(text: str, path: str, compile_steps: StepsCompiler) -> Step:
    """Compile what stands between ``[?`` and ``]``. Raises InvalidExpression.

    ``compile_steps`` compiles what follows the root of a path within the filter.
    """
    parser = _Parser(text, path, compile_steps)
    test = parser.read_or(0)
    parser.skip_blanks()
    if parser.at != len(text):
        raise parser.invalid()

    def keep(values: list[Json], search: Search) -> list[Json]:
        found: list[Json] = []
        for value in values:
            # A filter looks at the elements of an array; an object it tests itself.
            candidates = [value] if isinstance(value, dict) else children(value)
            search.spend(len(candidates) * parser.operands + 1)
            found += [candidate for candidate in candidates if test(candidate, search)]
        return found

    return keep


class _Parser:
    """Recursive descent; recursion ends at MAX_DEPTH."""

    __slots__ = ("at", "compile_steps", "operands", "path", "text")

    def __init__(self, text: str, path: str, compile_steps: StepsCompiler) -> None:
        self.text = text
        self.path = path
        self.compile_steps = compile_steps
        self.at = 0
        self.operands = 0

    def invalid(self) -> InvalidExpression:
        return InvalidExpression(f"Not a valid JSONPath: {self.path}")

    def skip_blanks(self) -> None:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def accept(self, token: str) -> bool:
        self.skip_blanks()
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        return match

    def read_or(self, depth: int) -> Test:
        tests = [self.read_and(depth)]
        while self.accept("||"):
            tests.append(self.read_and(depth))
        if len(tests) == 1:
            return tests[0]
        return lambda value, search: any(test(value, search) for test in tests)

    def read_and(self, depth: int) -> Test:
        tests = [self.read_test(depth)]
        while self.accept("&&"):
            tests.append(self.read_test(depth))
        if len(tests) == 1:
            return tests[0]
        return lambda value, search: all(test(value, search) for test in tests)

    def read_test(self, depth: int) -> Test:
        if depth > MAX_DEPTH:
            raise self.invalid()
        if self.accept("!"):
            negated = self.read_test(depth + 1)
            return lambda value, search: not negated(value, search)
        if self.accept("("):
            inner = self.read_or(depth + 1)
            if not self.accept(")"):
                raise self.invalid()
            return inner
        left = self.read_operand()
        self.skip_blanks()
        sign = self.take(_OPERATOR)
        if sign is None:
            return lambda value, search: left(value, search) is not ABSENT
        if sign.group() == "=~":
            return self.read_pattern(left)
        return _compare(sign.group(), left, self.read_operand())

    def read_pattern(self, left: Operand) -> Test:
        self.skip_blanks()
        pattern = self.take(_PATTERN)
        if pattern is None or len(pattern.group(1)) > MAX_PATTERN:
            raise self.invalid()
        options = re2.Options()
        options.max_mem = _PATTERN_MEMORY
        options.log_errors = False
        options.case_sensitive = not pattern.group(2)
        try:
            matches = re2.compile(pattern.group(1), options).fullmatch  # type: ignore[no-untyped-call]
        except re2.error:
            raise self.invalid() from None

        def match(value: Json, search: Search) -> bool:
            text = left(value, search)
            return isinstance(text, str) and matches(text) is not None

        return match

    def read_operand(self) -> Operand:
        self.operands += 1
        self.skip_blanks()
        constant: Json
        if self.text.startswith(("@", "$"), self.at):
            return self.read_path()
        if self.accept("["):
            constant = self.read_list()
        elif match := self.take(_TEXT):
            single, double = match.groups()
            constant = unescape(double if single is None else single)
        elif match := self.take(_WORD):
            constant = _WORDS[match.group()]
        elif match := self.take(_NUMBER):
            constant = json.loads(match.group())
        else:
            raise self.invalid()
        return lambda value, search: constant

    def read_list(self) -> list[Json]:
        elements: list[Json] = []
        while not self.accept("]"):
            if elements and not self.accept(","):
                raise self.invalid()
            self.skip_blanks()
            if self.text.startswith(("@", "$", "["), self.at):
                raise self.invalid()
            element = self.read_operand()
            elements.append(element(None, None))  # type: ignore[arg-type] # a constant
        return elements

    def read_path(self) -> Operand:
        start, depth, quote = self.at, 0, ""
        while self.at < len(self.text):
            character = self.text[self.at]
            if quote:
                quote = "" if character == quote else quote
            elif character in "'\"":
                quote = character
            elif depth == 0 and character in _PATH_END:
                break
            elif character == "[":
                depth += 1
            elif character == "]":
                depth -= 1
            self.at += 1
        return _compile_operand_path(self.text[start : self.at], self.compile_steps)


def _compile_operand_path(text: str, compile_steps: StepsCompiler) -> Operand:
    relative = text.startswith("@")
    root, rest = ("@", text[1:]) if relative else split_root(text)
    reference = read_reference_path("$" + rest if relative else text)
    if reference is not None:
        if relative:
            follow = compile_steps_of(reference)
            return lambda value, search: follow(value)
        find = compile_getter(reference)
        return lambda value, search: find(search.bindings)
    steps = compile_steps(rest, text)
    if relative:
        return lambda value, search: run_steps(steps, [value], search) or ABSENT
    find_root = compile_getter(ReferencePath(root, ()))

    def search_from_root(value: Json, search: Search) -> Json | Absent:
        start = find_root(search.bindings)
        return ABSENT if start is ABSENT else run_steps(steps, [start], search) or ABSENT

    return search_from_root


def _compare(sign: str, left: Operand, right: Operand) -> Test:
    if sign == "==":
        return lambda value, search: _equal(left(value, search), right(value, search))
    if sign == "!=":
        return lambda value, search: not _equal(left(value, search), right(value, search))
    if sign in ("in", "nin"):
        wanted = sign == "in"
        return lambda value, search: (
            _contains(right(value, search), left(value, search), search) is wanted
        )
    compare = _ORDERINGS[sign]

    def order(value: Json, search: Search) -> bool:
        first, second = left(value, search), right(value, search)
        comparable = (isinstance(first, str) and isinstance(second, str)) or (
            _is_number(first) and _is_number(second)
        )
        return comparable and compare(first, second)

    return order


def _equal(first: Json | Absent, second: Json | Absent) -> bool:
    if first is ABSENT or second is ABSENT:
        return first is second
    if isinstance(first, dict | list) or isinstance(second, dict | list):
        # Python's own comparison ends at the first difference, but takes 1 for true.
        return bool(first == second) and json_text.canonical(first) == json_text.canonical(second)
    return isinstance(first, bool) is isinstance(second, bool) and bool(first == second)


def _contains(whole: Json | Absent, wanted: Json | Absent, search: Search) -> bool:
    if not isinstance(whole, list) or wanted is ABSENT:
        return False
    search.spend(len(whole))
    return any(_equal(element, wanted) for element in whole)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
