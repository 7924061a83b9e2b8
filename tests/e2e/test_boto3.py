"""boto3, unmodified, against the whole installation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.e2e.installation import ORDERS
from tests.e2e.workflows import Started, Workflows, in_sequence

pytestmark = pytest.mark.e2e


def page_by_page(workflows: Workflows, execution: Started, **how: Any) -> list[dict[str, Any]]:
    """The history, ten events at a time."""
    events: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        answer = workflows.sfn.get_execution_history(
            executionArn=execution.arn, maxResults=10, **how, **token
        )
        events += answer["events"]
        if "nextToken" not in answer:
            return events
        assert len(answer["events"]) == 10
        token = {"nextToken": answer["nextToken"]}


def test_orders_is_created_started_and_its_history_paged(workflows: Workflows) -> None:
    machine = workflows.create(json.loads((ORDERS / "definition.asl.json").read_text()), "tea")
    order = json.loads((ORDERS / "input.json").read_text())
    execution = workflows.start(machine, {**order, "paceSeconds": 0})
    assert workflows.wait_for_end(execution) == "SUCCEEDED"
    answer = workflows.sfn.describe_execution(executionArn=execution.arn)
    assert json.loads(answer["output"])["payment"]["method"] == "card"

    forward = page_by_page(workflows, execution)
    assert [event["id"] for event in forward] == list(range(1, len(forward) + 1))
    assert len(forward) > 40
    assert all(event["previousEventId"] < event["id"] for event in forward)
    assert page_by_page(workflows, execution, reverseOrder=True) == forward[::-1]
    assert forward[0]["type"] == "ExecutionStarted"
    assert forward[-1]["type"] == "ExecutionSucceeded"
    assert json.loads(forward[-1]["executionSucceededEventDetails"]["output"]) == json.loads(
        answer["output"]
    )


def test_the_sequence_of_events_is_that_of_aws(workflows: Workflows) -> None:
    weigh = "arn:aws:lambda:us-east-1:123456789012:function:weigh_parcel"
    machine = workflows.create(
        in_sequence(
            Prepare={"Type": "Pass"},
            Rest={"Type": "Wait", "Seconds": 1},
            Weigh={"Type": "Task", "Resource": weigh},
            Weigh_again={
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": {
                    "FunctionName": "weigh_parcel",
                    "Payload": {"number": 2, "kilograms": 2},
                },
                "OutputPath": "$.Payload",
            },
            Done={"Type": "Pass"},
        )
    )
    execution = workflows.start(machine, {"number": 1, "kilograms": 1})
    assert workflows.wait_for_end(execution) == "SUCCEEDED"
    history = workflows.history(execution)
    assert [(event["id"], event["previousEventId"], event["type"]) for event in history] == [
        (1, 0, "ExecutionStarted"),
        (2, 0, "PassStateEntered"),
        (3, 2, "PassStateExited"),
        (4, 3, "WaitStateEntered"),
        (5, 4, "WaitStateExited"),
        (6, 5, "TaskStateEntered"),
        (7, 6, "LambdaFunctionScheduled"),
        (8, 7, "LambdaFunctionStarted"),
        (9, 8, "LambdaFunctionSucceeded"),
        (10, 9, "TaskStateExited"),
        (11, 10, "TaskStateEntered"),
        (12, 11, "TaskScheduled"),
        (13, 12, "TaskStarted"),
        (14, 13, "TaskSucceeded"),
        (15, 14, "TaskStateExited"),
        (16, 15, "PassStateEntered"),
        (17, 16, "PassStateExited"),
        (18, 17, "ExecutionSucceeded"),
    ]
    scheduled = history[11]["taskScheduledEventDetails"]
    assert (scheduled["resourceType"], scheduled["resource"]) == ("lambda", "invoke")
    assert json.loads(history[-1]["executionSucceededEventDetails"]["output"]) == {
        "number": 2,
        "postage": 7,
    }
