"""Connections as HTTP Tasks use them: read, decrypted, and for OAuth with a token."""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import close_old_connections
from django.db import connection as database

from executions.integration import Failed
from executions.integrations.http.authorization import (
    Additions,
    additions_of,
    invocation_parameters,
)
from executions.models import Connection
from studio import arns
from studio.encryption import UnreadableSecret, decrypt

if TYPE_CHECKING:
    from executions.integrations.http.exchange import Exchange

PURPOSE: Final[str] = Connection.encrypted_columns["encrypted_parameters"]
"""For which connections' parameters are encrypted."""
SHORTEST_TOKEN_SECONDS: Final = 60.0
"""A token that holds for less is not kept."""
_ARN: Final = re.compile(r"arn:aws[\w-]*:events:[\w-]*:\d*:connection/([\w.-]{1,64})(?:/[\w-]+)?")


class ConnectionFailure(Exception):
    """The connection cannot be used; ``failed`` is how the Task ends."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(cause)
        self.failed = Failed(f"Events.ConnectionResource.{error}", cause)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    until: float


class ConnectionTokens:
    """OAuth tokens, kept by this process until they end. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: dict[tuple[int, int], _Token] = {}

    def token(self, connection: Connection, parameters: dict[str, Any], exchange: Exchange) -> str:
        """The connection's token, asked for with ``exchange`` where none is kept.

        Raises ConnectionFailure.
        """
        key = (connection.pk, connection.generation)
        with self._lock:
            known = self._tokens.get(key)
        if known is not None and known.until > time.monotonic():
            return known.text
        token = _ask(parameters["OAuthParameters"], exchange)
        with self._lock:
            self._tokens[key] = token
        return token.text

    def forget(self, connection: Connection) -> None:
        """Ask anew next time: the API has refused the token."""
        with self._lock:
            self._tokens.pop((connection.pk, connection.generation), None)


def find_connection(arn: Any) -> tuple[Connection, dict[str, Any]]:
    """The connection that ``arn`` names, and its AuthParameters. Raises ConnectionFailure."""
    match = _ARN.fullmatch(arn) if isinstance(arn, str) else None
    # Whatever account the ARN names: the execution's own connection of that name, or none.
    connection = _stored(arns.full_name(match[1])) if match else None
    if connection is None:
        raise ConnectionFailure(
            "ResourceNotFound",
            f"There is no connection {arn!r}. Make it under Settings, or with "
            "`manage.py connection create`.",
        )
    try:
        text = decrypt(connection.encrypted_parameters, PURPOSE)
    except UnreadableSecret:
        raise ConnectionFailure(
            "InvalidConnectionState",
            f"The connection '{connection.short_name}' was stored under another "
            "STEPWELL_SECRET_KEY. Give its credentials again.",
        ) from None
    return connection, json.loads(text)


def _stored(name: str) -> Connection | None:
    # Called on threads that live as long as their worker, outside any request of Django's, which
    # would look after their database connections.
    if not database.in_atomic_block:
        close_old_connections()
    try:
        return Connection.objects.filter(name=name).first()
    finally:
        if not database.in_atomic_block:
            close_old_connections()


def connection_additions(
    connection: Connection,
    parameters: dict[str, Any],
    tokens: ConnectionTokens,
    exchange: Exchange,
) -> Additions:
    """What the connection adds to a request. Raises ConnectionFailure."""
    kind = connection.authorization_type
    token = None
    if kind == "OAUTH_CLIENT_CREDENTIALS":
        token = tokens.token(connection, parameters, exchange)
    return additions_of(kind, parameters, token)


def _ask(parameters: dict[str, Any], exchange: Exchange) -> _Token:
    """Fetch a token from the authorization endpoint."""
    client = parameters["ClientParameters"]
    extra = invocation_parameters(parameters.get("OAuthHttpParameters", {}))
    status, text = exchange(
        parameters.get("HttpMethod", "POST"),
        parameters["AuthorizationEndpoint"],
        extra.headers,
        extra.query,
        {
            "grant_type": "client_credentials",
            "client_id": client["ClientID"],
            "client_secret": client["ClientSecret"],
        }
        | extra.body,
    )
    try:
        answer = json.loads(text)
        token = answer["access_token"]
        seconds = float(answer.get("expires_in", 0))
    except (ValueError, TypeError, KeyError, AttributeError):
        token, seconds = None, 0.0
    if status >= 300 or not isinstance(token, str):
        raise ConnectionFailure(
            "InvalidConnectionState",
            f"The authorization endpoint {parameters['AuthorizationEndpoint']} answered with "
            f"status {status} and no access token.",
        )
    kept = seconds - SHORTEST_TOKEN_SECONDS
    return _Token(token, time.monotonic() + max(kept, 0.0))
