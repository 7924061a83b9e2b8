"""Map Runs: there are none, and whoever asks for one is told."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.wire.conftest import COMMITTED

pytestmark = COMMITTED

PREFIX = "arn:aws:states:us-east-1:123456789012"
MAP_RUN = f"{PREFIX}:mapRun:orders/Each:4ac5ea0a-d50e-4ba5-9ea9-9ae5b9c3a1f2"


def refusal(call: Any, **parameters: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call(**parameters)
    said = error.value.response["Error"]
    return said["Code"], said["Message"]


def test_an_execution_has_none(sfn: Any, machine_arn: str) -> None:
    arn = sfn.start_execution(stateMachineArn=machine_arn, name="one")["executionArn"]
    assert sfn.list_map_runs(executionArn=arn)["mapRuns"] == []
    assert refusal(sfn.list_map_runs, executionArn=arn, nextToken="x")[0] == "InvalidToken"
    assert refusal(sfn.list_map_runs, executionArn=f"{arn}2") == (
        "ExecutionDoesNotExist",
        f"Execution Does Not Exist: '{arn}2'",
    )
    assert refusal(sfn.list_map_runs, executionArn=machine_arn)[0] == "InvalidArn"


def test_no_arn_names_one(sfn: Any, machine_arn: str) -> None:
    for arn, code in (
        (MAP_RUN, "ResourceNotFound"),
        (MAP_RUN.replace("us-east-1", "eu-west-1"), "ResourceNotFound"),
        (machine_arn, "InvalidArn"),
        (f"{PREFIX}:mapRun:orders", "InvalidArn"),
        (f"{MAP_RUN}:more", "InvalidArn"),
        ("orders", "InvalidArn"),
        (f"{MAP_RUN}\0", "InvalidArn"),
    ):
        assert refusal(sfn.describe_map_run, mapRunArn=arn)[0] == code, arn
        assert refusal(sfn.update_map_run, mapRunArn=arn, maxConcurrency=1)[0] == code, arn
        assert refusal(sfn.list_executions, mapRunArn=arn)[0] == code, arn


def test_executions_are_listed_of_one_thing(sfn: Any, machine_arn: str) -> None:
    both = {"stateMachineArn": machine_arn, "mapRunArn": MAP_RUN}
    for parameters in ({}, both):
        assert refusal(sfn.list_executions, **parameters) == (
            "ValidationException",
            "Must specify exactly one of the following: stateMachineArn, mapRunArn",
        )


def test_limits_of_an_update(sfn: Any) -> None:
    for limits in (
        {"maxConcurrency": -1},
        {"toleratedFailurePercentage": 101.0},
        {"toleratedFailureCount": -1},
    ):
        code, message = refusal(sfn.update_map_run, mapRunArn=MAP_RUN, **limits)
        assert code == "ValidationException"
        assert next(iter(limits)) in message
