"""Choice rules as predicates: what the comparators mean.

A comparator holds only where both sides have the type it names; anything else is false, never an
error. A Variable (or a …Path operand) that points nowhere is an error, but for IsPresent.

Source: https://states-language.net/spec.html#choice-state
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final

from studio.asl.definition import ABSENT, And, Comparison, JsonataCondition, Not, Or
from studio.asl.errors import InvalidExpression, StatesError
from studio.asl.expressions.jsonpath import compile_path
from studio.asl.expressions.timestamps import epoch_nanoseconds, is_timestamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Condition, Json
    from studio.asl.expressions.bindings import Bindings
    from studio.asl.expressions.jsonpath import Path

    Predicate = Callable[[Bindings], bool]
    Test = Callable[[Json, Json], bool]


_NUMBERS: Final = frozenset({int, float})
"""The classes of numbers; a boolean's class is neither."""


def _is_number(value: Json) -> bool:
    return value.__class__ in _NUMBERS


def _is_text_timestamp(value: Json) -> bool:
    return isinstance(value, str) and is_timestamp(value)


_RELATIONS: Final[dict[str, Callable[[Json, Json], bool]]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "GreaterThan": operator.gt,
    "LessThanEquals": operator.le,
    "GreaterThanEquals": operator.ge,
}


def _compare_texts(relation: Test) -> Test:
    return lambda value, operand: (
        value.__class__ is str and operand.__class__ is str and relation(value, operand)
    )


def _compare_numbers(relation: Test) -> Test:
    return lambda value, operand: (
        value.__class__ in _NUMBERS and operand.__class__ in _NUMBERS and relation(value, operand)
    )


def _compare_timestamps(relation: Test) -> Test:
    def test(value: Json, operand: Json) -> bool:
        if value.__class__ is not str or operand.__class__ is not str:
            return False
        try:
            return relation(epoch_nanoseconds(value), epoch_nanoseconds(operand))
        except ValueError:
            return False

    return test


def _compare_booleans(value: Json, operand: Json) -> bool:
    return isinstance(value, bool) and isinstance(operand, bool) and value is operand


COMPARISONS: Final[dict[str, Test]] = {
    **{f"String{name}": _compare_texts(relation) for name, relation in _RELATIONS.items()},
    **{f"Numeric{name}": _compare_numbers(relation) for name, relation in _RELATIONS.items()},
    **{f"Timestamp{name}": _compare_timestamps(relation) for name, relation in _RELATIONS.items()},
    "BooleanEquals": _compare_booleans,
}
"""Comparators that also have a …Path form."""

TYPE_TESTS: Final[dict[str, Callable[[Json], bool]]] = {
    "IsNull": lambda value: value is None,
    "IsString": lambda value: isinstance(value, str),
    "IsNumeric": _is_number,
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsTimestamp": _is_text_timestamp,
}
"""Comparators whose operand is a boolean: whether the value shall be of that type."""

OPERATORS: Final[tuple[str, ...]] = (
    *COMPARISONS,
    *(f"{name}Path" for name in COMPARISONS),
    "StringMatches",
    *TYPE_TESTS,
    "IsPresent",
)
"""All 39 comparators, by the language's names."""


def compile_condition(condition: Condition) -> Predicate:
    """Compile a condition to a function that tells whether it holds.

    The function raises StatesError States.Runtime where a path it needs points nowhere.
    Raises InvalidExpression where a path or an operator is wrong, or the condition is JSONata.
    """
    match condition:
        case And(rules=rules):
            return _compile_every(tuple(map(compile_condition, rules)))
        case Or(rules=rules):
            return _compile_any(tuple(map(compile_condition, rules)))
        case Not(rule=rule):
            negated = compile_condition(rule)
            return lambda bindings: not negated(bindings)
        case Comparison():
            return _compile_comparison(condition)
        case JsonataCondition():
            raise InvalidExpression("A JSONata condition is no choice rule of JSONPath")


def _compile_every(predicates: tuple[Predicate, ...]) -> Predicate:
    def every(bindings: Bindings) -> bool:
        for predicate in predicates:  # noqa: SIM110 - all() of a generator takes twice as long
            if not predicate(bindings):
                return False
        return True

    return every


def _compile_any(predicates: tuple[Predicate, ...]) -> Predicate:
    def some(bindings: Bindings) -> bool:
        for predicate in predicates:  # noqa: SIM110 - any() of a generator takes twice as long
            if predicate(bindings):
                return True
        return False

    return some


def compile_matcher(pattern: str) -> Callable[[str], bool]:
    r"""Compile StringMatches: ``*`` stands for any run of characters, ``\*`` for an asterisk.

    ``\\`` stands for a backslash. Matching takes time linear in the text for each ``*``.
    """
    pieces: list[str] = [""]
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            pieces[-1] += next(characters, "\\")
        elif character == "*":
            pieces.append("")
        else:
            pieces[-1] += character
    if len(pieces) == 1:
        return lambda text: text == pieces[0]
    first, *middle, last = pieces

    def matches(text: str) -> bool:
        if len(text) < len(first) + len(last):
            return False
        if not (text.startswith(first) and text.endswith(last)):
            return False
        at, end = len(first), len(text) - len(last)
        for piece in middle:
            found = text.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    return matches


def _compile_comparison(comparison: Comparison) -> Predicate:
    variable = compile_path(comparison.variable)
    name, operand = comparison.operator, comparison.operand
    find = variable.find
    if name == "IsPresent":
        wanted = operand
        return lambda bindings: (find(bindings) is not ABSENT) is wanted
    if name in TYPE_TESTS:
        return _compile_type_test(variable, TYPE_TESTS[name], operand)
    if name == "StringMatches":
        matches = compile_matcher(operand)

        def match_text(bindings: Bindings) -> bool:
            value = _value_of(variable, bindings)
            return value.__class__ is str and matches(value)

        return match_text
    if name in COMPARISONS:
        return _compile_literal(variable, name, operand)
    if name.endswith("Path") and name[:-4] in COMPARISONS:
        test = COMPARISONS[name[:-4]]
        other = compile_path(operand)
        return lambda bindings: test(_value_of(variable, bindings), _value_of(other, bindings))
    raise InvalidExpression(f"'{name}' is no comparison operator")


def _compile_type_test(variable: Path, test: Callable[[Json], bool], wanted: Json) -> Predicate:
    return lambda bindings: test(_value_of(variable, bindings)) is wanted


def _compile_literal(variable: Path, name: str, operand: Json) -> Predicate:
    test, find = COMPARISONS[name], variable.find

    def compare(bindings: Bindings) -> bool:
        value = find(bindings)
        if value is ABSENT:
            raise _missing(variable)
        return test(value, operand)

    return compare


def _value_of(path: Path, bindings: Bindings) -> Json:
    value = path.find(bindings)
    if value is ABSENT:
        raise _missing(path)
    return value


def _missing(path: Path) -> StatesError:
    return StatesError(
        "States.Runtime",
        f"Invalid path '{path.text}': The choice state's condition path references an invalid "
        "value.",
    )
