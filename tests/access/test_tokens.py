"""Every route of the REST API, asked with a token of each role: the same permissions count."""

from __future__ import annotations

from typing import Final

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from studio.actions.api_tokens import create_token
from studio.actions.members import default_workspace
from tests.access.matrix import ROLES, read_matrix
from tests.access.people import one_of_each_role
from tests.access.test_routes import ask, is_refused

OWN_ACCOUNT: Final = (
    "POST /api/access-keys/",
    "DELETE /api/access-keys/<access_key_id>/",
    "PUT /api/notifications/mails/",
    "POST /api/session/password/",
    "PUT /api/session/workspace/",
    "POST /api/tokens/",
    "DELETE /api/tokens/<token_id>/",
)
"""What nobody does with a token."""


@pytest.fixture(autouse=True)
def _no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *_, **__: {})


def test_each_cell(db: None) -> None:
    people = one_of_each_role()
    expected = {
        call: allowed
        for call, allowed in read_matrix()["Routes"].items()
        if call.split(" ")[1].startswith("/api/")
    }
    assert set(OWN_ACCOUNT) <= set(expected)
    wrong = []
    for role in ROLES:
        _, text = create_token(people[role], default_workspace().pk, "all")
        client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {text}"})
        for call, allowed in expected.items():
            answer = ask(client, call)
            may = role in allowed and call not in OWN_ACCOUNT
            if is_refused(answer) is may or answer.status_code >= 500:
                wrong.append((call, role, answer.status_code))
    assert wrong == []


def test_a_scope_is_all_that_a_token_is_for(db: None) -> None:
    """An admin's token that is for looking alone sees what a viewer sees, and no more."""
    admin = one_of_each_role()["admin"]
    _, text = create_token(admin, default_workspace().pk, "view", scopes=["view"])
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {text}"})
    own = {
        f"GET /api/{each}/"
        for each in (
            "access-keys",
            "notifications/mails",
            "schema",
            "session",
            "tokens",
            "workspaces",
        )
    }
    for call, allowed in read_matrix()["Routes"].items():
        if call.split(" ")[1].startswith("/api/"):
            may = "viewer" in allowed and call not in own and call not in OWN_ACCOUNT
            assert is_refused(ask(client, call)) is not may, call
