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
from studio.asl.parse import inspect, parse

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:F"

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


def parse_json(definition: Any) -> Any:
    return parse(json.dumps(definition))


def faults(definition: Any) -> list[tuple[str, str, str]]:
    try:
        parse_json(definition)
    except InvalidDefinition as error:
        return [(each.code, each.location, each.message) for each in error.diagnostics]
    return []


def places(definition: Any) -> list[tuple[str, str]]:
    return [(location, message) for _, location, message in faults(definition)]


def with_state(**fields: Any) -> dict[str, Any]:
    """A machine of one state, S, and a target T that a Catcher, always there, leads to."""
    fields = {name: value for name, value in fields.items() if value is not ...}
    states = {"S": fields, "T": {"Type": "Succeed"}, "U": {"Type": "Succeed"}}
    entry = {
        "Type": "Choice",
        "Choices": [{"Variable": "$", "IsNull": True, "Next": name} for name in ("S", "T")],
        "Default": "U",
    }
    return {"StartAt": "Entry", "States": {"Entry": entry, **states}}


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

PASS = {"Type": "Pass", "End": True}
TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}
WAIT = {"Type": "Wait", "Seconds": 1, "End": True}
MAP = {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": PASS}}, "End": True}
PARALLEL = {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": PASS}}], "End": True}
FAIL = {"Type": "Fail"}
ONE_OF = "This object should have only one of the following fields: "
ONLY_ONE = "There should only be one of the following fields: "
TYPES = "[Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map]"
ARN = "The value is not a valid resource ARN, or the resource is not available in this region."
REFERENCE = "Value is not a Reference Path"
DOLLAR = f"{REFERENCE}: Reference path didn't start with '$'"
TESTS = "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]"
TIMESTAMP = "String does not match RFC3339 timestamp"
EXPRESSION = (
    "The value for the field '{}' must be a valid JSONPath or a valid intrinsic function call"
)


def ql(field: str, language: str, other: str) -> str:
    return (
        f"The QueryLanguage is set to '{language}', but field '{field}' is only supported for the "
        f"'{other}' QueryLanguage"
    )


SEND = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage",
    "Parameters": {"QueueUrl": "q", "MessageBody.$": "$.m"},
    "End": True,
}
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:a"


def unknown(arn: str) -> str:
    return f"The resource provided {arn} is not recognized. {ARN}"


STATE_FAULTS: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    # What the state is, what is changed, where below /States/S, what is said.
    (PASS, {"Type": ...}, "", "These fields are required: [Type]"),
    (PASS, {"Type": "Gass"}, "/Type", f"Value should be one of the following: {TYPES}"),
    (PASS, {"Type": 1}, "/Type", "Expected value of type [STRING]"),
    (PASS, {"End": ...}, "", f"{ONE_OF}[Next, End]"),
    (PASS, {"Next": "T"}, "", f"{ONLY_ONE}[Next, End]"),
    (PASS, {"End": False}, "", f"{ONE_OF}[Next, End]"),
    (PASS, {"End": "yes"}, "/End", "Expected value of type [BOOLEAN]"),
    (PASS, {"Comment": 1}, "/Comment", "Expected value of type [STRING]"),
    (PASS, {"Retry": []}, "", "Field 'Retry' is not supported"),
    (PASS, {"Extra": 1}, "", "Field 'Extra' is not supported"),
    (PASS, {"InputPath": "x"}, "/InputPath", "Value must be a valid JSONPath."),
    (PASS, {"OutputPath": 1}, "/OutputPath", "Expected value of type [STRING, NULL]"),
    (PASS, {"ResultPath": "$$.x"}, "/ResultPath", REFERENCE),
    (PASS, {"ResultPath": "$.x[*]"}, "/ResultPath", REFERENCE),
    (PASS, {"ResultPath": {}}, "/ResultPath", "Expected value of type [STRING, NULL]"),
    (PASS, {"Parameters": {"a": {"b.$": "x"}}}, "/Parameters/a", EXPRESSION.format("b.$")),
    (PASS, {"Parameters": {"a.$": "States.Format('\\n')"}}, "/Parameters",
     EXPRESSION.format("a.$")),
    (PASS, {"Assign": {"states": 1}}, "/Assign/states",
     "Cannot assign to reserved variable '$states'."),
    (PASS, {"Assign": {"a-b.$": "$"}}, "/Assign/a-b.$",
     "Invalid variable name 'a-b': the variable name contains invalid characters."),
    (PASS, {"Assign": 1}, "/Assign", "Expected value of type [OBJECT]"),
    (PASS, {"Assign": {"a.$": 1}}, "/Assign", EXPRESSION.format("a.$")),
    (PASS, {"QueryLanguage": "XPath"}, "/QueryLanguage",
     "Value should be one of the following: [JSONPath, JSONata]"),
    (PASS, {"Output": 1}, "", ql("Output", "JSONPath", "JSONata")),
    (PASS, {"QueryLanguage": "JSONata", "Result": 1}, "", ql("Result", "JSONata", "JSONPath")),
    (PASS, {"QueryLanguage": "JSONata", "InputPath": "$"}, "",
     ql("InputPath", "JSONata", "JSONPath")),
    (TASK, {"Resource": ...}, "", "These fields are required: [Resource]"),
    (TASK, {"Resource": "F"}, "/Resource", "Value is not a valid resource ARN"),
    (TASK, {"Resource": "arn:aws:s3:::b"}, "/Resource",
     f"The resource provided arn:aws:s3:::b is not recognized. {ARN}"),
    (TASK, {"Resource": ACTIVITY, "Credentials": {"RoleArn": "r"}}, "/Credentials",
     "The field 'Credentials' is not supported for activities"),
    (SEND, {"Parameters": ...}, "/Resource",
     f"Parameters field is required for resource ARN: {SEND['Resource']}"),
    (SEND, {"Parameters": {"QueueUrl.$": "$.q"}}, "/Parameters",
     "The field 'MessageBody' is required but was missing"),
    (SEND, {"Resource": "arn:aws:states:::eks:call", "Parameters": {
        "ClusterName": "c", "CertificateAuthority.$": "$.a", "Endpoint": "e", "Method": "GET"}},
     "/Parameters", "The field 'Path' is required but was missing"),
    (SEND, {"Resource": f"{SEND['Resource']}.sync"}, "/Resource",
     unknown(f"{SEND['Resource']}.sync")),
    (SEND, {"Resource": "arn:aws:states:::aws-sdk:s3:listBuckets.sync"}, "/Resource",
     unknown("arn:aws:states:::aws-sdk:s3:listBuckets.sync")),
    (SEND, {"Resource": "arn:aws:states:::glue:startJobRun.waitForTaskToken"}, "/Resource",
     unknown("arn:aws:states:::glue:startJobRun.waitForTaskToken")),
    (SEND, {"Resource": "arn:aws:states:::batch:submitJob.sync:2"}, "/Resource",
     unknown("arn:aws:states:::batch:submitJob.sync:2")),
    *(
        (SEND, {"Resource": arn}, "/Resource", unknown(arn))
        for arn in (
            "arn:aws:states:::bedrock-agentcore:invokeHarness",
            "arn:aws:states:::bedrockagentcore:invokeHarness.sync",
            "arn:aws:states:::http:invoke.waitForTaskToken",
            "arn:aws:states:::juggling:throw",
            "arn:aws:states:::s3:getObject",
            "arn:aws:states:::sqs:receiveMessage",
            "arn:aws:states:::aws-sdk:juggling:throw",
        )
    ),
    (TASK, {"TimeoutSeconds": 0}, "/TimeoutSeconds", "Minimum value is 1"),
    (TASK, {"TimeoutSeconds": 1.5}, "/TimeoutSeconds",
     "Expected value of type Integer"),
    (TASK, {"TimeoutSeconds": True}, "/TimeoutSeconds",
     "Expected value of type Integer"),
    (TASK, {"TimeoutSeconds": 10**9}, "/TimeoutSeconds", "Maximum value is 99999999"),
    (TASK, {"TimeoutSeconds": 1, "TimeoutSecondsPath": "$.t"}, "",
     f"{ONLY_ONE}[TimeoutSeconds, TimeoutSecondsPath]"),
    (TASK, {"TimeoutSecondsPath": "$.t[*]"}, "/TimeoutSecondsPath", REFERENCE),
    (TASK, {"HeartbeatSeconds": 1, "HeartbeatSecondsPath": "$.t"}, "",
     f"{ONLY_ONE}[HeartbeatSeconds, HeartbeatSecondsPath]"),
    (TASK, {"TimeoutSeconds": 5, "HeartbeatSeconds": 5}, "/HeartbeatSeconds",
     "HeartbeatSeconds must be smaller than TimeoutSeconds"),
    (TASK, {"Credentials": {}}, "/Credentials", "The field 'RoleArn' is required but was missing"),
    (TASK, {"Arguments": {}}, "", ql("Arguments", "JSONPath", "JSONata")),
    (TASK, {"Retry": {}}, "/Retry", "Expected value of type [ARRAY]"),
    (TASK, {"Retry": [1]}, "/Retry[0]", "Expected value of type [OBJECT]"),
    (TASK, {"Retry": [{}]}, "/Retry[0]", "These fields are required: [ErrorEquals]"),
    (TASK, {"Retry": [{"ErrorEquals": []}]}, "/Retry[0]/ErrorEquals",
     "Value cannot be empty"),
    (TASK, {"Retry": [{"ErrorEquals": ["a", 1]}]}, "/Retry[0]/ErrorEquals[1]",
     "Expected value of type [STRING]"),
    (TASK, {"Retry": [{"ErrorEquals": ["a"], "IntervalSeconds": -1}]},
     "/Retry[0]/IntervalSeconds", "Minimum value is 0"),
    (TASK, {"Retry": [{"ErrorEquals": ["a"], "MaxAttempts": -1}]}, "/Retry[0]/MaxAttempts",
     "Minimum value is 0"),
    (TASK, {"Retry": [{"ErrorEquals": ["a"], "BackoffRate": 0.9}]}, "/Retry[0]/BackoffRate",
     "Minimum value is 1.0"),
    (TASK, {"Retry": [{"ErrorEquals": ["a"], "MaxDelaySeconds": 31622401}]},
     "/Retry[0]/MaxDelaySeconds", "Maximum value is 31622400"),
    (TASK, {"Retry": [{"ErrorEquals": ["a"], "JitterStrategy": "SOME"}]},
     "/Retry[0]/JitterStrategy", "Value should be one of the following: [NONE, FULL]"),
    (TASK, {"Retry": [{"ErrorEquals": ["a"], "Next": "T"}]}, "/Retry[0]",
     "Field 'Next' is not supported"),
    (TASK, {"Catch": [{"ErrorEquals": ["a"]}]}, "/Catch[0]", "These fields are required: [Next]"),
    (TASK, {"Catch": [{"ErrorEquals": ["a"], "Next": "T", "ResultPath": "x"}]},
     "/Catch[0]/ResultPath", DOLLAR),
    (TASK, {"Catch": [{"ErrorEquals": ["a"], "Next": "T", "Output": 1}]}, "/Catch[0]",
     ql("Output", "JSONPath", "JSONata")),
    (WAIT, {"Seconds": ...}, "", f"{ONE_OF}[SecondsPath, Seconds, TimestampPath, Timestamp]"),
    (WAIT, {"SecondsPath": "$.s"}, "",
     f"{ONLY_ONE}[SecondsPath, Seconds, TimestampPath, Timestamp]"),
    (WAIT, {"Seconds": -1}, "/Seconds", "Minimum value is 0"),
    (WAIT, {"Seconds": "1"}, "/Seconds", "Expected value of type Integer"),
    (WAIT, {"Seconds": ..., "SecondsPath": "s"}, "/SecondsPath", DOLLAR),
    (WAIT, {"Seconds": ..., "Timestamp": "2016-12-05 21:29:29Z"}, "/Timestamp", TIMESTAMP),
    (WAIT, {"Seconds": ..., "Timestamp": "2016-12-05T25:29:29Z"}, "/Timestamp", TIMESTAMP),
    (FAIL, {"Error": "a", "ErrorPath": "$.a"}, "", f"{ONLY_ONE}[Error, ErrorPath]"),
    (FAIL, {"Cause": "a", "CausePath": "$.a"}, "", f"{ONLY_ONE}[Cause, CausePath]"),
    (FAIL, {"ErrorPath": "a"}, "/ErrorPath", EXPRESSION.format("ErrorPath") + " that gives a text"),
    (FAIL, {"CausePath": "States.ArrayLength($)"}, "/CausePath",
     EXPRESSION.format("CausePath") + " that gives a text"),
    (FAIL, {"End": True}, "", "Field 'End' is not supported"),
    (FAIL, {"InputPath": "$"}, "", "Field 'InputPath' is not supported"),
    ({"Type": "Succeed"}, {"Next": "T"}, "", "Field 'Next' is not supported"),
    (PARALLEL, {"Branches": ...}, "", "These fields are required: [Branches]"),
    (PARALLEL, {"Branches": []}, "/Branches", "Value cannot be empty"),
    (PARALLEL, {"Branches": [{"StartAt": "B", "States": {"B": PASS}, "Version": "1.0"}]},
     "/Branches[0]", "Field 'Version' is not supported"),
    (PARALLEL, {"TimeoutSeconds": 1}, "", "Field 'TimeoutSeconds' is not supported"),
    (MAP, {"ItemProcessor": ...}, "", f"{ONE_OF}[ItemProcessor, Iterator]"),
    (MAP, {"ItemProcessor": {"StartAt": "I", "States": {"I": PASS},
                             "ProcessorConfig": {"Mode": "INLINE", "ExecutionType": "EXPRESS"}}},
     "/ItemProcessor/ProcessorConfig", "Field 'ExecutionType' is not supported"),
    (MAP, {"Parameters": {}, "ItemSelector": {}}, "", f"{ONLY_ONE}[ItemSelector, Parameters]"),
    (MAP, {"MaxConcurrency": -1}, "/MaxConcurrency", "Minimum value is 0"),
    (MAP, {"MaxConcurrency": 1, "MaxConcurrencyPath": "$.m"}, "",
     f"{ONLY_ONE}[MaxConcurrency, MaxConcurrencyPath]"),
    (MAP, {"MaxConcurrencyPath": "$$.Execution.Input.n"}, "/MaxConcurrencyPath", REFERENCE),
    (MAP, {"ToleratedFailurePercentage": 101}, "/ToleratedFailurePercentage",
     "Maximum value is 100.0"),
    (MAP, {"ItemsPath": None}, "/ItemsPath", "Expected value of type [STRING]"),
    (MAP, {"ItemsPath": "items"}, "/ItemsPath", "Value must be a valid JSONPath."),
    (MAP, {"ItemProcessor": {"StartAt": "I", "States": {"I": PASS}, "QueryLanguage": "JSONata"}},
     "/ItemProcessor", "Field 'QueryLanguage' is not supported"),
    (MAP, {"ItemProcessor": {"StartAt": "I", "States": {"I": PASS},
                             "ProcessorConfig": {"Mode": "DISTRIBUTED"}}},
     "/ItemProcessor/ProcessorConfig", "These fields are required: [ExecutionType]"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "change", "place", "message"), STATE_FAULTS)
def test_faults_of_states(
    state: dict[str, Any], change: dict[str, Any], place: str, message: str
) -> None:
    assert places(with_state(**state)) == []
    # Without its type a state cannot be known to be terminal: the rest of the text is.
    found = places(with_state(**{**state, **change}))
    assert found == [(f"/States/S{place}", message)]


CHOICE_FAULTS: list[tuple[Any, str, str]] = [
    ([], "", "Value cannot be empty"),
    ([{"Variable": "$", "IsNull": True}], "[0]", "These fields are required: [Next]"),
    ([{"Next": "T"}], "[0]", TESTS),
    ([{"IsNull": True, "Next": "T"}], "[0]", TESTS),
    ([{"Variable": "$", "Next": "T"}], "[0]",
     "A choice rule with a Variable needs one comparison operator"),
    ([{"Not": {"Variable": "$", "IsNull": True}, "IsNull": True, "Next": "T"}], "[0]",
     "Field 'IsNull' is not supported"),
    ([{"Not": {"IsNull": True}, "Next": "T"}], "[0]/Not",
     TESTS.replace(", Condition", "")),
    ([{"Variable": "$", "IsNull": True, "IsString": True, "Next": "T"}], "[0]",
     f"{ONLY_ONE}[IsNull, IsString]"),
    ([{"Variable": "$", "Resembles": 1, "IsNull": True, "Next": "T"}], "[0]",
     "Field 'Resembles' is not supported"),
    ([{"Variable": "x", "IsNull": True, "Next": "T"}], "[0]/Variable", DOLLAR),
    ([{"Variable": "$[", "IsNull": True, "Next": "T"}], "[0]/Variable",
     "Value must be a valid JSONPath."),
    ([{"Variable": "$", "IsNull": "yes", "Next": "T"}], "[0]/IsNull",
     "Expected value of type [BOOLEAN]"),
    ([{"Variable": "$", "NumericEquals": "1", "Next": "T"}], "[0]/NumericEquals",
     "Expected value of type [NUMBER]"),
    ([{"Variable": "$", "StringMatches": 1, "Next": "T"}], "[0]/StringMatches",
     "Expected value of type [STRING]"),
    ([{"Variable": "$", "TimestampEquals": "now", "Next": "T"}], "[0]/TimestampEquals", TIMESTAMP),
    ([{"Variable": "$", "StringEqualsPath": "x", "Next": "T"}], "[0]/StringEqualsPath", DOLLAR),
    ([{"And": [], "Next": "T"}], "[0]/And", "Value cannot be empty"),
    ([{"And": [{"Variable": "$", "IsNull": 1}], "Next": "T"}], "[0]/And[0]/IsNull",
     "Expected value of type [BOOLEAN]"),
    ([{"Not": {"Or": [{"Variable": "$", "IsNull": True, "Next": "T"}]}, "Next": "T"}],
     "[0]/Not/Or[0]", "Field 'Next' is not supported"),
    ([{"Variable": "$", "Not": {"Variable": "$", "IsNull": True}, "Next": "T"}], "[0]",
     TESTS),
    ([{"Condition": "{% true %}", "Next": "T"}], "[0]", ql("Condition", "JSONPath", "JSONata")),
]  # fmt: skip


@pytest.mark.parametrize(("choices", "place", "message"), CHOICE_FAULTS)
def test_faults_of_choice_rules(choices: Any, place: str, message: str) -> None:
    found = places(with_state(Type="Choice", Choices=choices, Default="T"))
    assert found == [(f"/States/S/Choices{place}", message)]


def test_faults_of_jsonata_choice_rules() -> None:
    rules: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
        ({"Condition": True}, []),
        ({"Condition": "true"}, [("/States/S/Choices[0]/Condition",
          "JSONata string must start with {% and end with %}")]),
        ({}, [("/States/S/Choices[0]", TESTS)]),
        ({"Condition": True, "Variable": "$"},
         [("/States/S/Choices[0]", ql("Variable", "JSONata", "JSONPath"))]),
        ({"Condition": True, "IsNull": True},
         [("/States/S/Choices[0]", "Field 'IsNull' is not supported")]),
    ]  # fmt: skip
    for rule, expected in rules:
        state = with_state(
            Type="Choice", QueryLanguage="JSONata", Choices=[{**rule, "Next": "T"}], Default="T"
        )
        assert places(state) == expected


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
