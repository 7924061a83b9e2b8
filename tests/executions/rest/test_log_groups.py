"""Whether a log group is there is asked while nothing is locked, whoever brings it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from executions.runtime import log_groups
from studio.actions.configurations import LogGroup, logging_of
from studio.actions.state_machines import create_state_machine, get_state_machine
from studio.aws import operations
from studio.errors import InvalidLoggingConfiguration
from studio.models import Proposal, StateMachine

pytestmark = pytest.mark.django_db(transaction=True)

ROLE = "arn:aws:iam::123456789012:role/tests"
DEFINITION = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/states/orders:*"
LOGGING = {
    "level": "ALL",
    "includeExecutionData": False,
    "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": GROUP}}],
}
HERE = "/api/state-machines/"


class Groups:
    """CloudWatch Logs, as far as it says which groups there are."""

    def __init__(self) -> None:
        self.has = True
        self.asked: list[LogGroup] = []

    def is_there(self, group: LogGroup) -> bool:
        assert not connection.in_atomic_block, "asked within a transaction"
        self.asked.append(group)
        return self.has


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> Groups:
    groups = Groups()
    monkeypatch.setattr(log_groups, "is_there", groups.is_there)
    return groups


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("ann", "ann@example.org"))
    return client


@pytest.fixture
def machine() -> StateMachine:
    return create_state_machine(name="orders", definition=DEFINITION, role_arn=ROLE)


def send(client: Client, method: str, path: str, body: Any) -> int:
    answer = getattr(client, method)(HERE + path, data=body, content_type="application/json")
    return int(answer.status_code)


def test_created_by_an_operation(groups: Groups) -> None:
    request = {
        "name": "orders",
        "definition": DEFINITION,
        "roleArn": ROLE,
        "loggingConfiguration": LOGGING,
    }
    groups.has = False
    with pytest.raises(InvalidLoggingConfiguration, match="Log Destination not found"):
        operations.create_state_machine(request)
    assert not StateMachine.objects.exists()
    groups.has = True
    operations.create_state_machine(request)
    assert groups.asked == [LogGroup("/states/orders", "us-east-1")] * 2


def test_updated_by_an_operation(groups: Groups, machine: StateMachine) -> None:
    request = {"stateMachineArn": machine.arn, "loggingConfiguration": LOGGING}
    groups.has = False
    with pytest.raises(InvalidLoggingConfiguration, match="Log Destination not found"):
        operations.update_state_machine(request)
    groups.has = True
    operations.update_state_machine(request)
    assert logging_of(get_state_machine(machine.name))["level"] == "ALL"
    assert len(groups.asked) == 2


def test_what_is_not_logged_is_not_asked_about(groups: Groups, machine: StateMachine) -> None:
    for configuration in ({"level": "OFF"}, {**LOGGING, "level": "OFF"}):
        operations.update_state_machine(
            {"stateMachineArn": machine.arn, "loggingConfiguration": configuration}
        )
    assert groups.asked == []


def test_created_on_the_page(groups: Groups, client: Client) -> None:
    body = {"name": "orders", "definition": DEFINITION, "loggingConfiguration": LOGGING}
    groups.has = False
    assert send(client, "post", "", body) == 400
    groups.has = True
    assert send(client, "post", "", body) == 201
    assert len(groups.asked) == 2


def test_published_on_the_page(groups: Groups, client: Client, machine: StateMachine) -> None:
    body = {"definition": DEFINITION, "loggingConfiguration": LOGGING}
    groups.has = False
    assert send(client, "put", "orders/", body) == 400
    groups.has = True
    assert send(client, "put", "orders/", body) == 200
    assert len(groups.asked) == 2
    assert logging_of(get_state_machine(machine.name))["level"] == "ALL"


def test_proposed_pushed_and_published(
    groups: Groups, client: Client, machine: StateMachine
) -> None:
    assert machine.current is not None
    content = {
        "definition": DEFINITION,
        "baseRevisionId": str(machine.current.revision_id),
        "loggingConfiguration": LOGGING,
    }
    assert send(client, "post", "orders/proposals/", {"title": "Log", **content}) == 201
    pushed = content | {"follows": 1, "loggingConfiguration": {**LOGGING, "level": "ERROR"}}
    assert send(client, "post", "orders/proposals/1/pushes/", pushed) == 200
    assert len(groups.asked) == 2
    groups.has = False
    assert send(client, "post", "orders/proposals/1/publish/", {"push": 2}) == 400
    assert Proposal.objects.get().status == Proposal.Status.OPEN
    groups.has = True
    send(client, "post", "orders/proposals/1/publish/", {"push": 2})
    assert len(groups.asked) == 4
