"""Sessions end in time, with their account and their password; what is over is removed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from executions.stream import admission
from studio.actions.api_tokens import create_token
from studio.actions.members import default_workspace
from studio.actions.sessions import BEGAN, SEEN, remove_expired_sessions
from studio.models import AuditEntry

PASSWORD = "difference engine"


@pytest.mark.django_db
def test_expired_sessions_are_removed() -> None:
    for _ in range(2):
        SessionStore().create()
    kept, over = Session.objects.all()
    Session.objects.filter(pk=over.pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert remove_expired_sessions() == 1
    assert Session.objects.get().pk == kept.pk


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada", password=PASSWORD)


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def is_signed_in(browser: Client) -> bool:
    return browser.get("/api/session/").status_code == 200


def is_heard(browser: Client) -> bool:
    """Whether an open socket of this session would stay open at its next look."""
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    with patch.object(admission, "connection"):  # It would close the test's own.
        return admission.find_listener(key) is not None


def age(browser: Client, **by: float) -> None:
    """As if all that has happened in the session had happened so much earlier."""
    earlier = timedelta(**by)
    session = browser.session
    for name in (BEGAN, SEEN):
        session[name] = (datetime.fromisoformat(session[name]) - earlier).isoformat()
    session.set_expiry(session.get_expiry_date() - earlier)
    session.save()


def test_a_session_ends_when_nothing_is_done(ada: User) -> None:
    browser = browser_of(ada)
    for _ in range(3):
        age(browser, minutes=119)
        assert is_heard(browser)
        assert is_signed_in(browser)  # Which is something that is done.
    age(browser, minutes=121)
    assert not is_heard(browser)
    assert not is_signed_in(browser)


def test_a_session_ends_whatever_is_done(ada: User) -> None:
    browser = browser_of(ada)
    for _ in range(7):
        age(browser, minutes=100)
        assert is_signed_in(browser)
    # 11 h 40 min: it is not good for two more hours.
    left = browser.session.get_expiry_date() - timezone.now()
    assert timedelta(minutes=15) < left <= timedelta(minutes=20)
    age(browser, minutes=21)
    assert not is_heard(browser)
    assert not is_signed_in(browser)


def test_both_times_are_settings(ada: User, settings: Any) -> None:
    settings.SESSION_HOURS, settings.SESSION_IDLE_MINUTES = 100, 0
    browser = browser_of(ada)
    age(browser, hours=99)
    assert is_signed_in(browser)
    age(browser, hours=2)
    assert not is_signed_in(browser)
    settings.SESSION_HOURS, settings.SESSION_IDLE_MINUTES = 1, 5
    browser = browser_of(ada)
    age(browser, minutes=6)
    assert not is_signed_in(browser)


def test_a_session_that_does_not_say_when_it_began_is_over(ada: User) -> None:
    browser = browser_of(ada)
    session = browser.session
    del session[BEGAN]
    session.save()
    assert not is_signed_in(browser)
    assert not Session.objects.exists()


def test_it_is_written_down_once_a_minute(ada: User) -> None:
    browser = browser_of(ada)
    before = browser.session[SEEN]
    assert is_signed_in(browser)
    assert browser.session[SEEN] == before
    age(browser, minutes=2)
    assert is_signed_in(browser)
    assert browser.session[SEEN] > before


def test_nobody_hears_more_after_a_new_password(ada: User) -> None:
    this, other = browser_of(ada), browser_of(ada)
    given = {"currentPassword": PASSWORD, "newPassword": "analytical engine"}
    assert this.post("/api/session/password/", given, "application/json").status_code == 204
    assert is_heard(this)
    assert not is_heard(other)
    assert is_signed_in(this)
    assert not is_signed_in(other)


def test_a_disabled_account_has_no_sessions_also_when_it_is_enabled_again(ada: User) -> None:
    browser, eve = browser_of(ada), browser_of(User.objects.create_user("eve"))
    _, token = create_token(ada, default_workspace().pk, "x")
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/session/", headers=headers).status_code == 200
    call_command("account", "disable", "ada", verbosity=0)
    assert not is_heard(browser)
    assert not is_signed_in(browser)
    assert Client().get("/api/session/", headers=headers).status_code == 401
    call_command("account", "enable", "ada", verbosity=0)
    assert not is_signed_in(browser)
    assert Client().get("/api/session/", headers=headers).status_code == 200
    assert is_signed_in(eve)
    told = AuditEntry.objects.filter(subject="ada").exclude(action="member.setRole")
    assert [each.action for each in told.order_by("id")] == [
        "session.signIn",
        "account.disable",
        "session.endAll",
        "account.enable",
    ]


def test_somebody_is_signed_out_everywhere(ada: User, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = browser_of(ada), browser_of(ada)
    call_command("account", "sign-out", "ada")
    assert capsys.readouterr().out == "2 sessions of ada have ended\n"
    assert not is_signed_in(first)
    assert not is_heard(second)
    with pytest.raises(CommandError):
        call_command("account", "disable", "nobody")
