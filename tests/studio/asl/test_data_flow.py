"""What states can have produced: what is said of it, and what is left alone."""

from __future__ import annotations

from typing import Any

import jsonpatch
import pytest

from studio.asl.data_flow.produced import produced
from studio.asl.data_flow.shape import ANYTHING, paths
from studio.asl.outline import outline
from studio.asl.rules.path_is_produced import path_is_produced

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
BEGIN: dict[str, Any] = {"Type": "Pass", "Result": {"a": {"b": 1}, "list": [{"n": 1}]}, "Next": "S"}
TASK: dict[str, Any] = {"Type": "Task", "Resource": FUNCTION}


def machine(state: dict[str, Any], begin: dict[str, Any] = BEGIN, **more: Any) -> dict[str, Any]:
    """A machine that begins with ``begin`` and goes on to ``state``, which is called S."""
    ends = (
        {} if state["Type"] in ("Choice", "Succeed", "Fail") or "Next" in state else {"End": True}
    )
    return {"StartAt": "Begin", "States": {"Begin": begin, "S": {**state, **ends}, **more}}


def found(definition: dict[str, Any]) -> list[str]:
    return [each.location for each in path_is_produced(outline(definition))]


READS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("what is there", {"Type": "Pass", "Parameters": {"x.$": "$.a.b", "y.$": "$.list[0].n"}}, []),
    ("what is not there", {"Type": "Pass", "Parameters": {"x": [{"y.$": "$.a.c"}]}},
     ["/Parameters/x[0]/y.$"]),
    ("below a number", {"Type": "Pass", "InputPath": "$.a.b.c"}, ["/InputPath"]),
    ("an element of an object", {"Type": "Pass", "OutputPath": "$.a[0]"}, ["/OutputPath"]),
    ("in an intrinsic", {"Type": "Pass", "Parameters": {"x.$": "States.Format('{}', $.z)"}},
     ["/Parameters/x.$"]),
    ("what searches", {"Type": "Pass", "Parameters": {"x.$": "$..z", "y.$": "$.list[*].z"}}, []),
    ("other roots", {"Type": "Pass", "Parameters": {"x.$": "$$.z", "y.$": "$z.y"}}, []),
    ("seconds", {"Type": "Wait", "SecondsPath": "$.wait"}, ["/SecondsPath"]),
    ("items", {"Type": "Map", "ItemsPath": "$.orders", "ItemProcessor": {
        "StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}}, ["/ItemsPath"]),
    ("a cause", {"Type": "Fail", "CausePath": "$.why"}, ["/CausePath"]),
    ("after InputPath", {"Type": "Pass", "InputPath": "$.a", "Parameters": {"x.$": "$.a"}},
     ["/Parameters/x.$"]),
    ("after ResultPath", {**TASK, "ResultPath": "$.r", "OutputPath": "$.r.anything"}, []),
    ("beside ResultPath", {**TASK, "ResultPath": "$.r", "OutputPath": "$.q"}, ["/OutputPath"]),
    ("a Task's result", {**TASK, "ResultSelector": {"x.$": "$.z"}, "OutputPath": "$.x.y"}, []),
    ("beside ResultSelector", {**TASK, "ResultSelector": {"x.$": "$.z"}, "OutputPath": "$.z"},
     ["/OutputPath"]),
    ("Assign is of the result", {**TASK, "Assign": {"v.$": "$.z"}}, []),
    ("a discarded result", {**TASK, "ResultPath": None, "OutputPath": "$.z"}, ["/OutputPath"]),
]  # fmt: skip


@pytest.mark.parametrize(("title", "state", "places"), READS)
def test_one_state_after_a_known_one(title: str, state: dict[str, Any], places: list[str]) -> None:
    assert found(machine(state)) == [f"/States/S{place}" for place in places], title


def test_nothing_is_said_of_what_comes_from_outside() -> None:
    reads = {"Type": "Pass", "Parameters": {"x.$": "$.z"}}
    for begin in (
        {"Type": "Pass", "Next": "S"},
        {**TASK, "Next": "S"},
        {"Type": "Pass", "Parameters": {"z.$": "$.y"}, "Next": "S"},
        {"Type": "Pass", "Result": 1, "ResultPath": "$.y", "Next": "S"},
        {"Type": "Wait", "Seconds": 1, "Next": "S"},
    ):
        assert found(machine(reads, begin)) == []


def test_any_way_to_a_state_may_have_been_taken() -> None:
    choice = {"Type": "Choice", "Choices": [
        {"Variable": "$.a", "IsPresent": True, "Next": "X"}], "Default": "Y"}  # fmt: skip
    ways = {
        "X": {"Type": "Pass", "Result": {"x": 1}, "Next": "R"},
        "Y": {"Type": "Pass", "Result": {"y": 1}, "Next": "R"},
        "R": {
            "Type": "Pass",
            "Parameters": {"1.$": "$.x", "2.$": "$.y", "3.$": "$.a"},
            "End": True,
        },
    }
    assert found(machine(choice, **ways)) == ["/States/R/Parameters/3.$"]


def test_who_asks_whether_it_is_there_may_read_it() -> None:
    rule = {"And": [{"Variable": "$.z", "IsPresent": True},
                    {"Variable": "$.z.y", "NumericEquals": 1}], "Next": "E"}  # fmt: skip
    end = {"Type": "Succeed"}
    assert found(machine({"Type": "Choice", "Choices": [rule]}, E=end)) == []
    bare = {"Variable": "$.z", "NumericEquals": 1, "Next": "E"}
    assert found(machine({"Type": "Choice", "Choices": [bare]}, E=end)) == [
        "/States/S/Choices[0]/Variable"
    ]


@pytest.mark.parametrize("nests", [False, True])
def test_a_circle_adds_what_it_adds(nests: bool) -> None:
    add = {"n.$": "States.MathAdd($.n, 1)", **({"old.$": "$"} if nests else {"old.$": "$.seen"})}
    definition = machine(
        {"Type": "Pass", "Parameters": {"n.$": "$.n"}, "ResultPath": "$.seen", "Next": "Again"},
        begin={"Type": "Pass", "Result": {"n": 1}, "Next": "S"},
        Again={"Type": "Choice", "Choices": [
            {"Variable": "$.seen.n", "NumericLessThan": 3, "Next": "Add"}], "Default": "End"},
        Add={"Type": "Pass", "Parameters": add, "Next": "S"},
        End={"Type": "Pass", "Parameters": {"a.$": "$.old.n", "b.$": "$.m"}, "End": True},
    )  # fmt: skip
    # Of what grows with every round nothing is said.
    assert found(definition) == ([] if nests else ["/States/End/Parameters/b.$"])


def test_a_catcher_leaves_the_error() -> None:
    catch = {"ErrorEquals": ["States.ALL"], "Next": "Mend"}
    mend = {"Type": "Pass", "Parameters": {"e.$": "$.Error", "o.$": "$.order"}, "End": True}
    assert found(machine({**TASK, "Catch": [catch]}, Mend=mend)) == ["/States/Mend/Parameters/o.$"]
    kept = machine({**TASK, "Catch": [{**catch, "ResultPath": "$.e"}]}, Mend={
        "Type": "Pass", "Parameters": {"e.$": "$.e.Cause", "a.$": "$.a", "o.$": "$.o"},
        "End": True})  # fmt: skip
    assert found(kept) == ["/States/Mend/Parameters/o.$"]


def test_branches_and_iterations() -> None:
    fork = {
        "Type": "Parallel",
        "Next": "R",
        "Branches": [
            {"StartAt": "P", "States": {"P": {"Type": "Pass", "InputPath": "$.z", "End": True}}},
            {"StartAt": "Q", "States": {"Q": {"Type": "Pass", "Result": {"q": 1}, "End": True}}},
        ],
    }
    read = {"Type": "Pass", "Parameters": {"1.$": "$[1].q", "2.$": "$[0].r", "3.$": "$.q"},
            "End": True}  # fmt: skip
    assert found(machine(fork, R=read)) == [
        "/States/S/Branches[0]/States/P/InputPath",
        "/States/R/Parameters/3.$",
    ]
    inner = {"Type": "Pass", "Parameters": {"1.$": "$.item.x", "2.$": "$.b", "3.$": "$.n"}}
    each = {
        "Type": "Map",
        "ItemsPath": "$.list",
        "ItemSelector": {"item.$": "$$.Map.Item.Value", "b.$": "$.a.b"},
        "ItemProcessor": {"StartAt": "I", "States": {"I": {**inner, "End": True}}},
    }
    assert found(machine(each)) == ["/States/S/ItemProcessor/States/I/Parameters/3.$"]


def test_jsonata() -> None:
    begin = {"Type": "Pass", "Output": {"a": "{% $states.input.x %}", "list": [{"n": 1}]},
             "Next": "S"}  # fmt: skip
    reads = {"Type": "Pass", "Output": {
        "1": "{% $states.input.a.anything %}", "2": "{% $sum($states.input.list.n) %}",
        "3": "{% $states.input.list.m & 'x' %}", "4": "{% $exists($states.input.z) %}",
        "5": "{% $states.input.z %}", "6": "{% $states.context.z %}"}}  # fmt: skip
    definition = {"QueryLanguage": "JSONata", **machine(reads, begin)}
    assert found(definition) == ["/States/S/Output/3", "/States/S/Output/5"]
    task = {**TASK, "Output": {"r": "{% $states.result.x %}"}, "Next": "S"}
    after = {"Type": "Pass", "Output": ["{% $states.input.r.y %}", "{% $states.input.x %}"]}
    definition = {"QueryLanguage": "JSONata", **machine(after, task)}
    assert found(definition) == ["/States/S/Output[1]"]


def test_a_name_that_is_close_is_offered() -> None:
    definition = machine({"Type": "Pass", "Parameters": {"x.$": "$.lst[0].n"}})
    (diagnostic,) = path_is_produced(outline(definition))
    (fix,) = diagnostic.fixes
    assert fix.title == "Read '$.list[0].n'"
    assert found(jsonpatch.apply_patch(definition, list(fix.operations))) == []


def test_what_is_produced_is_a_list_to_choose_from() -> None:
    data = produced(machine({**TASK, "ResultPath": "$.r"}))
    assert data["/States/Begin"].input is ANYTHING
    assert list(paths(data["/States/S"].input)) == [
        "$", "$.a", "$.a.b", "$.list", "$.list[0]", "$.list[0].n"]  # fmt: skip
    assert list(paths(data["/States/S"].output))[-1] == "$.r"


def test_large_definitions_and_odd_ones() -> None:
    length = 3_000
    chain = {
        f"S{i}": {"Type": "Pass", "Parameters": {"a.$": "$", "b": {}}, "Next": f"S{i + 1}"}
        for i in range(length)
    }
    definition = {"StartAt": "S0", "States": {**chain, f"S{length}": {"Type": "Succeed"}}}
    assert found(definition) == []
    circle = {f"S{i}": {"Type": "Pass", "Result": 1, "ResultPath": f"$.x{i}.y", "Next": f"S{i + 1}"}
              for i in range(300)}  # fmt: skip
    produced({"StartAt": "S0", "States": {**circle, "S300": {
        "Type": "Choice", "Choices": [{"Next": "S0"}, {"Next": "S150"}]}}})  # fmt: skip
    for odd in (None, 1, "x", [], {}, [1], {"x.$": 1}, {"x.$": "States."}, [{"Next": []}]):
        for name in ("InputPath", "Parameters", "ResultPath", "ResultSelector", "Output", "Assign",
                     "ItemsPath", "Items", "Branches", "ItemProcessor", "Catch", "Choices",
                     "Result", "Next", "Type", "QueryLanguage", "Arguments"):  # fmt: skip
            for kind in ("Pass", "Map", "Parallel", "Choice", "Task"):
                for language in ("JSONPath", "JSONata"):
                    state = {"Type": kind, "QueryLanguage": language, name: odd}
                    found({"StartAt": "Begin", "States": {"Begin": BEGIN, "S": state}})
