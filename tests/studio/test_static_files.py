"""Files of the bundle: a build replaces them while the server runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from studio.middleware.static_files import StaticFilesMiddleware

ELSEWHERE = "some other page"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A bundle's folder, with the file of a first build."""
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main-1.js").write_text("first()")
    return tmp_path / "app"


@pytest.fixture
def running(folder: Path) -> StaticFilesMiddleware:
    """A server that came up after the first build."""

    def page(_: HttpRequest) -> HttpResponse:
        return HttpResponse(ELSEWHERE, status=404)

    return StaticFilesMiddleware(page)


def asked(running: StaticFilesMiddleware, path: str) -> tuple[int, str]:
    response = running(RequestFactory().get(path))
    try:
        return response.status_code, b"".join(response).decode()
    finally:
        response.close()


def test_a_file_of_a_later_build_is_served(running: StaticFilesMiddleware, folder: Path) -> None:
    assert asked(running, "/static/app/main-2.js") == (404, ELSEWHERE)
    (folder / "main-2.js").write_text("second()")
    assert asked(running, "/static/app/main-2.js") == (200, "second()")
    assert asked(running, "/static/app/main-2.js") == (200, "second()")


def test_a_file_of_an_earlier_build_is_gone_without_an_error(
    running: StaticFilesMiddleware, folder: Path
) -> None:
    assert asked(running, "/static/app/main-1.js") == (200, "first()")
    (folder / "main-1.js").unlink()
    assert asked(running, "/static/app/main-1.js") == (404, ELSEWHERE)


def test_a_file_that_is_written_anew_is_served_as_it_is(
    running: StaticFilesMiddleware, folder: Path
) -> None:
    (folder / "main-1.js").write_text("another()")
    assert asked(running, "/static/app/main-1.js") == (200, "another()")


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/app",
        "/static/app/",
        "/static/../secret.txt",
        "/static/app/../../secret.txt",
        "/static//app/main-1.js",
        "/static/app/nul\x00.js",
        "/static/" + "long" * 200,
        "/app/main-1.js",
    ],
)
def test_nothing_else_is_found(running: StaticFilesMiddleware, folder: Path, path: str) -> None:
    (folder.parent.parent / "secret.txt").write_text("secret")
    request = RequestFactory().get("/")
    request.path = request.path_info = path
    assert running(request).content == ELSEWHERE.encode()
