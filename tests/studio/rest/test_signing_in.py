"""Signing in: limited, and over when it must be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from studio.models import AuditEntry

PATH = "/sign-in/"
RIGHT = "difference engine"


@pytest.fixture
def ada(db: None) -> Any:
    return get_user_model().objects.create_user("ada", password=RIGHT)


def attempt(name: str, password: str = "wrong", address: str = "192.0.2.1") -> Any:
    return Client().post(PATH, {"username": name, "password": password}, REMOTE_ADDR=address)


def test_an_account_is_left_alone_after_ten_failures_wherever_they_come_from(ada: Any) -> None:
    for number in range(9):
        assert attempt("ada", address=f"192.0.2.{number}").status_code == 200
    tenth = attempt("ada", address="192.0.2.200")
    assert (tenth.status_code, tenth.headers["Retry-After"]) == (429, "900")
    assert "Try again in 15 minutes" in tenth.content.decode()
    assert "script-src 'nonce-" in tenth.headers["Content-Security-Policy"]
    # The right password does not help now, also from an address that nobody knows yet.
    assert attempt("ada", RIGHT, "198.51.100.1").status_code == 429
    get_user_model().objects.create_user("bob", password=RIGHT)
    assert attempt("bob", RIGHT, "198.51.100.1").status_code == 302


def test_an_address_is_refused_after_ten_failures_whatever_the_name(ada: Any) -> None:
    for number in range(10):
        last = attempt(f"nobody-{number}")
    assert last.status_code == 429
    assert attempt("ada", RIGHT).status_code == 429
    assert attempt("ada", RIGHT, "198.51.100.1").status_code == 302


def test_failures_are_forgotten_in_time_and_by_success(ada: Any) -> None:
    for _ in range(9):
        attempt("ada")
    assert attempt("ada", RIGHT).status_code == 302
    assert attempt("ada").status_code == 200
    for _ in range(9):
        last = attempt("ada")
    assert last.status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    # Trying on while it lasts does not make it longer.
    assert attempt("ada", RIGHT).status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert attempt("ada", RIGHT).status_code == 302


def test_a_refused_attempt_is_no_entry_of_its_own(ada: Any) -> None:
    for _ in range(15):
        attempt("ada")
    entries = AuditEntry.objects.exclude(action="member.setRole")
    actions = list(entries.values_list("action", flat=True))
    assert actions == ["session.signInFailed"] * 9 + ["session.locked"]
    assert RIGHT not in str(list(AccessAttempt.objects.values()))


def test_the_password_is_nowhere(ada: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    attempt("ada", "canary-of-a-password")
    attempt("ada", RIGHT)
    kept = [list(AccessAttempt.objects.values()), list(AuditEntry.objects.values()), caplog.text]
    assert "canary-of-a-password" not in str(kept)


def test_sessions_end_with_the_password_and_with_the_account(ada: Any) -> None:
    first, second = Client(), Client()
    for client in (first, second):
        client.post(PATH, {"username": "ada", "password": RIGHT})
        assert client.get("/api/session/").status_code == 200
    ada.set_password("analytical engine")
    ada.save()
    assert first.get("/api/session/").status_code == 401
    second.post(PATH, {"username": "ada", "password": "analytical engine"})
    assert second.get("/api/session/").status_code == 200
    ada.is_active = False
    ada.save()
    assert second.get("/api/session/").status_code == 401
    assert attempt("ada", "analytical engine").status_code == 200


def test_a_session_has_a_new_id_after_signing_in(ada: Any) -> None:
    client = Client()
    client.get(PATH)
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.post(PATH, {"username": "ada", "password": RIGHT})
    assert client.session.session_key != before


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012345", "ada.lovelace1"])
def test_what_is_no_password(db: None, password: str) -> None:
    user = get_user_model()(username="ada.lovelace")
    with pytest.raises(ValidationError):
        validate_password(password, user)
    validate_password("weaves algebraic patterns", user)
