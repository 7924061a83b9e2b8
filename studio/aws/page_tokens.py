"""``nextToken``: opaque, signed, bound to the request that it continues, good for a day."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from django.core import signing

from studio.errors import InvalidToken

DEFAULT_PAGE = 100
TOKEN_SECONDS = 24 * 60 * 60

_SALT = "stepwell.next-token"


def page_size(request: dict[str, Any]) -> int:
    """How many results a page has at most; 0 means AWS's default."""
    return request.get("maxResults") or DEFAULT_PAGE


def next_token(operation: str, request: dict[str, Any], position: int | str) -> str:
    """The token with which the same request goes on after ``position``."""
    return signing.dumps([_binding(operation, request), position], salt=_SALT)


def read_position(operation: str, request: dict[str, Any]) -> Any:
    """The position in the request's token; None where it has none.

    Raises:
        InvalidToken: it was not made here for this request, or it is too old.
    """
    token = request.get("nextToken")
    if token is None:
        return None
    try:
        binding, position = signing.loads(token, salt=_SALT, max_age=TOKEN_SECONDS)
    except (signing.BadSignature, ValueError):
        raise InvalidToken("Invalid token") from None
    if binding != _binding(operation, request):
        raise InvalidToken("Invalid token")
    return position


def _binding(operation: str, request: dict[str, Any]) -> str:
    rest = {name: value for name, value in request.items() if name != "nextToken"}
    text = orjson.dumps([operation, rest], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:16]
