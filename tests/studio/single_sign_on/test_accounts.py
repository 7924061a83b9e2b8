"""Whose account somebody gets who signs in at the provider, and with which roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as ours
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.models.signals import post_save
from django.test import Client

from studio.actions.members import default_workspace, set_role
from studio.models import AuditEntry, Identity, Membership, Workspace
from tests.conftest import may_do_everything
from tests.openid_provider import OpenIdProvider
from tests.studio.single_sign_on.test_code_flow import is_signed_in, sign_in

PASSWORD = "difference engine"


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user("owner", password=PASSWORD)


def role_of(username: str, workspace: Workspace | None = None) -> str | None:
    found = Membership.objects.filter(
        user__username=username, workspace=workspace or default_workspace()
    ).first()
    return found and found.role


def test_an_account_is_never_taken_over_by_its_name_or_mail(
    provider: OpenIdProvider, owner: User
) -> None:
    User.objects.create_user("Ada", email="ada@example.org", password=PASSWORD)
    provider.person |= {"email": "ada@example.org", "email_verified": True}
    browser = Client()
    answer = sign_in(browser, provider)
    assert answer.status_code == 403
    assert "manage.py identity link ada s-1" in answer.content.decode()
    assert not is_signed_in(browser)
    assert not Identity.objects.exists()
    # A mail alone is nothing: with a name of their own they get an account of their own.
    provider.person["preferred_username"] = "ada.l"
    assert sign_in(browser, provider).status_code == 302
    assert browser.get("/api/session/").json()["username"] == "ada.l"


def test_an_account_that_was_here_before_is_linked_by_hand(
    provider: OpenIdProvider, owner: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("identity", "link", "owner", "s-1")
    assert f"owner is s-1 at {provider.issuer}" in capsys.readouterr().out
    browser = Client()
    assert sign_in(browser, provider).status_code == 302
    session = browser.get("/api/session/").json()
    assert (session["username"], session["hasPassword"]) == ("owner", True)
    call_command("identity", "list")
    assert capsys.readouterr().out == f"owner  s-1 at {provider.issuer}\n"
    User.objects.create_user("eve")
    with pytest.raises(CommandError, match="linked with the account 'owner'"):
        call_command("identity", "link", "eve", "s-1")
    call_command("identity", "unlink", "owner")
    assert sign_in(Client(), provider).status_code == 302  # As "ada", who is new.
    told = AuditEntry.objects.filter(action__startswith="identity.").order_by("id")
    assert [(each.action, each.subject) for each in told] == [
        ("identity.link", "owner"),
        ("identity.unlink", "owner"),
        ("identity.link", "ada"),
    ]


@pytest.mark.parametrize("name", [None, "", "  ", 7, "a b\x00", "x" * 151, "no spaces"])
def test_a_name_that_no_account_can_have(provider: OpenIdProvider, name: Any) -> None:
    provider.person["preferred_username"] = name
    assert sign_in(Client(), provider).status_code == 403
    assert not User.objects.exists()


def test_a_disabled_account_stays_out(provider: OpenIdProvider, owner: User) -> None:
    browser = Client()
    sign_in(browser, provider)
    User.objects.filter(username="ada").update(is_active=False)
    assert not is_signed_in(browser)
    answer = sign_in(Client(), provider)
    assert answer.status_code == 403
    assert "may not sign in" in answer.content.decode()


def test_a_mail_is_kept_that_the_provider_has_verified(provider: OpenIdProvider) -> None:
    provider.person |= {"email": "ada@example.org"}
    sign_in(Client(), provider)
    assert User.objects.get().email == ""
    provider.person |= {"email_verified": True}
    sign_in(Client(), provider)
    assert User.objects.get().email == "ada@example.org"


@pytest.fixture
def only_roles_that_are_given(owner: User) -> Iterator[None]:
    """Without the listener of the tests that makes each new account an admin."""
    post_save.disconnect(may_do_everything, sender=User)
    yield
    post_save.connect(may_do_everything, sender=User)


@pytest.mark.usefixtures("only_roles_that_are_given")
def test_who_is_new_has_no_role_or_the_usual_one(provider: OpenIdProvider, settings: Any) -> None:
    sign_in(Client(), provider)
    assert role_of("ada") is None
    settings.OIDC_DEFAULT_ROLE = "viewer"
    # Who is not new keeps what they have: nothing.
    sign_in(Client(), provider)
    assert role_of("ada") is None
    provider.person = {"sub": "s-2", "preferred_username": "bob"}
    sign_in(Client(), provider)
    assert role_of("bob") == "viewer"
    told = AuditEntry.objects.get(action="member.setRole", subject="bob")
    assert (told.actor_kind, told.actor) == ("SYSTEM", "single sign-on")
    # What an admin has given stays.
    set_role(default_workspace(), User.objects.get(username="bob"), "editor")
    sign_in(Client(), provider)
    assert role_of("bob") == "editor"


@pytest.mark.usefixtures("only_roles_that_are_given")
def test_groups_give_roles_and_take_them(provider: OpenIdProvider, settings: Any) -> None:
    payments = Workspace.objects.create(account_id="111111111111", name="Payments", slug="payments")
    set_role(payments, User.objects.get(username="owner"), "admin")
    settings.OIDC_GROUPS_CLAIM = "groups"
    settings.OIDC_ROLES = (
        ("cn=ops,dc=x", "", "operator"),
        ("devs", "", "editor"),
        ("devs", "payments", "viewer"),
        ("devs", "not-there", "viewer"),
    )
    provider.person["groups"] = ["devs", "cn=ops,dc=x", "others"]
    sign_in(Client(), provider)
    # The first that fits.
    assert (role_of("ada"), role_of("ada", payments)) == ("operator", "viewer")
    provider.person["groups"] = "devs"
    sign_in(Client(), provider)
    assert (role_of("ada"), role_of("ada", payments)) == ("editor", "viewer")
    for nothing in ([], None, {"devs": 1}, 7):
        provider.person["groups"] = nothing
        sign_in(Client(), provider)
        assert (role_of("ada"), role_of("ada", payments)) == (None, None)
    settings.OIDC_DEFAULT_ROLE = "viewer"
    browser = Client()
    sign_in(browser, provider)
    assert (role_of("ada"), role_of("ada", payments)) == ("viewer", None)
    assert browser.get("/api/session/").json()["role"] == "viewer"
    # Nothing is told that did not change.
    count = AuditEntry.objects.filter(action="member.setRole").count()
    sign_in(Client(), provider)
    assert AuditEntry.objects.filter(action="member.setRole").count() == count


@pytest.mark.usefixtures("only_roles_that_are_given")
def test_the_last_admin_stays(provider: OpenIdProvider, settings: Any) -> None:
    settings.OIDC_GROUPS_CLAIM = "realm_access.roles"
    settings.OIDC_ROLES = (("admins", "", "admin"),)
    Membership.objects.all().delete()
    provider.person["realm_access"] = {"roles": ["admins"]}
    sign_in(Client(), provider)
    assert role_of("ada") == "admin"
    provider.person["realm_access"] = {"roles": []}
    assert sign_in(Client(), provider).status_code == 302
    assert role_of("ada") == "admin"


@pytest.mark.usefixtures("only_roles_that_are_given")
def test_claims_that_the_userinfo_endpoint_has(provider: OpenIdProvider, settings: Any) -> None:
    settings.OIDC_GROUPS_CLAIM = "groups"
    settings.OIDC_ROLES = (("devs", "", "editor"),)
    provider.person = {"sub": "s-1"}
    provider.userinfo = {"preferred_username": "ada", "groups": ["devs"]}
    assert sign_in(Client(), provider).status_code == 302
    assert role_of("ada") == "editor"
    provider.userinfo["sub"] = "s-2"
    assert sign_in(Client(), provider).status_code == 403


def test_passwords_may_be_switched_off(
    provider: OpenIdProvider, owner: User, settings: Any
) -> None:
    before = Client()
    before.post("/sign-in/", {"username": "owner", "password": PASSWORD})
    assert is_signed_in(before)
    settings.PASSWORDS = False
    settings.AUTHENTICATION_BACKENDS = [
        name for name in ours.AUTHENTICATION_BACKENDS if not name.endswith("ModelBackend")
    ]
    assert not is_signed_in(before)
    page = Client().get("/sign-in/").content.decode()
    assert "Sign in with Acme" in page
    assert 'type="password"' not in page
    browser = Client()
    answer = browser.post("/sign-in/", {"username": "owner", "password": PASSWORD})
    assert answer.status_code == 403
    assert not is_signed_in(browser)
    call_command("identity", "link", "owner", "s-1")
    sign_in(browser, provider)
    assert browser.get("/api/session/").json()["hasPassword"] is False
    given = {"currentPassword": PASSWORD, "newPassword": "analytical engine"}
    refused = browser.post("/api/session/password/", given, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (400, "ValidationException")
    wanted = {"username": "new", "role": "viewer", "createAccount": True}
    refused = browser.post("/api/members/", wanted, "application/json")
    assert "signing in at Acme" in refused.json()["message"]
