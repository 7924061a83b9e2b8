"""One state run by itself: what came out of it, and what data looked like on the way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from executions.actions.state_tests import StateTest, begin_state_test
from executions.errors import InvalidExecutionInput
from studio.errors import ApiError, InvalidDefinition, ValidationException

ROLE = "arn:aws:iam::123456789012:role/tests"
TASK = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Parameters": {"FunctionName": "f"},
    "End": True,
}


def run(definition: dict[str, Any], **members: Any) -> dict[str, Any]:
    test = StateTest(definition=json.dumps(definition), role_arn=ROLE, **members)
    inspection, task = begin_state_test(test)
    assert task is None
    return inspection.answer()


def result(value: Any) -> dict[str, Any]:
    return {"has_mock": True, "mock_result": json.dumps(value)}


def error(name: str, cause: str = "why") -> dict[str, Any]:
    return {"has_mock": True, "has_error_output": True, "mock_error": name, "mock_cause": cause}


def test_a_stage_left_out_shows_what_came_before_it() -> None:
    state = {
        "Type": "Pass",
        "InputPath": "$.a",
        "ResultPath": "$.b",
        "Next": "Later",
    }
    answer = run(state, input='{"a": [1]}')
    assert (answer["status"], answer["nextState"]) == ("SUCCEEDED", "Later")
    assert json.loads(answer["output"]) == {"a": [1], "b": [1]}
    assert answer["inspectionData"] == {
        "input": '{"a": [1]}',
        "afterInputPath": "[1]",
        "afterParameters": "[1]",
        "afterResultSelector": "[1]",
        "afterResultPath": '{"a":[1],"b":[1]}',
    }


def test_the_result_of_a_pass_state_goes_through_its_stages() -> None:
    state = {"Type": "Pass", "Result": {"hello": "world"}, "End": True}
    assert run(state, input='{"a": 1}')["inspectionData"] == {
        "input": '{"a": 1}',
        "result": '{"hello":"world"}',
        "afterResultSelector": '{"hello":"world"}',
        "afterResultPath": '{"hello":"world"}',
    }
    placed = run({**state, "ResultPath": "$.b"}, input='{"a": 1}')["inspectionData"]
    assert placed["afterResultSelector"] == '{"hello":"world"}'
    assert placed["afterResultPath"] == '{"a":1,"b":{"hello":"world"}}'


def test_a_stage_that_fails_and_those_after_it_are_not_shown() -> None:
    state = {**TASK, "ResultSelector": {"x.$": "$.nothing"}}
    answer = run(state, input='{"a": 1}', **result({"y": 2}))
    assert (answer["status"], answer["error"]) == ("FAILED", "States.Runtime")
    assert sorted(answer["inspectionData"]) == [
        "afterInputPath",
        "afterParameters",
        "input",
        "result",
    ]


def test_a_choice_says_where_it_leads() -> None:
    state = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.n", "NumericGreaterThan": 1, "Next": "Many"}],
        "Default": "Few",
    }
    assert run(state, input='{"n": 2}')["nextState"] == "Many"
    assert run(state, input='{"n": 1}')["nextState"] == "Few"


def test_a_wait_is_over_at_once() -> None:
    answer = run({"Type": "Wait", "Seconds": 3600, "Next": "Later"})
    assert (answer["status"], answer["nextState"]) == ("SUCCEEDED", "Later")


@pytest.mark.parametrize(
    ("used", "details"),
    [
        (0, {"retryIndex": 1, "retryBackoffIntervalSeconds": 3}),
        (1, {"retryIndex": 1, "retryBackoffIntervalSeconds": 6}),
    ],
)
def test_an_error_that_is_tried_again(used: int, details: dict[str, int]) -> None:
    state = {
        **TASK,
        "Retry": [
            {"ErrorEquals": ["Other"]},
            {"ErrorEquals": ["Broken"], "IntervalSeconds": 3, "MaxAttempts": 2},
        ],
    }
    answer = run(state, retrier_retry_count=used, **error("Broken"))
    assert (answer["status"], answer["error"], answer["cause"]) == ("RETRIABLE", "Broken", "why")
    assert answer["inspectionData"]["errorDetails"] == details
    assert "output" not in answer


def test_an_error_that_is_caught() -> None:
    state = {
        **TASK,
        "Retry": [{"ErrorEquals": ["Broken"], "MaxAttempts": 2}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Mend"}],
    }
    answer = run(state, retrier_retry_count=2, input='{"a":1}', **error("Broken"))
    assert (answer["status"], answer["nextState"]) == ("CAUGHT_ERROR", "Mend")
    assert json.loads(answer["output"]) == {"a": 1, "error": {"Error": "Broken", "Cause": "why"}}
    assert answer["inspectionData"]["errorDetails"]["catchIndex"] == 0


def test_a_catcher_that_fails_fails_the_state() -> None:
    state = {
        "Type": "Task",
        "Resource": TASK["Resource"],
        "Arguments": TASK["Parameters"],
        "End": True,
        "QueryLanguage": "JSONata",
        "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $nothing %}", "Next": "Mend"}],
    }
    answer = run(state, **error("Broken"))
    assert (answer["status"], answer["error"]) == ("FAILED", "States.QueryEvaluationError")
    assert "nextState" not in answer


def test_variables_are_seen_and_shown() -> None:
    state = {
        "Type": "Pass",
        "QueryLanguage": "JSONata",
        "Assign": {"n": "{% $n + 1 %}"},
        "Output": "{% $n %}",
        "End": True,
    }
    answer = run(state, variables='{"n": 1, "m": 5}')
    assert answer["output"] == "1"
    assert json.loads(answer["inspectionData"]["variables"]) == {"n": 2, "m": 5}


def test_a_context_takes_the_place_of_ours() -> None:
    state = {"Type": "Pass", "Parameters": {"c.$": "$$"}, "End": True}
    context = {"Execution": {"Name": "mine"}}
    answer = run(state, context=json.dumps(context))
    assert json.loads(answer["output"]) == {"c": context}


def test_a_map_shows_what_every_iteration_gets() -> None:
    state = {
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemSelector": {"at.$": "$$.Map.Item.Index", "item.$": "$$.Map.Item.Value"},
        "MaxConcurrency": 50,
        "ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}},
        "End": True,
    }
    data = run(state, input='{"items":["x","y"]}', **result([1, 2]))["inspectionData"]
    assert data["afterItemsPath"] == '["x", "y"]'
    assert json.loads(data["afterItemSelector"]) == [
        {"at": 0, "item": "x"},
        {"at": 1, "item": "y"},
    ]
    assert data["maxConcurrency"] == 50


NESTED = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "Work",
                "States": {"Work": {**TASK, "End": True}},
            },
            "Catch": [{"ErrorEquals": ["Broken"], "Next": "Mend"}],
            "Next": "Mend",
        },
        "Mend": {"Type": "Succeed"},
    },
}


def test_a_success_inside_a_map_stays_inside() -> None:
    answer = run(NESTED, state_name="Work", input="7", **result({"StatusCode": 200}))
    assert answer["status"] == "SUCCEEDED"
    assert "nextState" not in answer


def test_an_error_inside_a_map_reaches_its_catchers() -> None:
    answer = run(NESTED, state_name="Work", **error("Broken"))
    assert (answer["status"], answer["nextState"]) == ("CAUGHT_ERROR", "Mend")
    assert run(NESTED, state_name="Work", **error("Other"))["status"] == "FAILED"


def test_a_state_in_a_map_sees_its_item() -> None:
    inside = {
        "Type": "Pass",
        "Parameters": {"at.$": "$$.Map.Item.Index", "item.$": "$$.Map.Item.Value"},
        "End": True,
    }
    machine = json.loads(json.dumps(NESTED))
    machine["States"]["Each"]["ItemProcessor"]["States"]["Work"] = inside
    assert json.loads(run(machine, state_name="Work", input="7")["output"]) == {
        "at": 0,
        "item": 7,
    }


def test_a_problem_is_shown_at_its_place_in_the_state() -> None:
    with pytest.raises(InvalidDefinition) as raised:
        run({"Type": "Pass", "InputPath": 5, "End": True})
    assert " at /InputPath" in raised.value.message


@pytest.mark.parametrize(
    ("definition", "members", "kind", "message"),
    [
        (NESTED, {"state_name": "Nobody"}, ValidationException, "State not found in definition"),
        (
            NESTED,
            {"state_name": "Each"},
            InvalidDefinition,
            "TestState API does not support Map or Parallel states.",
        ),
        (
            {"Type": "Pass", "End": True},
            result(1),
            ValidationException,
            "State type 'Pass' is not supported when a mock is specified",
        ),
        (
            TASK,
            {**result(1), "has_error_output": True},
            ValidationException,
            "A test mock should have only one of the following fields: [result, errorOutput].",
        ),
        (
            TASK,
            {"context": '{"Map": {}}', **result(1)},
            ValidationException,
            "'Map' field is not supported when mocking a Context object",
        ),
        (
            TASK,
            {"context": '{"Execution": {"Id": 1}}', **result(1)},
            ValidationException,
            "Invalid Context object provided: Execution.Id must be a string",
        ),
        (TASK, {"input": "{", **result(1)}, InvalidExecutionInput, ""),
    ],
)
def test_what_cannot_be_tested(
    definition: dict[str, Any], members: dict[str, Any], kind: type[ApiError], message: str
) -> None:
    with pytest.raises(kind) as raised:
        run(definition, **members)
    assert message in raised.value.message


SEND = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage",
    "Parameters": {"QueueUrl": "q", "MessageBody": "m"},
    "End": True,
}


@pytest.mark.parametrize(
    ("mode", "value", "problem"),
    [
        ("STRICT", {"MessageId": 5}, "Field 'MessageId' must be a string"),
        ("STRICT", {"Md5OfMessageBody": 5}, "Field 'Md5OfMessageBody' must be a string"),
        ("STRICT", {"MD5OfMessageBody": 5}, None),
        ("PRESENT", {"MessageId": []}, "Field 'MessageId' must be a string"),
        ("NONE", {"MessageId": 5}, None),
    ],
)
def test_a_mock_fits_its_service(mode: str, value: Any, problem: str | None) -> None:
    if problem is None:
        assert run(SEND, field_validation_mode=mode, **result(value))["status"] == "SUCCEEDED"
        return
    with pytest.raises(ValidationException) as raised:
        run(SEND, field_validation_mode=mode, **result(value))
    assert raised.value.message == f"Mock result schema validation error: {problem}"


@pytest.mark.parametrize(
    ("resource", "value", "problem"),
    [
        ("athena:startQueryExecution.sync", {"QueryExecution": []}, "'QueryExecution'"),
        ("ecs:runTask.sync", {"Anything": 1}, None),
        ("states:startExecution.sync:2", {}, "'ExecutionArn' is missing"),
        # AWS's documentation: of these no mock is held against anything.
        ("http:invoke", {"StatusCode": "text"}, None),
        ("apigateway:invoke", {"StatusCode": "text"}, None),
        ("eks:call", {"StatusCode": "text"}, None),
        ("eks:runJob.sync", {"logs": 1}, None),
    ],
)
def test_the_mock_of_a_sync_is_held_against_the_call_that_asks_for_the_end(
    resource: str, value: Any, problem: str | None
) -> None:
    parameters = {"StateMachineArn": "m", "TaskDefinition": "t"}
    state = {**SEND, "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters}
    if problem is None:
        assert run(state, **result(value))["status"] == "SUCCEEDED"
        return
    with pytest.raises(ValidationException, match=problem):
        run(state, **result(value))


def test_a_text_may_be_too_long() -> None:
    encrypt = {**SEND, "Resource": "arn:aws:states:::aws-sdk:kms:encrypt", "Parameters": {}}
    with pytest.raises(ValidationException, match="'CiphertextBlob' exceeds the maximum length"):
        run(encrypt, **result({"CiphertextBlob": "a" * 7000}))


def test_required_members_are_asked_for_in_strict_mode_only() -> None:
    start = {
        **SEND,
        "Resource": "arn:aws:states:::states:startExecution",
        "Parameters": {"StateMachineArn": "m"},
    }
    with pytest.raises(ValidationException, match="Required field 'ExecutionArn' is missing"):
        run(start, **result({}))
    assert run(start, field_validation_mode="PRESENT", **result({}))["status"] == "SUCCEEDED"
