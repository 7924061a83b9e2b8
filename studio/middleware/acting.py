"""Who acts in a request of a page: the signed-in user, from an address, in a request with an id."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from studio.access.caller import current_caller
from studio.actions.api_tokens import KnownToken
from studio.actions.audit import Actor, acting
from studio.models import ActorKind

REQUEST_ID = "X-Request-Id"


def actor_of(request: HttpRequest, request_id: str) -> Actor:
    """Whoever is signed in at ``request``; nobody has no name."""
    user, caller = request.user, current_caller()
    # Django REST framework leaves what a request came with there.
    auth = getattr(request, "auth", None)
    token_id = auth.token_id if isinstance(auth, KnownToken) else ""
    return Actor(
        kind=ActorKind.KEY if token_id else ActorKind.USER,
        name=user.get_username() if user.is_authenticated else "",
        access_key_id=token_id,
        workspace=None if caller is None else caller.account_id,
        # The server's own view of it: it believes a proxy that it is told to believe, no other.
        address=request.META.get("REMOTE_ADDR", ""),
        request_id=request_id,
    )


@sync_and_async_middleware
def acting_middleware(
    get_response: Callable[[HttpRequest], Any],
) -> Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[Any]]:
    """Django's middleware: stands behind the one that knows the user."""
    if inspect.iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            request_id = str(uuid.uuid4())
            with acting(lambda: actor_of(request, request_id)):
                response: HttpResponseBase = await get_response(request)
            response.headers[REQUEST_ID] = request_id
            return response

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        request_id = str(uuid.uuid4())
        with acting(lambda: actor_of(request, request_id)):
            response: HttpResponseBase = get_response(request)
        response.headers[REQUEST_ID] = request_id
        return response

    return answer
