"""EventBridge's event patterns: which events a rule takes.

Pure. A pattern is an object of the event's shape whose leaves are lists of what may stand there.
Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
and the open implementation that the service uses, https://github.com/aws/event-ruler.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any, Final

from studio.asl import json_text

LONGEST_PATTERN: Final = 4096
"""Characters of a pattern, as at AWS."""
MOST_ALTERNATIVES: Final = 1000
"""Combinations that the ``$or`` of a pattern may give, as at AWS."""

Json = Any
_Leaf = Callable[[Json], bool]
_Pattern = Callable[[Json], bool]
_ABSENT: Final = object()
_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_LARGEST_NUMBER: Final = 5_000_000_000
"""AWS compares numbers between minus this and this."""
_NOT_BESIDE_OR: Final = frozenset(
    {"prefix", "suffix", "anything-but", "exists", "numeric", "cidr", "wildcard"}
)


class InvalidPattern(ValueError):
    """The text is no event pattern; says what is wrong, and where."""


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> _Pattern:
    """A function that says whether an event (a JSON object) matches the pattern.

    Raises InvalidPattern.
    """
    if len(text) > LONGEST_PATTERN:
        raise InvalidPattern(f"An event pattern has at most {LONGEST_PATTERN} characters.")
    try:
        pattern = json_text.loads(text)
    except json_text.InvalidJson as fault:
        raise InvalidPattern(f"Event pattern is not valid JSON: {fault}") from None
    if not isinstance(pattern, dict) or not pattern:
        raise InvalidPattern("Event pattern must be an object with at least one field.")
    _alternatives(pattern)
    return _object(pattern, "")


def matches(pattern: str, event: Json) -> bool:
    """Whether the event matches. Raises InvalidPattern."""
    return compile_pattern(pattern)(event)


def may_match_source(pattern: str, source: str) -> bool:
    """Whether events of ``source`` may match at all; says yes where only the rest tells."""
    value = json_text.loads(pattern)
    if not isinstance(value, dict) or "source" not in value:
        return True
    return _leaf(value["source"], "/source")([source])


def _object(pattern: dict[str, Json], where: str) -> _Pattern:
    tests: list[_Pattern] = []
    for name, wanted in pattern.items():
        if name == "$or" and isinstance(wanted, list) and _is_or(wanted):
            tests.append(_any_of([_object(each, f"{where}/$or") for each in wanted]))
            continue
        place = f"{where}/{name}"
        if isinstance(wanted, dict):
            if not wanted:
                raise InvalidPattern(f"{place}: an empty object is not allowed.")
            tests.append(_member(name, _inner(_object(wanted, place))))
        elif isinstance(wanted, list):
            tests.append(_member(name, _values(_leaf(wanted, place))))
        else:
            raise InvalidPattern(f'{place}: "{name}" must be an object or an array.')
    return lambda event: isinstance(event, dict) and all(test(event) for test in tests)


def _is_or(wanted: list[Json]) -> bool:
    """Whether it is the operator: otherwise events have a field of that name."""
    return (
        len(wanted) >= 2
        and all(isinstance(each, dict) and each for each in wanted)
        and not any(_NOT_BESIDE_OR & each.keys() for each in wanted)
    )


def _any_of(tests: list[_Pattern]) -> _Pattern:
    return lambda event: any(test(event) for test in tests)


def _member(name: str, test: Callable[[Json], bool]) -> _Pattern:
    return lambda event: test(event.get(name, _ABSENT))


def _inner(test: _Pattern) -> Callable[[Json], bool]:
    """An object's pattern holds for the object, or for one in an array of them.

    Where the member is absent, only patterns of what must be absent hold.
    """

    def holds(value: Json) -> bool:
        if isinstance(value, list):
            return any(holds(each) for each in value)
        return test(value if isinstance(value, dict) else {})

    return holds


def _values(leaf: _Leaf) -> Callable[[Json], bool]:
    def holds(value: Json) -> bool:
        if value is _ABSENT or isinstance(value, dict):
            return leaf([])
        return leaf(_flat(value) if isinstance(value, list) else [value])

    return holds


def _flat(values: list[Json]) -> list[Json]:
    flat: list[Json] = []
    for value in values:
        if isinstance(value, list):
            flat += _flat(value)
        elif not isinstance(value, dict):
            flat.append(value)
    return flat


def _leaf(wanted: Json, where: str) -> _Leaf:
    """A test of the values that stand at a place: none where there is nothing."""
    if not isinstance(wanted, list) or not wanted:
        raise InvalidPattern(f"{where}: must be an array with at least one value.")
    if any(isinstance(each, list) for each in wanted):
        raise InvalidPattern(f"{where}: an array within an array is not allowed.")
    tests: list[_Leaf] = []
    for each in wanted:
        if isinstance(each, dict):
            tests.append(_operator(each, where))
        else:
            tests.append(_one(_equals(each)))
    return lambda values: any(test(values) for test in tests)


def _one(test: Callable[[Json], bool]) -> _Leaf:
    return lambda values: any(test(value) for value in values)


def _equals(wanted: Json) -> Callable[[Json], bool]:
    if isinstance(wanted, bool) or wanted is None:
        return lambda value: value is wanted
    if isinstance(wanted, (int, float)):
        return lambda value: _is_number(value) and value == wanted
    return lambda value: isinstance(value, str) and value == wanted


def _operator(given: dict[str, Json], where: str) -> _Leaf:
    if len(given) != 1:
        raise InvalidPattern(f"{where}: one operator in an object, not {len(given)}.")
    ((name, operand),) = given.items()
    if name == "exists":
        if not isinstance(operand, bool):
            raise InvalidPattern(f"{where}: exists takes true or false.")
        return lambda values: bool(values) is operand
    if name == "anything-but":
        return _anything_but(operand, where)
    if name == "numeric":
        return _one(_numeric(operand, where))
    if name == "cidr":
        return _one(_cidr(operand, where))
    return _one(_text_operator(name, operand, where))


def _text_operator(name: str, operand: Json, where: str) -> Callable[[Json], bool]:
    match name:
        case "prefix" | "suffix":
            folded = isinstance(operand, dict) and operand.keys() == {"equals-ignore-case"}
            text = operand["equals-ignore-case"] if folded else operand
            if not isinstance(text, str):
                raise InvalidPattern(f"{where}: {name} takes a string.")
            return _edge(name, text, folded=folded)
        case "equals-ignore-case":
            if not isinstance(operand, str):
                raise InvalidPattern(f"{where}: equals-ignore-case takes a string.")
            lower = operand.casefold()
            return lambda value: isinstance(value, str) and value.casefold() == lower
        case "wildcard":
            return _wildcard(operand, where)
    raise InvalidPattern(f"{where}: Unrecognized match type {name}")


def _edge(name: str, text: str, *, folded: bool) -> Callable[[Json], bool]:
    at_start = name == "prefix"
    wanted = text.casefold() if folded else text

    def holds(value: Json) -> bool:
        if not isinstance(value, str):
            return False
        shown = value.casefold() if folded else value
        return shown.startswith(wanted) if at_start else shown.endswith(wanted)

    return holds


def _wildcard(operand: Json, where: str) -> Callable[[Json], bool]:
    """``*`` stands for any characters; a backslash takes the next ``*`` or backslash as it is."""
    if not isinstance(operand, str):
        raise InvalidPattern(f"{where}: wildcard takes a string.")
    if re.search(r"(?<!\\)(?:\\\\)*\*\*", operand):
        raise InvalidPattern(f"{where}: consecutive wildcard characters.")
    pieces: list[str] = [""]
    characters = iter(operand)
    for character in characters:
        if character == "\\":
            escaped = next(characters, "")
            if escaped not in ("*", "\\"):
                raise InvalidPattern(f"{where}: invalid escape character.")
            pieces[-1] += escaped
        elif character == "*":
            pieces.append("")
        else:
            pieces[-1] += character
    return lambda value: isinstance(value, str) and _has_pieces(value, pieces)


def _has_pieces(value: str, pieces: list[str]) -> bool:
    """Whether the pieces stand in ``value`` one after the other, the outer ones at its ends.

    Each is looked for from the left, so the time is linear: no expression that goes back.
    """
    first, *middle = pieces
    if not middle:
        return value == first
    last = middle.pop()
    if len(value) < len(first) + len(last):
        return False
    if not (value.startswith(first) and value.endswith(last)):
        return False
    place, end = len(first), len(value) - len(last)
    for piece in middle:
        found = value.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def _anything_but(operand: Json, where: str) -> _Leaf:
    """Holds where something stands that is none of these; not where nothing stands."""
    tests: list[Callable[[Json], bool]] = []
    if isinstance(operand, dict):
        if len(operand) != 1:
            raise InvalidPattern(f"{where}: one operator in anything-but, not {len(operand)}.")
        ((name, inner),) = operand.items()
        texts = inner if isinstance(inner, list) else [inner]
        if not texts:
            raise InvalidPattern(f"{where}: anything-but takes at least one value.")
        tests += [_text_operator(name, text, where) for text in texts]
    else:
        listed = operand if isinstance(operand, list) else [operand]
        if not listed or any(isinstance(each, (dict, list, bool)) for each in listed):
            raise InvalidPattern(f"{where}: anything-but takes strings, or numbers.")
        tests += [_equals(each) for each in listed]
    return _one(lambda value: not any(test(value) for test in tests))


def _numeric(operand: Json, where: str) -> Callable[[Json], bool]:
    """``["=", 5]``, ``[">", 0, "<=", 100]``."""
    if not isinstance(operand, list) or len(operand) not in (2, 4):
        raise InvalidPattern(f'{where}: numeric takes a list such as [">", 0, "<=", 5].')
    pairs = list(zip(operand[::2], operand[1::2], strict=True))
    for sign, number in pairs:
        if sign not in _COMPARISONS or not _is_number(number) or abs(number) > _LARGEST_NUMBER:
            raise InvalidPattern(
                f"{where}: numeric takes =, <, <=, > or >= and a number within "
                f"±{_LARGEST_NUMBER:,}."
            )
    if len(pairs) == 2 and {sign[0] for sign, _ in pairs} != {"<", ">"}:
        raise InvalidPattern(f"{where}: a numeric range has a lower and an upper end.")
    tests = [(_COMPARISONS[sign], number) for sign, number in pairs]
    return lambda value: _is_number(value) and all(test(value, end) for test, end in tests)


def _cidr(operand: Json, where: str) -> Callable[[Json], bool]:
    try:
        network = ip_network(operand if isinstance(operand, str) else "", strict=False)
    except ValueError as fault:
        raise InvalidPattern(f"{where}: Malformed CIDR: {fault}") from None

    def holds(value: Json) -> bool:
        try:
            address = ip_address(value if isinstance(value, str) else "")
        except ValueError:
            return False
        return address.version == network.version and address in network

    return holds


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _alternatives(pattern: Json) -> int:
    """How many combinations a pattern's ``$or`` give; InvalidPattern where there are too many."""
    if not isinstance(pattern, dict):
        return 1
    count = 1
    for name, wanted in pattern.items():
        if name == "$or" and isinstance(wanted, list) and _is_or(wanted):
            count *= sum(map(_alternatives, wanted))
        else:
            count *= _alternatives(wanted)
        if count > MOST_ALTERNATIVES:
            raise InvalidPattern(
                f"$or gives more than {MOST_ALTERNATIVES} combinations: make rules of it."
            )
    return count
