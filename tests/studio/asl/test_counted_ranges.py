"""Ranges that are counted give what ranges give."""

from __future__ import annotations

import pytest

from studio.asl.expressions.bindings import Bindings
from studio.asl.expressions.compiled_query import compile_text
from studio.asl.expressions.counted_ranges import counted_ranges

REWRITTEN = {
    "[1..3]": "[$__span(1,3)]",
    "[1, 2..$n, 5]": "[1,$__span( 2,$n), 5]",
    "[[1..2][0]..[3..4][1]]": "[$__span([$__span(1,2)][0],[$__span(3,4)][1])]",
    "'a..b' & [1..2]": "'a..b' & [$__span(1,2)]",
    "$split(x, /a..b[/]/)[[0..1]]": "$split(x, /a..b[/]/)[[$__span(0,1)]]",
    "`a..b`.[1..2]": "`a..b`.[$__span(1,2)]",
    "/* [1..2] */ [1..2]": "/* [1..2] */ [$__span(1,2)]",
    "[a.* / 2..3 / 1]": "[$__span(a.* / 2,3 / 1)]",
    "[$f(1, 2)..$g([1, 2])]": "[$__span($f(1, 2),$g([1, 2]))]",
}

ALIKE = [
    "[1..3]",
    "[3..3]",
    "[3..1]",
    "[-2..$states.input.n]",
    "[0, 1..2, [3..4]]",
    "[1..2].([1..$])",
    "[1..2].[1..$]",
    "$states.input.rows[[0..1]].q",
    "$map([1..3], function($i){[1..$i]})",
    "$states.input.rows.[0..q]",
    "$states.input.rows.{'r': [0..q][0]}",
    "[1..$states.input.nothing]",
    "[1..$states.input.absent]",
    "[1..'3']",
    "[1.5..3]",
    "[1..100000000]",
    "$states.input.rows.a.[0..%.q]",
    "$each({'a': 2}, function($v){[1..$v]})",
    "{'a': 1, 'b': 2}.$each(function($v, $k){$k & $v})",
    "[0..2] ~> $map(function($i){$i / 2})",
]


@pytest.mark.parametrize(("text", "rewritten"), REWRITTEN.items())
def test_every_range_is_found(text: str, rewritten: str) -> None:
    assert counted_ranges(text) == rewritten


@pytest.mark.parametrize("text", ["1..2", "[1..2..3]", "[1..2", "[1..2)", "a", ""])
def test_what_is_no_range_is_left(text: str) -> None:
    assert counted_ranges(text) == text


@pytest.mark.parametrize("text", ALIKE)
def test_counted_ranges_give_what_ranges_give(text: str) -> None:
    value = {"n": 2, "nothing": None, "rows": [{"q": 1, "a": {"b": 1}}, {"q": 2}, {"q": 0}]}
    bindings = Bindings(value, now=1_700_000_000.0)
    compiled = compile_text(text)
    assert compiled._counted is not None
    seen = []
    for counting in (compiled._counted, None):
        compiled._is_repeatable, compiled._counted = False, counting
        try:
            seen.append(compiled.run(compiled.environment(bindings), bindings))
        except Exception as error:
            seen.append(f"{type(error).__name__}: {error}")
    compile_text.cache_clear()
    assert seen[0] == seen[1]
