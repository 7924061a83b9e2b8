"""Throttled requests as clients see them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.wire.conftest import (
    COMMITTED,
    Key,
    Server,
    boto3_client,
    create,
    start_server,
    stop_server,
)

pytestmark = COMMITTED


@pytest.fixture
def narrow_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with room for two open executions."""
    monkeypatch.setenv("STEPWELL_QUOTAS", "off,OpenExecutions=2")
    server = start_server("uvicorn", tmp_path)
    yield server
    stop_server(server)


def test_as_many_executions_are_open_as_may_be(narrow_server: Server, key: Key) -> None:
    client: Any = boto3_client(narrow_server, key)
    machine = create(client, "slow", {"Rest": {"Type": "Wait", "Seconds": 600, "End": True}})
    first, second = (
        client.start_execution(stateMachineArn=machine, name=name)["executionArn"]
        for name in ("first", "second")
    )
    with pytest.raises(client.exceptions.ExecutionLimitExceeded):
        client.start_execution(stateMachineArn=machine, name="third")
    # The same start again is the execution that is open already.
    again = client.start_execution(stateMachineArn=machine, name="first")
    assert again["executionArn"] == first
    client.stop_execution(executionArn=first)
    third = client.start_execution(stateMachineArn=machine, name="third")["executionArn"]
    with pytest.raises(client.exceptions.ExecutionLimitExceeded):
        client.redrive_execution(executionArn=first)
    assert client.describe_execution(executionArn=first)["status"] == "ABORTED"
    client.stop_execution(executionArn=second)
    client.redrive_execution(executionArn=first)
    open_now = client.list_executions(stateMachineArn=machine, statusFilter="RUNNING")
    assert {each["executionArn"] for each in open_now["executions"]} == {first, third}
    client.close()


@pytest.fixture
def throttling_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with a quota, of an account that no other test uses."""
    monkeypatch.setenv("STEPWELL_QUOTAS", "off,ListActivities=3/0.001")
    monkeypatch.setenv("AWS_ACCOUNT_ID", "999999999999")
    server = start_server("uvicorn", tmp_path)
    yield server
    stop_server(server)


def test_a_request_over_the_quota_is_told_when_to_come_again(
    throttling_server: Server, key: Key
) -> None:
    client: Any = boto3_client(throttling_server, key)
    for _ in range(3):
        client.list_activities()
    with pytest.raises(ClientError) as refused:
        client.list_activities()
    answer = refused.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert answer["Error"]["Code"] == "ThrottlingException"
    assert answer["Error"]["Message"].startswith(
        "Rate exceeded: ListActivities has a quota of 0.001 requests a second after 3 at once."
    )
    assert 900 < int(answer["ResponseMetadata"]["HTTPHeaders"]["retry-after"]) <= 1000
    # What has no quota goes on, and so does what is refused before it is understood.
    client.list_state_machines()
    client.close()
