"""``/api/execution-roles/``: roles are saved whole, one version after the other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from studio.models import AuditEntry

ONE = "/api/execution-roles/orders/"
ARN = "arn:aws:iam::123456789012:role/orders"
POLICY = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]})
TASK = json.dumps(
    {
        "StartAt": "Pay",
        "States": {
            "Pay": {
                "Type": "Task",
                "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay",
                "End": True,
            }
        },
    }
)


@pytest.fixture
def ada(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("ada"))
    return client


def save(client: Client, policy: str = POLICY, follows: int = 0, **more: Any) -> Any:
    body = {"policy": policy, "follows": follows, **more}
    return client.put(ONE, body, content_type="application/json")


def test_a_role_is_saved_read_listed_and_removed(ada: Client) -> None:
    assert ada.get(ONE).status_code == 404
    saved = save(ada, description="what orders may do", awsProfile="shop")
    assert saved.status_code == 200, saved.content
    role = ada.get(ONE).json()
    assert role == saved.json()
    del role["updateDate"]
    assert role == {
        "name": "orders",
        "arn": ARN,
        "policy": POLICY,
        "description": "what orders may do",
        "awsProfile": "shop",
        "awsRoleArn": "",
        "version": 1,
        "updatedBy": "ada",
    }
    assert [each["arn"] for each in ada.get("/api/execution-roles/").json()["results"]] == [ARN]
    assert ada.delete(ONE).status_code == 204
    assert ada.delete(ONE).status_code == 404
    created, removed = AuditEntry.objects.filter(subject=ARN).order_by("id")
    assert (created.actor, created.action) == ("ada", "executionRole.create")
    assert json.loads(created.details) == {"policy": POLICY, "awsProfile": "shop"}
    assert removed.action == "executionRole.delete"


def test_nobody_saves_over_somebody_else(ada: Client) -> None:
    assert save(ada).json()["version"] == 1
    assert save(ada).status_code == 409, "it is not new any more"
    assert save(ada, follows=1).json()["version"] == 2
    assert save(ada, follows=1).status_code == 409
    ada.delete(ONE)
    assert save(ada, follows=2).status_code == 409


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"policy": "{"}, "This is no JSON"),
        ({"policy": '{"Statement": [{"Effect": "No"}]}'}, "Effect must be Allow or Deny"),
        ({"awsProfile": "a", "awsRoleArn": "arn:aws:iam::1:role/x"}, "not both"),
        ({"awsRoleArn": "role/x"}, "Invalid ARN prefix"),
    ],
)
def test_what_cannot_be_a_role_is_refused(ada: Client, body: dict[str, str], said: str) -> None:
    refused = save(ada, **body)
    assert refused.status_code == 400
    assert said in refused.json()["message"]
    assert ada.get(ONE).status_code == 404


def test_names_are_those_of_iam(ada: Client) -> None:
    body = {"policy": POLICY}
    for name in ("a%20b", "a:b", "x" * 65):
        answer = ada.put(f"/api/execution-roles/{name}/", body, content_type="application/json")
        assert answer.status_code == 400, name


def test_a_role_that_does_not_allow_a_task_is_warned_of(ada: Client) -> None:
    save(ada)

    def codes(**more: str) -> list[str]:
        body = {"definition": TASK, **more}
        answer = ada.post("/api/diagnostics/", body, content_type="application/json")
        return [each["code"] for each in answer.json()["diagnostics"]]

    assert codes() == []
    assert codes(roleArn="arn:aws:iam::123456789012:role/unknown") == []
    assert codes(roleArn=ARN) == ["ROLE_DOES_NOT_ALLOW"]
    asked = {"definition": TASK}
    suggested = ada.post("/api/execution-roles/needs/", asked, content_type="application/json")
    (need,) = suggested.json()["needs"]
    assert (need["location"], need["action"]) == ("/States/Pay/Resource", "lambda:InvokeFunction")
    save(ada, suggested.json()["policy"], follows=1)
    assert codes(roleArn=ARN) == []


def test_a_definition_that_cannot_be_read_needs_mending_first(ada: Client) -> None:
    for body in (
        {"definition": "{"},
        {"definition": "[]"},
        {"definition": "a: [", "format": "YAML"},
    ):
        answer = ada.post("/api/execution-roles/needs/", body, content_type="application/json")
        assert answer.status_code == 400
        assert "definition" in answer.json()["message"]


def test_who_has_not_signed_in_sees_nothing(db: None) -> None:
    assert Client().get("/api/execution-roles/").status_code in (401, 403)
    assert Client().get(ONE).status_code in (401, 403)
