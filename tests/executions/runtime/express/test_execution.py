"""Express executions run in memory: limits, log events, and what tasks are asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from executions.integration import Failed, Succeeded, TaskOutcome, TaskRequest
from executions.integrations.aws.caller import WORKERS
from executions.runtime import performance
from executions.runtime.express.execution import ExpressStart, run

GROUP = "/aws/vendedlogs/states/quick"
ROLE = "arn:aws:iam::123456789012:role/tests"
LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"


def express(definition: dict[str, Any], given: Any = None, level: str = "OFF") -> ExpressStart:
    log_group = f"arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}:*"
    logging = {
        "level": level,
        "includeExecutionData": True,
        "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": log_group}}],
    }
    return ExpressStart(
        "quick",
        "one",
        "a-run",
        ROLE,
        json.dumps(definition),
        json.dumps(given),
        json.dumps(logging),
    )


def counting(count: int) -> dict[str, Any]:
    """A machine that goes round ``count`` times, four events each."""
    return {
        "StartAt": "Begin",
        "States": {
            "Begin": {"Type": "Pass", "Result": 0, "Next": "Round"},
            "Round": {
                "Type": "Pass",
                "Parameters": {"n.$": "States.MathAdd($, 1)"},
                "OutputPath": "$.n",
                "Next": "More",
            },
            "More": {
                "Type": "Choice",
                "Choices": [{"Variable": "$", "NumericLessThan": count, "Next": "Round"}],
                "Default": "End",
            },
            "End": {"Type": "Succeed"},
        },
    }


def test_a_history_that_nobody_keeps_has_no_limit() -> None:
    end = run(express(counting(7_000)))
    assert (end.status, end.error, end.output) == ("SUCCEEDED", None, "7000")


def test_it_may_not_take_longer_than_its_own_time_out() -> None:
    nap = {"Type": "Wait", "Seconds": 100, "End": True}
    end = run(express({"TimeoutSeconds": 1, "StartAt": "Nap", "States": {"Nap": nap}}))
    assert (end.status, end.error) == ("TIMED_OUT", "States.Timeout")
    assert end.stopped_at - end.started_at >= 1


def test_log_events_are_those_of_any_execution(tmp_path: Path, settings: Any) -> None:
    settings.EVENT_LOG = str(tmp_path)
    start = express({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}, 1, "ALL")
    run(start)
    lines = (tmp_path / "aws/vendedlogs/states/quick.jsonl").read_text().splitlines()
    events = [json.loads(line) for line in lines]
    assert [event["type"] for event in events] == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]
    arn = "arn:aws:states:us-east-1:123456789012:express:quick:one:a-run"
    assert {event["execution_arn"] for event in events} == {arn}


def test_what_is_marked_is_in_no_log_event(tmp_path: Path, settings: Any) -> None:
    settings.EVENT_LOG = str(tmp_path)
    definition = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    start = express(definition, {"card": {"number": "4111"}, "plain": "shown"}, "ALL")
    run(replace(start, sensitive_fields='["$.card.number"]'))
    written = (tmp_path / "aws/vendedlogs/states/quick.jsonl").read_text()
    assert "4111" not in written
    assert written.count("shown") == 4


def test_a_log_that_cannot_be_written_holds_up_nothing(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "aws").write_text("a file where a folder should be")
    settings.EVENT_LOG = str(tmp_path)
    end = run(express({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}, 1, "ALL"))
    assert end.status == "SUCCEEDED"


def test_tasks_are_performed_and_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[TaskRequest] = []

    class Lambda:
        lost_error = "Lambda.ServiceException"

        def perform(self, request: TaskRequest) -> TaskOutcome:
            asked.append(request)
            if len(asked) == 1:
                return Failed("Lambda.ServiceException", "once")
            return Succeeded('{"answer":42}')

    monkeypatch.setattr(performance, "integration_for", lambda _: Lambda())
    # Roles are looked up in the database, on a thread whose connection nobody would close here.
    monkeypatch.setattr(performance, "refusal_of", lambda _: None)
    monkeypatch.setattr(performance, "caller_of", lambda _: WORKERS)
    retry = {"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 1}
    task = {"Type": "Task", "Resource": LAMBDA, "TimeoutSeconds": 60, "Retry": [retry], "End": True}
    end = run(express({"StartAt": "T", "States": {"T": task}}, {"a": 1}))
    assert (end.status, end.output) == ("SUCCEEDED", '{"answer":42}')
    assert [request.parameters for request in asked] == ['{"a":1}'] * 2
    assert [request.attempt for request in asked] == [0, 1]
    assert asked[0].idempotency_key != asked[1].idempotency_key
    assert all(each.deadline and each.deadline <= end.stopped_at + 60 for each in asked)


def test_a_fault_of_ours_ends_the_execution(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("executions.runtime.express.execution.advance", lambda *_: 1 / 0)
    end = run(express({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}))
    assert (end.status, end.error) == ("FAILED", "States.Runtime")
