"""Every address that Django answers, with every method, asked by everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.views import APIView

from tests.access.matrix import ANONYMOUS, EVERYBODY, read_matrix
from tests.access.people import one_of_each_role

PLAIN: Final = {
    "/decide/<signed>/": ("GET", "POST"),
    "/files/<path:path>": ("GET",),
    "/healthz": ("GET",),
    "/hooks/<token>/": ("GET", "POST"),
    "/hooks/<token>/<path:rest>": ("GET", "POST"),
    "/sign-in/": ("GET", "POST"),
    "/sign-in/openid/": ("GET",),
    "/sign-in/openid/callback/": ("GET",),
    "/sign-out/": ("POST",),
    "/sign-out/openid/": ("GET",),
    "/{every other page}": ("GET",),
}
"""The methods of views that are Django's own: they do not say so themselves."""
_SHELL: Final = "^(?!"
_PARAMETER: Final = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>[^)]*\)")
_VALUES: Final = {"int": "7", "uuid": "11111111-1111-4111-8111-111111111111"}


@pytest.fixture(autouse=True)
def _no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may see the API's document is asked often here; to make it takes a second."""
    monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *_, **__: {})


def routes() -> Iterator[tuple[str, Any]]:
    """Every address as the matrix has it, and its view."""
    yield from _below(get_resolver(), "/")


def _below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
    for each in resolver.url_patterns:
        text = str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _below(each, prefix + text)
        elif isinstance(each, URLPattern):
            yield (
                (
                    "/{every other page}"
                    if text.startswith(_SHELL)
                    else prefix + _PARAMETER.sub(_shown, text.removeprefix("^").removesuffix("$"))
                ),
                each.callback,
            )


def _shown(match: re.Match[str]) -> str:
    kind = match["kind"]
    name = match["name"] or match["group"]
    return f"<{kind}:{name}>" if kind in (*_VALUES, "path") else f"<{name}>"


def calls() -> Iterator[str]:
    """Every address with every method that it answers."""
    for address, view in routes():
        rest = getattr(view, "cls", None)
        if rest is None:
            methods = PLAIN[address]
        else:
            assert issubclass(rest, APIView)
            methods = tuple(m.upper() for m in rest.http_method_names if hasattr(rest, m))
        yield from (f"{method} {address}" for method in methods if method != "OPTIONS")


def ask(client: Client, call: str) -> HttpResponseBase:
    """Call it about things that are not there, with an empty body."""
    method, address = call.split(" ", 1)
    address = address.replace("{every other page}", "somewhere")
    address = _PARAMETER.sub(lambda match: _VALUES.get(match["kind"] or "", "nothing"), address)
    answer: HttpResponseBase = client.generic(method, address, b"{}", "application/json")
    return answer


def is_refused(answer: HttpResponseBase) -> bool:
    return answer.status_code in (401, 403) or answer.headers.get("Location", "").startswith(
        "/sign-in/?next="
    )


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert sorted(set(calls())) == sorted(read_matrix()["Routes"])


def test_each_cell(db: None) -> None:
    expected = read_matrix()["Routes"]
    people = one_of_each_role()
    wrong = []
    for who in EVERYBODY:
        client = Client(raise_request_exception=False)
        for call, allowed in expected.items():
            if who != ANONYMOUS:  # Again: signing out is among what is asked.
                client.force_login(people[who])
            answer = ask(client, call)
            if is_refused(answer) is (who in allowed) or answer.status_code >= 500:
                wrong.append((call, who, answer.status_code))
    assert wrong == []


def test_somebody_of_no_workspace_is_told_so(db: None) -> None:
    people = one_of_each_role()
    stranger = people["viewer"]
    stranger.memberships.all().delete()
    client = Client()
    for call, allowed in read_matrix()["Routes"].items():
        client.force_login(stranger)
        answer = ask(client, call)
        # Only one's own account is open, and what is open to anybody.
        needs_nothing = ANONYMOUS in allowed or call in (
            "GET /api/access-keys/",
            "POST /api/access-keys/",
            "DELETE /api/access-keys/<access_key_id>/",
            "GET /api/notifications/mails/",
            "PUT /api/notifications/mails/",
            "GET /api/schema/",
            "GET /api/session/",
            "POST /api/session/password/",
            "GET /api/tokens/",
            "POST /api/tokens/",
            "DELETE /api/tokens/<token_id>/",
            "PUT /api/session/workspace/",
            "GET /api/workspaces/",
            "GET /{every other page}",
        )
        assert is_refused(answer) is not needs_nothing, call
    answer = client.get("/api/state-machines/")
    assert "'viewer' belongs to no workspace" in answer.json()["message"]


def test_a_refusal_says_what_is_needed_and_who_can_give_it(db: None) -> None:
    client = Client()
    client.force_login(one_of_each_role()["viewer"])
    answer = client.post("/api/state-machines/", {}, "application/json")
    assert answer.status_code == 403
    assert answer.json() == {
        "code": "AccessDeniedException",
        "message": "This needs 'publish', which the editor, reviewer or admin of the workspace "
        "'Default' has; 'viewer' is viewer. Its admins can change that: 'admin'.",
    }


def test_a_view_that_declares_nothing_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    client.force_login(one_of_each_role()["admin"])
    views = dict(routes())
    monkeypatch.delattr(views["/api/drafts/"].cls, "permissions")
    assert "a fault here" in client.get("/api/drafts/").json()["message"]
    monkeypatch.delattr(views["/healthz"], "access")
    assert client.get("/healthz").status_code == 403
    monkeypatch.setattr(views["/api/actions/"].cls, "permission_classes", [])
    assert client.get("/api/actions/").status_code == 403
