"""``/api/connections/`` and ``manage.py connection``: secrets go in and never come out."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from studio.models import AuditEntry

pytestmark = pytest.mark.django_db

SECRET = "the-secret"
NEW = {
    "name": "stripe",
    "authorizationType": "BASIC",
    "authParameters": {"BasicAuthParameters": {"Username": "u", "Password": SECRET}},
}


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    return client.generic(method, path, json.dumps(body), content_type="application/json")


def test_made_shown_changed_and_removed(admin_client: Client) -> None:
    made = send(admin_client, "POST", "/api/connections/", NEW)
    assert made.status_code == 201
    assert made.json()["connectionArn"].startswith(
        "arn:aws:events:us-east-1:123456789012:connection/stripe/"
    )
    changed = send(admin_client, "PATCH", "/api/connections/stripe/", {"description": "Payments"})
    assert changed.json()["description"] == "Payments"
    listed = admin_client.get("/api/connections/")
    assert [connection["name"] for connection in listed.json()] == ["stripe"]
    for answer in (made, changed, listed):
        assert SECRET not in answer.content.decode()
    assert send(admin_client, "DELETE", "/api/connections/stripe/").status_code == 204
    assert send(admin_client, "DELETE", "/api/connections/stripe/").status_code == 404


def test_a_wrong_form_is_refused(admin_client: Client) -> None:
    answer = send(admin_client, "POST", "/api/connections/", NEW | {"authParameters": {}})
    assert answer.status_code == 400
    assert "BasicAuthParameters" in answer.json()["message"]


def test_strangers_see_nothing(client: Client) -> None:
    assert client.get("/api/connections/").status_code == 401


def test_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(NEW["authParameters"])))
    call_command("connection", "create", "stripe", "--type", "BASIC")
    call_command("connection", "list")
    shown = capsys.readouterr().out
    assert "connection/stripe/" in shown
    assert SECRET not in shown
    call_command("connection", "delete", "stripe")
    with pytest.raises(CommandError, match="Does Not Exist"):
        call_command("connection", "delete", "stripe")


def test_a_connection_is_tried_out(admin_client: Client) -> None:
    send(admin_client, "POST", "/api/connections/", NEW)
    path = "/api/connections/stripe/test/"
    nowhere = send(admin_client, "POST", path, {"url": "https://127.0.0.1/charges?key=hidden"})
    assert nowhere.status_code == 200
    told = nowhere.json()
    assert told["ok"] is False
    (request,) = told["requests"]
    assert (request["purpose"], request["url"]) == ("request", "https://127.0.0.1/charges")
    assert request["status"] is None
    assert request["problem"]
    assert SECRET not in nowhere.content.decode()

    (entry,) = AuditEntry.objects.filter(action="connection.test")
    assert json.loads(entry.details) == {"urls": ["https://127.0.0.1/charges"], "ok": False}

    without = send(admin_client, "POST", path, {})
    assert (without.status_code, "Give a url" in without.json()["message"]) == (400, True)
    posted = send(admin_client, "POST", path, {"url": "https://a.example", "method": "POST"})
    assert posted.status_code == 400
    assert send(admin_client, "POST", "/api/connections/other/test/", {}).status_code == 404
