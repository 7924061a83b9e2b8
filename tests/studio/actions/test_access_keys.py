"""Access keys: secrets encrypted, revocable, useless under another SECRET_KEY."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import override_settings

from studio.actions import access_keys
from studio.actions.members import default_workspace
from studio.models import AccessKey


@pytest.fixture
def made(db: None) -> tuple[AccessKey, str]:
    return access_keys.create_access_key(
        get_user_model().objects.create_user("ada"), default_workspace().pk
    )


def test_looks_like_one_of_aws(made: tuple[AccessKey, str]) -> None:
    key, secret = made
    assert re.fullmatch(r"AKIA[A-Z2-7]{16}", key.access_key_id)
    assert len(secret) == 40


def test_the_secret_is_not_in_the_database(made: tuple[AccessKey, str]) -> None:
    key, secret = made
    assert secret not in AccessKey.objects.get().encrypted_secret
    assert secret_of(key.access_key_id) == secret


def test_revoked(made: tuple[AccessKey, str]) -> None:
    key, _ = made
    assert access_keys.find_key(key.access_key_id) is not None
    access_keys.revoke_access_key(key)
    assert access_keys.find_key(key.access_key_id) is None
    assert AccessKey.objects.get().revoked_at is not None


def test_another_secret_key(made: tuple[AccessKey, str], caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(SECRET_KEY="another"):
        assert access_keys.find_key(made[0].access_key_id) is None
    assert "made under another SECRET_KEY" in caplog.text


def test_no_such_key(db: None) -> None:
    assert access_keys.find_key("AKIANOBODY") is None


def secret_of(access_key_id: str) -> str | None:
    known = access_keys.find_key(access_key_id)
    return known and known.secret
