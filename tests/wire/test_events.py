"""PutEvents of EventBridge, by boto3 over real HTTP, with an access key of this installation."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from executions.models import Event, EventRule, TriggeredStart
from studio.models import StateMachine
from tests.wire.conftest import COMMITTED, Key, Server

pytestmark = COMMITTED


@pytest.fixture
def events(server: Server, key: Key) -> Any:
    """A client of EventBridge that talks to the server."""
    client = boto3.client(
        "events",
        endpoint_url=server.address,
        region_name="us-east-1",
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
    )
    yield client
    client.close()


def test_entries_are_stored_and_start_what_their_rules_say(events: Any, sfn: Any) -> None:
    definition = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    sfn.create_state_machine(
        name="put-events",
        definition=json.dumps(definition),
        roleArn="arn:aws:iam::123456789012:role/tests",
    )
    EventRule.objects.create(
        state_machine=StateMachine.objects.get(name="put-events"),
        name="all",
        pattern='{"source": ["shop"]}',
        hears_statuses=False,
    )
    good = {"Source": "shop", "DetailType": "Order", "Detail": '{"n": 1}'}
    answer = events.put_events(
        Entries=[good, {**good, "Detail": "{"}, {**good, "Source": "aws.s3"}]
    )
    assert answer["FailedEntryCount"] == 2
    stored, broken, foreign = answer["Entries"]
    assert Event.objects.get().event_id == stored["EventId"]
    assert TriggeredStart.objects.get().event == Event.objects.get()
    assert broken["ErrorCode"] == foreign["ErrorCode"] == "InvalidArgument"
    assert "malformed" in broken["ErrorMessage"]
