"""Choice rules: every comparator, and what it makes of other types."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.asl.definition import And, Comparison, Condition, JsonataCondition, Not, Or
from studio.asl.errors import InvalidExpression, StatesError
from studio.asl.expressions.bindings import Bindings
from studio.asl.expressions.choice_rule import OPERATORS, compile_condition, compile_matcher

EARLY, LATE = "2012-10-09T19:00:55Z", "2012-10-09T19:00:56Z"

# Comparator, what it compares with, values it holds for, values of the same type it does not.
COMPARISONS: list[tuple[str, Any, list[Any], list[Any]]] = [
    ("StringEquals", "b", ["b"], ["a", "", "B"]),
    ("StringLessThan", "b", ["a", ""], ["b", "c"]),
    ("StringGreaterThan", "b", ["c", "bb"], ["b", "a"]),
    ("StringLessThanEquals", "b", ["a", "b"], ["c"]),
    ("StringGreaterThanEquals", "b", ["b", "c"], ["a"]),
    ("NumericEquals", 1, [1, 1.0], [0, 1.5, -1]),
    ("NumericLessThan", 1, [0, 0.5], [1, 1.0, 2]),
    ("NumericGreaterThan", 1, [1.5, 2, 10**30], [1, 0]),
    ("NumericLessThanEquals", 1, [1, 0], [1.5]),
    ("NumericGreaterThanEquals", 1, [1, 2], [0.5]),
    ("BooleanEquals", True, [True], [False]),
    ("BooleanEquals", False, [False], [True]),
    ("TimestampEquals", EARLY, [EARLY, "2012-10-09T21:00:55+02:00"], [LATE]),
    ("TimestampLessThan", LATE, [EARLY], [LATE, "2012-10-09T19:00:56.000000001Z"]),
    ("TimestampGreaterThan", EARLY, [LATE, "2012-10-09T19:00:55.000000001Z"], [EARLY]),
    ("TimestampLessThanEquals", EARLY, [EARLY], [LATE]),
    ("TimestampGreaterThanEquals", LATE, [LATE], [EARLY]),
]
OTHERS = [None, True, False, 0, 1, 1.0, "", "b", [], ["b"], {}, {"b": 1}, EARLY]


def holds(condition: Condition, data: Any) -> bool:
    return compile_condition(condition)(Bindings(data, variables={"v": 1}))


def compare(operator: str, operand: Any, value: Any) -> bool:
    return holds(Comparison(variable="$.x", operator=operator, operand=operand), {"x": value})


@pytest.mark.parametrize(("name", "operand", "true", "false"), COMPARISONS)
def test_compares(name: str, operand: Any, true: list[Any], false: list[Any]) -> None:
    by_path = Comparison(variable="$.x", operator=f"{name}Path", operand="$.y")
    for value in true + false:
        assert compare(name, operand, value) is (value in true)
        assert holds(by_path, {"x": value, "y": operand}) is (value in true)


@pytest.mark.parametrize(("name", "operand", "true", "false"), COMPARISONS)
def test_other_types_are_false(name: str, operand: Any, true: list[Any], false: list[Any]) -> None:
    by_path = Comparison(variable="$.x", operator=f"{name}Path", operand="$.y")
    for value in OTHERS:
        comparable = type(value) is type(operand) or {type(value), type(operand)} == {int, float}
        if not comparable:
            assert compare(name, operand, value) is False
            assert holds(by_path, {"x": operand, "y": value}) is False
            assert holds(by_path, {"x": value, "y": operand}) is False


TYPES = {
    "IsNull": [None],
    "IsString": ["", "b", EARLY],
    "IsNumeric": [0, 1, 1.0],
    "IsBoolean": [True, False],
    "IsTimestamp": [EARLY],
}


@pytest.mark.parametrize("name", TYPES)
def test_tells_types(name: str) -> None:
    for value in OTHERS:
        expected = any(value is each or (value == each and type(value) is type(each))
                       for each in TYPES[name])  # fmt: skip
        assert compare(name, True, value) is expected
        assert compare(name, False, value) is not expected


def test_presence() -> None:
    for path, there in [
        ("$.a", True),
        ("$.a.b", False),
        ("$.n", True),
        ("$v", True),
        ("$w", False),
    ]:
        rule = Comparison(variable=path, operator="IsPresent", operand=True)
        assert holds(rule, {"a": 1, "n": None}) is there
        rule = Comparison(variable=path, operator="IsPresent", operand=False)
        assert holds(rule, {"a": 1, "n": None}) is not there


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("log-*.txt", ["log-.txt", "log-a.txt", "log-a.txt.txt"], ["log-a.tx", "xlog-.txt"]),
        ("*", ["", "anything"], []),
        ("a*b*c", ["abc", "aXbXc", "abcbc"], ["ab", "acb", "abcX"]),
        ("*a*", ["a", "bab"], ["b", ""]),
        ("ab*ba", ["abba", "ab ba"], ["aba"]),
        (r"a\*b", ["a*b"], ["ab", "aXb", r"a\*b"]),
        (r"a\\*", ["a\\", "a\\b"], ["a*", "ab"]),
        ("", [""], ["a"]),
        ("a?b[c]", ["a?b[c]"], ["aXbc"]),
        ("**a**", ["a", "xay"], ["x"]),
        ("*\n", ["a\n"], ["a"]),
    ],
)
def test_matches_patterns(pattern: str, matching: list[str], other: list[str]) -> None:
    for text in matching:
        assert compare("StringMatches", pattern, text) is True
    for text in [*other, None, 1, ["a"]]:
        assert compare("StringMatches", pattern, text) is False


@given(st.text("ab*", max_size=8), st.text("ab*", max_size=8))
def test_matching_agrees_with_its_definition(pattern: str, text: str) -> None:
    def matches(rest: str, left: str) -> bool:
        if not rest:
            return not left
        if rest[0] == "*":
            return any(matches(rest[1:], left[at:]) for at in range(len(left) + 1))
        return bool(left) and rest[0] == left[0] and matches(rest[1:], left[1:])

    assert compile_matcher(pattern)(text) is matches(pattern, text)


def test_a_hostile_pattern_is_no_burden() -> None:
    assert not compile_matcher("*a" * 5_000 + "b")("a" * 100_000)


TRUE = Comparison(variable="$.t", operator="BooleanEquals", operand=True)
FALSE = Comparison(variable="$.f", operator="BooleanEquals", operand=True)
ERROR = Comparison(variable="$.nope", operator="BooleanEquals", operand=True)
TRUTH = {"t": True, "f": False}


def test_combines() -> None:
    assert holds(And(rules=(TRUE, TRUE)), TRUTH)
    assert not holds(And(rules=(TRUE, FALSE)), TRUTH)
    assert holds(Or(rules=(FALSE, TRUE)), TRUTH)
    assert not holds(Or(rules=(FALSE, FALSE)), TRUTH)
    assert holds(Not(rule=FALSE), TRUTH)
    assert not holds(Not(rule=And(rules=(TRUE, Or(rules=(FALSE, TRUE))))), TRUTH)
    # What decides ends the evaluation: a guard keeps a path from failing.
    assert not holds(And(rules=(FALSE, ERROR)), TRUTH)
    assert holds(Or(rules=(TRUE, ERROR)), TRUTH)


@pytest.mark.parametrize("operator", [name for name in OPERATORS if name != "IsPresent"])
def test_a_path_to_nothing_is_an_error(operator: str) -> None:
    operand: Any = "$.y" if operator.endswith("Path") else True if operator[:2] == "Is" else "x"
    with pytest.raises(StatesError) as failure:
        holds(Comparison(variable="$.x.z", operator=operator, operand=operand), {"y": 1})
    assert failure.value.error == "States.Runtime"
    assert failure.value.cause == (
        "Invalid path '$.x.z': The choice state's condition path references an invalid value."
    )


def test_a_missing_operand_is_an_error_too() -> None:
    with pytest.raises(StatesError, match=r"Invalid path '\$\.y'"):
        holds(Comparison(variable="$.x", operator="StringEqualsPath", operand="$.y"), {"x": "a"})


def test_refuses_what_is_no_rule_of_jsonpath() -> None:
    with pytest.raises(InvalidExpression):
        compile_condition(JsonataCondition(expression="{% true %}"))
    with pytest.raises(InvalidExpression):
        compile_condition(Comparison(variable="$", operator="Resembles", operand=1))
    assert len(OPERATORS) == 39
