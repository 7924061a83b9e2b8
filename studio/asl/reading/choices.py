"""The rules of a Choice state.

Source: https://states-language.net/spec.html#choice-state
"""

from __future__ import annotations

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
from studio.asl.expressions.timestamps import is_timestamp
from studio.asl.reading.assign import read_assign
from studio.asl.reading.fields import type_name
from studio.asl.reading.query_language import check_query_language, is_jsonata, is_jsonata_text

if TYPE_CHECKING:
    from studio.asl.definition import Condition, QueryLanguage
    from studio.asl.reading.fields import Fields

_COMBINATIONS: Final = ("And", "Or", "Not")
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
    fields.require("Condition")
    fields.only({"Condition", "Next", "Assign", "Output", "Comment", "Variable"})
    condition = fields.query("Condition")
    if "Condition" in fields and not (isinstance(condition, bool) or is_jsonata_text(condition)):
        fields.problem("Value must be a boolean or a JSONata expression", "Condition")
    return JsonataCondition(expression=condition)


def _read_condition(fields: Fields, *, top: bool) -> Condition:
    known = {"Variable", "Comment", *_COMBINATIONS, *OPERATORS}
    # What belongs to JSONata has been noted with a better message.
    fields.only(known | {"Next", "Assign", "Output", "Condition"} if top else known)
    tests = [name for name in (*_COMBINATIONS, *OPERATORS) if name in fields]
    if len(tests) != 1:
        if tests:
            fields.at_most_one(*tests)
        elif "Condition" not in fields:
            fields.problem("A choice rule needs one comparison operator, or And, Or or Not")
        return _NOTHING
    (test,) = tests
    if test in _COMBINATIONS and "Variable" in fields:
        fields.problem(f"Field 'Variable' is not supported beside '{test}'")
    if test == "Not":
        rule = fields.object("Not")
        return Not(rule=_NOTHING if rule is None else _read_condition(rule, top=False))
    if test in _COMBINATIONS:
        rules = tuple(_read_condition(rule, top=False) for rule in fields.objects(test, minimum=1))
        return And(rules=rules) if test == "And" else Or(rules=rules)
    return _read_comparison(fields, test)


def _read_comparison(fields: Fields, name: str) -> Condition:
    fields.require("Variable")
    variable = fields.text("Variable")
    if variable is not None:
        try:
            compile_path(variable)
        except InvalidExpression:
            fields.problem("Value is not a valid JSONPath", "Variable")
    _check_operand(fields, name)
    return Comparison(variable=variable or "$", operator=name, operand=fields.json(name))


def _check_operand(fields: Fields, name: str) -> None:
    operand = fields.json(name)
    if name.endswith("Path"):
        fields.reference_path(name)
        return
    if name.startswith("String"):
        wanted = "String"
    elif name.startswith("Numeric"):
        wanted = "Number"
    elif name.startswith("Timestamp"):
        if isinstance(operand, str) and not is_timestamp(operand):
            fields.problem("String does not match RFC3339 timestamp", name)
        wanted = "String"
    else:
        wanted = "Boolean"
    if type_name(operand) != wanted:
        fields.wrong_type(name, wanted)
