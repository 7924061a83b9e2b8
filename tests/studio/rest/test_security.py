"""What browsers are told, forged requests, and the settings of a team's installation."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

ROOT = Path(__file__).parents[3]
UNSAFE = ("post", "put", "patch", "delete")


@pytest.fixture
def visitor(db: None) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.create_superuser("root"))
    return client


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in/",
        "/",
        "/executions/a/b",
        "/audit",
        "/api/session/",
        "/api/none/",
        "/static/none.js",
        "/static/brand/page.css",
        "/healthz",
        "/files/none",
    ],
)
def test_every_answer_has_every_header(visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    answer.close()
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    if headers.get("Content-Type", "").startswith("text/html"):
        (nonce,) = set(re.findall(r"'nonce-([^']+)'", policy))
        script = re.search(r"script-src ([^;]+);", policy)
        assert script is not None
        assert script[1] == f"'nonce-{nonce}' 'strict-dynamic'"
        text = answer.content.decode()
        tags = re.findall(r"<(?:script|style)\b[^>]*>", text)
        assert all(f'nonce="{nonce}"' in tag for tag in tags), tags
        assert " style=" not in text
        assert not re.search(r"\son[a-z]+=", text)
        assert nonce not in visitor.get(path).headers["Content-Security-Policy"]
    else:
        assert "nonce" not in policy


def test_a_hosts_name_puts_nothing_into_the_policy(db: None) -> None:
    answer = Client().get("/sign-in/", headers={"Host": "x; script-src *"})
    assert answer.status_code == 400
    assert "script-src *" not in answer.headers["Content-Security-Policy"]


def test_a_page_of_an_error_of_ours_needs_no_script(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.views.render", lambda *_: 1 / 0)
    answer = visitor.get("/")
    assert answer.status_code == 500
    assert "went wrong on the server" in answer.content.decode()
    assert "<script" not in answer.content.decode()


def views() -> Iterator[tuple[str, Any]]:
    """Every address of the REST API and its view."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
        for each in patterns:
            path = prefix + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, path)
            elif isinstance(each, URLPattern):
                yield path, getattr(each.callback, "view_class", None)

    yield from ((path, view) for path, view in walk(get_resolver().url_patterns, "") if view)


FILLED = {"uuid": "0b0d8e5a-36f4-4d7a-9c5f-111111111111", "int": "1"}


def filled(path: str) -> str:
    path = re.sub(r"<(\w+):\w+>", lambda match: FILLED.get(match[1], "x"), path)
    path = re.sub(r"\(\?P<\w+>[^)]*\)", "x", path)
    return "/" + path.replace("^", "").replace("$", "")


ROUTES = sorted(
    {
        (filled(path), method)
        for path, view in views()
        for method in UNSAFE
        if path.startswith("api/") and hasattr(view, method)
    }
)


def test_there_are_routes() -> None:
    assert len(ROUTES) > 20
    assert ("/api/state-machines/x/executions/", "post") in ROUTES


@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_a_forged_request_changes_nothing(db: None, path: str, method: str) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(get_user_model().objects.create_superuser("root"))
    answer = getattr(browser, method)(path, {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "AccessDeniedException")
    assert "CSRF" in answer.json()["message"]


def test_forms_cannot_be_forged(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(get_user_model().objects.create_user("ada"))
    for path in ("/sign-in/", "/sign-out/"):
        answer = browser.post(path, {"username": "ada", "password": "x"})
        assert answer.status_code == 403
        assert "cannot be accepted any more" in answer.content.decode()
    assert browser.get("/api/session/").status_code == 200


def test_the_sessions_cookie_is_out_of_reach_of_scripts(db: None) -> None:
    get_user_model().objects.create_user("ada", password="difference engine")
    answer = Client().post("/sign-in/", {"username": "ada", "password": "difference engine"})
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert 2 * 3600 - 60 < cookie["max-age"] <= 2 * 3600


PRODUCTION = {
    "STEPWELL_SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "STEPWELL_ALLOWED_HOSTS": "stepwell.example.org",
    "STEPWELL_TRUSTED_ORIGINS": "https://stepwell.example.org",
    "STEPWELL_HTTPS": "1",
}


def run(code: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *code],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "studio.config.settings", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_check_for_deployment_finds_nothing_with_the_documented_settings() -> None:
    text = (ROOT / "docs/how-to/run-in-production.md").read_text()
    assert {name for name in PRODUCTION if f"export {name}=" in text} == PRODUCTION.keys()
    command = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = run(command, PRODUCTION)
    assert done.returncode == 0, done.stdout + done.stderr
    # It would have found something: without one of them it does.
    assert run(command, {**PRODUCTION, "STEPWELL_HTTPS": "0"}).returncode != 0


def test_over_tls_alone() -> None:
    script = """
import django; django.setup()
from django.test import Client
plain = Client().get("/sign-in/", headers={"Host": "stepwell.example.org"})
print(plain.status_code, plain.headers["Location"])
print(Client().get("/healthz", headers={"Host": "stepwell.example.org"}).status_code)
page = Client().get("/sign-in/", secure=True, headers={"Host": "stepwell.example.org"})
print(page.status_code, page.headers["Strict-Transport-Security"])
print("wss://stepwell.example.org" in page.headers["Content-Security-Policy"])
print(page.cookies["csrftoken"]["secure"])
from django.conf import settings
print(settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_NAME)
"""
    done = run(["-c", script], {**PRODUCTION, "PORT": "8000"})
    assert done.stdout.splitlines() == [
        "301 https://stepwell.example.org/sign-in/",
        "200",
        "200 max-age=31536000; includeSubDomains",
        "True",
        "True",
        "True __Host-stepwell_session_8000",
    ], done.stderr
