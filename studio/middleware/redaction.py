"""The one place where answers of the REST API leave: sensitive values are hidden here."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeGuard

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from studio import arns
from studio.access.caller import current_caller
from studio.access.permissions import Permission
from studio.actions.sensitive_fields import marks_for
from studio.redaction import hide_text
from studio.sensitive_fields import NONE

# Paths of which everything is about one state machine: kind/NAME/…
_OF_ONE_MACHINE = re.compile(r"/api/(?:state-machines|executions|map-runs)/[^/]+/")


@sync_and_async_middleware
def redaction_middleware(
    get_response: Callable[[HttpRequest], Any],
) -> Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[Any]]:
    """Django's middleware: looks at every JSON answer, whatever view has made it."""
    if inspect.iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            response: HttpResponseBase = await get_response(request)
            if not _may_hide(response, request):
                return response
            return await sync_to_async(_redacted)(request, response)

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = get_response(request)
        if not _may_hide(response, request):
            return response
        return _redacted(request, response)

    return answer


def _may_hide(response: HttpResponseBase, request: HttpRequest) -> TypeGuard[HttpResponse]:
    """Whether the answer may have what the caller may not see."""
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    if not (is_json and request.path.startswith("/api/") and isinstance(response, HttpResponse)):
        return False
    # Whoever is not known may see nothing, in case an answer has something.
    caller = current_caller()
    return caller is None or not caller.may(Permission.REVEAL)


def _redacted(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    content = response.content.decode()
    # What went wrong here, the database perhaps, tells of no execution.
    marks = NONE if response.status_code >= 500 else marks_for(_machine_of(request))
    hidden = hide_text(content, marks)
    if hidden is not content:
        response.content = hidden.encode()
        if response.headers.get("Content-Length"):
            response.headers["Content-Length"] = str(len(response.content))
    return response


def _machine_of(request: HttpRequest) -> str | None:
    """The state machine that the whole answer is about, where the path names one."""
    match = request.resolver_match
    if match is None or not _OF_ONE_MACHINE.match(request.path):
        return None
    name = match.kwargs.get("stateMachineName", match.kwargs.get("name"))
    return arns.full_name(name) if isinstance(name, str) else None
