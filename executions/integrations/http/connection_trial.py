"""A connection tried out: its token asked for, a request made with it, and nothing secret told.

The requests are those that an HTTP Task would make, under the same rules of where they may go.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

import httpcore
from django.conf import settings

from executions.integrations.http.addresses import AllowList, ForbiddenAddress
from executions.integrations.http.connections import (
    ConnectionFailure,
    ConnectionTokens,
    connection_additions,
)
from executions.integrations.http.exchange import Client, TooLarge
from executions.integrations.http.form_exchange import form_exchange
from executions.integrations.http.invoke import request_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.models import Connection

OAUTH: Final = "OAUTH_CLIENT_CREDENTIALS"
SECONDS: Final = 15.0
"""For each request: somebody waits."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One request: for a token, or with the connection. ``url`` is without its query.

    ``status`` is what was answered, None where nothing was; ``problem`` says what went wrong, and
    never what was sent or answered.
    """

    purpose: Literal["token", "request"]
    url: str
    status: int | None
    problem: str
    milliseconds: int

    @property
    def is_good(self) -> bool:
        """Whether the connection did what it is for."""
        return not self.problem


def try_connection(
    connection: Connection,
    parameters: dict[str, Any],
    url: str,
    method: str,
    client: Client | None = None,
) -> list[Tried]:
    """Try a connection with its AuthParameters.

    OAuth's token is asked for anew. Then, where ``url`` is given, a request is made there. What
    does not work ends it; raises nothing for that.
    """
    used = client or _client()
    tokens, exchange = ConnectionTokens(), form_exchange(used, SECONDS)
    tried = []
    if connection.authorization_type == OAUTH:
        endpoint = parameters["OAuthParameters"]["AuthorizationEndpoint"]

        def token() -> None:
            tokens.token(connection, parameters, exchange)

        tried.append(_tried("token", endpoint, token))
    if url and all(each.is_good for each in tried):

        def request() -> int:
            added = connection_additions(connection, parameters, tokens, exchange)
            sent = request_of({"ApiEndpoint": url, "Method": method}, added)
            return used.send(sent, SECONDS).status

        tried.append(_tried("request", url, request))
    return tried


def _tried(purpose: Literal["token", "request"], url: str, make: Callable[[], int | None]) -> Tried:
    began = time.monotonic()
    status, problem = None, ""
    try:
        status = make()
    except ConnectionFailure as failure:
        problem = failure.failed.cause
    except TooLarge:
        problem = "The answer is larger than an HTTP Task takes."
    except (ForbiddenAddress, ValueError, TypeError) as refused:
        problem = str(refused)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        problem = f"The request was not answered: {str(error) or type(error).__name__}"
    if status is not None and not 200 <= status < 300:
        problem = f"It was answered with status {status}."
    took = round((time.monotonic() - began) * 1000)
    return Tried(purpose, url.partition("?")[0], status, problem, took)


@lru_cache(maxsize=1)
def _client() -> Client:
    return Client(AllowList.of(settings.HTTP_ALLOW))
