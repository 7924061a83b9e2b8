"""The few pages that the server makes itself, and the files that functions wrote."""

from __future__ import annotations

import asyncio
import math
import mimetypes
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.views import LoginView, LogoutView
from django.db import connection
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import http_date
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_safe
from django.views.static import was_modified_since

from studio import arns
from studio.access.declaration import needs, public
from studio.access.permissions import Permission
from studio.actions.identities import BACKEND
from studio.models import Workspace

FILE_PIECE = 256 * 1024
_OF_AN_ACCOUNT = re.compile(r"[0-9]{12}")

# A page or picture that a function wrote may show itself, and can do nothing else.
FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:; "
    "media-src 'self'; frame-ancestors 'none'; sandbox"
)


@needs(Permission.OWN_ACCOUNT, page=True)
@require_safe
@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    """The page that the bundle fills; every address that nothing else answers shows it."""
    response = render(request, "index.html")
    # A page that names the files of an older build would load nothing after the next one.
    patch_cache_control(response, no_cache=True, private=True)
    return response


class SignInView(LoginView):
    """Django's sign-in; somebody who is signed in already is sent on."""

    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page offers: a password, a provider, or both."""
        return super().get_context_data(
            passwords=settings.PASSWORDS,
            provider=settings.OIDC_NAME if settings.OIDC_ISSUER else "",
            has_left_provider="left" in self.request.GET,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign in with a password, where there are any."""
        if not settings.PASSWORDS:
            return HttpResponse(
                "Nobody signs in here with a password.", status=403, content_type="text/plain"
            )
        return super().post(request, *args, **kwargs)


class SignOutView(LogoutView):
    """Django's sign-out; who came by the provider is offered to sign out there, too."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out."""
        came_by_provider = request.session.get(BACKEND_SESSION_KEY) == BACKEND
        answer = super().post(request, *args, **kwargs)
        if came_by_provider:
            return HttpResponseRedirect(f"{settings.LOGOUT_REDIRECT_URL}?left")
        return answer


sign_in = public(SignInView.as_view())
sign_out = public(SignOutView.as_view())


def too_many_attempts(
    request: HttpRequest, _response: HttpResponse, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """What somebody sees who has failed to sign in too often: django-axes asks for it."""
    del credentials
    pause: timedelta = settings.AXES_COOLOFF_TIME
    context = {"minutes": math.ceil(pause.total_seconds() / 60)}
    response = render(request, "registration/too_many_attempts.html", context, status=429)
    response.headers["Retry-After"] = str(int(pause.total_seconds()))
    return response


@public
@require_GET
def health(_: HttpRequest) -> HttpResponse:
    """Say that the server answers."""
    return HttpResponse("ok", content_type="text/plain")


@needs(Permission.VIEW)
async def written_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file that a function wrote below ``STEPWELL_DATA/files``, for members of its workspace:
    what lies below ``files/ACCOUNT/`` is that account's, everything else the first one's.

    Nothing outside that folder is reachable, also not through links; folders are not listed.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    file, modified, size = await sync_to_async(_find_file, thread_sensitive=False)(
        path, arns.current_account()
    )
    headers: dict[str, Any] = {
        "Last-Modified": http_date(modified),
        # A function may write the file again: ask each time, transfer only what changed.
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": FILE_POLICY,
    }
    if not was_modified_since(request.headers.get("If-Modified-Since"), modified):
        return HttpResponseNotModified(headers=headers)
    content_type, encoding = mimetypes.guess_type(file.name)
    if content_type is None or encoding is not None:
        content_type = "application/octet-stream"
    headers["Content-Length"] = str(size)
    if request.method == "HEAD":
        return HttpResponse(headers=headers, content_type=content_type)
    return StreamingHttpResponse(_pieces(file), headers=headers, content_type=content_type)


def _find_file(path: str, account: str) -> tuple[Path, int, int]:
    """The file, when it was written (whole seconds) and its size; raises Http404."""
    folder = Path(settings.FILES_DIR).resolve()
    is_first = account == settings.AWS_ACCOUNT_ID
    own = folder if is_first else folder / account
    try:
        file = (folder / path).resolve()
        status = file.stat()
    except (OSError, ValueError):
        raise Http404("There is no such file.") from None
    # Of the path as it is when links are followed.
    if not file.is_relative_to(own) or not file.is_file():
        raise Http404("There is no such file.")
    if is_first and _is_of_another(file.relative_to(folder).parts[0]):
        raise Http404("There is no such file.")
    return file, int(status.st_mtime), status.st_size


def _is_of_another(name: str) -> bool:
    """Whether a folder of this name is that of an account: others' begin with it."""
    if not _OF_AN_ACCOUNT.fullmatch(name):
        return False
    try:
        return Workspace.objects.filter(account_id=name).exists()
    finally:
        connection.close()


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(file.open, "rb") as opened:
        while piece := await asyncio.to_thread(opened.read, FILE_PIECE):
            yield piece
