"""JSONata expressions: what they see, give and refuse, and that nothing in them runs for long."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jlens import Expression

from studio.asl.errors import InvalidExpression, QueryEvaluationError
from studio.asl.expressions.bindings import Bindings
from studio.asl.expressions.jsonata import compile_query, kind_of
from studio.asl.expressions.query_reading import query_faults
from studio.asl.expressions.query_template import AT_EXIT, IN_CATCHER, compile_query_template

T2001 = 'T2001: The left side of the "+" operator must evaluate to a number'
T0410 = 'T0410: Argument 1 of function "hash" does not match function signature'
INPUT: dict[str, Any] = {
    "order": {"id": 7, "total": 1.0, "note": None},
    "lines": [{"sku": "a", "price": 2.5, "tags": ["x"]}, {"sku": "b", "price": 4}],
    "none": [],
    "one": [1],
    "huge": 2**70,
}


def bindings(**more: Any) -> Bindings:
    given: dict[str, Any] = {
        "context": lambda: {"Execution": {"Name": "one"}},
        "variables": {"limit": 3, "list": [1, 2], "input": "mine"},
        "seed": "seed",
        "now": 1_700_000_000.25,
    }
    return Bindings(INPUT, **{**given, **more})


def evaluate(text: str, **more: Any) -> Any:
    return compile_query(f"{{% {text} %}}", "Output").evaluate(bindings(**more))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$states.input.order.id", 7),
        ("$states.input.order.id + $limit", 10),
        ("$states.input.lines.sku", ["a", "b"]),
        ("$states.input.lines[price > 3].sku", "b"),
        ("$states.input.lines[price > 3].sku[]", ["b"]),
        ("$states.input.lines.tags", ["x"]),
        ("$sum($states.input.lines.price)", 6.5),
        ("$states.context.Execution.Name", "one"),
        ("$input", "mine"),
        ("$list[0]", 1),
        ("$states.input.none", []),
        ("$states.input.one", [1]),
        ("[$states.input.one]", [1]),
        ("$states.input.order.note", None),
        ("null", None),
        ("$exists($states.input.order.note)", True),
        ("$type($states.input.order.note)", "null"),
        ("{'a': $states.input.absent, 'b': 1}", {"b": 1}),
        ("[$states.input.absent, 1]", [1]),
        ("($x := 2; $x * $limit)", 6),
        ("$states.input.order.id = 7 ? 'seven' : 'other'", "seven"),
        ("'é' & \"\\u20ac\"", "é€"),
        ("/* a comment */ 1", 1),
        ("$merge([$states.input.order, {'id': 8}]).id", 8),
        ("$count($states.input.lines)", 2),
        ("$reduce([1..5], function($a, $b){$a * $b})", 120),
        ("$now()", "2023-11-14T22:13:20.250Z"),
        ("$millis()", 1_700_000_000_250),
        ("$fromMillis(0)", "1970-01-01T00:00:00.000Z"),
        ("1/3", 0.3333333333333333),
        ("4/2", 2),
        ("$string(1e21)", "1e+21"),
    ],
)
def test_value(text: str, value: Any) -> None:
    found = evaluate(text)
    assert found == value
    assert kind_of(found) == kind_of(value)


def test_a_plain_path_shares_what_it_finds_and_keeps_numbers() -> None:
    assert evaluate("$states.input.order") is INPUT["order"]
    assert evaluate("$states.input") is INPUT
    assert repr(evaluate("$states.input.order.total")) == "1.0"
    assert evaluate("$states.input.huge") == 2**70


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$partition([1,2,3,4,5], 2)", [[1, 2], [3, 4], [5]]),
        ("$partition([1,2,3], 2.9)", [[1, 2], [3]]),
        ("$range(0, 9, 3)", [0, 3, 6, 9]),
        ("$range(5, 1, -2)", [5, 3, 1]),
        ("$range(-1.7, 2, 1)", [-1, 0, 1, 2]),
        ("$range(1, 9, 9)", 1),
        ("$hash('a', 'MD5')", "0cc175b9c0f1b6a831c399e269772661"),
        ("$length($hash('a', 'SHA-512'))", 128),
        ("$parse('{\"a\":[1,null]}')", {"a": [1, None]}),
        ("$parse('1').x", ABSENT := "undefined"),
        ("$partition([], 2)", ABSENT),
        ("$partition([1], 0)", ABSENT),
        ("$range(1, 5)", ABSENT),
        ("$range(1, 5, -1)", ABSENT),
        ("$hash('a')", ABSENT),
        ("$random(4) = $random(4)", True),
        ("$random() = $random()", False),
        ("$random() < 1", True),
        ("$uuid() = $uuid()", False),
        ("$length($uuid())", 36),
    ],
)
def test_what_step_functions_adds(text: str, value: Any) -> None:
    if value == ABSENT:
        with pytest.raises(QueryEvaluationError, match=r"returned nothing \(undefined\)\.$"):
            evaluate(text)
    else:
        assert evaluate(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "$zip([1, 2, 3], [4, 5])",
        "$zip([1], $nothing)",
        "$zip(1, 2)",
        "$zip([1, null], ['a', 'b'], [true, {'k': []}])",
        "$zip([])",
        "$map([1, 2], function($i) {$zip([$i], [$i])})",
        "$distinct([1..3].(1))",
        "$distinct([3, 1, 3, 2, 1, '1', true, null, null, {'a': 1, 'b': 2}, {'b': 2, 'a': 1}])",
        "$map([1..2], function($i) {$distinct([$i, $i, [1], [1], 1.5, 1.5])})",
        "$map([[1, 2, 2]], $distinct)",
    ],
)
def test_bounded_functions_give_what_the_engine_gives(text: str) -> None:
    given = Expression(text).evaluate_json(None, {})
    assert given is not None
    assert evaluate(text) == json.loads(given)


def test_a_long_array_is_made_distinct() -> None:
    found = compile_query("{% $distinct($states.input) %}", "Output").evaluate(
        Bindings([n % 5000 for n in range(30_000)])
    )
    assert found == list(range(5000))


@pytest.mark.parametrize("text", ["$uuid()", "$random()", "$shuffle([1..50])"])
def test_chance_comes_from_the_bindings(text: str) -> None:
    assert evaluate(text) == evaluate(text)
    assert evaluate(text) != evaluate(text, seed="another")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("$states.input.absent", "returned nothing (undefined)."),
        ("$states.result", "returned nothing (undefined)."),
        ("$nothing", "returned nothing (undefined)."),
        ("$sum", "returned an unsupported result type."),
        ("function($x){$x}", "returned an unsupported result type."),
        (
            "'a' + 1",
            f"threw an error during evaluation. {T2001}",
        ),
        (
            "$eval('1')",
            "threw an error during evaluation. T1006: Attempted to invoke a non-function",
        ),
        (
            "($f := $eval; $f('1'))",
            "threw an error during evaluation. T1006: Attempted to invoke a non-function",
        ),
        ("$error('no')", "threw an error during evaluation. D3137: no"),
        (
            "$hash(1, 'MD5')",
            f"threw an error during evaluation. {T0410}",
        ),
    ],
)
def test_cause(text: str, cause: str) -> None:
    with pytest.raises(QueryEvaluationError) as raised:
        evaluate(text)
    assert raised.value.error == "States.QueryEvaluationError"
    assert raised.value.location == "Output"
    assert raised.value.cause == (
        f"The JSONata expression '{text}' specified for the field 'Output' {cause}"
    )


def test_a_template_names_the_place_of_a_failure() -> None:
    build = compile_query_template({"a": [0, {"b": "{% $nothing %}"}]}, "Output")
    with pytest.raises(QueryEvaluationError) as raised:
        build(bindings())
    assert raised.value.location == "Output/a[1]/b"


def test_a_template_keeps_its_order_and_its_constants() -> None:
    template = {"z": "{% 1 %}", "a": "not {% 1 %}", "m": ["{% $limit %}", None], "c": {"d": []}}
    built = compile_query_template(template, "Output")(bindings())
    assert list(built.items()) == [
        ("z", 1),
        ("a", "not {% 1 %}"),
        ("m", [3, None]),
        ("c", {"d": []}),
    ]
    assert built["c"] is template["c"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("$states.input.a", []),
        ("$states.input.items[value > 3]", []),
        ("$map($states.input.a, function($x){$x.b})", []),
        ("'$$' & $states.input.a", []),
        ("a[1,2)", [("INVALID_JSONATA_EXPRESSION", 'Expected "]", got ","')]),
        ("", [("INVALID_JSONATA_EXPRESSION", "Unexpected end of expression")]),
        ("1 2", [("INVALID_JSONATA_EXPRESSION", "Syntax error: 2")]),
        ("{'a' 1.5}", [("INVALID_JSONATA_EXPRESSION", 'Expected ":", got 1.5')]),
        ("'a' '1.0'", [("INVALID_JSONATA_EXPRESSION", 'Syntax error: "1.0"')]),
        (
            "phone",
            [
                (
                    "UNSUPPORTED_JSONATA_EXPRESSION",
                    "Reference to 'phone' at the top level is not supported.",
                )
            ],
        ),
        ("$$", [("UNSUPPORTED_JSONATA_EXPRESSION", "Reference to '$$' is not supported.")]),
        ("$$.a", [("UNSUPPORTED_JSONATA_EXPRESSION", "Reference to '$$' is not supported.")]),
        (
            "$states.errorOutput.Error",
            [
                (
                    "UNSUPPORTED_JSONATA_EXPRESSION",
                    "Field '$states.errorOutput' does not exist.",
                )
            ],
        ),
    ],
)
def test_what_is_refused_beforehand(text: str, faults: list[tuple[str, str]]) -> None:
    assert query_faults(f"{{% {text} %}}", AT_EXIT) == faults


def test_a_catcher_may_read_the_error() -> None:
    assert query_faults("{% $states.errorOutput %}", IN_CATCHER) == []


def test_no_expression_without_an_end() -> None:
    with pytest.raises(InvalidExpression):
        compile_query("{% 1 + %}", "Output")


def test_a_long_expression_is_refused() -> None:
    with pytest.raises(InvalidExpression):
        compile_query("{% " + "1 + " * 100_000 + "1 %}", "Output")
