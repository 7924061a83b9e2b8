"""``/hooks/TOKEN/``: the endpoints of state machines, for callers of any kind.

No session and no cookie counts here: a call proves who makes it with the endpoint's secret.
"""

from __future__ import annotations

import logging
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from executions.actions import express
from executions.actions.triggers.endpoint_calls import (
    Call,
    Reply,
    begin_call,
    refusal,
    reply_of,
)
from executions.runtime.express.execution import ExpressStart
from executions.runtime.express.processes import TooManyExecutions
from studio.access.declaration import public
from studio.errors import ApiError

_log = logging.getLogger(__name__)


@public
@csrf_exempt
async def hook(request: HttpRequest, token: str, rest: str = "") -> HttpResponse:
    """Start an execution for a caller: 202 with its ARN, or an Express one's answer."""
    length = request.headers.get("Content-Length", "0")
    if length.isdecimal() and int(length) > settings.MAX_INPUT_BYTES:
        return _http(_too_large())
    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError):
        return _http(_too_large())
    if len(body) > settings.MAX_INPUT_BYTES:
        return _http(_too_large())
    call = Call(
        request.method or "GET",
        f"/{rest}",
        request.META.get("QUERY_STRING", ""),
        {name.lower(): value for name, value in request.headers.items()},
        body,
    )
    try:
        begun = await sync_to_async(_begin, thread_sensitive=False)(token, call)
        if isinstance(begun, ExpressStart):
            begun = reply_of(await express.run_sync_execution(begun))
    except TooManyExecutions:
        begun = refusal(503, "Unavailable", "Too many executions run at this moment.")
    except ApiError as error:
        begun = refusal(max(error.rest_status, error.status), error.code, error.message)
    return _http(begun)


def _begin(token: str, call: Call) -> Reply | ExpressStart:
    try:
        return begin_call(token, call)
    finally:
        connection.close()  # Back to the pool: this thread may not come again for long.


def _too_large() -> Reply:
    return refusal(
        413, "RequestTooLarge", f"The body is larger than {settings.MAX_INPUT_BYTES} bytes."
    )


def _http(reply: Reply) -> HttpResponse:
    headers: dict[str, Any] = {
        "Cache-Control": "no-store",
        **reply.headers,
        # What a workflow answers is no page of this server.
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    }
    return HttpResponse(reply.body, status=reply.status, headers=headers)
