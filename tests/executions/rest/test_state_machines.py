"""The list of state machines and starting an execution from a page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from executions.models import Execution, InboxMessage
from executions.runtime import drain
from studio.actions.state_machines import create_state_machine
from tests.conftest import ROLE

ALL = "/api/state-machines/"


def create(name: str, **extra: Any) -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}, **extra}
    create_state_machine(
        name=name, definition=json.dumps(definition), role_arn=ROLE, sample_input='{"a": 1}'
    )


def test_a_row_of_the_list(api: APIClient, settings: Any) -> None:
    settings.FIRST_TURN_EVENTS = 0
    create("orders", Comment="Takes orders")
    api.post(f"{ALL}orders/executions/", {"input": "{}", "name": "one"}, format="json")
    drain.drain_executions()
    api.post(f"{ALL}orders/executions/", {"input": "{}", "name": "two"}, format="json")
    (row,) = api.get(ALL).json()["results"]
    latest = row.pop("latestExecutions")
    assert row.pop("creationDate") == row.pop("updateDate")
    assert row == {
        "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:orders",
        "name": "orders",
        "type": "STANDARD",
        "status": "ACTIVE",
        "description": "Takes orders",
        "sampleInput": '{"a": 1}',
        "executionCounts": {
            "RUNNING": 1,
            "SUCCEEDED": 1,
            "FAILED": 0,
            "TIMED_OUT": 0,
            "ABORTED": 0,
        },
    }
    assert [(e["name"], e["status"]) for e in latest] == [("two", "RUNNING"), ("one", "SUCCEEDED")]


def test_the_list_costs_the_same_however_long_it_is(api: APIClient) -> None:
    def queries() -> int:
        api.get(ALL)  # Descriptions are read once.
        with CaptureQueriesContext(
            connection,
        ) as captured:
            api.get(ALL)
        return len(captured)

    create("m0")
    one = queries()
    for number in range(1, 8):
        create(f"m{number}")
    assert queries() == one


def test_pages_and_search(api: APIClient) -> None:
    for number in range(5):
        create(f"m{number}")
    create("other")
    names, cursor = [], ""
    while cursor is not None:
        page = api.get(ALL, {"limit": 2, "search": "M", **({"cursor": cursor} if cursor else {})})
        names += [row["name"] for row in page.json()["results"]]
        cursor = page.json()["nextCursor"]
    assert names == ["m0", "m1", "m2", "m3", "m4"]
    assert len(api.get(ALL, {"search": ""}).json()["results"]) == 6


def test_one_state_machine(api: APIClient) -> None:
    create("orders")
    answer = api.get(f"{ALL}orders/").json()
    assert json.loads(answer["definition"])["StartAt"] == "A"
    assert answer["roleArn"] == ROLE
    assert len(answer["revisionId"]) == 36
    missing = api.get(f"{ALL}none/")
    assert (missing.status_code, missing.json()["code"]) == (404, "StateMachineDoesNotExist")


def test_starting(api: APIClient, settings: Any) -> None:
    settings.FIRST_TURN_EVENTS = 0
    create("orders")
    answer = api.post(f"{ALL}orders/executions/", {"input": ' {"a":  1}'}, format="json")
    assert answer.status_code == 201
    execution = answer.json()
    assert execution["input"] == ' {"a":  1}'
    assert execution["status"] == "RUNNING"
    assert (execution["stopDate"], execution["output"], execution["lastEventId"]) == (None, None, 0)
    assert execution["startDate"].endswith("Z")
    assert len(execution["startDate"]) == len("2026-11-21T09:28:43.123Z")
    assert InboxMessage.objects.count() == 1


BODIES: list[tuple[Any, int, str]] = [
    (b"not json", 400, "SerializationException"),
    (b'{"input": NaN}', 400, "SerializationException"),
    (b"[" * 100_000 + b"]" * 100_000, 400, "SerializationException"),
    (b" " * (5 * 1024 * 1024), 400, "SerializationException"),
    (b"[]", 400, "ValidationException"),
    (b"{}", 400, "ValidationException"),
    ({"input": 1.5, "name": "x" * 81}, 400, "InvalidName"),
    ({"input": {"a": 1}}, 400, "ValidationException"),
    ({"input": "{}", "name": "a b"}, 400, "InvalidName"),
    ({"input": "{}", "name": "a\x00"}, 400, "ValidationException"),
    ({"input": "not json"}, 400, "InvalidExecutionInput"),
    ({"input": "[" * 100_000}, 400, "InvalidExecutionInput"),
    ({"input": json.dumps("x" * 300 * 1024)}, 400, "ValidationException"),
    ({"input": "{}", "name": "taken"}, 409, "ExecutionAlreadyExists"),
]


@pytest.mark.parametrize(("body", "status", "code"), BODIES, ids=[str(b[0])[:40] for b in BODIES])
def test_starts_that_are_refused(api: APIClient, body: Any, status: int, code: str) -> None:
    create("orders")
    api.post(f"{ALL}orders/executions/", {"input": "[]", "name": "taken"}, format="json")
    text = body if isinstance(body, bytes) else json.dumps(body)
    answer = api.post(f"{ALL}orders/executions/", text, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert answer.json()["message"]
    assert Execution.objects.count() == 1


def test_starting_needs_the_csrf_token(api: APIClient) -> None:
    create("orders")
    strict = APIClient(enforce_csrf_checks=True)
    strict.cookies = api.cookies
    url = f"{ALL}orders/executions/"
    refused = strict.post(url, {"input": "{}"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "AccessDeniedException")
    strict.get("/api/session/")
    token = strict.cookies["csrftoken"].value
    accepted = strict.post(url, {"input": "{}"}, format="json", headers={"X-CSRFToken": token})
    assert accepted.status_code == 201
