"""What stands around a definition, compared: configuration, aliases, saved test cases and mocks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from executions.actions.mocked_responses import create_mock
from executions.actions.workflow_tests import TestValues, create_test, update_test
from studio.actions.aliases import create_state_machine_alias, update_state_machine_alias
from studio.actions.sensitive_fields import set_sensitive_fields
from studio.actions.state_machines import create_state_machine, update_state_machine
from studio.models import AuditEntry, RevisionSurroundings, StateMachine
from tests.access.people import one_of_each_role

HERE = "/api/state-machines/orders"
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:orders:*"


def definition(**fields: Any) -> str:
    return json.dumps(
        {"StartAt": "Pay", "States": {"Pay": {"Type": "Pass", "End": True, **fields}}}
    )


def logging(level: str) -> dict[str, Any]:
    destination = {"cloudWatchLogsLogGroup": {"logGroupArn": GROUP}}
    return {"level": level, "includeExecutionData": False, "destinations": [destination]}


CASE = TestValues(
    name="declined card", input="{}", mocks={"Pay": {"Return": 1}}, expected_status="FAILED"
)


@pytest.fixture
def ada(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("ada"))
    return client


@pytest.fixture
def orders(ada: Client) -> StateMachine:
    machine = create_state_machine(
        name="orders",
        definition=definition(),
        role_arn="arn:aws:iam::123456789012:role/tests",
        logging_configuration=logging("ERROR"),
        publish=True,
        tags={"team": "shop"},
    )
    create_state_machine_alias("live", [(f"{machine.arn}:1", 100)])
    create_test("orders", CASE)
    return machine


def asked(client: Client, path: str, body: Any = None, status: int = 200) -> Any:
    given = {} if body is None else {"data": body, "content_type": "application/json"}
    answer = (client.get if body is None else client.post)(f"{HERE}/{path}", **given)
    assert answer.status_code == status, answer.content
    return answer.json()


def said(comparison: Any) -> list[str]:
    return [each["sentence"] for each in comparison["surroundings"]]


def of_versions(client: Client) -> Any:
    after, before, *_ = asked(client, "revisions/")["results"]
    return asked(client, f"comparison/?before={before['revisionId']}&after={after['revisionId']}")


def propose(client: Client, machine: StateMachine, **changes: Any) -> Any:
    machine.refresh_from_db()
    assert machine.current is not None
    given = {
        "title": "Log all",
        "definition": definition(),
        "baseRevisionId": str(machine.current.revision_id),
        **changes,
    }
    return asked(client, "proposals/", given, 201)


def test_versions_tell_what_became_of_what_is_around_them(
    ada: Client, orders: StateMachine
) -> None:
    create_mock("orders", "Pay", "declined", {"Return": {"paid": False}})
    update_state_machine(
        orders, definition=definition(Result=1), logging_configuration=logging("ALL"), publish=True
    )
    routes = [(f"{orders.arn}:1", 90), (f"{orders.arn}:2", 10)]
    update_state_machine_alias(f"{orders.arn}:live", routes=routes)
    test = create_test("orders", TestValues(name="paid", input="{}", mocks={}))
    changed = TestValues(name="paid", input="{}", mocks={"Pay": {"Return": 2}})
    update_test("orders", test.pk, 1, changed)
    assert said(of_versions(ada)) == [
        "Log level: ERROR → ALL",
        "Alias live: 100 % v1 → 90 % v1, 10 % v2",
        "Test case 'paid' added",
    ]
    # Once another one has followed, what is around the second stays as it was then.
    update_state_machine(orders, definition=definition(Result=2), publish=True)
    assert said(of_versions(ada)) == []


def test_of_revisions_from_before_nothing_is_said(ada: Client, orders: StateMachine) -> None:
    update_state_machine(orders, definition=definition(Result=1), publish=True)
    create_mock("orders", "Pay", "declined", {"Return": 1})
    RevisionSurroundings.objects.all().delete()
    assert said(of_versions(ada)) == []


def test_a_proposal_tells_of_settings_and_publishes_them(ada: Client, orders: StateMachine) -> None:
    propose(
        ada,
        orders,
        loggingConfiguration=logging("ALL"),
        tracingConfiguration={"enabled": True},
        tags={"team": "web", "stage": "1"},
    )
    comparison = asked(ada, "proposals/1/comparison/")
    assert said(comparison) == [
        "Log level: ERROR → ALL",
        "Tracing: off → on",
        "Tag team: shop → web",
        "Tag stage: 1 added",
        "Test case 'declined card' added",
    ]
    assert {each["about"] for each in comparison["surroundings"]} == {"CONFIGURATION", "TESTS"}
    asked(ada, "proposals/1/publish/", {"push": 1, "alias": "live"})
    orders.refresh_from_db()
    assert orders.tags == {"team": "web", "stage": "1"}
    assert json.loads(orders.logging_configuration)["level"] == "ALL"
    told = AuditEntry.objects.filter(action="resource.tag").last()
    assert told is not None
    assert json.loads(told.details) == {"tags": {"team": "web", "stage": "1"}}


def test_a_published_proposal_tells_where_its_aliases_went(
    ada: Client, orders: StateMachine
) -> None:
    propose(ada, orders, definition=definition(Result=1))
    before = said(asked(ada, "proposals/1/comparison/"))
    assert before == ["Test case 'declined card' added"]
    plan = {"kind": "CANARY", "stepPercent": 10, "intervalSeconds": 600}
    asked(ada, "proposals/1/publish/", {"push": 1, "alias": "live", "plan": plan})
    assert said(asked(ada, "proposals/1/comparison/")) == [
        "Alias live: 100 % v1 → 90 % v1, 10 % v2",
        "Test case 'declined card' added",
    ]


def test_tags_that_cannot_be_are_refused(ada: Client, orders: StateMachine) -> None:
    machine = {"baseRevisionId": str(orders.current.revision_id)} if orders.current else {}
    given = {"title": "Tags", "definition": definition(), **machine}
    for tags in ({"aws:team": "shop"}, {"team": "a;b"}, {f"t{each}": "" for each in range(51)}):
        asked(ada, "proposals/", {**given, "tags": tags}, 400)


def test_who_may_not_see_sensitive_values_reads_none_in_a_sentence(
    orders: StateMachine, settings: Any
) -> None:
    settings.SENSITIVE = frozenset({"password"})
    update_state_machine(orders, definition=definition(Result={"password": "one"}))
    create_mock("orders", "Pay", "paid", {"Return": {"password": "two"}})
    update_state_machine(orders, definition=definition(Result={"password": "three"}))
    create_mock("orders", "Pay", "refused", {"Return": {"password": "four"}})
    shown = {}
    for role, user in one_of_each_role().items():
        client = Client()
        client.force_login(user)
        shown[role] = json.dumps(of_versions(client))
    for secret in ("one", "three", "four"):
        assert f'"{secret}"' not in shown["viewer"].replace("\\", "")
        assert f'"{secret}"' in shown["editor"].replace("\\", "")
    assert "Mock 'refused' of Pay added" in shown["viewer"]


def test_what_is_marked_is_in_no_change_of_tests_and_mocks(orders: StateMachine) -> None:
    set_sensitive_fields(orders, ["$.card.number"])
    update_state_machine(orders, definition=definition(Comment="one"))
    create_mock("orders", "Pay", "paid", {"Return": {"card": {"number": "4111", "name": "Jo"}}})
    shown = {}
    for role, user in one_of_each_role().items():
        client = Client()
        client.force_login(user)
        shown[role] = json.dumps(of_versions(client))
    assert "4111" in shown["editor"]
    assert "4111" not in shown["viewer"]
    assert "Jo" in shown["viewer"]
    assert "Mocks of Pay added: 'paid'" in shown["viewer"]
