"""Every structural fault of a state and of a rule of Choice, with its place and AWS's words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.studio.asl.parsing import (
    ARN,
    DOLLAR,
    EXPRESSION,
    FAIL,
    MAP,
    ONE_OF,
    ONLY_ONE,
    PARALLEL,
    PASS,
    REFERENCE,
    TASK,
    TESTS,
    TIMESTAMP,
    TYPES,
    WAIT,
    places,
    ql,
    with_state,
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
         [("/States/S/Choices[0]", ql("IsNull", "JSONata", "JSONPath"))]),
        ({"And": []}, [("/States/S/Choices[0]", ql("And", "JSONata", "JSONPath"))]),
        ({"Condition": 1},
         [("/States/S/Choices[0]/Condition", "Expected value of type [STRING, BOOLEAN]")]),
    ]  # fmt: skip
    for rule, expected in rules:
        state = with_state(
            Type="Choice", QueryLanguage="JSONata", Choices=[{**rule, "Next": "T"}], Default="T"
        )
        assert places(state) == expected
