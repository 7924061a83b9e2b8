"""Whatever the text holds, it is a Definition or an InvalidDefinition."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.asl.definition import Definition
from studio.asl.errors import InvalidDefinition
from studio.asl.expressions.choice_rule import OPERATORS
from studio.asl.parse import inspect, parse
from studio.asl.reading.supported_fields import STATE_FIELDS

MACHINE: dict[str, Any] = {
    "StartAt": "A",
    "States": {
        "A": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
            "Parameters": {"x.$": "$.x", "y": {"z.$": "States.Format('{}', $.z[*])"}},
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "E", "ResultPath": "$.e"}],
            "ResultPath": "$.r",
            "Next": "B",
        },
        "B": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.x", "NumericEquals": 1, "Next": "C"},
                {"Not": {"Variable": "$.y", "TimestampLessThanPath": "$.t"}, "Next": "D"},
            ],
            "Default": "E",
        },
        "C": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemProcessor": {"StartAt": "F", "States": {"F": {"Type": "Pass", "End": True}}},
            "Next": "D",
        },
        "D": {
            "Type": "Parallel",
            "Branches": [{"StartAt": "G", "States": {"G": {"Type": "Succeed"}}}],
            "Next": "H",
        },
        "E": {"Type": "Fail", "ErrorPath": "$.e", "Cause": "c"},
        "H": {"Type": "Wait", "SecondsPath": "$.s", "End": True},
    },
}

FIELDS = sorted(
    {name for names in STATE_FIELDS.values() for name in names}
    | {"StartAt", "States", "Version", "Condition", "Variable", "And", "Or", "Not", "ErrorEquals"}
    | {"ProcessorConfig", "Mode", "ExecutionType", "RoleArn", "x.$", "A", ""}
    | set(OPERATORS)
)
TEXTS = st.sampled_from(
    ["", "A", "B", "$", "$.x", "$$", "$.x[*]", "$..", "$.x[?(@.y>1)]", "States.UUID()", "{% 1 %}",
     "States.Format('{}'", "States.ALL", "JSONata", "JSONPath", "DISTRIBUTED", "INLINE", "Pass",
     "Task", "Map", "2020-01-01T00:00:00Z", "arn:aws:states:::sqs:sendMessage", "FULL", "x" * 81]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-1, 2) | st.just(10**40) | st.floats() | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)
    ),
    max_leaves=10,
)


def check(text: str | bytes) -> None:
    found = inspect(text)
    errors = [each for each in found if each.severity == "ERROR"]
    if not errors:
        assert isinstance(parse(text), Definition)
        return
    with pytest.raises(InvalidDefinition) as refused:
        parse(text)
    assert list(refused.value.diagnostics) == errors


def slots(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a document, as its container and its key there."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        container = waiting.pop()
        keys = container if isinstance(container, dict) else range(len(container))
        for key in keys:
            found.append((container, key))
            if isinstance(container[key], dict | list):
                waiting.append(container[key])
    return found


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_mutated_definition_is_read_or_refused(data: st.DataObject) -> None:
    document = copy.deepcopy(MACHINE)
    for _ in range(data.draw(st.integers(1, 4))):
        places = slots(document)
        if not places:
            break
        container, key = places[data.draw(st.integers(0, len(places) - 1))]
        change = data.draw(st.sampled_from(["replace", "remove", "add", "rename"]))
        if change == "replace":
            container[key] = data.draw(VALUES)
        elif change == "remove":
            del container[key]
        elif isinstance(container, list):
            container.append(data.draw(VALUES))
        elif change == "add":
            container[data.draw(st.sampled_from(FIELDS))] = data.draw(VALUES)
        else:
            container[data.draw(st.sampled_from(FIELDS))] = container.pop(key)
    check(json.dumps(document))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=5) | VALUES)
def test_any_json_is_read_or_refused(document: Any) -> None:
    check(json.dumps(document))
    check(json.dumps({"StartAt": "A", "States": {"A": document}}).encode())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=30) | st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    check(text)


def test_the_machine_that_is_mutated_is_valid() -> None:
    assert inspect(json.dumps(MACHINE)) == []
