"""StopExecution and names over the wire: limits, repetition, and what is left of Maps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from executions.runtime import drain
from executions.runtime.invariants import check_invariants
from tests.wire.conftest import COMMITTED, PASS_END, create

pytestmark = COMMITTED

NAP = {"Type": "Wait", "Seconds": 3600, "End": True}
EACH = {
    "Type": "Map",
    "ItemsPath": "$.items",
    "ItemProcessor": {
        "StartAt": "Which",
        "States": {
            "Which": {
                "Type": "Choice",
                "Choices": [{"Variable": "$", "NumericEquals": 0, "Next": "Quick"}],
                "Default": "Nap",
            },
            "Quick": PASS_END,
            "Nap": NAP,
        },
    },
    "End": True,
}


def types(sfn: Any, arn: str) -> list[str]:
    events = sfn.get_execution_history(executionArn=arn)["events"]
    return [event["type"] for event in events]


def test_an_error_and_a_cause_have_their_lengths(sfn: Any) -> None:
    machine = create(sfn, "naps", {"Nap": NAP})
    arn = sfn.start_execution(stateMachineArn=machine)["executionArn"]
    drain.drain_executions()
    for field, most in (("error", 256), ("cause", 32_768)):
        with pytest.raises(ClientError) as error:
            sfn.stop_execution(executionArn=arn, **{field: "x" * (most + 1)})
        told = error.value.response["Error"]
        assert told["Code"] == "ValidationException"
        assert f"at '{field}' failed to satisfy constraint" in told["Message"]
        assert told["Message"].endswith(f"length less than or equal to {most}")
    assert sfn.describe_execution(executionArn=arn)["status"] == "RUNNING"

    sfn.stop_execution(executionArn=arn, error="e" * 256, cause="c" * 32_768)

    described = sfn.describe_execution(executionArn=arn)
    assert (described["error"], described["cause"]) == ("e" * 256, "c" * 32_768)
    last = sfn.get_execution_history(executionArn=arn)["events"][-1]
    assert last["executionAbortedEventDetails"]["cause"] == "c" * 32_768


def test_many_stops_at_once_are_one(sfn: Any) -> None:
    machine = create(sfn, "naps", {"Nap": NAP})
    arn = sfn.start_execution(stateMachineArn=machine)["executionArn"]
    drain.drain_executions()

    with ThreadPoolExecutor(6) as threads:
        answers = list(
            threads.map(lambda n: sfn.stop_execution(executionArn=arn, error=str(n)), range(12))
        )

    assert len({answer["stopDate"] for answer in answers}) == 1
    assert types(sfn, arn).count("ExecutionAborted") == 1
    assert check_invariants() == []


def test_an_execution_that_has_ended_stays_as_it_ended(sfn: Any, machine_arn: str) -> None:
    arn = sfn.start_execution(stateMachineArn=machine_arn)["executionArn"]
    drain.drain_executions()
    before = sfn.describe_execution(executionArn=arn)
    events = types(sfn, arn)

    answer = sfn.stop_execution(executionArn=arn, error="Late")

    after = sfn.describe_execution(executionArn=arn)
    assert answer["stopDate"] == before["stopDate"]
    for each in (before, after):
        del each["ResponseMetadata"]
    assert after == before
    assert types(sfn, arn) == events


def test_a_stopped_map_keeps_what_succeeded(sfn: Any) -> None:
    machine = create(sfn, "each", {"Each": EACH})
    arn = sfn.start_execution(stateMachineArn=machine, input='{"items": [0, 1, 2]}')["executionArn"]
    drain.drain_executions()

    sfn.stop_execution(executionArn=arn)

    # Whatever was under way ends without an event of its own.
    stopped = types(sfn, arn)
    assert stopped[-1] == "ExecutionAborted"
    assert not [kind for kind in stopped if "IterationAborted" in kind or "StateAborted" in kind]
    assert stopped.count("MapIterationSucceeded") == 1

    sfn.redrive_execution(executionArn=arn)
    drain.drain_executions()

    redriven = types(sfn, arn)[len(stopped) :]
    assert redriven == ["ExecutionRedriven"]
    sfn.stop_execution(executionArn=arn)
    assert check_invariants() == []


def test_a_name_belongs_to_its_state_machine(sfn: Any, machine_arn: str) -> None:
    other = create(sfn, "other", {"A": PASS_END})
    arns = {
        sfn.start_execution(stateMachineArn=machine, name="mine")["executionArn"]
        for machine in (machine_arn, other)
    }
    assert len(arns) == 2
    with pytest.raises(sfn.exceptions.ExecutionAlreadyExists):
        # The text counts, not what it says.
        sfn.start_execution(stateMachineArn=machine_arn, name="mine", input="{ }")


def test_starts_without_a_name_are_different_executions(sfn: Any, machine_arn: str) -> None:
    arns = {sfn.start_execution(stateMachineArn=machine_arn)["executionArn"] for _ in range(3)}
    assert len(arns) == 3
