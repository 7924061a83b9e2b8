"""Connections: made, changed and removed. Their secrets go in and are never shown again."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction

from executions.integrations.http.connection_trial import OAUTH, Tried, try_connection
from executions.integrations.http.connections import PURPOSE
from executions.models import Connection
from studio import arns
from studio.actions.audit import record
from studio.encryption import UnreadableSecret, decrypt, encrypt
from studio.errors import ValidationException
from studio.models import AuditAction

if TYPE_CHECKING:
    from collections.abc import Iterator

HIDDEN: Final = "********"
_NAME: Final = re.compile(r"[.\-_A-Za-z0-9]{1,64}")
_KINDS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "API_KEY": ("ApiKeyAuthParameters", ("ApiKeyName", "ApiKeyValue")),
    "BASIC": ("BasicAuthParameters", ("Username", "Password")),
    "OAUTH_CLIENT_CREDENTIALS": ("OAuthParameters", ("AuthorizationEndpoint", "HttpMethod")),
}
_SECRETS: Final = frozenset({"ApiKeyValue", "Password", "ClientSecret"})
_LISTS: Final = ("HeaderParameters", "QueryStringParameters", "BodyParameters")


class ConnectionDoesNotExist(ValidationException):
    """Connection Does Not Exist"""

    rest_status = 404


def create_connection(
    name: str, authorization_type: str, parameters: dict[str, Any], description: str = ""
) -> Connection:
    """Make a connection of this full name; ``parameters`` are EventBridge's AuthParameters.

    Raises ValidationException, also where the name is taken.
    """
    if not _NAME.fullmatch(arns.short_name(name)):
        raise ValidationException(
            message="A connection's name has 1 to 64 letters, digits, dots, dashes and underscores."
        )
    check_parameters(authorization_type, parameters)
    try:
        with transaction.atomic():
            made = Connection.objects.create(
                name=name,
                description=description,
                authorization_type=authorization_type,
                encrypted_parameters=encrypt(json.dumps(parameters), PURPOSE),
            )
            record(
                AuditAction.CREATE_CONNECTION,
                connection_arn(made),
                {"authorizationType": authorization_type},
            )
            return made
    except IntegrityError as error:
        raise ValidationException(
            message=f"There is a connection '{arns.short_name(name)}' already."
        ) from error


def update_connection(
    name: str,
    *,
    authorization_type: str | None = None,
    parameters: dict[str, Any] | None = None,
    description: str | None = None,
) -> Connection:
    """Change a connection; credentials are given whole or left as they are.

    Raises ConnectionDoesNotExist, ValidationException.
    """
    with transaction.atomic():
        connection = Connection.objects.select_for_update().filter(name=name).first()
        if connection is None:
            raise ConnectionDoesNotExist(arns.short_name(name))
        if authorization_type not in (None, connection.authorization_type) and parameters is None:
            raise ValidationException(
                message="Another authorization type needs its parameters with it."
            )
        if parameters is not None:
            kind = authorization_type or connection.authorization_type
            check_parameters(kind, parameters)
            connection.authorization_type = kind
            connection.encrypted_parameters = encrypt(json.dumps(parameters), PURPOSE)
            connection.generation += 1
        if description is not None:
            connection.description = description
        connection.save()
        record(
            AuditAction.UPDATE_CONNECTION,
            connection_arn(connection),
            {
                "authorizationType": connection.authorization_type,
                "newCredentials": parameters is not None,
            },
        )
    return connection


def delete_connection(name: str) -> None:
    """Remove a connection; Tasks that name it fail from now on. Raises ConnectionDoesNotExist."""
    with transaction.atomic():
        connection = Connection.objects.select_for_update().filter(name=name).first()
        if connection is None:
            raise ConnectionDoesNotExist(arns.short_name(name))
        connection.delete()
        record(AuditAction.DELETE_CONNECTION, connection_arn(connection))


def try_out(name: str, url: str, method: str) -> list[Tried]:
    """Try a connection out: see ``integrations.http.connection_trial``.

    Raises ConnectionDoesNotExist; ValidationException where there is nothing to try, or the secret
    cannot be read.
    """
    connection = Connection.objects.filter(name=name).first()
    if connection is None:
        raise ConnectionDoesNotExist(arns.short_name(name))
    if not url and connection.authorization_type != OAUTH:
        raise ValidationException(
            message="Give a url to call: only OAuth connections have an endpoint of their own."
        )
    try:
        parameters = json.loads(decrypt(connection.encrypted_parameters, PURPOSE))
    except UnreadableSecret:
        raise ValidationException(
            message=f"The connection '{connection.short_name}' was stored under another "
            "STEPWELL_SECRET_KEY. Give its credentials again."
        ) from None
    tried = try_connection(connection, parameters, url, method)
    record(
        AuditAction.TEST_CONNECTION,
        connection_arn(connection),
        {"urls": [each.url for each in tried], "ok": all(each.is_good for each in tried)},
    )
    return tried


def connection_arn(connection: Connection) -> str:
    """What a definition's ConnectionArn says."""
    return arns.connection_arn(connection.name, str(connection.uuid))


def shown_parameters(connection: Connection) -> dict[str, Any]:
    """The AuthParameters with every secret replaced; empty where they cannot be read."""
    try:
        text = decrypt(connection.encrypted_parameters, PURPOSE)
    except UnreadableSecret:
        return {}
    shown: dict[str, Any] = _hidden(json.loads(text))
    return shown


def check_parameters(authorization_type: str, parameters: Any) -> None:
    """Refuse AuthParameters that are not of the type's form, with ValidationException."""
    if authorization_type not in _KINDS:
        _refuse(f"The authorization type is one of {', '.join(_KINDS)}.")
    member, required = _KINDS[authorization_type]
    if not isinstance(parameters, dict):
        _refuse("The parameters are an object.")
    allowed = {member, "InvocationHttpParameters"}
    for unknown in sorted(parameters.keys() - allowed):
        _refuse(f"{unknown} does not belong to {authorization_type}, which has {member}.")
    given = _object(parameters, member)
    _texts(given, required, member)
    if authorization_type == "OAUTH_CLIENT_CREDENTIALS":
        _texts(_object(given, "ClientParameters"), ("ClientID", "ClientSecret"), member)
        if given["HttpMethod"] not in ("GET", "POST", "PUT"):
            _refuse("HttpMethod of OAuthParameters is GET, POST or PUT.")
        _lists(given.get("OAuthHttpParameters"), "OAuthHttpParameters")
    _lists(parameters.get("InvocationHttpParameters"), "InvocationHttpParameters")


def _object(parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    if not isinstance(value, dict):
        raise ValidationException(message=f"{name} is required and is an object.")
    return value


def _texts(value: dict[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in names:
        text = value.get(name)
        if not isinstance(text, str) or not text:
            raise ValidationException(message=f"{name} of {where} is required and is a text.")
        if any(character in text for character in "\r\n\0"):
            _refuse(f"{name} of {where} must be one line.")


def _lists(value: Any, where: str) -> None:
    if value is None:
        return
    if not isinstance(value, dict) or value.keys() - set(_LISTS):
        _refuse(f"{where} is an object of {', '.join(_LISTS)}.")
    for name, entries in value.items():
        for entry in entries if isinstance(entries, list) else [entries]:
            if not isinstance(entry, dict):
                _refuse(f"{name} of {where} is a list of Key and Value.")
            _texts(entry, ("Key", "Value"), f"{where}/{name}")


def _hidden(value: Any) -> Any:
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    if not isinstance(value, dict):
        return value
    secret_value = value.get("IsValueSecret", False)
    return {
        name: HIDDEN if name in _SECRETS or (name == "Value" and secret_value) else _hidden(inner)
        for name, inner in value.items()
    }


def _refuse(problem: str) -> None:
    raise ValidationException(message=problem)


def all_connections() -> Iterator[Connection]:
    """Every connection in sight, by name."""
    return Connection.objects.order_by("name").iterator()
