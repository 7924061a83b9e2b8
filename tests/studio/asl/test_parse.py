"""From text to Definition, and every structural fault with its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from studio.asl.definition import (
    ABSENT,
    And,
    Comparison,
    JsonataCondition,
    MapState,
    Not,
    Or,
    ParallelState,
    Retrier,
    TaskState,
)
from studio.asl.errors import InvalidDefinition
from studio.asl.parse import inspect
from tests.studio.asl.parsing import (
    FUNCTION,
    PASS,
    TASK,
    faults,
    parse_json,
    places,
    ql,
    with_state,
)

WHOLE: dict[str, Any] = {
    "Comment": "every state type",
    "Version": "1.0",
    "TimeoutSeconds": 300,
    "StartAt": "Prepare",
    "States": {
        "Prepare": {
            "Type": "Pass",
            "InputPath": "$.order",
            "Parameters": {"id.$": "$.id", "when.$": "$$.State.EnteredTime"},
            "ResultPath": "$.prepared",
            "OutputPath": None,
            "Assign": {"order.$": "$.id"},
            "Next": "Pay",
        },
        "Pay": {
            "Type": "Task",
            "Resource": FUNCTION,
            "TimeoutSeconds": 30,
            "HeartbeatSecondsPath": "$.beat",
            "ResultSelector": {"total.$": "$.total"},
            "ResultPath": None,
            "Retry": [
                {"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 2, "BackoffRate": 1.5,
                 "MaxAttempts": 0, "MaxDelaySeconds": 9, "JitterStrategy": "FULL"},
                {"ErrorEquals": ["States.ALL"]},
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Refuse", "ResultPath": "$.error"}],
            "Next": "Which",
        },
        "Which": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.total", "NumericGreaterThan": 10, "Next": "Side by side"},
                {"Or": [{"Not": {"Variable": "$.x", "IsPresent": True}},
                        {"And": [{"Variable": "$.y", "StringEqualsPath": "$.z"}]}],
                 "Comment": "nested", "Next": "Each"},
            ],
            "Default": "Hold",
        },
        "Hold": {"Type": "Wait", "Timestamp": "2030-01-01T00:00:00Z", "Next": "Done"},
        "Side by side": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Left",
                 "States": {"Left": {"Type": "Wait", "Seconds": 0, "End": True}}},
                {"StartAt": "Right", "States": {"Right": {"Type": "Succeed"}}},
            ],
            "Next": "Done",
        },
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "MaxConcurrency": 2,
            "ItemSelector": {"item.$": "$$.Map.Item.Value"},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                "StartAt": "One",
                "States": {"One": {"Type": "Pass", "Result": [1], "End": True}},
            },
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
        "Refuse": {"Type": "Fail", "ErrorPath": "$.error.Error", "Cause": "no money"},
    },
}  # fmt: skip


def test_reads_every_state_type() -> None:
    definition = parse_json(WHOLE)
    assert inspect(json.dumps(WHOLE)) == []
    assert (definition.start_at, definition.timeout_seconds) == ("Prepare", 300)
    assert list(definition.states) == list(WHOLE["States"])
    prepare, pay, which = (definition.states[name] for name in ("Prepare", "Pay", "Which"))
    assert (prepare.input_path, prepare.output_path) == ("$.order", None)
    assert prepare.location == "/States/Prepare"
    assert isinstance(pay, TaskState)
    assert pay.result_path is None
    assert pay.output_path is ABSENT
    assert pay.timeout_seconds == 30
    assert pay.heartbeat_seconds_path == "$.beat"
    assert pay.retry[0] == Retrier(
        error_equals=("States.Timeout",),
        interval_seconds=2,
        max_attempts=0,
        backoff_rate=1.5,
        max_delay_seconds=9,
        jitter_strategy="FULL",
    )
    assert pay.retry[1] == Retrier(error_equals=("States.ALL",))
    assert pay.catch[0].result_path == "$.error"
    assert which.choices[1].condition == Or(
        rules=(
            Not(rule=Comparison(variable="$.x", operator="IsPresent", operand=True)),
            And(rules=(Comparison(variable="$.y", operator="StringEqualsPath", operand="$.z"),)),
        )
    )
    parallel, each = definition.states["Side by side"], definition.states["Each"]
    assert isinstance(parallel, ParallelState)
    assert parallel.branches[1].states["Right"].location == (
        "/States/Side by side/Branches[1]/States/Right"
    )
    assert isinstance(each, MapState)
    assert each.processor.start_at == "One"
    assert each.processor.states["One"].location == "/States/Each/ItemProcessor/States/One"


def test_reads_a_jsonata_machine() -> None:
    definition = parse_json(
        {
            "QueryLanguage": "JSONata",
            "StartAt": "A",
            "States": {
                "A": {
                    "Type": "Task",
                    "Resource": FUNCTION,
                    "Arguments": {"x": "{% $states.input.x %}"},
                    "Output": "{% $states.result %}",
                    "Assign": {"y": "{% 1 %}"},
                    "TimeoutSeconds": "{% $states.input.t %}",
                    "Next": "B",
                },
                "B": {
                    "Type": "Choice",
                    "Choices": [{"Condition": "{% $y = 1 %}", "Next": "C", "Output": {"a": 1}}],
                    "Default": "D",
                },
                "C": {"Type": "Succeed", "Output": "{% 1 %}"},
                "D": {"Type": "Wait", "Timestamp": "{% $now() %}", "Next": "E"},
                "E": {
                    "Type": "Map",
                    "Items": "{% [1,2] %}",
                    "MaxConcurrency": "{% 2 %}",
                    "ItemProcessor": {"StartAt": "F", "States": {"F": {"Type": "Succeed"}}},
                    "End": True,
                },
            },
        }
    )
    task = definition.states["A"]
    assert task.query_language == "JSONata"
    assert task.arguments == {"x": "{% $states.input.x %}"}
    assert task.timeout_seconds == "{% $states.input.t %}"
    condition = definition.states["B"].choices[0].condition
    assert condition == JsonataCondition(expression="{% $y = 1 %}")
    assert definition.states["E"].items == "{% [1,2] %}"
    assert definition.states["E"].processor.states["F"].query_language == "JSONata"


def test_a_distributed_map_and_its_older_form() -> None:
    for name in ("ItemProcessor", "Iterator"):
        processor = {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "One",
            "States": {"One": {"Type": "Succeed"}},
        }
        state = {
            "Type": "Map",
            name: processor,
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {}},
            "ToleratedFailurePercentage": 12.5,
            "ToleratedFailureCountPath": "$.count",
            "Label": "pictures",
            "End": True,
        }
        each = parse_json({"StartAt": "M", "States": {"M": state}}).states["M"]
        assert (each.mode, each.execution_type) == ("DISTRIBUTED", "EXPRESS")
        assert each.legacy_iterator is (name == "Iterator")
        assert each.tolerated_failure_percentage == 12.5
        assert each.label == "pictures"


def test_three_mistakes_give_three_diagnostics_each_at_its_place() -> None:
    definition = copy.deepcopy(WHOLE)
    definition["States"]["Pay"]["TimeoutSeconds"] = 0
    definition["States"]["Which"]["Default"] = "Held"
    definition["States"]["Hold"]["Timestamp"] = "tomorrow"
    del definition["States"]["Hold"]
    definition["States"]["Refuse"]["Retry"] = []
    assert faults(definition) == [
        ("SCHEMA_VALIDATION_FAILED", "/States/Pay/TimeoutSeconds", "Minimum value is 1"),
        ("SCHEMA_VALIDATION_FAILED", "/States/Refuse", "Field 'Retry' is not supported"),
        ("MISSING_TRANSITION_TARGET", "/States/Which/Default", "Missing 'Next' target: Held"),
    ]
    with pytest.raises(InvalidDefinition) as refused:
        parse_json(definition)
    assert str(refused.value).startswith(
        "SCHEMA_VALIDATION_FAILED: Minimum value is 1 at /States/Pay/TimeoutSeconds, "
        "SCHEMA_VALIDATION_FAILED: Field 'Retry' is not supported at /States/Refuse, "
    )


# --- the text ------------------------------------------------------------------------------------


def test_text_that_is_not_json() -> None:
    (diagnostic,) = inspect("not a definition")
    place = '[Source: (String)"not a definition"; line: 1, column: 4]'
    assert (diagnostic.severity, diagnostic.code) == ("ERROR", "INVALID_JSON_DESCRIPTION")
    assert diagnostic.location == place
    assert diagnostic.message == (
        "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token "
        f"'null', 'true' or 'false')\n at {place}"
    )
    (long,) = inspect("[" + " " * 1_000)
    assert "[truncated 501 chars]; line: 1, column: 1002]" in long.location


@pytest.mark.parametrize("text", ["", "  \n", b"", b" "])
def test_an_empty_text(text: str | bytes) -> None:
    assert [each.code for each in inspect(text)] == ["MISSING_DESCRIPTION"]


@pytest.mark.parametrize("text", ["[]", "1", "null", '"text"', b"[]"])
def test_a_text_that_is_no_object(text: str | bytes) -> None:
    (diagnostic,) = inspect(text)
    assert (diagnostic.code, diagnostic.location) == ("SCHEMA_VALIDATION_FAILED", "/")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"States":' * 100_000, b"\xff", "\ud800", "NaN"])
def test_hostile_texts_are_refused(text: str | bytes) -> None:
    assert [each.code for each in inspect(text)] == ["INVALID_JSON_DESCRIPTION"]


# --- structure -----------------------------------------------------------------------------------


MACHINE_FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"StartAt": ...}, "/", "These fields are required: [StartAt]"),
    ({"States": ..., "StartAt": ...}, "/", "These fields are required: [StartAt, States]"),
    ({"StartAt": 1}, "/StartAt", "Expected value of type [STRING]"),
    ({"Coment": "typo"}, "/", "Field 'Coment' is not supported"),
    ({"Version": "2.0"}, "/Version", "Value should be one of the following: [1.0]"),
    ({"TimeoutSeconds": -1}, "/TimeoutSeconds", "Minimum value is 0"),
    ({"Comment": []}, "/Comment", "Expected value of type [STRING]"),
    (
        {"QueryLanguage": "SQL"},
        "/QueryLanguage",
        "Value should be one of the following: [JSONPath, JSONata]",
    ),
]


@pytest.mark.parametrize(("change", "place", "message"), MACHINE_FAULTS)
def test_faults_of_the_machine(change: dict[str, Any], place: str, message: str) -> None:
    machine = {"StartAt": "A", "States": {"A": PASS}, **change}
    machine = {name: value for name, value in machine.items() if value is not ...}
    assert places(machine) == [(place, message)]


def test_states_that_are_no_states() -> None:
    machine = {"StartAt": "A", "States": {"A": PASS, "B": 1}}
    assert places(machine) == [("/States/B", "Expected value of type [OBJECT]")]
    assert ("/States", "Expected value of type [OBJECT]") in places({"StartAt": "A", "States": []})
    assert ("/States", "Value cannot be empty") in places({"StartAt": "A", "States": {}})


# What a QueryLanguage that is none of the two means for the other fields.
ODD_LANGUAGES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"QueryLanguage": "jsonata", "Output": 1, "InputPath": "$.a"}, [
        ("/QueryLanguage", "Value should be one of the following: [JSONPath, JSONata]"),
        ("", ql("InputPath", "JSONata", "JSONPath"))]),
    ({"QueryLanguage": "jsonpath", "Output": 1}, [
        ("/QueryLanguage", "Value should be one of the following: [JSONPath, JSONata]")]),
    ({"QueryLanguage": 5, "InputPath": "$.a"}, [
        ("/QueryLanguage", "Expected value of type [STRING]"),
        ("", ql("InputPath", "JSONata", "JSONPath"))]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), ODD_LANGUAGES)
def test_an_unknown_query_language_is_read_as_jsonata(
    change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    found = places(with_state(**PASS, **change))
    assert found == [(f"/States/S{place}", message) for place, message in expected]


def test_a_state_cannot_go_back_to_jsonpath() -> None:
    state = {**PASS, "QueryLanguage": "JSONPath", "Output": {"v": "{% 1 %}"}}
    machine = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": state}}
    fault = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
    assert places(machine) == [("/States/S", fault)]


@pytest.mark.parametrize(("text", "right"), [
    ("{% 1 %}", True), ("1", True), ("x {% 1 %} y", True),
    ("{% 1", False), ("1 %}", False), (" {% 1 %}", False), ("{% 1 %} ", False)])  # fmt: skip
def test_both_ends_of_a_jsonata_text(text: str, right: bool) -> None:
    found = places(with_state(**PASS, QueryLanguage="JSONata", Output={"a": [text]}))
    fault = ("/States/S/Output/a[0]", "JSONata string must start with {% and end with %}")
    assert found == ([] if right else [fault])


@pytest.mark.parametrize(("kind", "field", "name", "right"), [
    ("Task", "Output", "result", True), ("Task", "Assign", "result", True),
    ("Task", "Arguments", "result", False), ("Task", "Output", "errorOutput", False),
    ("Pass", "Output", "result", False), ("Pass", "Assign", "input", True),
    ("Pass", "Output", "contxt", False)])  # fmt: skip
def test_what_states_has_where(kind: str, field: str, name: str, right: bool) -> None:
    state = {**(TASK if kind == "Task" else PASS), "QueryLanguage": "JSONata"}
    found = places(with_state(**state, **{field: {"v": f"{{% $states.{name} %}}"}}))
    fault = (f"/States/S/{field}/v", f"Field '$states.{name}' does not exist.")
    assert found == ([] if right else [fault])


def test_query_languages_of_inner_states_follow_the_machine() -> None:
    state = {
        "Type": "Map",
        "QueryLanguage": "JSONata",
        "ItemProcessor": {"StartAt": "P", "States": {"P": {**PASS, "Output": 1}}},
        "End": True,
    }
    machine: dict[str, Any] = {"StartAt": "M", "States": {"M": state}}
    assert places(machine) == [
        ("/States/M/ItemProcessor/States/P", ql("Output", "JSONPath", "JSONata"))
    ]
    machine["QueryLanguage"] = "JSONata"
    assert places(machine) == []
    state["QueryLanguage"] = "JSONPath"
    assert places(machine) == [
        (
            "/States/M",
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
        )
    ]


def test_end_false_beside_next_is_fine() -> None:
    assert places(with_state(Type="Pass", End=False, Next="T")) == []
