"""Payload templates."""

from __future__ import annotations

from typing import Any

import pytest

from studio.asl.errors import InvalidExpression, StatesError
from studio.asl.expressions.bindings import Bindings
from studio.asl.expressions.member_order import hash_map_order, hash_set_order
from studio.asl.expressions.payload_template import (
    compile_template,
    compile_text_expression,
    template_faults,
)

DATA = {"flagged": 7, "vals": [0, 10, 20, 30, 40, 50], "name": "Ann"}


def build(template: Any, data: Any = DATA) -> Any:
    bindings = Bindings(data, context=lambda: {"Id": 1}, variables={"v": 2})
    return compile_template(template)(bindings)


def test_the_example_of_the_specification() -> None:
    template = {"flagged": True, "parts": {"first.$": "$.vals[0]", "last3.$": "$.vals[3:]"}}
    assert build(template) == {"flagged": True, "parts": {"first": 0, "last3": [30, 40, 50]}}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ({}, {}),
        ("$.name", "$.name"),
        ([], []),
        ({"a": "$.name"}, {"a": "$.name"}),
        ({"a.$": "$"}, {"a": DATA}),
        ({"a.$": "$$.Id", "b.$": "$v"}, {"a": 1, "b": 2}),
        ({"a": [{"b.$": "$.name"}, 1, [{"c.$": "$v"}]]}, {"a": [{"b": "Ann"}, 1, [{"c": 2}]]}),
        ({"a.$": "States.Format('Hi {}', $.name)"}, {"a": "Hi Ann"}),
        ([{"a.$": "$.name"}], [{"a": "Ann"}]),
        ({".$": "$.name"}, {"": "Ann"}),
    ],
)
def test_builds(template: object, expected: object) -> None:
    assert build(template) == expected


def test_constant_parts_are_shared() -> None:
    template = {"constant": {"deep": [1, 2]}, "list": [{"k": 1}, {"a.$": "$.name"}]}
    builder = compile_template(template)
    first, second = builder(Bindings(DATA)), builder(Bindings(DATA))
    assert first["constant"] is second["constant"] is template["constant"]
    assert first["list"][0] is second["list"][0]
    assert first is not second
    whole = {"only": ["constants"]}
    assert compile_template(whole)(Bindings(DATA)) is whole


def test_members_come_in_the_order_of_the_service() -> None:
    template = {
        "ApiEndpoint.$": "$.name",
        "Method.$": "$.name",
        "AuthType": "x",
        "Path.$": "$.name",
        "Stage.$": "$.name",
    }
    assert list(build(template)) == ["AuthType", "Path", "Stage", "ApiEndpoint", "Method"]
    assert hash_map_order(["Bucket", "Key", "Body"]) == ["Bucket", "Body", "Key"]
    # More than twelve names need more buckets.
    many = [f"k{number}" for number in range(40)]
    assert sorted(hash_map_order(many)) == sorted(many)
    assert hash_map_order(["é", "🆗"]) in (["é", "🆗"], ["🆗", "é"])


@pytest.mark.parametrize(
    ("modelled", "said"),
    [
        (
            "NONE ALL_OLD UPDATED_OLD ALL_NEW UPDATED_NEW",
            "ALL_NEW UPDATED_OLD ALL_OLD NONE UPDATED_NEW",
        ),
        ("INDEXES TOTAL NONE", "INDEXES TOTAL NONE"),
        ("S N B", "B N S"),
        # LT and BETWEEN share a bucket, and so do ABORTED and PENDING_REDRIVE.
        (
            "EQ NE IN LE LT GE GT BETWEEN NOT_NULL NULL CONTAINS NOT_CONTAINS BEGINS_WITH",
            "IN NULL BETWEEN LT NOT_CONTAINS EQ GT NOT_NULL NE LE BEGINS_WITH GE CONTAINS",
        ),
        (
            "RUNNING SUCCEEDED FAILED TIMED_OUT ABORTED PENDING_REDRIVE",
            "SUCCEEDED TIMED_OUT PENDING_REDRIVE ABORTED FAILED RUNNING",
        ),
    ],
)
def test_what_may_be_is_listed_as_services_list_it(modelled: str, said: str) -> None:
    """As messages of DynamoDB and, the last one, of Step Functions have been quoted for years."""
    assert hash_set_order(modelled.split()) == said.split()


def test_a_path_to_nothing_fails_with_the_field_that_wanted_it() -> None:
    with pytest.raises(StatesError) as failure:
        build({"a": {"missing.$": "$.nope.deep"}}, {"other": 1})
    assert failure.value.error == "States.Runtime"
    assert failure.value.cause == (
        "The JSONPath '$.nope.deep' specified for the field 'missing.$' could not be found in "
        "the input '{\"other\":1}'"
    )


@pytest.mark.parametrize("value", ["name", "", "$.", 1, None, {"a": 1}, "States.Nope()", "$.a["])
def test_refuses_what_is_no_expression(value: object) -> None:
    with pytest.raises(InvalidExpression) as refused:
        compile_template({"a.$": value})
    assert refused.value.message == (
        "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call"
    )


def test_finds_every_fault_with_its_place() -> None:
    template = {"a.$": "nope", "b": {"c": [1, {"d.$": "$."}]}, "e.$": "$.fine"}
    message = (
        "The value for the field '{}' must be a valid JSONPath or a valid intrinsic function call"
    )
    assert list(template_faults(template)) == [
        ("", message.format("a.$")),
        ("/b/c[1]", message.format("d.$")),
    ]


def test_error_and_cause_paths_take_functions_that_give_texts() -> None:
    text = "States.Format('{}!', $.name)"
    assert compile_text_expression(text, "CausePath")(Bindings(DATA)) == "Ann!"
    assert compile_text_expression("$.name", "CausePath")(Bindings(DATA)) == "Ann"
    with pytest.raises(InvalidExpression):
        compile_text_expression("States.ArrayLength($.vals)", "CausePath")


def test_a_template_cannot_multiply_its_input_without_bound() -> None:
    template = {f"k{number}.$": "$" for number in range(200)}
    assert len(build(template, "x" * 100)) == 200
    with pytest.raises(StatesError, match=r"States\.DataLimitExceeded"):
        build(template, "x" * 200_000)
