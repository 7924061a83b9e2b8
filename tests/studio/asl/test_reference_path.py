"""Reference paths: reading, following, and placing results."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import InvalidExpression, StatesError
from studio.asl.expressions.bindings import Bindings
from studio.asl.expressions.jsonpath import compile_path
from studio.asl.expressions.reference_path import read_reference_path
from studio.asl.expressions.result_path import apply_result_path, compile_result_path

DATA: dict[str, Any] = {
    "a": {"b": [{"c": 1}, {"c": None}], "text": "abc", "d e": 2, "it's": 3},
    "zero": 0,
    "lists": [[1, 2], [3, 4]],
    "naïve": True,
    "x-y": "dash",
    "": "empty",
}
CONTEXT = {"Execution": {"Id": "arn:x"}, "State": {"Name": "S"}}
VARIABLES = {"total": 7, "order": {"id": "o1", "lines": [1, 2]}}


def bindings() -> Bindings:
    return Bindings(DATA, context=lambda: CONTEXT, variables=VARIABLES)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$", DATA),
        ("$.zero", 0),
        ("$.a.b[0].c", 1),
        ("$.a.b[1].c", None),
        ("$.a.b[-1]", {"c": None}),
        ("$['a']['b'][0]['c']", 1),
        ('$["a"].b[0]["c"]', 1),
        ("$.a['d e']", 2),
        (r"$.a['it\'s']", 3),
        ("$.lists[1][0]", 3),
        ("$.naïve", True),
        ("$.x-y", "dash"),
        ("$['']", "empty"),
        ("$.['a'].['b'].[0].c", 1),
        ("$$", CONTEXT),
        ("$$.Execution.Id", "arn:x"),
        ("$$['State']['Name']", "S"),
        ("$total", 7),
        ("$order.lines[1]", 2),
        ("$order['id']", "o1"),
    ],
)
def test_follows(path: str, expected: object) -> None:
    compiled = compile_path(path)
    assert compiled.is_reference
    assert compiled.find(bindings()) == expected
    assert compiled.get(bindings()) == expected


@pytest.mark.parametrize(
    "path",
    [
        "$.nope",
        "$.a.nope",
        "$.a.nope.more",
        "$.zero.x",
        "$.a.b[2]",
        "$.a.b[-3]",
        "$.a.b.c",
        "$.a[0]",
        "$.a.text[0]",
        "$.a.text.length",
        "$.a.b[0].c.d",
        "$$.Nope",
        "$nope",
        "$total.x",
    ],
)
def test_finds_nothing(path: str) -> None:
    assert compile_path(path).find(bindings()) is ABSENT


def test_says_where_nothing_was_found() -> None:
    path = compile_path("$.NoSuchTimeoutSecondsPath")
    with pytest.raises(StatesError) as missing:
        path.get(Bindings({"a": 1}))
    assert missing.value.error == "States.Runtime"
    assert missing.value.cause == (
        "Invalid path '$.NoSuchTimeoutSecondsPath' : "
        "No results for path: $['NoSuchTimeoutSecondsPath']"
    )
    with pytest.raises(StatesError) as missing:
        compile_path("$.ErrorX").get(Bindings({"Error": "e"}), "ErrorPath")
    assert missing.value.cause == (
        "The JSONPath '$.ErrorX' specified for the field 'ErrorPath' could not be found in the "
        'input \'{"Error":"e"}\''
    )


def test_the_context_object_is_built_once_and_only_when_asked_for() -> None:
    calls: list[int] = []

    def context() -> dict[str, Any]:
        calls.append(1)
        return CONTEXT

    first = Bindings(DATA, context=context)
    compile_path("$.zero").get(first)
    assert not calls
    compile_path("$$.State").get(first)
    compile_path("$$.State").get(first.with_input(1))
    assert len(calls) == 1


@pytest.mark.parametrize("text", ["", "a", "a.b", ".a", "'$'", " $.a", "$." + "a" * 10_000])
def test_a_path_needs_a_root_and_a_sane_length(text: str) -> None:
    with pytest.raises(InvalidExpression):
        compile_path(text)


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)
STEPS = st.lists(NAMES | st.integers(0, 3), max_size=4)


def quoted(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return "['" + step.replace("\\", "\\\\").replace("'", "\\'") + "']"


@given(STEPS)
def test_any_name_can_be_written_in_brackets(steps: list[str | int]) -> None:
    path = read_reference_path("$" + "".join(map(quoted, steps)))
    assert path is not None
    assert list(path.steps) == steps


# --- ResultPath ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        (ABSENT, {"a": 1}, "R"),
        ("$", {"a": 1}, "R"),
        (None, {"a": 1}, {"a": 1}),
        ("$.r", {"a": 1}, {"a": 1, "r": "R"}),
        ("$.a", {"a": 1}, {"a": "R"}),
        ("$.a.b.c", {"a": {"x": 1}}, {"a": {"x": 1, "b": {"c": "R"}}}),
        ("$.a.b.c", {}, {"a": {"b": {"c": "R"}}}),
        ("$['a b'].c", {}, {"a b": {"c": "R"}}),
        ("$.l[0]", {"l": [1, 2]}, {"l": ["R", 2]}),
        ("$.l[-1].x", {"l": [1, {}]}, {"l": [1, {"x": "R"}]}),
    ],
)
def test_places_a_result(path: Any, data: object, expected: object) -> None:
    assert apply_result_path(path, data, "R") == expected


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("$.r", "text"),
        ("$.r", [1]),
        ("$.r", None),
        ("$.a.b", {"a": 1}),
        ("$.a.b", {"a": None}),
        ("$.l[2]", {"l": [1, 2]}),
        ("$.l[0]", {}),
        ("$.l.x", {"l": [1]}),
    ],
)
def test_a_result_needs_a_place(path: str, data: object) -> None:
    with pytest.raises(StatesError) as failure:
        apply_result_path(path, data, "R")
    assert failure.value.error == "States.ReferencePathConflict"
    assert failure.value.cause is not None
    assert failure.value.cause.startswith('Unable to apply step "')
    assert failure.value.cause.endswith(f" to input {json_text.dumps(data)}")


@pytest.mark.parametrize("path", ["$$.a", "$x.a", "$.a[*]", "a", "$..a", "$.a[0:1]"])
def test_result_path_is_a_reference_path_into_the_input(path: str) -> None:
    with pytest.raises(InvalidExpression):
        compile_result_path(path)


def test_placing_copies_along_its_path_only() -> None:
    data = {"a": {"b": {}, "sibling": {"big": 1}}, "other": {"x": 1}}
    placed = apply_result_path("$.a.b.c", data, {"r": 1})
    assert data == {"a": {"b": {}, "sibling": {"big": 1}}, "other": {"x": 1}}
    assert placed["other"] is data["other"]
    assert placed["a"]["sibling"] is data["a"]["sibling"]
    assert placed["a"] is not data["a"]


OBJECTS = st.recursive(
    st.integers(), lambda inner: st.dictionaries(st.sampled_from("abc"), inner), max_leaves=8
).filter(lambda value: isinstance(value, dict))
MEMBERS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3)


@given(OBJECTS, MEMBERS, MEMBERS)
def test_set_and_get_agree(data: dict[str, Any], steps: list[str], others: list[str]) -> None:
    path, other = ("$." + ".".join(each) for each in (steps, others))
    try:
        placed = apply_result_path(path, data, "R")
    except StatesError:
        return
    get = compile_path(path).find
    # What was set is got; setting what was got changes nothing; setting twice is setting once.
    assert get(Bindings(placed)) == "R"
    assert apply_result_path(path, placed, get(Bindings(placed))) == placed
    assert apply_result_path(path, apply_result_path(path, data, "Q"), "R") == placed
    before = get(Bindings(data))
    if before is not ABSENT:
        assert apply_result_path(path, placed, before) == data
    if steps[: len(others)] != others and others[: len(steps)] != steps:
        find = compile_path(other).find
        assert find(Bindings(placed)) == find(Bindings(data))
