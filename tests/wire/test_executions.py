"""Executions through boto3, with the real service's words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from executions.models import Execution, InboxMessage
from executions.runtime import drain
from tests.wire.conftest import COMMITTED, PASS_END, create

pytestmark = COMMITTED

PREFIX = "arn:aws:states:us-east-1:123456789012"


def refused(error: Any) -> tuple[str, str]:
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def test_an_execution_from_start_to_end(sfn: Any, machine_arn: str) -> None:
    text = '{"order":  7}'
    started = sfn.start_execution(stateMachineArn=machine_arn, name="first.one", input=text)
    arn = started["executionArn"]
    assert arn == f"{PREFIX}:execution:pass-only:first.one"
    running = sfn.describe_execution(executionArn=arn)
    assert running["status"] == "RUNNING"
    assert running["startDate"] == started["startDate"]
    assert running["input"] == text
    assert "stopDate" not in running
    drain.drain_executions()
    ended = sfn.describe_execution(executionArn=arn)
    assert ended["status"] == "SUCCEEDED"
    assert json.loads(ended["output"]) == {"order": 7}
    assert ended["redriveStatusReason"] == "Execution is SUCCEEDED and cannot be redriven"
    events = sfn.get_execution_history(executionArn=arn)["events"]
    assert [(e["id"], e["previousEventId"], e["type"]) for e in events] == [
        (1, 0, "ExecutionStarted"),
        (2, 0, "PassStateEntered"),
        (3, 2, "PassStateExited"),
        (4, 3, "ExecutionSucceeded"),
    ]
    assert events[0]["executionStartedEventDetails"]["input"] == text


def test_histories_page_in_both_directions(sfn: Any) -> None:
    states = {
        f"S{n}": {"Type": "Pass", **({"Next": f"S{n + 1}"} if n < 39 else {"End": True})}
        for n in range(40)
    }
    arn = sfn.start_execution(stateMachineArn=create(sfn, "chain", states))["executionArn"]
    drain.drain_executions()
    for reverse in (False, True):
        ids: list[int] = []
        pages = sfn.get_paginator("get_execution_history").paginate(
            executionArn=arn, reverseOrder=reverse, PaginationConfig={"PageSize": 7}
        )
        for page in pages:
            assert len(page["events"]) <= 7
            ids += [event["id"] for event in page["events"]]
        assert ids == (list(range(82, 0, -1)) if reverse else list(range(1, 83)))


def test_a_history_without_its_data(sfn: Any, machine_arn: str) -> None:
    arn = sfn.start_execution(stateMachineArn=machine_arn, input='{"secret": 1}')["executionArn"]
    drain.drain_executions()
    answer = sfn.get_execution_history(executionArn=arn, includeExecutionData=False)
    assert "secret" not in str(answer["events"])
    assert answer["events"][1]["stateEnteredEventDetails"]["name"] == "Hello"
    described = sfn.describe_execution(executionArn=arn, includedData="METADATA_ONLY")
    assert "input" not in described
    assert "output" not in described


def test_a_history_that_has_not_begun(sfn: Any, machine_arn: str) -> None:
    arn = sfn.start_execution(stateMachineArn=machine_arn)["executionArn"]
    for reverse in (False, True):
        answer = sfn.get_execution_history(executionArn=arn, reverseOrder=reverse)
        assert answer["events"] == []
        assert "nextToken" not in answer


def test_the_same_start_again_while_it_runs(sfn: Any, machine_arn: str) -> None:
    first = sfn.start_execution(stateMachineArn=machine_arn, name="one", input="{}")
    again = sfn.start_execution(stateMachineArn=machine_arn, name="one", input="{}")
    assert again["startDate"] == first["startDate"]
    assert Execution.objects.count() == InboxMessage.objects.count() == 1
    with pytest.raises(sfn.exceptions.ExecutionAlreadyExists) as error:
        sfn.start_execution(stateMachineArn=machine_arn, name="one", input='{"other": 1}')
    assert refused(error)[1] == f"Execution Already Exists: '{first['executionArn']}'"
    drain.drain_executions()
    with pytest.raises(sfn.exceptions.ExecutionAlreadyExists):
        sfn.start_execution(stateMachineArn=machine_arn, name="one", input="{}")


def test_stopping(sfn: Any) -> None:
    machine = create(sfn, "naps", {"Nap": {"Type": "Wait", "Seconds": 3600, "End": True}})
    arn = sfn.start_execution(stateMachineArn=machine)["executionArn"]
    drain.drain_executions()
    stopped = sfn.stop_execution(executionArn=arn, error="Enough", cause="of \x00 this")
    described = sfn.describe_execution(executionArn=arn)
    assert described["status"] == "ABORTED"
    assert described["stopDate"] == stopped["stopDate"]
    assert described["error"] == "Enough"
    assert described["redriveStatus"] == "REDRIVABLE"
    last = sfn.get_execution_history(executionArn=arn, reverseOrder=True)["events"][0]
    assert (last["type"], last["previousEventId"]) == ("ExecutionAborted", 0)
    # Once more changes nothing.
    again = sfn.stop_execution(executionArn=arn, error="Other")
    assert again["stopDate"] == stopped["stopDate"]
    assert not InboxMessage.objects.exists()


def test_stopping_before_anything_began(sfn: Any, machine_arn: str) -> None:
    arn = sfn.start_execution(stateMachineArn=machine_arn)["executionArn"]
    sfn.stop_execution(executionArn=arn)
    # A Pass chain may have ended in the very turn that brought the stop.
    assert sfn.describe_execution(executionArn=arn)["status"] in ("ABORTED", "SUCCEEDED")


def test_lists_of_executions(sfn: Any, machine_arn: str) -> None:
    other = create(sfn, "other", {"A": PASS_END})
    sfn.start_execution(stateMachineArn=other)
    for number in range(5):
        sfn.start_execution(stateMachineArn=machine_arn, name=f"e{number}")
    drain.drain_executions()
    sfn.start_execution(stateMachineArn=machine_arn, name="late")

    def names(**query: Any) -> list[str]:
        pages = sfn.get_paginator("list_executions").paginate(
            stateMachineArn=machine_arn, PaginationConfig={"PageSize": 2}, **query
        )
        return [execution["name"] for page in pages for execution in page["executions"]]

    assert names() == ["late", "e4", "e3", "e2", "e1", "e0"]
    assert names(statusFilter="RUNNING") == ["late"]
    assert names(statusFilter="SUCCEEDED")[0] == "e4"
    with pytest.raises(ClientError) as error:
        names(redriveFilter="REDRIVEN")
    assert refused(error) == (
        "ValidationException",
        "RedriveFilter cannot be applied to ListExecutions call with StateMachine ARN",
    )
    with pytest.raises(ClientError) as error:
        sfn.list_executions()
    assert refused(error)[0] == "ValidationException"


def test_a_token_of_one_list_is_none_of_another(sfn: Any, machine_arn: str) -> None:
    for number in range(3):
        sfn.start_execution(stateMachineArn=machine_arn, name=f"e{number}")
    token = sfn.list_executions(stateMachineArn=machine_arn, maxResults=1)["nextToken"]
    with pytest.raises(sfn.exceptions.InvalidToken):
        sfn.list_executions(
            stateMachineArn=machine_arn, maxResults=1, statusFilter="FAILED", nextToken=token
        )


@pytest.mark.parametrize("call", ["describe_execution", "get_execution_history", "stop_execution"])
def test_executions_that_do_not_exist(sfn: Any, call: str) -> None:
    arn = f"{PREFIX}:execution:none:none"
    for asked, expected in (
        (arn, ("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")),
        ("x", ("InvalidArn", "Invalid Arn: 'Invalid ARN prefix: x'")),
    ):
        with pytest.raises(ClientError) as error:
            getattr(sfn, call)(executionArn=asked)
        assert refused(error) == expected


INPUTS = [
    (
        "not some json",
        (
            "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token "
            "'null', 'true' or 'false')"
        ),
    ),
    (
        "{'not': 'json'",
        "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
    ),
    ("", "Invalid execution input."),
    ("NaN", None),
    ('{"a": Infinity}', None),
    ("[1,]", None),
    ('{"a": "\x00"}', None),
    ("[" * 100_000 + "]" * 100_000, None),
    ('{"a":' * 40_000 + "1" + "}" * 40_000, None),
]


def test_inputs_that_are_refused(sfn: Any, machine_arn: str) -> None:
    for text, message in INPUTS:
        with pytest.raises(sfn.exceptions.InvalidExecutionInput) as error:
            sfn.start_execution(stateMachineArn=machine_arn, input=text)
        told = refused(error)[1]
        assert told.startswith("Invalid State Machine Execution Input: '"), text[:16]
        if message is not None:
            assert told == f"Invalid State Machine Execution Input: '{message}'"
    assert not Execution.objects.exists()
    assert not InboxMessage.objects.exists()


def test_the_size_of_an_input_is_counted_in_bytes(sfn: Any, machine_arn: str) -> None:
    largest = json.dumps("ä" * (128 * 1024 - 1), ensure_ascii=False)
    sfn.start_execution(stateMachineArn=machine_arn, input=largest)
    for text in (json.dumps("ä" * 128 * 1024, ensure_ascii=False), json.dumps("x" * 300 * 1024)):
        with pytest.raises(ClientError) as error:
            sfn.start_execution(stateMachineArn=machine_arn, input=text)
        assert refused(error) == (
            "ValidationException",
            (
                "1 validation error detected: Value at 'input' failed to satisfy constraint: "
                "Member must have length less than or equal to 262144"
            ),
        )
    assert Execution.objects.count() == 1


def test_inputs_that_are_not_objects(sfn: Any, machine_arn: str) -> None:
    for text in ("2", '"some text"', "null", " [1] ", '{"a":1,"a":2}'):
        arn = sfn.start_execution(stateMachineArn=machine_arn, input=text)["executionArn"]
        assert sfn.describe_execution(executionArn=arn)["input"] == text


def test_names_of_executions(sfn: Any, machine_arn: str) -> None:
    with pytest.raises(sfn.exceptions.InvalidName) as error:
        sfn.start_execution(stateMachineArn=machine_arn, name="a b")
    assert refused(error)[1] == "Invalid Name: 'a b'"
    with pytest.raises(ClientError) as error:
        sfn.start_execution(stateMachineArn=machine_arn, name="x" * 81)
    assert refused(error) == (
        "ValidationException",
        (
            f"1 validation error detected: Value '{'x' * 81}' at 'name' failed to satisfy "
            "constraint: Member must have length less than or equal to 80"
        ),
    )
