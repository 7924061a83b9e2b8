"""The 18 intrinsic functions."""

from __future__ import annotations

import contextlib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.asl.errors import InvalidExpression, StatesError
from studio.asl.expressions.bindings import Bindings
from studio.asl.expressions.intrinsics.compiler import compile_intrinsic
from studio.asl.expressions.intrinsics.registry import FUNCTIONS

DATA: dict[str, Any] = {
    "name": "Ann",
    "list": [1, 2, 3, 3, 1.0, True, "a", {"x": 1, "y": 2}, {"y": 2, "x": 1}],
    "object": {"a": 1, "b": [None, "t", {"c": 1.5}], "d": False},
    "template": "It's {}!",
    "n": 5,
    "big": 2**31 - 1,
    "long": "x" * 10_001,
    "nothing": None,
    "json": '{"a": [1, 2.0]}',
}


def evaluate(text: str, data: Any = DATA, seed: str = "seed") -> Any:
    bindings = Bindings(data, context=lambda: {"Name": "ctx"}, variables={"v": 9}, seed=seed)
    return compile_intrinsic(text)(bindings)


SPLIT = "States.StringSplit('a-b-c', '-')"

CASES = [
    ("States.Format('Hello, my name is {}.', $.name)", "Hello, my name is Ann."),
    ("States.Format('{} {} {} {}', 1, 1.5, true, null)", "1 1.5 true null"),
    ("States.Format('{}', $.object)", "{a=1, b=[null, t, {c=1.5}], d=false}"),
    ("States.Format('{}', $.nothing)", "null"),
    (r"States.Format('\{{}\} \'{}\' \\', 1, 2)", "{1} '2' \\"),
    ("States.Format('a { b } c')", "a { b } c"),
    ("States.Format($.template, $v)", "It's 9!"),
    ("States.Format('{}{}', $$.Name, '')", "ctx"),
    ("States.Format('')", ""),
    ("States.StringToJson($.json)", {"a": [1, 2.0]}),
    ('States.StringToJson(\'{"a": "b"}\')', {"a": "b"}),
    ("States.StringToJson('')", None),
    ("States.StringToJson(' ')", None),
    ("States.StringToJson('-0')", 0),
    ("States.JsonToString($.object)", '{"a":1,"b":[null,"t",{"c":1.5}],"d":false}'),
    ("States.Array()", []),
    ("States.Array(1, 'a', $.n, States.Array())", [1, "a", 5, []]),
    ("States.ArrayPartition($, 2)", [[1, 2], [3]], [1, 2, 3]),
    ("States.ArrayPartition($, 5)", [[1, 2, 3]], [1, 2, 3]),
    ("States.ArrayPartition($, 1.4)", [[1], [2]], [1, 2]),
    ("States.ArrayPartition($, 2)", [], []),
    ("States.ArrayContains($.list, 2)", True),
    ("States.ArrayContains($.list, 2.0)", False),
    ("States.ArrayContains($.list, true)", True),
    ("States.ArrayContains($.list, false)", False),
    ("States.ArrayContains($.list, null)", False),
    ("States.ArrayContains($.l, $.o)", True, {"l": [{"1": 2, "2": []}], "o": {"2": [], "1": 2}}),
    ("States.ArrayRange(0, 9, 3)", [0, 3, 6, 9]),
    ("States.ArrayRange(0, 10, 3)", [0, 3, 6, 9]),
    ("States.ArrayRange(1, 9, 9)", [1]),
    ("States.ArrayRange(3, 1, -1)", [3, 2, 1]),
    ("States.ArrayRange(1, 3, -1)", []),
    ("States.ArrayRange(1, 1000, 1)", list(range(1, 1001))),
    ("States.ArrayGetItem($.list, 0)", 1),
    ("States.ArrayLength($.list)", 9),
    ("States.ArrayUnique($.list)", [1, 2, 3, 1.0, True, "a", {"x": 1, "y": 2}]),
    ("States.Base64Encode('Data to encode')", "RGF0YSB0byBlbmNvZGU="),
    ("States.Base64Decode('RGVjb2RlZCBkYXRh')", "Decoded data"),
    ("States.Hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"),
    (
        "States.Hash('input data', 'SHA-256')",
        "b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3",
    ),
    ("States.Hash('input data', 'MD5')", "812f45842bc6d66ee14572ce20db8e86"),
    (
        "States.JsonMerge($.a, $.b, false)",
        {"a": {"a3": 1}, "b": 2, "c": 3},
        {"a": {"a": {"a1": 1}, "b": 2}, "b": {"a": {"a3": 1}, "c": 3}},
    ),
    ("States.MathAdd(1, -2)", -1),
    ("States.MathAdd(1.4, 1.5)", 3),
    ("States.MathAdd($.n, $v)", 14),
    ("States.StringSplit('1,2,3', ',')", ["1", "2", "3"]),
    ("States.StringSplit('This.is+a,test=string', '.+,=')", ["This", "is", "a", "test", "string"]),
    ("States.StringSplit(',a,,b,', ',')", ["a", "b"]),
    ("States.StringSplit('Hello\nWorld', '\n')", ["Hello", "World"]),
    ("States.StringSplit('a]b^c-d', '^-]')", ["a", "b", "c", "d"]),
    (
        f"States.ArrayGetItem({SPLIT}, States.MathAdd(States.ArrayLength({SPLIT}), -1))",
        "c",
    ),
    ("  States.MathAdd ( 1 ,2 ) ", 3),
    ("States.Array($.list[?(@.x == 1)].y, $['name'])", [[2, 2], "Ann"]),
    ("States.Array($['a,b)'])", [1], {"a,b)": 1}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0][:60])
def test_gives(case: tuple[Any, ...]) -> None:
    text, expected, *data = case
    result = evaluate(text, *data)
    assert result == expected
    assert repr(result) == repr(expected)


def test_there_are_eighteen() -> None:
    assert len(FUNCTIONS) == 18
    named = {re.match(r"\s*(States\.\w+)", case[0]).group(1) for case in CASES}  # type: ignore[union-attr]
    assert set(FUNCTIONS) - named == {"States.UUID", "States.MathRandom"}


@pytest.mark.parametrize(
    "text",
    [
        "States.Format('{} {}', 1)",
        "States.Format('{}', 1, 2)",
        "States.Format($.n)",
        "States.StringToJson('nope')",
        "States.StringToJson($.n)",
        "States.ArrayPartition($.name, 1)",
        "States.ArrayPartition($.list, 0)",
        "States.ArrayPartition($.list, 'a')",
        "States.ArrayContains($.name, 'A')",
        "States.ArrayRange(0, 1000, 1)",
        "States.ArrayRange(0, 1e300, 1)",
        "States.ArrayRange(0, 1, 0)",
        "States.ArrayGetItem($.list, 9)",
        "States.ArrayGetItem($.list, -1)",
        "States.ArrayGetItem($.list, 0.5)",
        "States.ArrayGetItem($.list, true)",
        "States.ArrayLength($.object)",
        "States.ArrayUnique($.object)",
        "States.Base64Encode($.long)",
        "States.Base64Encode($.n)",
        "States.Base64Decode('a')",
        "States.Base64Decode('/w==')",
        "States.Base64Decode('RGVj b2RlZA==')",
        "States.Hash('a', 'SHA-3')",
        "States.Hash('a', null)",
        "States.Hash($.long, 'MD5')",
        "States.JsonMerge($.object, $.object, true)",
        "States.JsonMerge($.object, $.list, false)",
        "States.MathAdd($.big, 1)",
        "States.MathAdd(1, 1e300)",
        "States.MathAdd('1', 1)",
        "States.MathAdd(true, 1)",
        "States.MathRandom(1, 1)",
        "States.MathRandom(2, 1)",
        "States.StringSplit($.n, ',')",
    ],
)
def test_fails_on_wrong_arguments(text: str) -> None:
    with pytest.raises(StatesError) as failure:
        evaluate(text)
    assert failure.value.error == "States.Runtime"
    assert failure.value.cause is not None
    assert failure.value.cause.startswith(f"The function '{text}' had the following error: ")


def test_a_path_to_nothing_names_the_whole_expression() -> None:
    text = "States.Format('{}', States.MathAdd(1, $.nope))"
    with pytest.raises(StatesError) as failure:
        evaluate(text, {"other": 1})
    assert failure.value.error == "States.Runtime"
    assert failure.value.cause == (
        f"The function '{text}' had the following error: The JsonPath argument for the field "
        "'$.nope' could not be found in the input '{\"other\":1}'"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "States",
        "States.",
        "States.Format",
        "States.Format(",
        "States.Format()",
        "States.Nope()",
        "states.uuid()",
        "States.UUID(1)",
        "States.UUID() x",
        "States.UUID()()",
        "States.Format('{}' 1)",
        "States.Format('{}',)",
        "States.Format(,'{}')",
        "States.Format('unclosed)",
        'States.Format("{}", 1)',
        r"States.Format('\n')",
        'States.StringToJson(\'{"text":"An \\"escaped\\" quote"}\')',
        "States.Format(1)",
        "States.Array(01)",
        "States.Array(1e)",
        "States.Array(1e999)",
        "States.Array(nope)",
        "States.Array($.a[)",
        "States.Array($)x)",
        "States.ArrayLength(1, 2)",
        "States.MathRandom(1)",
        "States.Array(" * 11 + ")" * 11,
        "States.Array(" * 3_000,
        "States.Array(" + "1," * 6_000 + "1)",
    ],
    ids=lambda text: text[:40],
)
def test_refuses(text: str) -> None:
    with pytest.raises(InvalidExpression):
        compile_intrinsic(text)


def test_random_values_follow_from_the_seed() -> None:
    text = "States.Array(States.UUID(), States.UUID(), States.MathRandom(0, 1000000))"
    first, second, number = evaluate(text)
    assert first != second
    assert evaluate(text) == [first, second, number]
    assert evaluate(text, seed="other") != [first, second, number]
    for each in (first, second):
        assert re.fullmatch(
            r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", each
        )


def test_later_stages_draw_on() -> None:
    make = compile_intrinsic("States.UUID()")
    bindings = Bindings({}, seed="s")
    assert make(bindings) != make(bindings.with_input({}))
    later = Bindings({}, seed="s").with_input({})
    assert make(later) == make(Bindings({}, seed="s"))


@given(st.integers(-(2**31), 2**31 - 2), st.integers(1, 100), st.text(max_size=5))
def test_random_numbers_stay_within(start: int, span: int, seed: str) -> None:
    end = min(start + span, 2**31 - 1)
    assert start <= evaluate(f"States.MathRandom({start}, {end})", seed=seed) < end
    same = f"States.MathRandom({start}, {end}, 7)"
    assert evaluate(same, seed="a") == evaluate(same, seed="b")


def test_a_text_cannot_grow_without_bound() -> None:
    holes, values = "{}" * 200, ", $" * 200
    with pytest.raises(StatesError, match="the text would be too long"):
        evaluate(f"States.Format('{holes}'{values})", "x" * 100_000)
    with pytest.raises(StatesError, match="the array would be too large"):
        evaluate("States.Array($" + ", $" * 200 + ")", "x" * 100_000)


@given(st.text("States.Format(){}'\\$.,1 \"", max_size=30))
def test_any_text_is_a_call_or_refused(text: str) -> None:
    for whole in (text, f"States.Format({text})", f"States.Array('{text}')"):
        try:
            call = compile_intrinsic(whole)
        except InvalidExpression:
            continue
        with contextlib.suppress(StatesError):
            call(Bindings(DATA))
