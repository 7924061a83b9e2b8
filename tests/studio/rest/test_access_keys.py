"""``/api/access-keys/``: one's own keys, made, listed, revoked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from studio.access.permissions import Permission
from studio.actions import access_keys
from studio.actions.members import default_workspace, set_role
from studio.models import AccessKey

PATH = "/api/access-keys/"


@pytest.fixture
def ada(db: None) -> Client:
    return client_of("ada")


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user(name))
    return client


def test_a_secret_is_shown_once(ada: Client) -> None:
    answer = ada.post(PATH, {}, "application/json")
    made = answer.json()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")
    assert secret_of(made["accessKeyId"]) == made["secretAccessKey"]
    (listed,) = ada.get(PATH).json()
    del made["secretAccessKey"]
    assert listed == made
    assert (listed["lastUsedAt"], listed["revokedAt"]) == (None, None)


def test_the_newest_is_first_and_its_last_use_is_told(ada: Client) -> None:
    first, second = (ada.post(PATH, {}, "application/json").json()["accessKeyId"] for _ in range(2))
    access_keys.note_use(first)
    listed = ada.get(PATH).json()
    assert [each["accessKeyId"] for each in listed] == [second, first]
    assert listed[0]["lastUsedAt"] is None
    used = listed[1]["lastUsedAt"]
    assert used is not None
    # Not at every request.
    access_keys.note_use(first)
    assert ada.get(PATH).json()[1]["lastUsedAt"] == used


def test_a_revoked_key_stays_in_the_list(ada: Client) -> None:
    made = ada.post(PATH, {}, "application/json").json()["accessKeyId"]
    revoked = ada.delete(f"{PATH}{made}/").json()
    assert revoked["revokedAt"] is not None
    assert access_keys.find_key(made) is None
    # Again: it stays as it is.
    assert ada.delete(f"{PATH}{made}/").json() == revoked
    assert ada.get(PATH).json() == [revoked]


def test_a_key_is_for_what_it_says_and_until_then(ada: Client) -> None:
    wanted = {"scopes": ["work", "view"], "expiresAt": "2126-11-21T00:00:00Z"}
    made = ada.post(PATH, wanted, "application/json").json()
    assert (made["scopes"], made["expiresAt"]) == (["view", "work"], wanted["expiresAt"])
    known = access_keys.find_key(made["accessKeyId"])
    assert known is not None
    assert known.caller.permissions == {Permission.VIEW, Permission.WORK}
    # A scope gives nothing that the role has not.
    user = get_user_model().objects.get(username="ada")
    set_role(default_workspace(), get_user_model().objects.create_user("eve"), "admin")
    set_role(default_workspace(), user, "viewer")
    known = access_keys.find_key(made["accessKeyId"])
    assert known is not None
    assert known.caller.permissions == {Permission.VIEW}
    AccessKey.objects.update(expires_at=timezone.now())
    access_keys.forget_keys_of(user)
    assert access_keys.find_key(made["accessKeyId"]) is None


@pytest.mark.parametrize(
    "wanted", [{"scopes": ["all"]}, {"scopes": []}, {"expiresAt": "2026-01-01T00:00:00Z"}]
)
def test_a_key_that_could_not_be_used_is_not_made(ada: Client, wanted: dict[str, Any]) -> None:
    answer = ada.post(PATH, wanted, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "ValidationException")
    assert not AccessKey.objects.exists()


def test_somebody_elses_keys_are_not_there(ada: Client) -> None:
    made = ada.post(PATH, {}, "application/json").json()["accessKeyId"]
    eve = client_of("eve")
    assert eve.get(PATH).json() == []
    for key in (made, "AKIANOBODY"):
        answer = eve.delete(f"{PATH}{key}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "ResourceNotFound")
    assert access_keys.find_key(made) is not None


def test_nobody_is_told_to_sign_in(db: None) -> None:
    for answer in (Client().get(PATH), Client().post(PATH), Client().delete(f"{PATH}AKIA/")):
        assert answer.status_code == 401
    assert not AccessKey.objects.exists()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("access_key", *arguments)
    return capsys.readouterr().out


def test_the_command(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    client_of("ada")
    made: Any = json.loads(run(capsys, "create", "ada"))
    key = made["accessKeyId"]
    assert secret_of(key) == made["secretAccessKey"]
    assert run(capsys, "list").startswith(f"{key}  ada  created 20")
    assert run(capsys, "list", "ada").endswith("last used -  expires -  revoked -  scopes all\n")
    assert "within 5 seconds" in run(capsys, "revoke", key)
    assert "revoked 20" in run(capsys, "list")
    assert access_keys.find_key(key) is None
    for wrong in (("create", "eve"), ("list", "eve"), ("revoke", "AKIANOBODY")):
        with pytest.raises(CommandError):
            run(capsys, *wrong)


def secret_of(access_key_id: str) -> str | None:
    known = access_keys.find_key(access_key_id)
    return known and known.secret
