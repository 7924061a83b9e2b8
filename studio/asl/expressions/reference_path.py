"""Reference paths: paths that name one node at most, compiled to plain functions.

``$``, ``$.a.b[0].c``, ``$['a b']``, ``$$.Execution.Id`` and ``$variable.x`` are read here by a
scanner of our own; what searches (wildcards, slices, filters, ``..``) is no reference path and
goes to ``path_search``.

Source: https://states-language.net/spec.html#path
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import InvalidExpression, StatesError

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Absent, Json
    from studio.asl.expressions.bindings import Bindings

    Step = str | int
    Finder = Callable[[Bindings], Json | Absent]

MAX_LENGTH: Final = 10_000
"""Characters in one path: far above any sensible one, low enough to keep scanning cheap."""

# A member name in dot form: any run of characters that have no meaning of their own in a path.
_ROOT = re.compile(r"\$\$|\$(?:[^\W\d]\w*)?")
DOT_MEMBER = re.compile(r"\.([^\s.\[\]()'\"*,?$&|=<>!\\`{};^]+)")
_QUOTED_MEMBER = re.compile(r"\[\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")\s*\]")
_INDEX = re.compile(r"\[\s*(-?\d{1,9})\s*\]")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class ReferencePath:
    """A reference path taken apart. ``root`` is ``$``, ``$$`` or a variable's name (``$name``)."""

    root: str
    steps: tuple[Step, ...]

    def normalized(self) -> str:
        """Give the bracket form that AWS's messages show: ``$['a']['b'][0]``."""
        # The context object is searched as a document of its own, whose root is "$" again.
        return ("$" if self.root == "$$" else self.root) + _in_brackets(self.steps)

    def why_absent(self, root: Json | Absent) -> str:
        """Say in AWS's words why a path finds nothing in the value of its root.

        A member that is missing on the way is named, one that is missing at the end is not: the
        service shows what its JSONPath library (Jayway's) says.
        """
        value: Any = root
        for place, step in enumerate(self.steps[:-1]):
            if isinstance(value, dict) and step not in value:
                return "Missing property in path $" + _in_brackets(self.steps[: place + 1])
            try:
                value = value[step]
            except (KeyError, TypeError, IndexError):
                break
        return f"No results for path: {self.normalized()}"


def _in_brackets(steps: tuple[Step, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f"['{step}']" for step in steps)


def split_root(text: str) -> tuple[str, str]:
    """Part a path into its root (``$``, ``$$``, ``$name``) and the rest.

    Raises InvalidExpression where it has no root.
    """
    root = _ROOT.match(text)
    if root is None:
        raise InvalidExpression(f"A path must begin with '$': {text}")
    if len(text) > MAX_LENGTH:
        raise InvalidExpression(f"A path may have {MAX_LENGTH} characters at most")
    return root.group(), text[root.end() :]


def read_reference_path(text: str) -> ReferencePath | None:
    """Read a reference path; None where ``text`` has a root but is something richer, or wrong.

    Raises InvalidExpression where it has no root or is too long.
    """
    root, rest = split_root(text)
    steps: list[Step] = []
    at = 0
    while at < len(rest):
        if rest.startswith(".[", at):
            at += 1  # ``$.['a']`` is ``$['a']``, as the service has it.
        if match := DOT_MEMBER.match(rest, at):
            steps.append(match.group(1))
        elif match := _INDEX.match(rest, at):
            steps.append(int(match.group(1)))
        elif match := _QUOTED_MEMBER.match(rest, at):
            single, double = match.groups()
            steps.append(unescape(double if single is None else single))
        else:
            return None
        at = match.end()
    return ReferencePath(root, tuple(steps))


def compile_getter(path: ReferencePath) -> Finder:
    """Compile a reference path to a function that gives the value there, or ABSENT.

    A negative index counts from the end. An index into anything but an array, and a member of
    anything but an object, are absent.
    """
    steps = path.steps
    follow = compile_steps_of(path)
    if path.root == "$":
        return _compile_input_getter(steps, follow)
    if path.root == "$$":
        return lambda bindings: follow(bindings.context())
    name = path.root[1:]

    def find_variable(bindings: Bindings) -> Json | Absent:
        value = bindings.variables.get(name, ABSENT)
        return ABSENT if value is ABSENT else follow(value)

    return find_variable


def compile_steps_of(path: ReferencePath) -> Callable[[Json], Json | Absent]:
    """Compile what follows a reference path's root to a function from the root's value."""
    steps = path.steps
    if not any(isinstance(step, int) for step in steps):

        def follow_members(value: Json) -> Json | Absent:
            try:
                for step in steps:
                    value = value[step]
            except (KeyError, TypeError):
                return ABSENT
            return value

        return follow_members

    def follow(value: Json) -> Json | Absent:
        try:
            for step in steps:
                # A text also takes an index, in Python: refuse it.
                if value.__class__ is str:
                    return ABSENT
                value = value[step]
        except (KeyError, TypeError, IndexError):
            return ABSENT
        return value

    return follow


def _compile_input_getter(
    steps: tuple[Step, ...], follow: Callable[[Json], Json | Absent]
) -> Finder:
    """Give the shortest function for the commonest paths: ``$``, and a member of the input."""
    if not steps:
        return lambda bindings: bindings.input
    if len(steps) > 1 or isinstance(steps[0], int):
        return lambda bindings: follow(bindings.input)
    (member,) = steps

    def find_member(bindings: Bindings) -> Json | Absent:
        try:
            return bindings.input[member]
        except (KeyError, TypeError):
            return ABSENT

    return find_member


# --- ResultPath ----------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def compile_result_path(path: str | Absent | None) -> Callable[[Json, Json], Json]:
    """Compile ResultPath to a function ``(input, result) -> output``.

    ABSENT and ``$``: the result replaces the input. None (``null``): the input goes on, the result
    is dropped. Otherwise the result is placed into the input: only objects and arrays along the
    path are copied, all else is shared with the input; missing objects are made.

    The function raises StatesError States.ResultPathMatchFailure where the path cannot be applied.
    This raises InvalidExpression where ``path`` is no reference path from ``$``.
    """
    if path is None:
        return lambda input, result: input  # noqa: A006
    text = "$" if path is ABSENT else path
    reference = read_reference_path(text)
    if reference is None or reference.root != "$":
        raise InvalidExpression(f"ResultPath must be a reference path from '$': {text}")
    steps = reference.steps
    if not steps:
        return lambda input, result: result  # noqa: A006

    def place(input: Json, result: Json) -> Json:  # noqa: A002
        try:
            return _placed(input, steps, result)
        except _NoPlace:
            raise StatesError(
                "States.ResultPathMatchFailure",
                f"Unable to apply ReferencePath {text} to input {json_text.dumps(input)}",
            ) from None

    return place


def apply_result_path(path: str | Absent | None, input: Json, result: Json) -> Json:  # noqa: A002
    """Place ``result`` into ``input`` at ``path``; see ``compile_result_path``."""
    return compile_result_path(path)(input, result)


class _NoPlace(Exception):
    """The path runs into something that is neither an object nor an array long enough."""


def _placed(root: Json, steps: tuple[Step, ...], result: Json) -> Json:
    """Copy ``root`` along ``steps`` and put ``result`` at their end."""
    top: dict[Step, Json] = {}
    target: Json = top
    key: Step = "$"
    value: Json | Absent = root
    for step in steps:
        if isinstance(step, str):
            # A missing member becomes an object; what is there and is no object is in the way.
            if value is ABSENT:
                copy: Json = {}
            elif isinstance(value, dict):
                copy = value.copy()
            else:
                raise _NoPlace
            value = copy.get(step, ABSENT)
        else:
            if not isinstance(value, list) or not -len(value) <= step < len(value):
                raise _NoPlace
            copy = value.copy()
            value = copy[step]
        target[key] = copy
        target, key = copy, step
    target[key] = result
    return top["$"]


def unescape(text: str) -> str:
    """Resolve the backslash escapes of a quoted member name."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_unescape_one, text)


def _unescape_one(match: re.Match[str]) -> str:
    escape = match.group(1)
    if len(escape) == 5:
        return chr(int(escape[1:], 16))
    return _ESCAPES.get(escape, escape)
