"""Changes of status on EventBridge: put there, told again, and kept where it is not to be had."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from django.db.models.functions import Now

from executions.actions.executions import start_execution
from executions.actions.triggers import event_bus, status_events
from executions.integrations.aws import connections as aws_connections
from executions.models import Event
from executions.runtime import drain
from tests.conftest import MakeMachine

pytestmark = pytest.mark.django_db(transaction=True)

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


@pytest.fixture(autouse=True)
def own_connections(settings: Any) -> Any:
    """Clients made with this test's environment, and what is told of executions goes to a bus."""
    settings.EVENT_BUS = "workflows"
    aws_connections.connections.cache_clear()
    yield
    aws_connections.connections.cache_clear()


def run(make_machine: MakeMachine) -> str:
    machine = make_machine(PASS)
    started = start_execution(machine.name, input='{"order": 7}')
    drain.drain_executions()
    status_events.publish()
    return started.arn


def test_each_change_of_status_is_put_to_the_bus_once(aws: str, make_machine: MakeMachine) -> None:
    bus, queues = boto3.client("events"), boto3.client("sqs")
    bus.create_event_bus(Name="workflows")
    url = queues.create_queue(QueueName="heard")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    bus.put_rule(Name="ends", EventBusName="workflows", EventPattern='{"source": ["aws.states"]}')
    bus.put_targets(
        Rule="ends", EventBusName="workflows", Targets=[{"Id": "1", "Arn": arn["QueueArn"]}]
    )
    execution = run(make_machine)

    assert event_bus.put_events() == 2
    assert event_bus.put_events() == 0

    answer = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    heard = [json.loads(message["Body"]) for message in answer["Messages"]]
    assert {event["detail-type"] for event in heard} == {status_events.DETAIL_TYPE}
    assert {event["resources"][0] for event in heard} == {execution}
    assert {event["detail"]["status"] for event in heard} == {"RUNNING", "SUCCEEDED"}
    assert {event["detail"]["input"] for event in heard} == {'{"order": 7}'}


def test_what_the_bus_refuses_is_put_again_later(aws: str, make_machine: MakeMachine) -> None:
    run(make_machine)
    Event.objects.update(bus_attempts=event_bus.GIVEN_UP_ATTEMPTS - 2)
    boto3.client("events").delete_event_bus(Name="workflows")
    assert event_bus.put_events() == 2
    refused = list(Event.objects.all())
    assert all(event.bus_error and event.bus_due_at for event in refused)
    assert event_bus.put_events() == 0

    Event.objects.update(bus_due_at=Now())
    assert event_bus.put_events() == 2
    assert {event.bus_due_at for event in Event.objects.all()} == {None}


def test_without_credentials_an_event_says_what_to_set(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    run(make_machine)
    assert event_bus.put_events() == 2
    assert {"AWS_PROFILE" in event.bus_error for event in Event.objects.all()} == {True}
