"""The one place where answers of the REST API leave: sensitive values are hidden here."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from studio.access.caller import current_caller
from studio.access.permissions import Permission
from studio.redaction import hide_text, is_asked_for


@sync_and_async_middleware
def redaction_middleware(
    get_response: Callable[[HttpRequest], Any],
) -> Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[Any]]:
    """Django's middleware: looks at every JSON answer, whatever view has made it."""
    if inspect.iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            return _redacted(request, await get_response(request))

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        return _redacted(request, get_response(request))

    return answer


def _redacted(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if not is_asked_for() or not request.path.startswith("/api/"):
        return response
    caller = current_caller()
    # Whoever is not known may see nothing, in case an answer has something.
    if caller is not None and caller.may(Permission.REVEAL):
        return response
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    if isinstance(response, HttpResponse) and is_json:
        response.content = hide_text(response.content.decode()).encode()
        if response.headers.get("Content-Length"):
            response.headers["Content-Length"] = str(len(response.content))
    return response
