"""``/api/audit/``, and that each thing a person does at a page is in it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import AsyncClient, Client
from django.utils import timezone

from studio.actions import audit_search
from studio.actions.audit import Actor, record
from studio.actions.audit_chain import GENESIS, seal_entries
from studio.actions.members import default_workspace, set_role
from studio.models import ActorKind, AuditAction, AuditEntry, Membership

PATH = "/api/audit/"
EVE = Actor(kind=ActorKind.USER, name="eve", address="192.0.2.9")


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    return client


def found(client: Client, **query: Any) -> list[str]:
    answer = client.get(PATH, query)
    assert answer.status_code == 200, answer.content
    return [f"{entry['action']} {entry['subject']}" for entry in answer.json()["results"]]


def test_only_for_admins(db: None) -> None:
    client = Client()
    for path in (PATH, f"{PATH}export/"):
        assert client.get(path).status_code == 401
    get_user_model().objects.create_user("bob")
    ada = get_user_model().objects.create_user("ada")
    set_role(default_workspace(), ada, Membership.Role.REVIEWER)
    client.force_login(ada)
    for path in (PATH, f"{PATH}export/"):
        assert client.get(path).json()["code"] == "AccessDeniedException"


def test_an_admin_sees_their_workspace_and_a_superuser_everything(admin: Client) -> None:
    ours = replace(EVE, workspace=default_workspace().account)
    record(AuditAction.TAG, "ours", actor=ours)
    record(AuditAction.TAG, "theirs", actor=replace(EVE, workspace="999999999999"))
    record(AuditAction.TAG, "nobodys", actor=EVE)
    everything = ["resource.tag nobodys", "resource.tag theirs", "resource.tag ours"]
    assert found(admin, action="resource.tag") == everything
    other = Client()
    other.force_login(get_user_model().objects.create_user("ada"))
    assert found(other, action="resource.tag") == ["resource.tag ours"]


def test_what_is_looked_for(admin: Client) -> None:
    record(AuditAction.TAG, "arn:a:orders", {"tags": {"cost": "Blue"}}, actor=EVE)
    record(AuditAction.UNTAG, "arn:a:images", {"keys": ["cost"]}, actor=EVE)
    record(AuditAction.TAG, "arn:b:orders", actor=EVE)
    both = ["resource.tag arn:b:orders", "resource.tag arn:a:orders"]
    assert found(admin, actor="eve", action="resource.tag") == both
    assert found(admin, subject="orders") == both
    assert found(admin, subject="arn:a") == ["resource.untag arn:a:images", both[1]]
    assert found(admin, text="blue") == [both[1]]
    assert found(admin, actor="root") == ["session.signIn root"]
    now = timezone.now()
    assert found(admin, before=(now - timedelta(hours=1)).isoformat()) == []
    assert len(found(admin, after=(now - timedelta(hours=1)).isoformat())) == 5
    assert admin.get(PATH, {"action": "resource.eat"}).status_code == 400


def test_pages(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for index in range(5):
        record(AuditAction.TAG, f"thing-{index}", {"even": index % 2 == 0}, actor=EVE)
    first = admin.get(PATH, {"limit": 4}).json()
    second = admin.get(PATH, {"limit": 4, "cursor": first["nextCursor"]}).json()
    subjects = [entry["subject"] for entry in first["results"] + second["results"]]
    assert subjects == ["thing-4", "thing-3", "thing-2", "thing-1", "thing-0", "root", "root"]
    assert second["nextCursor"] is None
    # A text is looked for among a few at a time.
    monkeypatch.setattr(audit_search, "SEARCHED", 2)
    query: dict[str, Any] = {"text": "true", "actor": "eve"}
    pages = []
    for _ in range(4):
        page = admin.get(PATH, query).json()
        pages.append([entry["subject"] for entry in page["results"]])
        if page["nextCursor"] is None:
            break
        assert page["searchedTo"] is not None
        query["cursor"] = page["nextCursor"]
    assert pages == [["thing-4"], ["thing-2"], ["thing-0"]]


def test_an_entry_as_the_page_has_it(admin: Client) -> None:
    made = admin.post(
        "/api/access-keys/", {}, content_type="application/json", REMOTE_ADDR="192.0.2.1"
    )
    key = made.json()["accessKeyId"]
    (entry,) = admin.get(PATH, {"action": "accessKey.create"}).json()["results"]
    assert entry["subject"] == key
    assert (entry["actor"], entry["actorKind"], entry["address"]) == ("root", "USER", "192.0.2.1")
    assert entry["requestId"] == made.headers["X-Request-Id"]
    assert entry["details"] == {"user": "root", "scopes": None}
    assert (entry["sequence"], entry["hash"]) == (None, None)
    seal_entries()
    (entry,) = admin.get(PATH, {"action": "accessKey.create"}).json()["results"]
    assert entry["sequence"] == 3
    assert made.json()["secretAccessKey"] not in json.dumps(
        list(AuditEntry.objects.values("details", "subject"))
    )


def test_signing_in_and_out_is_told_of(db: None) -> None:
    get_user_model().objects.create_user("ada", password="difference engine")
    visitor = Client()
    visitor.post("/sign-in/", {"username": "ada", "password": "guess"})
    visitor.post("/sign-in/", {"username": "nobody", "password": "guess"})
    visitor.post("/sign-in/", {"username": "ada", "password": "difference engine"})
    visitor.post("/sign-out/")
    told = [
        (e.action, e.subject, e.actor, e.address)
        for e in AuditEntry.objects.exclude(action="member.setRole")
    ]
    assert told == [
        ("session.signInFailed", "ada", "", "127.0.0.1"),
        ("session.signInFailed", "nobody", "", "127.0.0.1"),
        ("session.signIn", "ada", "ada", "127.0.0.1"),
        ("session.signOut", "ada", "ada", "127.0.0.1"),
    ]
    assert "guess" not in str(list(AuditEntry.objects.values()))


@pytest.fixture
def signed_in(transactional_db: None) -> AsyncClient:
    client = AsyncClient()
    client.force_login(get_user_model().objects.create_superuser("root"))
    return client


@pytest.fixture
async def reader(signed_in: AsyncClient) -> AsyncIterator[AsyncClient]:
    yield signed_in
    await sync_to_async(connections.close_all)()


async def exported(reader: AsyncClient, **query: str) -> str:
    answer: Any = await reader.get(f"{PATH}export/", query)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return b"".join([piece async for piece in answer.streaming_content]).decode()


async def test_an_export_can_be_verified_by_anybody(
    reader: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.actions.audit_export.PIECE", 2)
    for index in range(4):
        await sync_to_async(record)(AuditAction.TAG, f"=thing-{index}", {"ü": index}, actor=EVE)
    lines = (await exported(reader)).splitlines()
    assert len(lines) == 6
    previous = GENESIS
    for line in lines:
        entry = json.loads(line)
        told = entry.pop("hash")
        sequence = entry.pop("sequence")
        values = [sequence, previous, *entry.values()]
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        previous = hashlib.sha256(text.encode()).hexdigest()
        assert previous == told
    assert len((await exported(reader, actor="eve", action="resource.tag")).splitlines()) == 4


async def test_a_spreadsheet_gets_no_formulas(reader: AsyncClient) -> None:
    await sync_to_async(record)(AuditAction.TAG, "=HYPERLINK(1)", actor=EVE)
    rows = list(csv.DictReader(io.StringIO(await exported(reader, form="csv", actor="eve"))))
    assert [row["subject"] for row in rows] == ["'=HYPERLINK(1)"]
