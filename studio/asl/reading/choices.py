"""The rules of a Choice state.

Source: https://states-language.net/spec.html#choice-state
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from studio.asl.definition import (
    And,
    ChoiceRule,
    Comparison,
    JsonataCondition,
    Not,
    Or,
)
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.choice_rule import OPERATORS
from studio.asl.expressions.jsonpath import compile_path
from studio.asl.expressions.query_template import NO_JSONATA
from studio.asl.expressions.timestamps import is_timestamp
from studio.asl.reading.assign import read_assign
from studio.asl.reading.fields import NO_PATH, no_reference_path
from studio.asl.reading.query_language import (
    check_query_language,
    is_jsonata,
    is_jsonata_text,
    of_the_other,
)

if TYPE_CHECKING:
    from studio.asl.definition import Condition, QueryLanguage
    from studio.asl.reading.fields import Fields

_COMBINATIONS: Final = ("And", "Or", "Not")
_TESTS: Final = (*_COMBINATIONS, "Variable", "Condition")
_NOTHING: Final = Or(rules=())
"""Stands in for a condition that could not be read."""


def read_choices(state: Fields, language: QueryLanguage) -> tuple[ChoiceRule, ...]:
    """Read Choices."""
    return tuple(_read_rule(rule, language) for rule in state.objects("Choices", minimum=1))


def _read_rule(fields: Fields, language: QueryLanguage) -> ChoiceRule:
    fields.require("Next")
    check_query_language(fields, language)
    if is_jsonata(language):
        condition = _read_jsonata_condition(fields)
        output = fields.query("Output")
    else:
        condition = _read_condition(fields, top=True)
        output = fields.json("Output")
    return ChoiceRule(
        condition=condition,
        next=fields.text("Next") or "",
        output=output,
        assign=read_assign(fields, language),
        comment=fields.text("Comment"),
    )


def _read_jsonata_condition(fields: Fields) -> Condition:
    of_jsonpath = [name for name in (*_COMBINATIONS, *OPERATORS) if name in fields]
    for name in of_jsonpath:
        fields.problem(of_the_other(name, "JSONata"))
    if not of_jsonpath and "Condition" not in fields and "Variable" not in fields:
        fields.problem(_one_of(_TESTS))
    fields.only({"Condition", "Next", "Assign", "Output", "Comment", "Variable", *of_jsonpath})
    condition = fields.query("Condition")
    if isinstance(condition, str) and not is_jsonata_text(condition):
        fields.problem(NO_JSONATA, "Condition")
    elif "Condition" in fields and not isinstance(condition, str | bool):
        fields.wrong_type("Condition", "STRING", "BOOLEAN")
    return JsonataCondition(expression=condition)


def _read_condition(fields: Fields, *, top: bool) -> Condition:
    known = {"Variable", "Comment", *_COMBINATIONS, *OPERATORS}
    # What belongs to JSONata has been noted with a better message.
    fields.only(known | {"Next", "Assign", "Output", "Condition"} if top else known)
    combinations = [name for name in _COMBINATIONS if name in fields]
    operators = [name for name in OPERATORS if name in fields]
    if len(combinations) + ("Variable" in fields) != 1:
        if "Condition" not in fields:
            fields.problem(_one_of(_TESTS if top else _TESTS[:-1]))
        return _NOTHING
    if combinations and operators:
        fields.problem(f"Field '{operators[0]}' is not supported")
        return _NOTHING
    if not combinations and len(operators) != 1:
        if operators:
            fields.at_most_one(*operators)
        else:
            fields.problem("A choice rule with a Variable needs one comparison operator")
        return _NOTHING
    (test,) = combinations or operators
    if test == "Not":
        rule = fields.object("Not")
        return Not(rule=_NOTHING if rule is None else _read_condition(rule, top=False))
    if test in _COMBINATIONS:
        rules = tuple(_read_condition(rule, top=False) for rule in fields.objects(test, minimum=1))
        return And(rules=rules) if test == "And" else Or(rules=rules)
    return _read_comparison(fields, test)


def _read_comparison(fields: Fields, name: str) -> Condition:
    variable = fields.text("Variable")
    if variable is not None:
        try:
            compile_path(variable)
        except InvalidExpression:
            # A search is taken here too, which no reference path is.
            fault = NO_PATH if variable.startswith("$") else no_reference_path(variable)
            fields.problem(fault, "Variable")
    _check_operand(fields, name)
    return Comparison(variable=variable or "$", operator=name, operand=fields.json(name))


def _check_operand(fields: Fields, name: str) -> None:
    operand = fields.json(name)
    if name.endswith("Path"):
        fields.reference_path(name)
    elif name.startswith("Numeric"):
        fields.number(name, -math.inf, math.inf)
    elif name.startswith("Timestamp"):
        fields.text(name)
        if isinstance(operand, str) and not is_timestamp(operand):
            fields.problem("String does not match RFC3339 timestamp", name)
    elif name.startswith("String"):
        fields.text(name)
    else:
        fields.boolean(name)


def _one_of(names: tuple[str, ...]) -> str:
    return f"The object must have only one of the following fields, [{', '.join(names)}]"
