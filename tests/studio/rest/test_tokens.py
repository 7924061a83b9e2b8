"""``/api/tokens/``, and what a program may do that brings one."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from studio.actions.api_tokens import create_token
from studio.actions.members import default_workspace, remove_member, set_role
from studio.models import ApiToken, AuditEntry

PATH = "/api/tokens/"
LATER = "2126-11-21T00:00:00Z"


@pytest.fixture
def ada(db: None) -> Client:
    return client_of("ada")


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user(name))
    return client


def made(client: Client, **wanted: Any) -> dict[str, Any]:
    answer = client.post(PATH, {"name": "report", **wanted}, "application/json")
    assert answer.status_code == 201, answer.content
    shown: dict[str, Any] = answer.json()
    return shown


def ask(token: str, method: str, path: str, body: Any = None, scheme: str = "Bearer") -> Any:
    """As a program does: no cookies, and CSRF would be noticed."""
    program = APIClient(enforce_csrf_checks=True)
    headers = {"Authorization": f"{scheme} {token}"}
    return program.generic(method, path, body or "", "application/json", headers=headers)


def test_a_token_is_shown_once_and_kept_as_a_hash(ada: Client) -> None:
    answer = ada.post(PATH, {"name": "report"}, "application/json")
    shown = answer.json()
    assert answer.headers["Cache-Control"] == "no-store"
    text = shown.pop("token")
    assert text.startswith("swt_")
    assert len(text) == 47
    assert ada.get(PATH).json() == [shown]
    assert (shown["name"], shown["scopes"], shown["lastUsedAt"]) == ("report", None, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM studio_apitoken t")
        (row,) = cursor.fetchone() or ("",)
    assert text not in row
    assert hashlib.sha256(text.encode()).hexdigest() in row


def test_a_program_reads_and_writes_with_it(ada: Client) -> None:
    token = made(ada)
    for scheme in ("Bearer", "bearer"):
        assert ask(token["token"], "GET", "/api/state-machines/", scheme=scheme).status_code == 200
    session = ask(token["token"], "GET", "/api/session/").json()
    assert (session["username"], session["role"]) == ("ada", "admin")
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    role = json.dumps({"policy": policy})
    answer = ask(token["token"], "PUT", "/api/execution-roles/one/", role)
    assert answer.status_code in (200, 201), answer.content
    assert ada.get(PATH).json()[0]["lastUsedAt"] is not None
    told = AuditEntry.objects.get(action="executionRole.create")
    assert (told.actor_kind, told.actor, told.access_key_id) == ("KEY", "ada", token["tokenId"])
    actions = AuditEntry.objects.filter(action__startswith="apiToken").values_list("action")
    assert [action for (action,) in actions] == ["apiToken.create"]


def refusal(answer: Any) -> tuple[int, str, str | None]:
    return answer.status_code, answer.json()["code"], answer.headers.get("WWW-Authenticate")


NOT_IN_FORCE = (401, "NotAuthenticated", 'Bearer realm="Stepwell"')


def test_what_is_not_in_force(ada: Client) -> None:
    token = made(ada, expiresAt=LATER)
    text = token["token"]
    for wrong in ("", "swt_", text[:-1], text + "x", text.upper(), token["tokenId"], "swt_\x00"):
        assert refusal(ask(wrong, "GET", "/api/session/")) == NOT_IN_FORCE
    # Not even with a cookie that would do.
    headers = {"Authorization": f"Bearer {text}x"}
    assert ada.get("/api/session/", headers=headers).status_code == 401
    assert refusal(Client().get("/api/session/")) == NOT_IN_FORCE
    assert ask(text, "GET", "/api/session/").status_code == 200
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refusal(ask(text, "GET", "/api/session/")) == NOT_IN_FORCE


def test_a_revoked_token_opens_nothing_and_stays_in_the_list(ada: Client) -> None:
    token = made(ada)
    revoked = ada.delete(f"{PATH}{token['tokenId']}/").json()
    assert revoked["revokedAt"] is not None
    assert refusal(ask(token["token"], "GET", "/api/session/")) == NOT_IN_FORCE
    assert ada.delete(f"{PATH}{token['tokenId']}/").json() == revoked
    assert ada.get(PATH).json() == [revoked]
    assert AuditEntry.objects.filter(action="apiToken.revoke").count() == 1


def test_it_may_do_what_its_scopes_and_its_owners_role_allow(ada: Client) -> None:
    token = made(ada, scopes=["view", "run"], expiresAt=LATER)
    text = token["token"]
    assert ask(text, "GET", "/api/state-machines/").status_code == 200
    answer = ask(text, "POST", "/api/state-machines/", "{}")
    assert answer.status_code == 403
    assert "not among the scopes" in answer.json()["message"]
    everything = made(ada)["token"]
    user = get_user_model().objects.get(username="ada")
    set_role(default_workspace(), get_user_model().objects.create_user("eve"), "admin")
    set_role(default_workspace(), user, "viewer")
    assert ask(everything, "POST", "/api/state-machines/", "{}").status_code == 403
    remove_member(default_workspace(), user)
    assert ask(everything, "GET", "/api/state-machines/").status_code == 403
    user.is_active = False
    user.save()
    assert refusal(ask(everything, "GET", "/api/session/")) == NOT_IN_FORCE


def test_it_makes_nothing_that_outlives_it(ada: Client) -> None:
    token = made(ada)
    text = token["token"]
    for method, path, body in (
        ("POST", PATH, '{"name": "another"}'),
        ("DELETE", f"{PATH}{token['tokenId']}/", None),
        ("POST", "/api/access-keys/", "{}"),
        ("DELETE", "/api/access-keys/AKIA/", None),
        ("POST", "/api/session/password/", '{"currentPassword": "a", "newPassword": "b"}'),
    ):
        answer = ask(text, method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "AccessDeniedException")
        assert "somebody who has signed in" in answer.json()["message"]
    assert ApiToken.objects.filter(revoked_at=None).count() == 1


def test_pages_take_no_token(ada: Client) -> None:
    headers = {"Authorization": f"Bearer {made(ada)['token']}"}
    assert Client().get("/", headers=headers).status_code == 302
    assert Client().get("/files/x", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"scopes": ["all"]},
        {"scopes": []},
        {"expiresAt": "2026-01-01T00:00:00Z"},
    ],
)
def test_a_token_that_could_not_be_used_is_not_made(ada: Client, wanted: dict[str, Any]) -> None:
    answer = ada.post(PATH, {"name": "x", **wanted}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "ValidationException")
    assert not ApiToken.objects.exists()


def test_somebody_elses_tokens_are_not_there(ada: Client) -> None:
    token = made(ada)
    eve = client_of("eve")
    assert eve.get(PATH).json() == []
    assert eve.delete(f"{PATH}{token['tokenId']}/").status_code == 404
    assert ask(token["token"], "GET", "/api/session/").status_code == 200


def test_an_unused_one_is_not_written_down_at_every_request(ada: Client) -> None:
    user = get_user_model().objects.get(username="ada")
    row, text = create_token(user, default_workspace().pk, "often")
    ask(text, "GET", "/api/session/")
    row.refresh_from_db()
    used = row.last_used_at
    assert used is not None
    ask(text, "GET", "/api/session/")
    row.refresh_from_db()
    assert row.last_used_at == used
    ApiToken.objects.update(last_used_at=used - timedelta(minutes=2))
    ask(text, "GET", "/api/session/")
    row.refresh_from_db()
    assert row.last_used_at > used
