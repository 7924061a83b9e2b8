"""``/api/members/`` and one's own password."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from studio.actions.members import default_workspace
from tests.access.people import one_of_each_role

PATH = "/api/members/"


@pytest.fixture
def people(db: None) -> dict[str, Any]:
    return one_of_each_role()


@pytest.fixture
def admin(people: dict[str, Any]) -> Client:
    return browser(people["admin"])


def may_sign_in(username: str, password: str) -> bool:
    """By the page, whose limits on attempts want to see a request."""
    answer = Client().post("/sign-in/", {"username": username, "password": password})
    return answer.status_code == 302


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, method: str, address: str, body: dict[str, Any] | None = None) -> Any:
    return getattr(client, method)(address, body or {}, "application/json")


def roles(client: Client) -> dict[str, str]:
    return {each["username"]: each["role"] for each in client.get(PATH).json()}


def test_everybody_sees_who_belongs_to_it(people: dict[str, Any]) -> None:
    seen = roles(browser(people["viewer"]))
    assert seen == {role: role for role in people}


def test_an_account_is_added_or_made(admin: Client) -> None:
    grace = {"username": "grace", "role": "reviewer"}
    answer = send(admin, "post", PATH, grace)
    assert (answer.status_code, answer.json()["code"]) == (404, "AccountDoesNotExist")
    answer = send(admin, "post", PATH, {**grace, "createAccount": True})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")
    made = answer.json()
    assert (made["role"], made["lastSignIn"]) == ("reviewer", None)
    assert may_sign_in("grace", made["password"])
    answer = send(admin, "post", PATH, {**grace, "createAccount": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "AlreadyAMember")
    assert admin.delete(f"{PATH}grace/").status_code == 204
    # The account stayed, with its password.
    answer = send(admin, "post", PATH, grace)
    assert (answer.status_code, answer.json()["password"]) == (201, None)


def test_a_role_is_changed_and_counts_at_once(admin: Client, people: dict[str, Any]) -> None:
    viewer = browser(people["viewer"])
    assert send(viewer, "post", "/api/state-machines/").status_code == 403
    answer = send(admin, "patch", f"{PATH}viewer/", {"role": "editor"})
    assert answer.json()["role"] == "editor"
    assert send(viewer, "post", "/api/state-machines/").status_code == 400
    session = viewer.get("/api/session/").json()
    assert (session["role"], session["workspace"]) == ("editor", "Default")
    assert "publish" in session["permissions"]
    assert "administer" not in session["permissions"]
    admin.delete(f"{PATH}viewer/")
    session = viewer.get("/api/session/").json()
    assert (session["role"], session["permissions"]) == (None, ["own-account"])


def test_the_last_admin_stays(admin: Client, people: dict[str, Any]) -> None:
    for answer in (
        send(admin, "patch", f"{PATH}admin/", {"role": "viewer"}),
        admin.delete(f"{PATH}admin/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "LastAdmin")
    send(admin, "patch", f"{PATH}editor/", {"role": "admin"})
    # One who cannot sign in is no help.
    get_user_model().objects.filter(username="editor").update(is_active=False)
    assert admin.delete(f"{PATH}admin/").status_code == 409
    get_user_model().objects.filter(username="editor").update(is_active=True)
    assert send(admin, "patch", f"{PATH}admin/", {"role": "viewer"}).status_code == 200
    assert send(admin, "patch", f"{PATH}editor/", {"role": "viewer"}).status_code == 403
    assert send(browser(people["editor"]), "delete", f"{PATH}admin/").status_code == 204


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "nobody", "role": "owner"}, 400),
        ({"username": "a b\n", "role": "viewer", "createAccount": True}, 400),
        ({"username": "x" * 151, "role": "viewer", "createAccount": True}, 400),
        ({}, 400),
    ],
)
def test_what_cannot_be_added(admin: Client, body: dict[str, Any], status: int) -> None:
    assert send(admin, "post", PATH, body).status_code == status
    assert send(admin, "patch", f"{PATH}nobody/", {"role": "viewer"}).status_code == 404


def test_ones_own_password(db: None) -> None:
    user = get_user_model().objects.create_user("ada", password="difference engine")
    here, elsewhere = browser(user), browser(user)
    path = "/api/session/password/"
    for current, new, said in (
        ("wrong", "analytical engine", "The current password is not that."),
        ("difference engine", "short", "This password is too short."),
        ("difference engine", "password", "This password is too common."),
    ):
        answer = send(here, "post", path, {"currentPassword": current, "newPassword": new})
        assert answer.status_code == 400
        assert said in answer.json()["message"]
    given = {"currentPassword": "difference engine", "newPassword": "analytical engine"}
    assert send(here, "post", path, given).status_code == 204
    assert here.get("/api/session/").status_code == 200
    assert elsewhere.get("/api/session/").status_code == 401
    assert may_sign_in("ada", "analytical engine")


def test_the_command(people: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("member", "set", "viewer", "operator")
    call_command("member", "remove", "editor")
    call_command("member", "list")
    assert capsys.readouterr().out.splitlines()[2:] == [
        "admin  admin",
        "operator  operator",
        "reviewer  reviewer",
        "viewer  operator",
    ]
    for wrong in (
        ("set", "nobody", "viewer"),
        ("set", "admin", "viewer"),
        ("remove", "editor"),
        ("list", "--workspace", "nowhere"),
    ):
        with pytest.raises(CommandError):
            call_command("member", *wrong)
    assert default_workspace().memberships.count() == 4
