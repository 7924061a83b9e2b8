"""``/api/state-machines/{name}/revisions/`` and ``…/comparison/``: the history of what is run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from studio.actions.aliases import create_state_machine_alias
from studio.actions.drafts import save_draft
from studio.actions.state_machines import create_state_machine, update_state_machine
from studio.models import StateMachine

HERE = "/api/state-machines/orders"
ROLE = "arn:aws:iam::123456789012:role/tests"


def definition(name: str = "Pay", **fields: Any) -> str:
    return json.dumps({"StartAt": name, "States": {name: {"Type": "Pass", "End": True, **fields}}})


@pytest.fixture
def ada(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("ada"))
    return client


@pytest.fixture
def orders(ada: Client) -> StateMachine:
    """Two versions and a revision after them that has none."""
    machine = create_state_machine(
        name="orders",
        definition=definition(),
        role_arn=ROLE,
        publish=True,
        version_description="the first",
    )
    update_state_machine(machine, definition=definition(Result=1), publish=True)
    return update_state_machine(machine, definition=definition("Charge", Result=1))[0]


def revisions(client: Client, **query: Any) -> dict[str, Any]:
    return dict(client.get(f"{HERE}/revisions/", query).json())


def compared(client: Client, before: str, after: str) -> Any:
    return client.get(f"{HERE}/comparison/", {"before": before, "after": after})


def test_the_history_is_told_from_the_latest(ada: Client, orders: StateMachine) -> None:
    first, second = orders.versions.order_by("number")
    create_state_machine_alias("live", [(first.arn, 90), (second.arn, 10)])
    current, later, earlier = revisions(ada)["results"]
    assert (current["version"], current["isCurrent"], current["aliases"]) == (None, True, [])
    assert (later["version"], later["isCurrent"]) == (2, False)
    assert later["aliases"] == [{"name": "live", "weight": 10}]
    assert (earlier["version"], earlier["description"]) == (1, "the first")
    assert earlier["aliases"] == [{"name": "live", "weight": 90}]


def test_the_history_comes_in_pages(ada: Client, orders: StateMachine) -> None:
    first = revisions(ada, limit=2)
    rest = revisions(ada, limit=2, cursor=first["nextCursor"])
    shown = [each["revisionId"] for page in (first, rest) for each in page["results"]]
    assert shown == [
        str(each) for each in orders.revisions.order_by("-pk").values_list("revision_id", flat=True)
    ]
    assert rest["nextCursor"] is None


def test_two_revisions_are_compared(ada: Client, orders: StateMachine) -> None:
    current, _, earlier = revisions(ada)["results"]
    answer = compared(ada, earlier["revisionId"], current["revisionId"]).json()
    assert answer["problem"] is None
    assert answer["before"]["definition"] == definition()
    assert answer["before"]["roleArn"] == ROLE
    assert [(each["kind"], each["state"], each["sentence"]) for each in answer["changes"]] == [
        ("RENAMED", "Charge", "Pay is now called Charge"),
        ("FIELD_CHANGED", "Charge", "Charge: Result 1 added"),
    ]
    added = answer["changes"][1]
    assert (added["path"], added["after"]) == (["Result"], 1)
    assert "before" not in added


def test_a_draft_is_compared_with_what_it_changes(ada: Client, orders: StateMachine) -> None:
    current = revisions(ada)["results"][0]["revisionId"]
    assert compared(ada, current, "draft").json()["code"] == "DraftDoesNotExist"
    owner = get_user_model().objects.get(username="ada").pk
    text = definition("Charge", Result=2)
    save_draft(owner, "orders", definition=text, format="JSON", base_revision_id=None, follows=0)
    answer = compared(ada, current, "draft").json()
    after = answer["after"]
    assert (after["definition"], after["format"], after["roleArn"]) == (text, "JSON", None)
    assert [each["sentence"] for each in answer["changes"]] == ["Charge: Result 1 → 2"]


def test_what_cannot_be_read_is_said(ada: Client, orders: StateMachine) -> None:
    current = revisions(ada)["results"][0]["revisionId"]
    owner = get_user_model().objects.get(username="ada").pk
    for sequence, (text, format_, said) in enumerate(
        [
            ("{ broken", "JSON", "The definition cannot be read: "),
            ("a: [", "YAML", "The definition cannot be read: "),
            ("{}", "JSON", "The definition has no States"),
        ]
    ):
        save_draft(
            owner,
            "orders",
            definition=text,
            format=format_,
            base_revision_id=None,
            follows=sequence,
        )
        answer = compared(ada, current, "draft").json()
        assert answer["changes"] == []
        assert answer["problem"].startswith(said)


def test_yaml_is_given_as_it_was_written(ada: Client, orders: StateMachine) -> None:
    yaml = "# kept\nStartAt: Pay\nStates:\n  Pay: {Type: Pass, End: true}\n"
    update_state_machine(orders, definition=definition(), source=yaml)
    current, *_, earliest = revisions(ada)["results"]
    answer = compared(ada, earliest["revisionId"], current["revisionId"]).json()
    assert answer["after"]["definition"] == yaml
    assert answer["changes"] == []


@pytest.mark.parametrize(
    ("which", "status", "code"),
    [
        ("9b7c1c9e-6f5c-4a34-9d0a-4bd5d9e5f001", 404, "RevisionDoesNotExist"),
        ("one", 400, "ValidationException"),
    ],
)
def test_a_revision_that_is_not_there(
    ada: Client, orders: StateMachine, which: str, status: int, code: str
) -> None:
    current = revisions(ada)["results"][0]["revisionId"]
    answer = compared(ada, current, which)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_another_machines_revision_is_not_there(ada: Client, orders: StateMachine) -> None:
    other = create_state_machine(name="other", definition=definition(), role_arn=ROLE)
    assert other.current is not None
    current = revisions(ada)["results"][0]["revisionId"]
    assert compared(ada, current, str(other.current.revision_id)).status_code == 404
