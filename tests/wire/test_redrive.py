"""RedriveExecution through boto3, with the real service's words and members."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from executions.models import Execution, InboxMessage
from executions.runtime import drain
from executions.runtime.invariants import check_invariants
from tests.wire.conftest import COMMITTED, create

pytestmark = COMMITTED

PREFIX = "arn:aws:states:us-east-1:123456789012"
FAIL = {"Type": "Fail", "Error": "Own", "Cause": "Always."}
NAP = {"Type": "Wait", "Seconds": 3600, "End": True}


def refused(error: Any) -> tuple[str, str]:
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def failed(sfn: Any) -> str:
    """The ARN of an execution that has ended in a Fail state."""
    machine = create(sfn, "fails", {"No": FAIL})
    arn: str = sfn.start_execution(stateMachineArn=machine, name="one")["executionArn"]
    drain.drain_executions()
    return arn


def event_types(sfn: Any, arn: str) -> list[str]:
    return [event["type"] for event in sfn.get_execution_history(executionArn=arn)["events"]]


def test_what_is_shown_before_during_and_after_a_redrive(sfn: Any) -> None:
    arn = failed(sfn)
    before = sfn.describe_execution(executionArn=arn)
    assert (before["redriveCount"], before["redriveStatus"]) == (0, "REDRIVABLE")
    assert "redriveDate" not in before
    assert "redriveStatusReason" not in before

    redriven = sfn.redrive_execution(executionArn=arn)["redriveDate"]

    running = sfn.describe_execution(executionArn=arn)
    assert (running["status"], running["redriveCount"]) == ("RUNNING", 1)
    assert running["redriveDate"] == redriven
    assert running["redriveStatus"] == "NOT_REDRIVABLE"
    assert running["redriveStatusReason"] == "Execution is RUNNING and cannot be redriven"
    assert not {"stopDate", "error", "cause", "output"} & running.keys()
    assert running["startDate"] == before["startDate"]

    drain.drain_executions()
    after = sfn.describe_execution(executionArn=arn)
    assert (after["status"], after["error"], after["cause"]) == ("FAILED", "Own", "Always.")
    assert (after["redriveCount"], after["redriveStatus"]) == (1, "REDRIVABLE")
    assert after["redriveDate"] == redriven
    assert after["stopDate"] >= redriven
    events = sfn.get_execution_history(executionArn=arn)["events"]
    assert [(e["id"], e["previousEventId"], e["type"]) for e in events] == [
        (1, 0, "ExecutionStarted"),
        (2, 0, "FailStateEntered"),
        (3, 2, "ExecutionFailed"),
        (4, 3, "ExecutionRedriven"),
        (5, 4, "ExecutionFailed"),
    ]
    assert events[3]["timestamp"] == redriven
    assert events[3]["executionRedrivenEventDetails"] == {"redriveCount": 1}
    listed = sfn.list_executions(stateMachineArn=after["stateMachineArn"])["executions"][0]
    assert (listed["redriveCount"], listed["redriveDate"]) == (1, redriven)
    assert check_invariants() == []


def test_a_token_gives_the_same_redrive_again(sfn: Any) -> None:
    arn = failed(sfn)
    first = sfn.redrive_execution(executionArn=arn, clientToken="A")["redriveDate"]
    # While it runs: the token is looked at before the status.
    assert sfn.redrive_execution(executionArn=arn, clientToken="A")["redriveDate"] == first
    with pytest.raises(sfn.exceptions.ExecutionNotRedrivable) as error:
        sfn.redrive_execution(executionArn=arn, clientToken="B")
    assert refused(error)[1] == (
        "Execution ARN invalid for redrive as: Execution is RUNNING and cannot be redriven"
    )
    drain.drain_executions()
    # After it has failed again; and what was refused is not used up.
    assert sfn.redrive_execution(executionArn=arn, clientToken="A")["redriveDate"] == first
    assert sfn.describe_execution(executionArn=arn)["status"] == "FAILED"
    second = sfn.redrive_execution(executionArn=arn, clientToken="B")["redriveDate"]
    assert second > first
    assert sfn.redrive_execution(executionArn=arn, clientToken="A")["redriveDate"] == first
    assert InboxMessage.objects.count() == 1
    drain.drain_executions()
    assert event_types(sfn, arn).count("ExecutionRedriven") == 2


def test_tokens_are_known_for_a_while_and_the_last_ten_only(sfn: Any) -> None:
    arn = failed(sfn)
    dates = []
    for number in range(11):
        dates.append(
            sfn.redrive_execution(executionArn=arn, clientToken=f"t{number}")["redriveDate"]
        )
        drain.drain_executions()
    assert sfn.redrive_execution(executionArn=arn, clientToken="t1")["redriveDate"] == dates[1]
    assert sfn.redrive_execution(executionArn=arn, clientToken="t0")["redriveDate"] > dates[-1]
    drain.drain_executions()
    execution = Execution.objects.get(name="one")
    assert execution.redrive_tokens is not None
    execution.redrive_tokens = [
        [token, f"{2020 if token == 't5' else moment[:4]}{moment[4:]}"]
        for token, moment in execution.redrive_tokens
    ]
    execution.save(update_fields=["redrive_tokens"])
    assert sfn.redrive_execution(executionArn=arn, clientToken="t6")["redriveDate"] == dates[6]
    assert sfn.redrive_execution(executionArn=arn, clientToken="t5")["redriveDate"] > dates[-1]


def test_a_stopped_execution_goes_on_and_can_be_stopped_again(sfn: Any) -> None:
    machine = create(sfn, "naps", {"Nap": NAP})
    arn = sfn.start_execution(stateMachineArn=machine)["executionArn"]
    sfn.stop_execution(executionArn=arn)
    for _ in range(2):
        sfn.redrive_execution(executionArn=arn)
        drain.drain_executions()
        assert sfn.describe_execution(executionArn=arn)["status"] == "RUNNING"
        sfn.stop_execution(executionArn=arn)
    assert event_types(sfn, arn) == [
        "ExecutionStarted",
        "WaitStateEntered",
        "ExecutionAborted",
        "ExecutionRedriven",
        "ExecutionAborted",
        "ExecutionRedriven",
        "ExecutionAborted",
    ]
    assert check_invariants() == []


def test_a_redrive_that_is_stopped_before_a_worker_saw_it(sfn: Any) -> None:
    arn = failed(sfn)
    sfn.redrive_execution(executionArn=arn)
    sfn.stop_execution(executionArn=arn)
    # The Fail state may have ended it in the very turn that brought the stop.
    assert sfn.describe_execution(executionArn=arn)["status"] in ("ABORTED", "FAILED")
    assert event_types(sfn, arn).count("ExecutionRedriven") == 1
    assert check_invariants() == []


def test_a_message_from_before_the_end_does_not_keep_a_redrive_from_happening(sfn: Any) -> None:
    arn = failed(sfn)
    execution = Execution.objects.get(name="one")
    # A StopExecution that was under way when the execution ended by itself.
    InboxMessage.objects.create(
        execution_id=execution.pk,
        visible_at=execution.started_at,
        command="StopExecution",
        body='{"error":null,"cause":null}',
    )
    sfn.redrive_execution(executionArn=arn)
    drain.drain_executions()
    assert event_types(sfn, arn)[-2:] == ["ExecutionRedriven", "ExecutionFailed"]
    assert not InboxMessage.objects.exists()
    assert check_invariants() == []


REASONS: list[tuple[dict[str, Any], str]] = [
    ({"stopped_at": timedelta(days=-14)}, "Execution redrivable period exceeded"),
    ({"started_at": timedelta(days=-366)}, "Execution has exceeded the max execution time"),
    ({"last_event_id": 24_999}, "Execution history event limit exceeded"),
    (
        {"redrivable_until": None},
        "Execution was started before the launch of RedriveExecution",
    ),
]


@pytest.mark.parametrize(("change", "reason"), REASONS)
def test_why_an_execution_cannot_be_redriven(sfn: Any, change: dict[str, Any], reason: str) -> None:
    arn = failed(sfn)
    execution = Execution.objects.get(name="one")
    values = {
        name: execution.started_at + value if isinstance(value, timedelta) else value
        for name, value in change.items()
    }
    Execution.objects.filter(pk=execution.pk).update(**values)
    with pytest.raises(sfn.exceptions.ExecutionNotRedrivable) as error:
        sfn.redrive_execution(executionArn=arn)
    assert refused(error)[1] == f"Execution ARN invalid for redrive as: {reason}"
    described = sfn.describe_execution(executionArn=arn)
    assert (described["redriveStatus"], described["redriveStatusReason"]) == (
        "NOT_REDRIVABLE",
        reason,
    )
    assert described["status"] == "FAILED"


def test_nothing_of_a_state_machine_that_is_being_deleted_is_redriven(sfn: Any) -> None:
    nap = {"Type": "Choice", "Choices": [{"Variable": "$.nap", "IsPresent": True, "Next": "Nap"}]}
    machine = create(sfn, "both", {"Which": {**nap, "Default": "No"}, "Nap": NAP, "No": FAIL})
    arn = sfn.start_execution(stateMachineArn=machine)["executionArn"]
    sfn.start_execution(stateMachineArn=machine, input='{"nap": true}')
    drain.drain_executions()
    sfn.delete_state_machine(stateMachineArn=machine)
    with pytest.raises(sfn.exceptions.ExecutionNotRedrivable) as error:
        sfn.redrive_execution(executionArn=arn)
    assert refused(error)[1] == (
        "Execution ARN invalid for redrive as: State machine is in DELETING status"
    )


def test_executions_that_there_are_none_to_redrive(sfn: Any, machine_arn: str) -> None:
    missing = f"{PREFIX}:execution:none:none"
    for arn, code in (
        (missing, "ExecutionDoesNotExist"),
        (f"{PREFIX}:express:pass-only:a:b", "InvalidArn"),
        ("x", "InvalidArn"),
    ):
        with pytest.raises(ClientError) as error:
            sfn.redrive_execution(executionArn=arn)
        assert refused(error)[0] == code
    done = sfn.start_execution(stateMachineArn=machine_arn)["executionArn"]
    drain.drain_executions()
    with pytest.raises(sfn.exceptions.ExecutionNotRedrivable) as error:
        sfn.redrive_execution(executionArn=done)
    assert refused(error)[1] == (
        "Execution ARN invalid for redrive as: Execution is SUCCEEDED and cannot be redriven"
    )


def test_the_invariants_notice_a_lost_redrive(sfn: Any) -> None:
    arn = failed(sfn)
    sfn.redrive_execution(executionArn=arn)
    assert check_invariants() == []
    InboxMessage.objects.all().delete()
    found = {violation.invariant for violation in check_invariants()}
    assert "I3 a redrive follows each end of an execution but the last" in found


def test_many_redrives_at_once_are_one(sfn: Any) -> None:
    arn = failed(sfn)

    def redrive(token: str) -> Any:
        try:
            return sfn.redrive_execution(executionArn=arn, clientToken=token)["redriveDate"]
        except sfn.exceptions.ExecutionNotRedrivable:
            return None

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(redrive, ["A", "B", "A", "B", "A", "B", "A", "B"]))
    # One token has won, and each of its four calls says the same.
    told = [answer for answer in answers if answer is not None]
    assert len(told) == 4
    assert len(set(told)) == 1
    assert Execution.objects.get(name="one").redrive_count == 1
    assert InboxMessage.objects.count() == 1
    drain.drain_executions()
    assert check_invariants() == []
