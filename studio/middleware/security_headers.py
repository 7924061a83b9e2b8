"""What a browser is told not to do: with every answer, whatever made it.

Scripts run only where the page that this server has just made names them by its nonce, and what
such a script loads. A file that a function wrote is on the same origin and is none of these.
"""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Final

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

POLICY: Final = "Content-Security-Policy"
PERMISSIONS: Final = "Permissions-Policy"

# The graph places its states with inline style attributes; elements need the nonce.
_PAGE: Final = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; "
    "style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self' {socket}; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_NO_PAGE: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_NO_DEVICES: Final = ", ".join(
    f"{name}=()"
    for name in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    )
)


@sync_and_async_middleware
def security_headers_middleware(
    get_response: Callable[[HttpRequest], Any],
) -> Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[Any]]:
    """Django's middleware. Templates have the page's nonce as ``request.csp_nonce``."""
    if inspect.iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
            response: HttpResponseBase = await get_response(request)
            _add_headers(request, response)
            return response

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        response: HttpResponseBase = get_response(request)
        _add_headers(request, response)
        return response

    return answer


def _add_headers(request: HttpRequest, response: HttpResponseBase) -> None:
    """Add what the view has not said itself: files of functions have a policy of their own."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    response.headers.setdefault(POLICY, _page_policy(request) if is_page else _NO_PAGE)
    response.headers.setdefault(PERMISSIONS, _NO_DEVICES)


def _page_policy(request: HttpRequest) -> str:
    # Some browsers do not count websockets of the same host as 'self'.
    scheme = "wss" if request.is_secure() else "ws"
    try:
        socket = f"{scheme}://{request.get_host()}"
    except DisallowedHost:
        socket = ""  # The page says just that; whatever the host is called, it is not repeated.
    return _PAGE.format(nonce=request.csp_nonce, socket=socket)  # type: ignore[attr-defined]
