"""What a connection adds to a request: credentials, headers, query and body parameters.

A connection has EventBridge's form:
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any, Literal

AuthorizationType = Literal["API_KEY", "BASIC", "OAUTH_CLIENT_CREDENTIALS"]


@dataclass(frozen=True, slots=True)
class Additions:
    """Parameters by name; those of the definition give way to them."""

    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, str] = field(default_factory=dict)


def additions_of(kind: str, parameters: dict[str, Any], token: str | None = None) -> Additions:
    """What a connection of ``kind`` with AuthParameters adds; ``token`` is OAuth's, if it is."""
    extra = invocation_parameters(parameters.get("InvocationHttpParameters", {}))
    headers = dict(extra.headers)
    if kind == "API_KEY":
        key = parameters["ApiKeyAuthParameters"]
        headers[key["ApiKeyName"]] = key["ApiKeyValue"]
    elif kind == "BASIC":
        basic = parameters["BasicAuthParameters"]
        pair = f"{basic['Username']}:{basic['Password']}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
    elif token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return Additions(headers, extra.query, extra.body)


def invocation_parameters(parameters: dict[str, Any]) -> Additions:
    """EventBridge's lists of ``{"Key", "Value", "IsValueSecret"}`` as parameters by name."""
    return Additions(
        *(
            {entry["Key"]: entry["Value"] for entry in parameters.get(name, [])}
            for name in ("HeaderParameters", "QueryStringParameters", "BodyParameters")
        )
    )
