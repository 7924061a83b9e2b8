"""Changing the secret key: older keys read, the newest encrypts, and a killed rotation goes on."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import override_settings

from executions.actions.connections import create_connection, shown_parameters
from executions.models import Connection
from studio.actions import access_keys, rotation
from studio.actions.members import default_workspace
from studio.encryption import UnreadableSecret, decrypt, encrypt, is_current
from studio.models import AccessKey, AuditEntry

OLD, NEW = "the-old-key" * 5, "the-new-key" * 5
BASIC = {"BasicAuthParameters": {"Username": "u", "Password": "the-secret"}}


def under(key: str, *older: str) -> override_settings:
    return override_settings(SECRET_KEY=key, SECRET_KEY_FALLBACKS=list(older))


def test_the_newest_encrypts_and_all_read() -> None:
    with under(OLD):
        old = encrypt("text", "tests")
    with under(NEW, OLD):
        assert decrypt(old, "tests") == "text"
        assert not is_current(old, "tests")
        new = encrypt("text", "tests")
        assert is_current(new, "tests")
    with under(NEW):
        assert decrypt(new, "tests") == "text"
        with pytest.raises(UnreadableSecret):
            decrypt(old, "tests")
    with under(NEW, OLD), pytest.raises(UnreadableSecret):
        decrypt(new, "another purpose")


def test_every_column_with_secrets_is_rotated() -> None:
    """A column is told by its name; whoever adds one says what it is for."""
    named = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.startswith("encrypted_")
    }
    assert named == {(model, column) for model, column, _ in rotation.encrypted_columns()}
    assert {(AccessKey, "encrypted_secret"), (Connection, "encrypted_parameters")} <= named


@pytest.fixture
def secrets(db: None) -> list[str]:
    """Five access keys and a connection under the old key; the keys' secrets."""
    user = get_user_model().objects.create_user("ada")
    with under(OLD):
        create_connection("stripe", "BASIC", BASIC)
        return [access_keys.create_access_key(user, default_workspace().pk)[1] for _ in range(5)]


def readable() -> list[str]:
    found = []
    for key in AccessKey.objects.order_by("id"):
        access_keys._remembered.clear()
        found.append(known.secret if (known := access_keys.find_key(key.access_key_id)) else "")
    return found


def test_everything_is_read_by_the_new_key_alone(secrets: list[str]) -> None:
    output = StringIO()
    with under(NEW, OLD):
        assert readable() == secrets
        call_command("rotate_secrets", stdout=output)
        assert "studio_accesskey.encrypted_secret: 5 encrypted anew" in output.getvalue()
        call_command("rotate_secrets", stdout=output)
        assert "0 encrypted anew, 5 were new already" in output.getvalue()
    with under(NEW):
        assert readable() == secrets
        shown = shown_parameters(Connection.objects.get())
        assert shown["BasicAuthParameters"]["Username"] == "u"
    entries = AuditEntry.objects.filter(action="secrets.rotate")
    assert len(entries) == 2
    assert not any(secret in str(list(entries.values())) for secret in secrets)


def test_killed_halfway_it_goes_on(secrets: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)

    class Killed(BaseException):
        pass

    def kill(_: Any) -> None:
        raise Killed

    with under(NEW, OLD):
        with pytest.raises(Killed):
            rotation.rotate_secrets(kill)
        current = [
            is_current(each.encrypted_secret, AccessKey.encrypted_columns["encrypted_secret"])
            for each in AccessKey.objects.order_by("id")
        ]
        assert current == [True] * 2 + [False] * 3
        assert readable() == secrets
        rotation.rotate_secrets()
    with under(NEW):
        assert readable() == secrets


def test_what_no_key_reads_stays_and_is_said(secrets: list[str]) -> None:
    with under(NEW):
        before = AccessKey.objects.values_list("encrypted_secret", flat=True)
        with pytest.raises(CommandError, match="6 secrets were stored under a key"):
            call_command("rotate_secrets", stdout=StringIO())
        assert list(before) == list(AccessKey.objects.values_list("encrypted_secret", flat=True))
