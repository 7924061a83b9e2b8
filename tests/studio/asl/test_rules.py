"""Each rule: what it finds, what it leaves alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from studio.asl.outline import outline
from studio.asl.parse import inspect
from studio.asl.rules import ADVICE, RULES
from studio.asl.validate import advise, validate
from studio.policies.advice import role_advice
from studio.policies.needs import Place
from studio.policies.policy import Policy

Finding = tuple[str, str, str, str]
PASS = {"Type": "Pass", "End": True}
CATCH = {"ErrorEquals": ["States.ALL"], "Next": "B"}
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}


def machine(start: str = "A", **states: Any) -> dict[str, Any]:
    return {"StartAt": start, "States": states}


def nested(**states: Any) -> dict[str, Any]:
    """A machine whose only state, M, maps over the given ones, beginning with A."""
    return machine("M", M={"Type": "Map", "ItemProcessor": machine(**states), "End": True})


def missing(target: str, place: str) -> Finding:
    return ("ERROR", "MISSING_TRANSITION_TARGET", f"Missing 'Next' target: {target}", place)


def unreachable(name: str, place: str) -> Finding:
    return ("ERROR", "MISSING_TRANSITION_TARGET", f'State "{name}" is not reachable.', place)


ALONE = "States.ALL must appear alone and at end of list"
LONG_NAME = (
    f"Invalid State name: State '{'y' * 81}' exceeds the 80-character limit allowed by the service"
)
INNER = "/States/M/ItemProcessor"

QUERY = {"Type": "Pass", "QueryLanguage": "JSONata"}


def unknown(name: str, place: str) -> Finding:
    message = f"Variable '{name}' is possibly not defined."
    return ("WARNING", "POSSIBLY_UNDEFINED_VARIABLE", message, place)


def shadowed(name: str, place: str) -> Finding:
    message = f"The variable name '{name}' was already defined in a parent scope."
    return ("ERROR", "DUPLICATE_VARIABLE_NAME", message, place)


CASES: list[tuple[str, dict[str, Any], list[Finding]]] = [
    ("a variable is assigned, then read", machine(
        A={"Type": "Pass", "Assign": {"x.$": "$.a"}, "Next": "B"},
        B={**PASS, "Parameters": {"v.$": "States.Format('$y {}', $x)", "w": "$z"}}), []),
    ("a variable is read that nothing assigns", machine(
        A={**PASS, "Parameters": {"v.$": "States.Format('{}', $x.y)"}, "OutputPath": "$z[0]"}), [
        unknown("x", "/States/A/Parameters/v.$"), unknown("z", "/States/A/OutputPath")]),
    ("the context object is no variable", machine(
        A={**PASS, "Parameters": {"v.$": "$$.Execution.Id", "w.$": "$.a[?(@.b == 1)]"}}), []),
    ("JSONata reads what nothing assigns", machine(A={
        **QUERY, "Output": ["{% $sum($x) %}", "{% ($y := 1; $y) %}", "{% $states.input %}"],
        "End": True}), [unknown("x", "/States/A/Output[0]")]),
    ("the functions of Step Functions are no variables", machine(A={
        **QUERY, "Output": "{% $uuid() & $hash($random(), 'MD5') & $parse('1') %}", "End": True}),
        []),
    ("a Catcher assigns", machine(
        A={**TASK, "Catch": [{**CATCH, "Assign": {"e.$": "$.Error"}}]},
        B={**PASS, "OutputPath": "$e"}), []),
    ("an inner scope reads an outer variable", machine(
        A={"Type": "Pass", "Assign": {"x": 1}, "Next": "M"},
        M={"Type": "Map", "End": True, "ItemProcessor": machine("C", C={
            **PASS, "OutputPath": "$x"})}), []),
    ("an outer scope reads an inner variable", machine("M",
        M={"Type": "Map", "Next": "B", "ItemProcessor": machine("C", C={
            **PASS, "Assign": {"x": 1}})},
        B={**PASS, "OutputPath": "$x"}), [unknown("x", "/States/B/OutputPath")]),
    ("an inner scope assigns an outer name", machine(
        A={"Type": "Pass", "Assign": {"x": 1}, "Next": "M"},
        M={"Type": "Map", "End": True, "ItemProcessor": machine("C", C={
            **PASS, "Assign": {"x.$": "$", "y": 1}})}), [
        shadowed("x", "/States/M/ItemProcessor/States/C/Assign/x.$")]),
    ("a machine in order", machine(A={"Type": "Pass", "Next": "B"}, B=PASS), []),
    ("StartAt names no state", machine("X", A=PASS), [
        missing("X", "/StartAt"), unreachable("A", "/States/A")]),
    ("StartAt of a processor names an outer state", machine("M", M={
        "Type": "Map", "ItemProcessor": {"StartAt": "M", "States": {"A": PASS}}, "End": True}), [
        missing("M", f"{INNER}/StartAt"), unreachable("A", f"{INNER}/States/A")]),
    ("Next names no state, and nothing names B",
     machine(A={"Type": "Pass", "Next": "C"}, B=PASS), [
        missing("C", "/States/A/Next"), unreachable("B", "/States/B")]),
    ("Choices and Default name no state", machine(
        A={"Type": "Choice", "Default": "Y", "Choices": [
            {"Variable": "$", "IsNull": True, "Next": "B"},
            {"Variable": "$", "IsNull": True, "Next": "X"}]}, B=PASS), [
        missing("Y", "/States/A/Default"), missing("X", "/States/A/Choices[1]/Next")]),
    ("a Catcher names no state", machine(A={**TASK, "Catch": [CATCH]}), [
        missing("B", "/States/A/Catch[0]/Next")]),
    ("a Catcher alone leads to a state", machine(A={**TASK, "Catch": [CATCH]}, B=PASS), []),
    ("a branch points out of itself", machine(
        A={"Type": "Parallel", "Branches": [machine("P", P={"Type": "Pass", "Next": "B"}),
                                            machine("Q", Q=PASS)], "Next": "B"}, B=PASS), [
        missing("B", "/States/A/Branches[0]/States/P/Next")]),
    ("the machine points into a branch", machine(
        A={"Type": "Parallel", "Branches": [machine("P", P=PASS)], "Next": "P"}, B=PASS), [
        missing("P", "/States/A/Next"), unreachable("B", "/States/B")]),
    ("a circle that nothing leads to", machine(
        A=PASS, B={"Type": "Pass", "Next": "C"}, C={"Type": "Pass", "Next": "B"}), [
        unreachable("B", "/States/B"), unreachable("C", "/States/C")]),
    ("no way out", machine(A={"Type": "Pass", "Next": "B"}, B={"Type": "Pass", "Next": "A"}), [
        ("ERROR", "MISSING_END_STATE", "Workflow has no terminal state", "")]),
    ("no way out, and a state that nothing leads to: AWS says only the first", machine(
        A={"Type": "Pass", "Next": "A"}, B={"Type": "Pass", "Next": "A"}), [
        ("ERROR", "MISSING_END_STATE", "Workflow has no terminal state", "")]),
    ("a way to nowhere is no way out", machine(A={"Type": "Pass", "Next": "X"}), [
        missing("X", "/States/A/Next"),
        ("ERROR", "MISSING_END_STATE", "Workflow has no terminal state", "")]),
    ("AWS asks for an end of the machine only", nested(
        A={"Type": "Pass", "Next": "B"}, B={"Type": "Pass", "Next": "A"}), []),
    ("a Parallel assigns after its branches", machine("P",
        P={"Type": "Parallel", "Assign": {"x": 1}, "End": True, "Branches": [machine("C", C={
            **PASS, "Assign": {"x": 2}})]}), []),
    ("a distributed Map has variables of its own", machine(
        A={"Type": "Pass", "Assign": {"x": 1}, "Next": "M"},
        M={"Type": "Map", "End": True, "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            **machine("C", C={**PASS, "Assign": {"x": 2}})}}), []),
    ("a distributed Map does not see outer variables", machine(
        A={"Type": "Pass", "Assign": {"x": 1}, "Next": "M"},
        M={"Type": "Map", "End": True, "MaxConcurrencyPath": "$x", "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            **machine("C", C={**PASS, "OutputPath": "$x"})}}), [
        unknown("x", "/States/M/ItemProcessor/States/C/OutputPath")]),
    ("the same label twice", machine(
        A={"Type": "Map", "Label": "L", "ItemProcessor": machine("P", P=PASS), "Next": "B"},
        B={"Type": "Map", "Label": "L", "ItemProcessor": machine("Q", Q=PASS), "End": True}), [
        ("ERROR", "DUPLICATE_LABEL_NAME", "Duplicate Label name: L", "/States/B/Label")]),
    ("a Fail state ends a scope", nested(A={"Type": "Fail"}), []),
    ("the same name in two scopes", machine(
        A={"Type": "Parallel", "Branches": [machine("B", B=PASS)], "Next": "B"}, B=PASS), [
        ("ERROR", "DUPLICATE_STATE_NAME", "Duplicate State name: B", "/States/B")]),
    ("names of 80 and 81 characters", machine(
        A={"Type": "Pass", "Next": "x" * 80}, **{
            "x" * 80: {"Type": "Pass", "Next": "y" * 81}, "y" * 81: PASS}), [
        ("ERROR", "INVALID_STATE_NAME", LONG_NAME, f"/States/{'y' * 81}")]),
    ("a name without characters", machine("", **{"": PASS}), [
        ("ERROR", "INVALID_STATE_NAME", "Invalid State name: State '' has no name", "/States/")]),
    ("States.ALL has company", machine(
        A={**TASK, "Retry": [{"ErrorEquals": ["States.ALL", "X"]}]}), [
        ("ERROR", "SCHEMA_VALIDATION_FAILED", ALONE, "/States/A/Retry[0]/ErrorEquals[0]")]),
    ("States.ALL has successors", machine(
        A={**TASK, "Catch": [CATCH, {"ErrorEquals": ["X"], "Next": "B"}]}, B=PASS), [
        ("ERROR", "SCHEMA_VALIDATION_FAILED", ALONE, "/States/A/Catch[0]/ErrorEquals[0]")]),
    ("States.ALL where it belongs", machine(
        A={**TASK, "Retry": [{"ErrorEquals": ["X"]}, {"ErrorEquals": ["States.ALL"]}]}), []),
]  # fmt: skip


@pytest.mark.parametrize(("title", "definition", "expected"), CASES)
def test_errors(title: str, definition: dict[str, Any], expected: list[Finding]) -> None:
    found = [(each.severity, each.code, each.message, each.location)
             for each in inspect(json.dumps(definition))]  # fmt: skip
    assert found == expected, title


WARNINGS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({**PASS, "Parameters": {"a": "$.x", "b": [{"c": "States.UUID()"}], "d.$": "$.y", "e": "$5"}},
     [("NO_DOLLAR", "/States/A/Parameters/a"), ("NO_DOLLAR", "/States/A/Parameters/b[0]/c")]),
    ({**TASK, "ResultSelector": {"a": "$$.State"}}, [("NO_DOLLAR", "/States/A/ResultSelector/a")]),
    ({**PASS, "Result": {"a.$": "$.x", "b": ["plain", {"c": "$"}]}},
     [("PASS_RESULT_IS_STATIC", "/States/A/Result/a.$"),
      ("PASS_RESULT_IS_STATIC", "/States/A/Result/b[1]/c")]),
    ({"Type": "Fail", "Error": "$.error", "Cause": "costs $5"}, [("NO_PATH", "/States/A/Error")]),
    ({"Type": "Choice", "Choices": [
        {"And": [{"Variable": "$.a", "StringEquals": "$.b"}], "Next": "B"}], "Default": "B"},
     [("NO_PATH", "/States/A/Choices[0]/And[0]/StringEquals")]),
    ({**PASS, "QueryLanguage": "JSONata", "Output": {"a": "$.x"}}, []),
]  # fmt: skip


@pytest.mark.parametrize(("state", "expected"), WARNINGS)
def test_warnings(state: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    states = {"A": state, **({"B": PASS} if state["Type"] == "Choice" else {})}
    found = inspect(json.dumps(machine(**states)))
    assert [(each.code, each.location) for each in found] == expected
    assert {each.severity for each in found} <= {"WARNING"}


FIXES: list[tuple[dict[str, Any], list[tuple[str, list[dict[str, Any]]]]]] = [
    (machine(A={"Type": "Pass", "Next": "Shipp it"}, **{"Ship it": PASS}), [
        ("Go to 'Ship it'", [{"op": "replace", "path": "/States/A/Next", "value": "Ship it"}])]),
    (machine(A={**TASK, "Catch": [{**CATCH, "Next": "Mned"}]}, Mend=PASS), [
        ("Go to 'Mend'", [{"op": "replace", "path": "/States/A/Catch/0/Next", "value": "Mend"}])]),
    (machine(A={"Type": "Pass", "Next": "Elsewhere"}, B=PASS), []),
    ({**machine(Pay={"Type": "Pass", "Next": "Paid"}, Paid=PASS), "StartAt": "pay"}, [
        ("Start at 'Pay'", [{"op": "replace", "path": "/StartAt", "value": "Pay"}])]),
    (machine(A={**PASS, "Type": "Parallel", "Branches": [{"StartAt": "X", "States": {"B": PASS}}]}),
     [("Start at 'B'",
       [{"op": "replace", "path": "/States/A/Branches/0/StartAt", "value": "B"}])]),
    ({**machine(A={"Type": "Pass", "Next": "B"}, B=PASS), "StartAt": "Elsewhere"}, []),
    (machine(A={"Type": "Fail", "Error": "$.e", "Cause": "$.c", "CausePath": "$.c"}), [
        ("Evaluate it (ErrorPath)", [
            {"op": "add", "path": "/States/A/ErrorPath", "value": "$.e"},
            {"op": "remove", "path": "/States/A/Error"}])]),
    (machine(A={"Type": "Choice", "Choices": [
        {"Not": {"Variable": "$.a", "StringEquals": "$.b"}, "Next": "B"}]}, B=PASS), [
        ("Evaluate it (StringEqualsPath)", [
            {"op": "add", "path": "/States/A/Choices/0/Not/StringEqualsPath", "value": "$.b"},
            {"op": "remove", "path": "/States/A/Choices/0/Not/StringEquals"}])]),
    (machine(A={**PASS, "Result": {"a.$": "$.x", "b": 1}}), [
        ("Evaluate it (make Result the Parameters)", [
            {"op": "add", "path": "/States/A/Parameters", "value": {"a.$": "$.x", "b": 1}},
            {"op": "remove", "path": "/States/A/Result"}])]),
    (machine(A={**PASS, "Result": {"a": "$.x"}}), []),
    (machine(A={**PASS, "Result": {"a.$": "$.x", "b.$": "no path"}}), []),
    (machine(A={**PASS, "Parameters": {"x/y": ["a", {"b": "$.c"}]}}), [
        ("Evaluate it (name it 'b.$')", [
            {"op": "add", "path": "/States/A/Parameters/x~1y/1/b.$", "value": "$.c"},
            {"op": "remove", "path": "/States/A/Parameters/x~1y/1/b"}])]),
    (machine(A={**PASS, "Parameters": {"b": "$.c", "b.$": "$.d"}}), []),
    (machine(A={**PASS, "Parameters": {"b": "$.[", "c": "States.Nothing()"}}), []),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "expected"), FIXES)
def test_fixes(definition: dict[str, Any], expected: list[Any]) -> None:
    fixes = [fix for each in inspect(json.dumps(definition)) for fix in each.fixes]
    assert [(fix.title, list(fix.operations)) for fix in fixes] == expected


ODD: list[Any] = [None, 1, "x", [], {}, [1], ["x"], {"x": 1}, {"Next": 1}, [{"Next": []}]]


@pytest.mark.parametrize("field", [
    "StartAt", "States", "Choices", "Catch", "Retry", "Branches", "ItemProcessor", "Next",
    "Default", "Parameters", "Result", "Type", "QueryLanguage", "And", "Error"])  # fmt: skip
def test_rules_take_any_document(field: str) -> None:
    for odd in ODD:
        for check in (validate, advise):
            check({field: odd})
            check(machine(A={field: odd}))
            check(machine(A={"Type": "Choice", "Choices": [{field: odd}], field: odd}))
            check(nested(A={"Type": "Fail", "Retry": [{"ErrorEquals": odd}], field: odd}))
            check(machine(A={**TASK, "Catch": [{field: odd}], field: odd}, B={field: odd}))
            check(nested(A={"Type": "Map", "ItemProcessor": {"ProcessorConfig": odd}}))


PAGES = sorted((Path(__file__).parents[3] / "docs/reference/diagnostics").glob("[a-z]*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_example_of_a_page_is_what_its_rule_finds(page: Path) -> None:
    text = page.read_text()
    (code,) = re.findall(r"^\| (?:error|warning) \| `(\w+)`", text, re.MULTILINE)
    (message,) = re.findall(r"^> (.*)$", text, re.MULTILINE)
    (example,) = map(json.loads, re.findall(r"```json\n(.*?)```", text, re.DOTALL))
    if "States" not in example:
        example = machine(A=example if "Type" in example else {**TASK, **example})
    assert (code, message) in [
        (each.code, each.message)
        for each in [
            *validate(example),
            *advise(example),
            *role_advice(
                outline(example), Policy(()), "orders", Place("us-east-1", "123456789012")
            ),
        ]
    ]


def test_every_rule_says_what_it_is_about() -> None:
    rules = RULES + ADVICE
    assert all(rule.__doc__ for rule in rules)
    assert len({rule.__name__ for rule in rules}) == len(rules)
