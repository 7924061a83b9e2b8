"""Programs with keys of another workspace, sockets and Tasks, that reach for what the first has."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from executions.actions.executions import start_execution
from executions.models import Execution
from executions.runtime import drain
from executions.runtime.activities import hand_out
from executions.runtime.permissions import forget_roles
from executions.stream import consumer
from executions.stream.admission import NOT_ALLOWED
from studio import arns
from studio.access.caller import set_caller
from studio.actions.access_keys import create_access_key
from studio.actions.activities import create_activity
from studio.actions.execution_roles import save_execution_role
from studio.actions.members import default_workspace, set_role
from studio.actions.state_machines import create_state_machine
from studio.aws.protocol import AwsProtocol
from studio.config.aws import OPERATIONS
from studio.models import Workspace
from tests.access.first_workspace import (
    MARKER,
    POLICY,
    RUN,
    TEXT,
    First,
    browser,
    changes_since,
    make_first,
    rows,
    strangers,
)
from tests.access.matrix import read_matrix, read_others
from tests.access.test_messages import socket
from tests.access.test_operations import ask

pytestmark = [
    pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS),
    pytest.mark.usefixtures("idle_readers"),
]

PLACE: Final = "arn:aws:states:us-east-1:123456789012"
MACHINE: Final = f"{PLACE}:stateMachine:orders"
ROLE: Final = "arn:aws:iam::123456789012:role/worker"
WORK: Final = {
    "StartAt": "Work",
    "States": {"Work": {"Type": "Task", "Resource": f"{PLACE}:activity:ship", "End": True}},
}


@pytest.fixture
def first(tmp_path: Any, settings: Any) -> First:
    settings.FILES_DIR = tmp_path
    made = make_first()
    set_caller(None)
    return made


@pytest.fixture
def token(first: First) -> str:
    """Of a task of the first workspace's activity, which waits."""
    create_activity("ship")
    create_state_machine(name="works", definition=json.dumps(WORK), role_arn=ROLE)
    start_execution("works", name="works")
    for _ in range(10):
        drain.drain_executions()
        if handed := hand_out({"ship": [None]})["ship"]:
            return handed[0].token
    raise AssertionError("no task")


def members(operation: str, token: str, execution: str) -> dict[str, Any]:
    """What the operation needs, about what the first workspace has."""
    routing = [{"stateMachineVersionArn": f"{MACHINE}:1", "weight": 100}]
    given: dict[str, Any] = {
        "stateMachineArn": MACHINE,
        "stateMachineVersionArn": f"{MACHINE}:1",
        "stateMachineAliasArn": f"{MACHINE}:live",
        "executionArn": execution,
        "resourceArn": MACHINE,
        "tags": [{"key": "a", "value": "b"}],
        "tagKeys": ["a"],
        "activityArn": f"{PLACE}:activity:ship",
        "mapRunArn": f"{PLACE}:mapRun:orders/Each:{RUN}",
        "maxConcurrency": 2,
        "routingConfiguration": routing,
        "description": "x",
        "taskToken": token,
        "output": "{}",
    }
    match operation:
        case "AWSEvents.PutEvents":
            entry = {"Source": "shop", "DetailType": "x", "Detail": "{}"}
            return {"Entries": [entry]}
        case "CreateActivity":
            return {"name": "ship"}
        case "CreateStateMachine":
            return {"name": "orders", "definition": TEXT.replace(MARKER, ""), "roleArn": ROLE}
        case "CreateStateMachineAlias":
            return {"name": "live", "routingConfiguration": routing}
        case "TestState":
            return {"definition": json.dumps({"Type": "Pass", "End": True}), "input": "{}"}
        case "ValidateStateMachineDefinition":
            return {"definition": TEXT.replace(MARKER, "")}
        case "ListExecutions":
            return {"stateMachineArn": MACHINE}
        case "ListStateMachines" | "ListActivities":
            return {}
    return given


HIDDEN: Final = (
    *("StateMachineDoesNotExist", "ExecutionDoesNotExist", "ActivityDoesNotExist"),
    *("ResourceNotFound", "TaskDoesNotExist"),
)


def test_each_operation(first: First, token: str) -> None:
    expected, others = read_matrix()["Operations of AWS"], read_others()["Operations of AWS"]
    second = strangers()
    before = rows()
    wrong = []
    protocol = AwsProtocol(OPERATIONS)
    workspace = Workspace.objects.get(slug="second")
    for role, user in second.items():
        row, secret = create_access_key(user, workspace.pk)
        for operation, outcome in others.items():
            given = members(operation, token, first.execution)
            status, answer = ask(protocol, operation, (row.access_key_id, secret), given)
            if role not in expected[operation]:
                came_to = answer.get("__type") == "AccessDeniedException"
            elif outcome == "hidden":
                came_to = answer.get("__type") in HIDDEN
            else:
                came_to = status == 200
            if not came_to or MARKER in json.dumps(answer):
                wrong.append((operation, role, outcome, status, answer))
    assert not wrong, "\n".join(map(str, wrong))
    assert changes_since(before) == []
    # And whoever belongs to the first workspace finds all of it.
    from django.contrib.auth import get_user_model

    row, secret = create_access_key(
        get_user_model().objects.get(username="admin"), default_workspace().pk
    )
    for operation, outcome in sorted(others.items()):
        if outcome == "hidden" and not operation.startswith(("Delete", "GetActivityTask")):
            given = members(operation, token, first.execution)
            if operation == "CreateStateMachineAlias":
                given["name"] = "other"
            _, answer = ask(protocol, operation, (row.access_key_id, secret), given)
            if answer.get("__type") in HIDDEN:
                wrong.append((operation, "admin of the first", outcome, 400, answer))
    protocol.close()
    assert [each for each in wrong if each[0] not in ("SendTaskHeartbeat", "SendTaskSuccess")] == []


def test_lists_have_ones_own(first: First, token: str) -> None:
    admin = strangers()["admin"]
    row, secret = create_access_key(admin, Workspace.objects.get(slug="second").pk)
    protocol = AwsProtocol(OPERATIONS)
    key = (row.access_key_id, secret)
    assert ask(protocol, "ListStateMachines", key)[1] == {"stateMachines": []}
    assert ask(protocol, "ListActivities", key)[1] == {"activities": []}
    given = members("CreateStateMachine", token, "")
    arn = ask(protocol, "CreateStateMachine", key, given)[1]["stateMachineArn"]
    assert arn == "arn:aws:states:us-east-1:222222222222:stateMachine:orders"
    listed = ask(protocol, "ListStateMachines", key)[1]["stateMachines"]
    assert [(each["stateMachineArn"], each["name"]) for each in listed] == [(arn, "orders")]
    started = ask(protocol, "StartExecution", key, {"stateMachineArn": arn, "name": "one"})[1]
    assert started["executionArn"] == "arn:aws:states:us-east-1:222222222222:execution:orders:one"
    listed = ask(protocol, "ListExecutions", key, {"stateMachineArn": arn})[1]["executions"]
    assert [each["executionArn"] for each in listed] == [started["executionArn"]]
    described = ask(protocol, "DescribeStateMachine", key, {"stateMachineArn": arn})[1]
    assert described["name"] == "orders"
    # The name is taken in this workspace now, and only here.
    other = {**given, "definition": json.dumps(WORK)}
    assert ask(protocol, "CreateStateMachine", key, other)[1]["__type"] == (
        "StateMachineAlreadyExists"
    )
    protocol.close()


async def test_each_message(first: First) -> None:
    others = read_others()["Messages of /stream/"]

    def sign_in() -> str:
        try:
            client = browser(strangers()["viewer"])
            return str(client.session.session_key)
        finally:
            connection.close()

    communicator = socket(await asyncio.to_thread(sign_in))
    assert (await communicator.connect(timeout=20))[0]
    assert others == {"watch": "hidden", "unwatch": "own"}
    for kind in ("unwatch", "watch"):
        await communicator.send_json_to({"type": kind, "execution": first.execution})
    answer = await communicator.receive_json_from(timeout=20)
    assert (answer["type"], answer["code"]) == ("error", "ExecutionDoesNotExist")
    await communicator.disconnect()


async def test_a_socket_does_not_go_over_with_its_owner(first: First) -> None:
    def sign_in() -> Client:
        try:
            strangers()
            from django.contrib.auth import get_user_model

            both = get_user_model().objects.create_user("both")
            set_role(Workspace.objects.get(slug="second"), both, "viewer")
            return browser(both)
        finally:
            connection.close()

    def go_over(client: Client) -> None:
        try:
            body = {"accountId": "222222222222"}
            client.put("/api/session/workspace/", body, "application/json")
        finally:
            connection.close()

    with patch.object(consumer, "RECHECK_SECONDS", 0.1):
        client = await asyncio.to_thread(sign_in)
        communicator = socket(client.session.session_key)
        assert (await communicator.connect(timeout=20))[0]
        await asyncio.to_thread(go_over, client)
        frame = await communicator.receive_output(timeout=30)
        while frame["type"] == "websocket.send":
            frame = await communicator.receive_output(timeout=30)
        assert (frame["type"], frame["code"]) == ("websocket.close", NOT_ALLOWED)


def run(name: str) -> Execution:
    """Start the state machine with this full name, and let the workers end it."""
    start_execution(name, name="run")
    execution = Execution.objects.get(name="run", state_machine__name=name)
    for _ in range(40):
        drain.drain_executions()
        drain.drain_tasks()
        execution.refresh_from_db()
        if execution.status != "RUNNING":
            return execution
    raise AssertionError(execution.status)


def in_second(resource: str, parameters: dict[str, Any], role: str = ROLE) -> Execution:
    """How an execution of the second workspace ends with one Task."""
    strangers()
    definition = {
        "StartAt": "Reach",
        "States": {
            "Reach": {
                "Type": "Task",
                "Resource": resource,
                "Parameters": parameters,
                "End": True,
            }
        },
    }
    create_state_machine(
        name="222222222222|reach", definition=json.dumps(definition), role_arn=role
    )
    return run("222222222222|reach")


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:states:::states:startExecution",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:::aws-sdk:sfn:startExecution",
        "arn:aws:states:::aws-sdk:sfn:describeStateMachine",
    ],
)
def test_a_task_reaches_no_machine_of_another(first: First, resource: str) -> None:
    before = rows()
    ended = in_second(resource, {"StateMachineArn": MACHINE}, "arn:aws:iam::222222222222:role/any")
    assert ended.status == "FAILED"
    assert "StateMachineDoesNotExist" in str(ended.error)
    assert changes_since(before) == []


def test_a_task_runs_under_no_role_of_another(first: First) -> None:
    with arns.acting_in("123456789012"):
        save_execution_role("open", first_admin(), policy=POLICY, aws_profile="first")
    forget_roles()
    ended = in_second(
        "arn:aws:states:::states:startExecution",
        {"StateMachineArn": "arn:aws:states:us-east-1:222222222222:stateMachine:reach"},
        "arn:aws:iam::123456789012:role/open",
    )
    assert (ended.status, ended.error) == ("FAILED", "States.Permissions")
    assert "another account" in str(ended.cause)
    forget_roles()


def first_admin() -> int:
    from django.contrib.auth import get_user_model

    return int(get_user_model().objects.get(username="admin").pk)


def test_a_task_uses_no_connection_of_another(first: First) -> None:
    ended = in_second(
        "arn:aws:states:::http:invoke",
        {
            "ApiEndpoint": "https://example.invalid/",
            "Method": "GET",
            "Authentication": {
                "ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/stripe"
            },
        },
        "arn:aws:iam::222222222222:role/any",
    )
    assert ended.error == "Events.ConnectionResource.ResourceNotFound"


def test_a_task_waits_for_no_activity_of_another(first: First, token: str) -> None:
    ended = in_second(f"{PLACE}:activity:ship", {}, "arn:aws:iam::222222222222:role/any")
    assert ended.status == "FAILED"
    assert "activity:ship" in str(ended.cause)
    assert hand_out({"ship": [None]})["ship"] == []


def test_what_an_execution_says_of_itself(first: First) -> None:
    strangers()
    definition = {
        "StartAt": "Names",
        "States": {
            "Names": {
                "Type": "Pass",
                "Parameters": {"of.$": "$$.StateMachine.Name", "id.$": "$$.Execution.Id"},
                "End": True,
            }
        },
    }
    create_state_machine(
        name="222222222222|names",
        definition=json.dumps(definition),
        role_arn="arn:aws:iam::222222222222:role/any",
    )
    assert json.loads(str(run("222222222222|names").output)) == {
        "of": "names",
        "id": "arn:aws:states:us-east-1:222222222222:execution:names:run",
    }
