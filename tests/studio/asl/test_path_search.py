"""Paths that search: what they find, what they refuse, and that they end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.asl.definition import ABSENT
from studio.asl.errors import InvalidExpression, StatesError
from studio.asl.expressions.bindings import Bindings
from studio.asl.expressions.jsonpath import compile_path

DATA = {
    "users": [
        {"year": 1997, "status": 0, "name": "ann", "tags": ["a", "b"]},
        {"year": 1998, "status": 1, "name": "bob"},
        {"year": 1999, "status": 0, "full name": "C", "on": True, "gone": None},
    ],
    "limit": 1998,
    "by": {"k": {"v": 1}, "l": {"v": 2}},
    "näme": [{"ü": 1}],
    "numbers": [3, 1, 2],
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.users[*].year", [1997, 1998, 1999]),
        ("$.users[*].name", ["ann", "bob"]),
        ("$.users[*]['full name']", ["C"]),
        ("$.users[:1].name", ["ann"]),
        ("$.users[1:5].year", [1998, 1999]),
        ("$.users[-1:].year", [1999]),
        ("$.users[::2].year", [1997, 1999]),
        ("$.users[0,2].year", [1997, 1999]),
        ("$.users[0,9].year", [1997]),
        ("$.users[0]['name','year']", {"name": "ann", "year": 1997}),
        ("$.users[0][ \"year\" , 'nope' ]", {"year": 1997}),
        ("$['limit']['a','b']", ABSENT),
        ("$.users[0,2]['name','year']", [{"name": "ann", "year": 1997}, {"year": 1999}]),
        ("$['by','a']['v','w']", [{}]),
        ("$.users[0]['name','year'].x", []),
        ("$.by.*.v", [1, 2]),
        ("$.by[*].v", [1, 2]),
        ("$..v", [1, 2]),
        ("$..tags[0]", ["a"]),
        ("$.näme[*].ü", [1]),
        ("$.numbers[*]", [3, 1, 2]),
        # Nothing on the way is no error, but an empty array.
        ("$.nope[*]", []),
        ("$.nope[:1].x", []),
        ("$.a.b[1:5]", []),
        ("$.limit[*]", []),
        # Filters.
        ("$.users[?(@.status == 0)].year", [1997, 1999]),
        ("$.users[?(@.year > 1997)].year", [1998, 1999]),
        ("$.users[?(@.year >= $.limit)].year", [1998, 1999]),
        ("$.users[?(@.name == 'bob')].year", [1998]),
        ("$.users[?(@['full name'] == \"C\")].year", [1999]),
        ("$.users[?(@.name)].year", [1997, 1998]),
        ("$.users[?(@.name =~ /a.n/)].year", [1997]),
        ("$.users[?(@.name =~ /a.*|B.B/i)].year", [1997, 1998]),
        ("$.users[?(@.year =~ /19.*/)].year", []),
        ("$.users[?(@.nope =~ /.*/)].year", []),
        # A dot before a bracket says nothing.
        ("$.users.[?(@.status == 0)].year", [1997, 1999]),
        ("$.users.[*].name", ["ann", "bob"]),
        ("$.[?(@.limit == 1998)].limit", [1998]),
        ("$.users[?(!@.name)].year", [1999]),
        ("$.users[?(!(@.name))].year", [1999]),
        ("$.users[?(@.status == 0 && @.year < 1999)].year", [1997]),
        ("$.users[?(@.status == 1 || @.name == 'ann')].year", [1997, 1998]),
        ("$.users[?(@.status == 1 || @.status == 0 && @.on == true)].year", [1998, 1999]),
        ("$.users[?((@.status == 1 || @.status == 0) && @.on == true)].year", [1999]),
        ("$.users[?(@.gone == null)].year", [1999]),
        ("$.users[?(@.status != 0)].year", [1998]),
        ("$.users[?(@.year in [1997, 1999])].year", [1997, 1999]),
        ("$.users[?(@.year nin [1997, 1999])].year", [1998]),
        ("$.users[?(@.tags == ['a','b'])].year", [1997]),
        ("$.users[?(@.tags[*])].year", [1997]),
        ("$.users[?(@.name > 5)].year", []),
        ("$.users[?(@.status == false)].year", []),
        ("$.numbers[?(@ > 1)]", [3, 2]),
        ("$.users[?@.status==1].year", [1998]),
        # Functions at the end.
        ("$.users.length()", 3),
        ("$.users[*].year.length()", 3),
        ("$.numbers.sum()", 6),
        ("$.numbers.min()", 1),
        ("$.numbers.max()", 3),
        ("$.numbers.avg()", 2),
        ("$.limit.length()", ABSENT),
        ("$.users.sum()", ABSENT),
        # The other roots.
        ("$$..Id", ["arn"]),
        ("$list[*].x", [1, 2]),
        ("$nope[*]", []),
    ],
)
def test_finds(path: str, expected: object) -> None:
    bindings = Bindings(
        DATA,
        context=lambda: {"Execution": {"Id": "arn"}},
        variables={"list": [{"x": 1}, {"x": 2}]},
    )
    compiled = compile_path(path)
    assert not compiled.is_reference
    assert compiled.find(bindings) == expected


@pytest.mark.parametrize(
    "path",
    [
        "$.",
        "$..",
        "$.a b",
        "$ .a",
        "$.a[",
        "$.a[*",
        "$.a]",
        "$.a[]",
        "$.a[b]",
        "$.a['b]",
        "$.a.'b'",
        "$.a[?(",
        "$.a[?()]",
        "$.a[?(@.b ==)]",
        "$.a[?(@.b = 1)]",
        "$.a[?(@.b =~ /x.*)]",
        "$.a[?(@.b =~ /(/)]",
        "$.a[?(@.b =~ /(a{1000}){1000}/)]",
        "$.a[?(@.b =~ 'x')]",
        f"$.a[?(@.b =~ /{'x' * 1001}/)]",
        "$.a[?(@.b == 1]",
        "$.a[?(@.b == 1))]",
        "$.a[(@.length-1)]",
        "$.a[0:2:0]",
        "$.a | $.b",
        "$.a + $.b",
        "$.a where b",
        "$.a.`len`",
        "$.a.size()",
        "$" + "[*]" * 101,
        "$.a" + "[?(@.b)]" * 21,
        "$.a[?(" + "(" * 30 + "@.b" + ")" * 30 + ")]",
        "$.a[?(" + "!" * 5_000 + "@.b)]",
    ],
)
def test_refuses(path: str) -> None:
    with pytest.raises(InvalidExpression):
        compile_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "$..*..*..*",
        "$" + "..*" * 30,
        "$[" + "0," * 900 + "0][" + "0," * 900 + "0][*]",
        "$[*][?(" + "@ == 1 || " * 600 + "@ == 2)]",
    ],
)
def test_a_search_that_explodes_ends_as_an_error(path: str) -> None:
    compiled = compile_path(path)
    bindings = Bindings([[0] * 1000 for _ in range(60)])
    before = time.process_time()
    with pytest.raises(StatesError, match="looks at more than"):
        compiled.find(bindings)
    assert time.process_time() - before < 2


@given(st.text("$.@a[]*:?()'\"0,1-&|!=<> \\äin", max_size=25))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    try:
        compiled = compile_path("$" + text)
    except InvalidExpression:
        return
    compiled.find(Bindings(DATA))
