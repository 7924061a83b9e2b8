"""Reference paths: paths that name one node at most, compiled to plain functions.

``$``, ``$.a.b[0].c``, ``$['a b']``, ``$$.Execution.Id`` and ``$variable.x`` are read here by a
scanner of our own; what searches (wildcards, slices, filters, ``..``) is no reference path and
goes to ``path_search``.

Source: https://states-language.net/spec.html#path
"""

from __future__ import annotations

import re
from dataclasses import dataclass
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

REFERENCE_PATH_CONFLICT: Final = "States.ReferencePathConflict"

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

    def past_the_end(self) -> Finder | None:
        """Give what finds the array that the last step, an index, is applied to, if it is one."""
        if not self.steps or not isinstance(self.steps[-1], int):
            return None
        return compile_getter(ReferencePath(self.root, self.steps[:-1]))

    def conflict(self, root: Json) -> StatesError:
        """Make the error of a path that must point to something, and finds nothing in ``root``."""
        step: Any = "$"
        value: Any = root
        for step in self.steps:
            if not isinstance(value, dict | list):
                break
            try:
                value = value[step]
            except (KeyError, TypeError, IndexError):
                break
        return path_conflict(step, root)

    def why_absent(self, root: Json | Absent) -> str:
        """Say in AWS's words why a path finds nothing in the value of its root.

        A member that is missing on the way is named, one that is missing at the end is not: the
        service shows what its JSONPath library (Jayway's) says.
        """
        value: Any = root
        for place, step in enumerate(self.steps):
            if isinstance(step, int) and not isinstance(value, dict | list):
                return _no_array(value, step, self.steps[:place])
            if isinstance(value, dict) and step not in value and place + 1 < len(self.steps):
                return "Missing property in path $" + _in_brackets(self.steps[: place + 1])
            try:
                value = value[step]
            except (KeyError, TypeError, IndexError):
                break
        return f"No results for path: {self.normalized()}"


def _no_array(value: Json, index: int, way: tuple[Step, ...]) -> str:
    """Say why an index finds nothing in a value that is neither an array nor an object."""
    if value is None:
        return f"The path ${_in_brackets(way)} is null"
    shown = value if isinstance(value, str) else json_text.dumps(value)
    return f"Filter: [{index}] can only be applied to arrays. Current context is: {shown}"


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


def path_conflict(step: Step, input: Json) -> StatesError:  # noqa: A002
    """Make the error of a reference path that its state's input has no place for.

    The service calls it so, where the specification says States.ResultPathMatchFailure. Those who
    met it quote it without the words that open other causes.
    """
    return StatesError(
        REFERENCE_PATH_CONFLICT,
        f'Unable to apply step "{step}" to input {json_text.dumps(input)}',
    )


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
