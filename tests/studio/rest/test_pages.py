"""Pages, files and the odds and ends that Django serves itself."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import AsyncClient, Client

from studio.templatetags import frontend_assets


@pytest.fixture
def visitor(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("ada"))
    return client


@pytest.fixture
def built(tmp_path: Path, settings: Any) -> Path:
    """A folder whose ``static/app`` holds a bundle."""
    manifest = {
        "src/main.tsx": {
            "file": "assets/main-1.js",
            "css": ["assets/main-1.css"],
            "imports": ["_shared.js"],
        },
        "_shared.js": {"file": "assets/shared-2.js", "css": ["assets/shared-2.css"]},
    }
    folder = tmp_path / "static" / "app" / ".vite"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    settings.BASE_DIR = tmp_path
    return tmp_path


def test_the_shell_loads_the_bundle(visitor: Client, built: Path) -> None:
    for address in ("/", "/executions/orders/one", "/state-machines/a%20b?x=1"):
        page = visitor.get(address)
        text = page.content.decode()
        assert '<script type="module" src="/static/app/assets/main-1.js" nonce=' in text
        assert '<link rel="stylesheet" href="/static/app/assets/shared-2.css">' in text
        assert '<link rel="modulepreload" href="/static/app/assets/shared-2.js" nonce=' in text
        policy = page.headers["Content-Security-Policy"]
        assert "script-src 'nonce-" in policy
        assert "connect-src 'self' ws://testserver" in policy
        assert page.headers["Cache-Control"] == "no-cache, private"
        assert page.cookies["csrftoken"].value


def test_the_page_of_an_execution_is_loaded_with_the_bundle(visitor: Client, built: Path) -> None:
    path = built / "static" / "app" / ".vite" / "manifest.json"
    parts = {
        "src/features/executions/execution-page.tsx": {
            "file": "assets/execution-page-3.js",
            "css": ["assets/pages-3.css"],
            "imports": ["src/main.tsx", "_shared.js"],
        },
        "src/features/executions/event-list.tsx": {"file": "assets/event-list-4.js"},
        "src/features/executions/what-ran/table.tsx": {"file": "assets/table-5.js"},
    }
    path.write_text(json.dumps({**json.loads(path.read_text()), **parts}))
    os.utime(path, (2, 2))
    text = visitor.get("/executions/orders/a%26b%20(1)").content.decode()
    for file in ("execution-page-3", "event-list-4", "shared-2"):
        assert text.count(f'<link rel="modulepreload" href="/static/app/assets/{file}.js"') == 1
    assert text.count('<link rel="stylesheet" href="/static/app/assets/pages-3.css">') == 1
    assert "modulepreload" not in text.split("main-1.js")[1]
    # As the page asks for them, with the same names in the same order.
    asked = '<link rel="preload" as="fetch" crossorigin="anonymous" href="/api/executions/orders/'
    assert f'{asked}a%26b%20(1)/">' in text
    assert f'{asked}a%26b%20(1)/events/?after=0&amp;limit=200">' in text
    # Which list stands below is the address's.
    table = visitor.get("/executions/orders/one?below=table").content.decode()
    assert "assets/table-5.js" in table
    assert "event-list-4" not in table
    assert "event-list-4" in visitor.get("/executions/orders/one?below=x").content.decode()
    for address in ("/executions", "/executions/orders", "/state-machines/orders"):
        elsewhere = visitor.get(address).content.decode()
        assert "execution-page-3" not in elsewhere
        assert 'as="fetch"' not in elsewhere


def test_a_new_build_is_seen(visitor: Client, built: Path) -> None:
    visitor.get("/")
    path = built / "static" / "app" / ".vite" / "manifest.json"
    path.write_text(json.dumps({"src/main.tsx": {"file": "assets/main-9.js"}}))
    os.utime(path, (1, 1))
    assert b"main-9.js" in visitor.get("/").content


def test_a_bundle_that_is_not_built_is_said(visitor: Client, tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    assert str(frontend_assets.frontend_assets({})) == ""
    assert b"have not been built yet" in visitor.get("/").content


def test_the_shell_is_for_those_signed_in(db: None) -> None:
    page = Client().get("/executions/orders/one?tab=events")
    assert page.status_code == 302
    assert page.headers["Location"] == "/sign-in/?next=/executions/orders/one%3Ftab%3Devents"


def test_addresses_of_others_are_not_the_shells(visitor: Client) -> None:
    for address in ("/api/none/", "/static/none.js"):
        assert visitor.get(address).status_code == 404
    assert visitor.post("/executions/orders/one").status_code == 405


def test_signing_in_and_out(db: None) -> None:
    get_user_model().objects.create_user("ada", password="difference engine")
    visitor = Client()
    page = visitor.get("/sign-in/?next=/executions/")
    assert "script-src 'nonce-" in page.headers["Content-Security-Policy"]
    wrong = visitor.post("/sign-in/", {"username": "ada", "password": "x", "next": "/"})
    assert wrong.status_code == 200
    assert b'role="alert"' in wrong.content
    right = {"username": "ada", "password": "difference engine", "next": "/executions/"}
    assert visitor.post("/sign-in/", right).headers["Location"] == "/executions/"
    elsewhere = {**right, "next": "https://evil.example/"}
    assert Client().post("/sign-in/", elsewhere).headers["Location"] == "/"
    session = visitor.get("/api/session/").json()
    assert session["username"] == "ada"
    assert (session["accountId"], session["region"]) == ("123456789012", "us-east-1")
    assert visitor.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert visitor.get("/api/session/").status_code == 401


def test_health_asks_nobody_else() -> None:
    answer = Client().get("/healthz")  # pytest-django lets no query through here.
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_the_document_is_served(visitor: Client) -> None:
    answer = visitor.get("/api/schema/", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert "/api/executions/{stateMachineName}/{executionName}/events/" in answer.json()["paths"]


@pytest.fixture
def files(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    (settings.FILES_DIR / "album").mkdir(parents=True)
    (settings.FILES_DIR / "album" / "sheet.png").write_bytes(b"\x89PNG" + b"x" * 600_000)
    (settings.FILES_DIR / "page.html").write_text("<script>alert(1)</script>")
    (settings.FILES_DIR / "odd").write_text("?")
    (settings.FILES_DIR / "packed.svg.gz").write_text("?")
    (tmp_path / "secret.txt").write_text("secret")
    (settings.FILES_DIR / "link").symlink_to(tmp_path / "secret.txt")
    return tmp_path


@pytest.fixture
def signed_in(transactional_db: None) -> AsyncClient:
    client = AsyncClient()
    client.force_login(get_user_model().objects.create_user("ada"))
    return client


@pytest.fixture
async def reader(signed_in: AsyncClient) -> AsyncIterator[AsyncClient]:
    yield signed_in
    # The session was read on asgiref's thread, whose connection nobody else would close.
    await sync_to_async(connections.close_all)()


async def test_files(files: Path, reader: AsyncClient) -> None:
    answer: Any = await reader.get("/files/album/sheet.png")
    content = b"".join([piece async for piece in answer])
    assert content == (files / "files" / "album" / "sheet.png").read_bytes()
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    known = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert (await reader.get("/files/album/sheet.png", headers=known)).status_code == 304


async def test_files_can_do_nothing(files: Path, reader: AsyncClient) -> None:
    page: Any = await reader.get("/files/page.html")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert page.headers["Content-Security-Policy"].endswith("sandbox")
    for name in ("odd", "packed.svg.gz"):
        answer = await reader.get(f"/files/{name}")
        assert answer.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "album/../../secret.txt",
        "%2e%2e/secret.txt",
        "/etc/passwd",
        "link",
        "album",
        "album/",
        "none.png",
        "a%00b",
        "x" * 3000,
        "sheet.png/x",
    ],
)
async def test_nothing_else_is_reachable(files: Path, reader: AsyncClient, path: str) -> None:
    assert (await reader.get(f"/files/{path}")).status_code == 404


async def test_files_are_for_those_signed_in(files: Path, transactional_db: None) -> None:
    assert (await AsyncClient().get("/files/album/sheet.png")).status_code == 401
