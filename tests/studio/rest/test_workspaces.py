"""``/api/workspaces/``: seen, made and renamed."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from studio.actions.api_tokens import create_token
from studio.actions.members import default_workspace, set_role
from studio.actions.workspaces import create_workspace, rename_workspace, slug_for
from studio.errors import ResourceNotFound
from studio.models import AuditEntry, Workspace
from tests.access.people import one_of_each_role

PATH = "/api/workspaces/"
SECOND = "222222222222"


@pytest.fixture
def people(db: None) -> dict[str, Any]:
    return one_of_each_role()


@pytest.fixture
def keeper(people: dict[str, Any]) -> Any:
    """A superuser who belongs to the first workspace."""
    user = get_user_model().objects.create_superuser("keeper")
    set_role(default_workspace(), user, "admin")
    return user


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, method: str, path: str, body: dict[str, Any], **more: Any) -> Any:
    return getattr(client, method)(path, body, "application/json", **more)


def seen(client: Client) -> dict[str, dict[str, Any]]:
    return {each["accountId"]: each for each in client.get(PATH).json()}


def test_members_see_their_own(people: dict[str, Any]) -> None:
    create_workspace("Second", "second", people["admin"], account_id=SECOND)
    assert list(seen(browser(people["viewer"]))) == ["123456789012"]
    of_admin = seen(browser(people["admin"]))
    assert list(of_admin) == ["123456789012", SECOND]
    first = of_admin["123456789012"]
    assert (first["name"], first["slug"], first["role"]) == ("Default", "default", "admin")
    assert (first["isCurrent"], first["mayRename"]) == (True, True)
    assert {each["username"]: each["role"] for each in first["members"]} == {
        role: role for role in people
    }
    second = of_admin[SECOND]
    assert second["members"] == [{"username": "admin", "role": "admin", "isActive": True}]
    assert (second["isCurrent"], second["mayRename"]) == (False, False)


def test_superusers_see_all(people: dict[str, Any], keeper: Any) -> None:
    create_workspace("Second", "second", people["viewer"], account_id=SECOND)
    second = seen(browser(keeper))[SECOND]
    assert (second["role"], second["mayRename"]) == (None, True)
    # Also one who belongs to none: that is how a new installation begins.
    stranger = get_user_model().objects.create_superuser("stranger")
    assert list(seen(browser(stranger))) == ["123456789012", SECOND]
    assert "keep-workspaces" in browser(stranger).get("/api/session/").json()["permissions"]
    stranger.is_active = False
    stranger.save()
    assert browser(stranger).get(PATH).status_code in (401, 403)


def test_a_token_sees_the_one_that_it_opens(people: dict[str, Any], keeper: Any) -> None:
    second = create_workspace("Second", "second", keeper, account_id=SECOND)
    _, text = create_token(keeper, second.pk, "second")
    bearer = {"Authorization": f"Bearer {text}"}
    answer = Client().get(PATH, headers=bearer)
    assert [each["accountId"] for each in answer.json()] == [SECOND]
    answer = send(Client(), "post", PATH, {"name": "Third"}, headers=bearer)
    assert answer.status_code == 403
    _, text = create_token(keeper, second.pk, "work", scopes=["work"])
    answer = Client().get(PATH, headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 403
    answer = send(
        browser(keeper), "post", "/api/tokens/", {"name": "x", "scopes": ["keep-workspaces"]}
    )
    assert answer.status_code == 400


def test_superusers_make_them(people: dict[str, Any], keeper: Any) -> None:
    client = browser(keeper)
    answer = send(client, "post", PATH, {"name": " Payments & Co "})
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["name"], made["slug"], made["role"]) == ("Payments & Co", "payments-co", "admin")
    assert len(made["accountId"]) == 12
    entry = AuditEntry.objects.get(action="workspace.create")
    assert (entry.actor, entry.subject) == ("keeper", made["accountId"])
    given = {"name": "Payments & Co", "accountId": SECOND, "admin": "viewer"}
    made = send(client, "post", PATH, given).json()
    assert (made["slug"], made["role"]) == ("payments-co-2", None)
    assert made["members"] == [{"username": "viewer", "role": "admin", "isActive": True}]
    assert made["accountId"] == SECOND


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"name": " "}, 400, "ValidationException"),
        ({"name": "x" * 81}, 400, "ValidationException"),
        ({"name": "a\x00b"}, 400, "ValidationException"),
        ({"name": "\ud800"}, 400, "SerializationException"),
        ({"name": "x", "admin": "a\x00b"}, 400, "ValidationException"),
        ({"name": "x", "accountId": "\uff11" * 12}, 400, "ValidationException"),
        ({"name": "x", "slug": "not a slug"}, 400, "ValidationException"),
        ({"name": "x", "slug": "default"}, 409, "WorkspaceAlreadyExists"),
        ({"name": "x", "accountId": "12"}, 400, "ValidationException"),
        ({"name": "x", "accountId": "123456789012"}, 409, "WorkspaceAlreadyExists"),
        ({"name": "x", "admin": "nobody"}, 404, "AccountDoesNotExist"),
    ],
)
def test_what_is_no_workspace(keeper: Any, given: dict[str, Any], status: int, code: str) -> None:
    answer = send(browser(keeper), "post", PATH, given)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Workspace.objects.count() == 1


def test_no_role_makes_one(people: dict[str, Any]) -> None:
    answer = send(browser(people["admin"]), "post", PATH, {"name": "Mine"})
    assert answer.status_code == 403
    assert "superusers" in answer.json()["message"]


def test_admins_rename_their_own(people: dict[str, Any]) -> None:
    client = browser(people["admin"])
    answer = send(client, "patch", f"{PATH}123456789012/", {"name": "Shop"})
    assert (answer.status_code, answer.json()["name"]) == (200, "Shop")
    assert client.get("/api/session/").json()["workspace"] == "Shop"
    entry = AuditEntry.objects.get(action="workspace.rename")
    assert (entry.actor, entry.workspace) == ("admin", "123456789012")
    assert entry.details == '{"from":"Default","to":"Shop"}'
    # The same name again changes nothing, and says nothing.
    send(client, "patch", f"{PATH}123456789012/", {"name": " Shop "})
    assert AuditEntry.objects.filter(action="workspace.rename").count() == 1
    assert send(client, "patch", f"{PATH}123456789012/", {"name": ""}).status_code == 400


def test_another_is_renamed_from_within(people: dict[str, Any], keeper: Any) -> None:
    create_workspace("Second", "second", people["admin"], account_id=SECOND)
    client = browser(people["admin"])
    answer = send(client, "patch", f"{PATH}{SECOND}/", {"name": "Mine"})
    assert (answer.status_code, answer.json()["code"]) == (404, "ResourceNotFound")
    send(client, "put", "/api/session/workspace/", {"accountId": SECOND})
    assert send(client, "patch", f"{PATH}{SECOND}/", {"name": "Mine"}).status_code == 200
    answer = send(browser(keeper), "patch", f"{PATH}{SECOND}/", {"name": "Theirs"})
    assert (answer.status_code, answer.json()["name"]) == (200, "Theirs")


def test_one_that_has_gone(db: None) -> None:
    with pytest.raises(ResourceNotFound):
        rename_workspace(7, "x")


def test_slugs_of_names(db: None) -> None:
    default_workspace()
    assert slug_for("Default") == "default-2"
    assert slug_for("数据") == "workspace"
    assert slug_for("a" * 80) == "a" * 36
