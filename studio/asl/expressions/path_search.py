"""Paths that search: wildcards, slices, unions, filters, ``..``.

jsonpath-ng reads a path's structure, once; we evaluate it, because its own evaluation knows no
limits. What it cannot read (names beyond ASCII) or reads wrongly (``||`` in filters) is taken
out of the text first and put back into the tree: see ``_Skeleton``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from jsonpath_ng import jsonpath as ng
from jsonpath_ng.exceptions import JSONPathError
from jsonpath_ng.ext import filter as ng_filter
from jsonpath_ng.ext.parser import parse as parse_structure

from studio.asl.definition import ABSENT
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.path_filter import compile_filter
from studio.asl.expressions.path_steps import (
    Search,
    descendants,
    elements,
    every_child,
    members,
    part,
    run_steps,
)
from studio.asl.expressions.reference_path import (
    DOT_MEMBER,
    ReferencePath,
    compile_getter,
    read_reference_path,
    split_root,
    unescape,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from studio.asl.definition import Absent, Json
    from studio.asl.expressions.bindings import Bindings
    from studio.asl.expressions.path_steps import Step

    Finder = Callable[[Bindings], Json | Absent]

MAX_STEPS: Final = 100
"""Steps of one searching path."""

MAX_FILTERS: Final = 20
"""Filters of one path, those within filters among them."""

_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_NUMBER = re.compile(r"-?\d{1,9}(?!\d)", re.ASCII)
_IN_BRACKETS: Final = frozenset("]*:, ")
_OUT_OF_BRACKETS: Final = frozenset(".[*")
_SELECTION: Final = re.compile(rf"\[\s*(?:{_QUOTED.pattern})(?:\s*,\s*(?:{_QUOTED.pattern}))+\s*\]")
_FUNCTION = re.compile(r"(.*)\.(length|min|max|avg|sum)\(\)", re.DOTALL)


def compile_search(text: str) -> Finder:
    """Compile a path that searches to a function that gives the array of what it finds.

    It finds nothing, which is no error, where the data lacks what it walks along. A path that
    ends in ``.length()``, ``.min()``, ``.max()``, ``.avg()`` or ``.sum()`` gives one value, or
    ABSENT where that function has nothing to work on; so does one that ends in ``['a','b']`` and
    else leads to one place: an object with those of the members that are there.

    The function raises StatesError States.Runtime where it would look at too much.
    Raises InvalidExpression where ``text`` is no JSONPath.
    """
    if function := _FUNCTION.fullmatch(text):
        return _compile_function(function.group(1), function.group(2))
    at = text.rfind("[")
    if _SELECTION.fullmatch(text, at) and not text[:at].endswith("."):
        names = [unescape(double or single) for single, double in _QUOTED.findall(text, at)]
        return _compile_selection(text[:at], names, text)
    return _compile_walk(text, text)


def _compile_walk(path: str, text: str) -> Callable[[Bindings], list[Json]]:
    """Compile what finds all that ``path`` leads to, a part of the path ``text``."""
    root, rest = split_root(path)
    steps = compile_steps(rest, text)
    find_root = compile_getter(ReferencePath(root, ()))

    def walk(bindings: Bindings) -> list[Json]:
        start = find_root(bindings)
        return [] if start is ABSENT else run_steps(steps, [start], Search(text, bindings))

    return walk


def compile_steps(rest: str, text: str) -> list[Step]:
    """Compile what follows a path's root. Raises InvalidExpression where it is no JSONPath."""
    if rest.count("[?") > MAX_FILTERS:
        raise InvalidExpression(f"A path may have {MAX_FILTERS} filters at most")
    skeleton = _Skeleton(rest, text)
    # What reads the structure, and its tree below, recurse with each step.
    if skeleton.text.count(".") + skeleton.text.count("[") > MAX_STEPS:
        raise InvalidExpression(f"A path may have {MAX_STEPS} steps at most")
    tree = _read_structure(skeleton.text)
    if tree is None:
        raise InvalidExpression(f"Not a valid JSONPath: {text}")
    return list(skeleton.steps(tree))


@lru_cache(maxsize=1024)
def _read_structure(skeleton: str) -> Any:
    """Give jsonpath-ng's tree of a skeleton; None where there is none.

    Reading takes it half a millisecond, and most paths have one of a few skeletons.
    """
    try:
        return parse_structure("$" + skeleton)
    except (JSONPathError, TypeError, ValueError, AttributeError):
        # Its parser now and then raises what it should have caught.
        return None


class _Skeleton:
    """A path with placeholders for its names (``m0``), filters (``[?(@.f0)]``) and numbers (``0``).

    Paths of one shape have one skeleton, so its structure is read once for all of them.
    """

    __slots__ = ("filters", "names", "numbers", "path", "text")

    def __init__(self, rest: str, path: str) -> None:
        self.path = path
        self.names: list[str] = []
        self.numbers: list[int] = []
        self.filters: list[str] = []
        self.text = "".join(self._pieces(rest))

    def _pieces(self, rest: str) -> Iterator[str]:
        at = depth = 0
        while at < len(rest):
            if depth == 0 and rest.startswith(".[", at) and rest[at - 1 : at] != ".":
                at += 1  # ``$.[*]`` is ``$[*]``, as the service has it; ``..[*]`` searches.
            if rest.startswith("[?", at):
                end = _end_of_bracket(rest, at)
                yield f"[?(@.f{len(self.filters)})]"
                self.filters.append(rest[at + 2 : end - 1])
                at = end
            elif match := DOT_MEMBER.match(rest, at):
                yield f".m{self._name(match.group(1))}"
                at = match.end()
            elif depth and (match := _QUOTED.match(rest, at)):
                single, double = match.groups()
                yield f"'m{self._name(unescape(double if single is None else single))}'"
                at = match.end()
            elif depth and (match := _NUMBER.match(rest, at)):
                yield str(len(self.numbers))
                self.numbers.append(int(match.group()))
                at = match.end()
            elif rest[at] in (_IN_BRACKETS if depth else _OUT_OF_BRACKETS):
                depth += {"[": 1, "]": -1}.get(rest[at], 0)
                yield rest[at]
                at += 1
            else:
                # jsonpath-ng has operators of its own, which the States Language has not.
                raise InvalidExpression(f"Not a valid JSONPath: {self.path}")

    def _name(self, name: str) -> int:
        self.names.append(name)
        return len(self.names) - 1

    def _number(self, placeholder: int | None) -> int | None:
        return None if placeholder is None else self.numbers[placeholder]

    def steps(self, tree: Any) -> Iterator[Step]:
        """Turn jsonpath-ng's tree into steps."""
        match tree:
            case ng.Root():
                return
            case ng.Child(left=left, right=right):
                yield from self.steps(left)
                yield from self.steps(right)
            case ng.Descendants(left=left, right=right):
                yield from self.steps(left)
                yield descendants
                yield from self.steps(right)
            case ng.Fields(fields=fields):
                yield members([self.names[int(field[1:])] for field in fields])
            case ng_filter.Filter(expressions=[only]):
                body = self.filters[int(only.target.right.fields[0][1:])]
                # Filters hold paths as paths hold filters: each is given the way to the other.
                yield compile_filter(body, self.path, compile_steps)
            case ng.Wildcard():
                yield every_child
            case ng.Slice(start=start, end=end, step=step):
                bounds = slice(self._number(start), self._number(end), self._number(step))
                if bounds.step is not None and bounds.step < 1:
                    raise InvalidExpression(f"A slice needs a step of at least 1: {self.path}")
                yield part(bounds)
            case ng.Index(indices=indices):
                yield elements(tuple(self.numbers[index] for index in indices))
            case _:
                raise InvalidExpression(f"Not a valid JSONPath: {self.path}")


def _end_of_bracket(text: str, at: int) -> int:
    """Give the offset behind the bracket that closes the one at ``at``."""
    depth, quote, escaped = 0, "", False
    for offset in range(at, len(text)):
        character = text[offset]
        if quote:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == quote:
                quote = ""
        elif character in "'\"":
            quote = character
        elif character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
            if depth == 0:
                return offset + 1
    raise InvalidExpression(f"Not a valid JSONPath: {text}")


# --- several members at a path's end -------------------------------------------------------------


def _compile_selection(path: str, names: list[str], text: str) -> Finder:
    """Compile ``path['a','b']``: objects with these members only, as Jayway's JsonPath makes them.

    Source: https://github.com/json-path/JsonPath
    """
    reference = read_reference_path(path)
    if reference is None:
        walk = _compile_walk(path, text)
        return lambda bindings: [
            _select(each, names) for each in walk(bindings) if isinstance(each, dict)
        ]
    find = compile_getter(reference)

    def select(bindings: Bindings) -> Json | Absent:
        value = find(bindings)
        return _select(value, names) if isinstance(value, dict) else ABSENT

    return select


def _select(value: dict[str, Json], names: list[str]) -> Json:
    return {name: value[name] for name in names if name in value}


# --- functions at a path's end -------------------------------------------------------------------


def _compile_function(path: str, name: str) -> Finder:
    reference = read_reference_path(path)
    find = compile_search(path) if reference is None else compile_getter(reference)

    def apply(bindings: Bindings) -> Json | Absent:
        value = find(bindings)
        if name == "length":
            return len(value) if isinstance(value, list | dict | str) else ABSENT
        numbers = [
            each
            for each in (value if isinstance(value, list) else [])
            if isinstance(each, int | float) and not isinstance(each, bool)
        ]
        if not numbers:
            return ABSENT
        if name == "min":
            return min(numbers)
        if name == "max":
            return max(numbers)
        try:
            result = sum(numbers) if name == "sum" else sum(numbers) / len(numbers)
        except OverflowError:
            return ABSENT
        # The sum of large floats may leave the numbers that JSON has.
        return result if isinstance(result, int) or isfinite(result) else ABSENT

    return apply
