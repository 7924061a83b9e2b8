"""Expressions that are evaluated in place give what the engine's usual way gives."""

from __future__ import annotations

from typing import Any

import pytest

from studio.asl import json_text
from studio.asl.errors import QueryEvaluationError
from studio.asl.expressions.bindings import Bindings
from studio.asl.expressions.compiled_query import compile_text
from studio.asl.expressions.jsonata import compile_query
from studio.asl.expressions.quick_query import compile_quick

INPUT: dict[str, Any] = {
    "order": 7,
    "price": 1.0,
    "big": 9007199254740993,
    "giant": 10**30,
    "text": "a$states.b",
    "nothing": None,
    "one": [5],
    "rows": [{"a": 1, "b": [1, 2]}, {"a": 2, "b": []}, {"a": None}],
    "nested": [[1, [2]], [[3]]],
    "two words": {"$states": 1},
}

QUICK = [
    "$states.input.order + 1",
    "$states.input.price + 0",
    "$states.input.big + 0",
    "[$states.input.giant, $states.input.price]",
    "$left > 0",
    "$left - 1",
    "$states.input.text & ' $states ' & $name",
    "$states.input.text = 'a$states.b'",
    "$states.input.`two words`.`$states`",
    "$states.input.one[0]",
    "[$states.input.one]",
    "$states.input.rows.b",
    "$states.input.rows.{'a': a, 'b': $count(b)}",
    "$states.input.rows[a = 2].b",
    "$states.input.rows[-1]",
    "$sum($states.input.rows.b)",
    "$states.input.nested.$string()",
    "$states.input.*",
    "{'all': $states.input, 'where': $states.context.State.Name}",
    "{'a': $states.input.absent, 'b': null}",
    "[$states.input.absent, null]",
    "$exists($states.input.absent) ? 1 : $exists($left)",
    "$left in [1, 7] and $states.input.order >= 7",
    "$states.input.nothing",
    "$states.input.absent + 1",
    "$states.input.text + 1",
    "$states.result.a + 1",
    "$unknown + 1",
    "{'sum': $sum}",
    "$merge([$states.input, {'order': $states.input.order + 1}])",
    "$merge($states.input.rows)",
    "$append($states.input.one, $states.input.rows)",
    "$append($states.input.absent, $states.input.one)",
    "$reverse($states.input.rows.b)",
    "$spread($states.input.rows)",
    "$states",
]

USUAL = [
    "$states.input.order / 2",
    "[1..3]",
    "$map([1, 2], function($x){$x})",
    "($x := 1; $x)",
    "$states.input.text ~> $uppercase",
    "$uuid()",
    "$match('a', /$states/)",
    "$states.input.**",
    "$sum ($states.input.rows.b)",
]


def bindings(value: Any = None) -> Bindings:
    return Bindings(
        INPUT if value is None else value,
        context=lambda: {"State": {"Name": "Pay"}},
        variables={"left": 7, "name": "n", "sum": 3},
        now=1_700_000_000.0,
    )


def usual(text: str, seen: Bindings) -> object:
    """What the engine gives in its usual way, and the types of it."""
    compiled = compile_text(text)
    compiled._quick = None
    compile_text.cache_clear()
    return outcome(text, seen, compiled)


def outcome(text: str, seen: Bindings, compiled: Any = None) -> object:
    query = compile_query(f"{{% {text} %}}", "Output")
    if compiled is not None:
        query._compiled = compiled
    try:
        return json_text.dumps(query.evaluate(seen))
    except QueryEvaluationError as error:
        return error.cause


@pytest.mark.parametrize("text", QUICK)
def test_gives_what_the_engine_gives(text: str) -> None:
    assert compile_quick(text) is not None
    assert outcome(text, bindings()) == usual(text, bindings())


@pytest.mark.parametrize("text", USUAL)
def test_what_may_take_long_is_left_to_the_usual_way(text: str) -> None:
    assert compile_quick(text) is None


def test_large_data_are_left_to_the_usual_way() -> None:
    text = "$sum($states.input.rows.(a * 2))"
    rows = {"rows": [{"a": n} for n in range(5000)]}
    assert outcome(text, bindings(rows)) == str(2 * sum(range(5000)))
    quick = compile_text(text)._quick
    assert quick is not None
    assert quick.value({"input": {"rows": [{"a": 1}]}}, None) is None
    assert outcome(text, bindings({"rows": [{"a": 1}]})) == "2"


def test_what_stands_at_the_top_level_is_nothing() -> None:
    assert "returned nothing" in str(outcome("input.order", bindings()))
    assert "returned nothing" in str(outcome("{'a': input}.a", bindings()))
