"""``nextToken``: opaque, signed, bound to the request that it continues, good for a day."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from django.conf import settings
from django.core import signing

from studio import arns
from studio.errors import InvalidToken

DEFAULT_PAGE = 100
TOKEN_SECONDS = 24 * 60 * 60

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

_Row = TypeVar("_Row", bound="Model")
_SALT = "stepwell.next-token"


def read_page(
    operation: str, request: dict[str, Any], rows: QuerySet[_Row], by: str
) -> tuple[list[_Row], dict[str, str]]:
    """The rows of the page that ``request`` asks for.

    ``by`` is the unique column that they are ordered by, with ``-`` before it for the other way
    round. A page goes on after the last row of the one before, so rows that come or go meanwhile
    neither repeat nor hide others.

    Returns:
        The rows, and the answer's ``nextToken`` where there are more.

    Raises:
        InvalidToken: the request's token was not made for it, or it is too old.
    """
    column = by.removeprefix("-")
    position = read_position(operation, request)
    if position is not None:
        rows = rows.filter(**{f"{column}__{'lt' if by != column else 'gt'}": position})
    limit = page_size(request)
    found = list(rows.order_by(by)[: limit + 1])
    if len(found) <= limit:
        return found, {}
    last = getattr(found[limit - 1], column)
    return found[:limit], {"nextToken": next_token(operation, request, last)}


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
    place = [arns.current_account(), settings.AWS_REGION]
    text = orjson.dumps([operation, rest, place], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:16]
