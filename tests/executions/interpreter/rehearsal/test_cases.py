"""Whole definitions on mocks: what they come to, and where that is not what was expected."""

from __future__ import annotations

import json
from typing import Any

from executions.interpreter.rehearsal.answers import read_response
from executions.interpreter.rehearsal.cases import Case, CaseResult, run_case
from executions.interpreter.rehearsal.expectations import Expectation
from studio.asl.parse import parse
from tests.executions.interpreter.playing import IDENTITY, START

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:work"
PAY: dict[str, Any] = {
    "Type": "Task",
    "Resource": LAMBDA,
    "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 60, "MaxAttempts": 5}],
    "End": True,
}
ORDER: dict[str, Any] = {
    "StartAt": "Nap",
    "States": {
        "Nap": {"Type": "Wait", "Seconds": 86_400, "Next": "Each"},
        "Each": {
            "Type": "Map",
            "ItemProcessor": {"StartAt": "Pay", "States": {"Pay": PAY}},
            "Next": "Fan",
        },
        "Fan": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Mail", "States": {"Mail": {**PAY, "Retry": []}}},
                {"StartAt": "Log", "States": {"Log": {"Type": "Pass", "End": True}}},
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}],
            "End": True,
        },
        "Sorry": {"Type": "Pass", "End": True},
    },
}


def run(
    mocks: dict[str, Any],
    definition: Any = ORDER,
    given: Any = (1, 2, 3),
    express: bool = False,
    **expected: Any,
) -> CaseResult:
    case = Case(
        json.dumps(given),
        {place: read_response(each) for place, each in mocks.items()},
        Expectation(**expected),
    )
    assert Case.of_document(json.loads(json.dumps(case.as_document()))) == case
    read = parse(json.dumps(definition))
    return run_case(read, case, IDENTITY, START, is_express=express)


def test_it_runs_to_its_end_and_waits_take_no_time() -> None:
    result = run({"Pay": {"Return": "paid"}, "Mail": {"Return": "sent"}})
    assert result.passed
    assert json.loads(result.end.output or "") == ["sent", ["paid", "paid", "paid"]]
    assert result.end.elapsed_seconds == 86_400
    assert result.path == ["Nap", "Each", "Pay[0]", "Pay[1]", "Pay[2]", "Fan", "Mail", "Log"]


def test_an_iteration_has_its_own_mock_and_counts_its_own_attempts() -> None:
    result = run(
        {
            "Pay": {"0": {"Throw": {"Error": "Busy"}}, "1": {"Return": "late"}},
            "Pay[1]": {"Return": "at once"},
            "Mail": {"Return": "sent"},
        },
    )
    assert json.loads(result.end.output or "")[1] == ["late", "at once", "late"]
    assert result.end.elapsed_seconds == 86_460


def test_a_caught_error_is_a_path() -> None:
    mocks = {"Pay": {"Return": 1}, "Mail": {"Throw": {"Error": "Gone", "Cause": "why"}}}
    result = run(
        mocks,
        status="SUCCEEDED",
        output='{"Error": "Gone", "Cause": "why"}',
        path=("Nap", "Each", "Fan", "Sorry"),
    )
    assert result.passed
    everything = run(mocks, path=tuple(result.path))
    assert everything.passed


def test_what_was_expected_otherwise() -> None:
    result = run(
        {"Pay": {"Return": {"a": [1, 2]}}, "Mail": {"Return": 0}},
        status="FAILED",
        output='[0, [{"a": [1]}, {"a": [1, 2]}, {"b": 1}]]',
        path=("Each", "Fan"),
    )
    assert not result.passed
    assert [tuple(each) for each in result.unmet] == [
        ("status", "", '"FAILED"', '"SUCCEEDED"'),
        ("output", "/1/0/a/1", None, "2"),
        ("output", "/1/2/a", None, "[1, 2]"),
        ("output", "/1/2/b", "1", None),
        ("path", "/0", '"Each"', '"Nap"'),
        ("path", "/1", '"Fan"', '"Each"'),
        ("path", "/2", None, '"Fan"'),
    ]


def test_an_execution_that_fails_is_held_against_its_error() -> None:
    mocks = {"Pay": {"Throw": {"Error": "Broke", "Cause": "no money"}}}
    assert run(mocks, status="FAILED", error="Broke", cause="no money").passed
    wrong = run(mocks, error="Busy", output="{}")
    assert [each.what for each in wrong.unmet] == ["error", "output"]


def test_a_task_without_a_mock_ends_it_and_says_where() -> None:
    result = run({"Pay[0]": {"Return": 1}, "Pya": {"Return": 1}})
    assert not result.passed
    stop = result.end.stop
    assert stop is not None
    assert (stop.reason, str(stop.place)) == ("NO_RESULT", "Pay[1]")
    assert "no mock" in stop.message
    assert result.unknown == ["Pya"]


def test_a_mock_may_take_its_time() -> None:
    slow = {"StartAt": "Pay", "States": {"Pay": {**PAY, "TimeoutSeconds": 30}}}
    late = run({"Pay": {"Return": 1, "AfterSeconds": 31}}, slow)
    assert (late.end.status, late.end.error) == ("FAILED", "States.Timeout")
    assert run({"Pay": {"Return": 1, "AfterSeconds": 29}}, slow).passed


def test_tokens_activities_and_nested_executions_give_what_the_mock_says() -> None:
    for resource, parameters in (
        ("arn:aws:states:us-east-1:123456789012:activity:dig", {}),
        ("arn:aws:states:::lambda:invoke.waitForTaskToken", {"FunctionName": "f"}),
        ("arn:aws:states:::states:startExecution.sync:2", {"StateMachineArn": "m"}),
    ):
        state = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
        result = run({"A": {"Return": {"x": 1}}}, {"StartAt": "A", "States": {"A": state}})
        assert (result.end.status, result.end.output) == ("SUCCEEDED", '{"x":1}')


def test_an_express_loop_is_stopped() -> None:
    loop = {
        "StartAt": "A",
        "States": {
            "A": {
                "Type": "Choice",
                "Choices": [{"Variable": "$", "IsNull": True, "Next": "B"}],
                "Default": "A",
            },
            "B": {"Type": "Succeed"},
        },
    }
    express = run({}, loop, express=True)
    assert express.end.stop is not None
    assert express.end.stop.reason == "TOO_MANY_EVENTS"
    standard = run({}, loop)
    assert (standard.end.status, standard.end.error) == ("FAILED", "States.Runtime")


def test_a_distributed_map_gives_what_its_mock_says() -> None:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Pay",
        "States": {"Pay": PAY},
    }
    each = {"Type": "Map", "ItemProcessor": processor, "End": True}
    machine = {"StartAt": "Each", "States": {"Each": each}}
    assert run({"Each": {"Return": ["a", "b"]}}, machine).end.output == '["a","b"]'
    failed = run({"Each": {"Throw": {"Error": "Boom", "Cause": "why"}}}, machine)
    assert (failed.end.status, failed.end.error, failed.end.cause) == ("FAILED", "Boom", "why")
    stopped = run({"Pay": {"Return": 1}}, machine).end.stop
    assert stopped is not None
    assert (stopped.reason, str(stopped.place)) == ("NO_RESULT", "Each")
