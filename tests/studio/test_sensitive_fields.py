"""Marks, read; and set on a state machine."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from studio.actions.sensitive_fields import marks_for, set_sensitive_fields
from studio.aws.model import gives_data
from studio.errors import ValidationException
from studio.models import AuditEntry
from studio.redaction import hide
from studio.sensitive_fields import InvalidMark, checked_marks, keys_of
from tests.access.first_workspace import browser, strangers
from tests.conftest import MakeMachine

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


@pytest.mark.parametrize(
    ("mark", "keys"),
    [
        ("token", ("token",)),
        ("Card Number", ("card number",)),
        ("a.b", ("a.b",)),
        ("$.token", ("token",)),
        ("$.card.number", ("card", "number")),
        ("$.items[*].token", ("items", "token")),
        ("$.items[ * ][0].token", ("items", "token")),
        ("$['a b']['c[*]d']", ("a b", "c[*]d")),
        ('$.a["it\'s"]', ("a", "it's")),
    ],
)
def test_the_keys_of_a_mark(mark: str, keys: tuple[str, ...]) -> None:
    assert keys_of(mark) == keys


@pytest.mark.parametrize(
    "mark",
    ["", "$", "$[0]", "$[*]", "$.", "$.a.", "$..a", "$.a[?(@.b)]", "$.a.*", "$$.a", "$v.a", "a\nb"],
)
def test_what_marks_nothing(mark: str) -> None:
    with pytest.raises(InvalidMark):
        keys_of(mark)


def test_how_many_and_how_long() -> None:
    assert checked_marks([" token ", "token", "$.a"]) == ["token", "$.a"]
    with pytest.raises(InvalidMark):
        checked_marks([f"k{number}" for number in range(101)])
    with pytest.raises(InvalidMark):
        checked_marks(["k" * 257])


@pytest.mark.django_db
def test_marks_are_of_one_machine(make_machine: MakeMachine) -> None:
    cards, plain = make_machine(PASS), make_machine(PASS)
    assert set_sensitive_fields(cards, ["$.card.number", "token"]) == ["$.card.number", "token"]
    payload = {"card": {"number": 1}, "token": 2, "number": 3}
    hidden = {"card": {"number": "********"}, "token": "********", "number": 3}
    assert hide(payload, marks_for(cards.name)) == hidden
    assert hide(payload, marks_for(plain.name)) == payload
    # Where it is not known which one it is about, or it is of none: as if of every one.
    assert hide(payload, marks_for(None)) == hidden
    assert hide(payload, marks_for("no such machine")) == hidden
    set_sensitive_fields(plain, ["number"])
    assert hide(payload, marks_for(None)) == {**hidden, "number": "********"}
    assert hide(payload, marks_for(cards.name)) == hidden


@pytest.mark.django_db
def test_setting_them_is_told_and_what_is_none_is_refused(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    set_sensitive_fields(machine, ["token"])
    set_sensitive_fields(machine, ["token"])
    (entry,) = AuditEntry.objects.filter(subject=machine.arn, details__contains="sensitive_fields")
    assert json.loads(entry.details)["to"] == ["token"]
    with pytest.raises(ValidationException, match=r"Sensitive fields: '\$' names no key"):
        set_sensitive_fields(machine, ["$"])
    machine.refresh_from_db()
    assert json.loads(machine.sensitive_fields) == ["token"]
    set_sensitive_fields(machine, [])
    machine.refresh_from_db()
    assert machine.sensitive_fields == ""


@pytest.mark.django_db
def test_marks_of_a_workspace_are_its_own(make_machine: MakeMachine) -> None:
    """Of two workspaces with machines of one name, each hides what its own marks."""
    sample = json.dumps({"token": "t", "code": "c"})
    first = make_machine(PASS)
    first.name = "orders"
    first.sample_input = sample
    first.save()
    set_sensitive_fields(first, ["code"])
    users = strangers()
    editor, viewer = browser(users["editor"]), browser(users["viewer"])
    for name, marks in (("orders", ["token"]), ("plain", [])):
        body = {
            "name": name,
            "definition": json.dumps(PASS),
            "sampleInput": sample,
            "sensitiveFields": marks,
        }
        made = editor.post("/api/state-machines/", body, content_type="application/json")
        assert made.status_code == 201, made.content

    def seen(user: Client, name: str) -> dict[str, str]:
        machine = user.get(f"/api/state-machines/{name}/").json()
        found: dict[str, str] = json.loads(machine["sampleInput"])
        return found

    assert seen(viewer, "orders") == {"token": "********", "code": "c"}
    assert seen(viewer, "plain") == {"token": "t", "code": "c"}
    assert seen(editor, "orders") == {"token": "t", "code": "c"}
    listed = viewer.get("/api/state-machines/").json()["results"]
    assert [json.loads(each["sampleInput"])["token"] for each in listed] == ["********"] * 2


def test_which_operations_give_data() -> None:
    for name in ("DescribeExecution", "GetExecutionHistory", "StartSyncExecution", "TestState"):
        assert gives_data(name), name
    for name in ("StartExecution", "ListExecutions", "SendTaskSuccess", "AWSEvents.PutEvents"):
        assert not gives_data(name), name
