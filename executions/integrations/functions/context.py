"""The second argument of a function: what Lambda tells it about the call.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
"""

from __future__ import annotations

import os
import time
import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

MEMORY_LIMIT_IN_MB = "128"
"""Lambda's default. A function runs in a worker, whose memory nobody limits."""

LONGEST_CALL = 900.0
"""Seconds: what Lambda allows at most, told to a function whose Task has no TimeoutSeconds."""


@dataclass(slots=True)
class CognitoIdentity:
    """Who called through Cognito: nobody, for a call from a workflow."""

    cognito_identity_id: str | None = None
    cognito_identity_pool_id: str | None = None


@dataclass(slots=True)
class Client:
    """The application that ClientContext names."""

    installation_id: str | None = None
    app_title: str | None = None
    app_version_name: str | None = None
    app_version_code: str | None = None
    app_package_name: str | None = None


@dataclass(slots=True)
class ClientContext:
    """The ClientContext of ``lambda:invoke``, taken apart."""

    custom: Any = None
    env: Any = None
    client: Client | None = None

    @classmethod
    def of(cls, value: dict[str, Any]) -> ClientContext:
        """Unknown members are left out, as Lambda's runtime leaves them."""
        client = value.get("client")
        named = client if isinstance(client, dict) else {}
        return cls(
            custom=value.get("custom"),
            env=value.get("env"),
            client=Client(**{field: named.get(field) for field in Client.__slots__}),
        )


class LambdaContext:
    """AWS's context object: the same attributes and the same method."""

    __slots__ = (
        "_deadline",
        "aws_request_id",
        "client_context",
        "function_name",
        "function_version",
        "identity",
        "invoked_function_arn",
        "log_group_name",
        "memory_limit_in_mb",
        "tenant_id",
    )

    def __init__(
        self,
        *,
        function_name: str,
        invoked_function_arn: str,
        aws_request_id: str,
        deadline: float | None,
        client_context: ClientContext | None = None,
    ) -> None:
        self.function_name = function_name
        self.function_version = "$LATEST"
        self.invoked_function_arn = invoked_function_arn
        self.memory_limit_in_mb = MEMORY_LIMIT_IN_MB
        self.aws_request_id = aws_request_id
        self.log_group_name = f"/aws/lambda/{function_name}"
        self.identity = CognitoIdentity()
        self.client_context = client_context
        self.tenant_id: str | None = None
        self._deadline = time.time() + LONGEST_CALL if deadline is None else deadline

    @property
    def log_stream_name(self) -> str:
        """Date, version and worker process, as Lambda names the stream of one environment."""
        return f"{time.strftime('%Y/%m/%d', time.gmtime())}/[$LATEST]{_environment(os.getpid())}"

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the engine stops waiting; never negative."""
        return max(0, int((self._deadline - time.time()) * 1000))

    def __repr__(self) -> str:
        return (
            f"LambdaContext(function_name={self.function_name!r}, "
            f"aws_request_id={self.aws_request_id!r})"
        )


@lru_cache(maxsize=4)
def _environment(pid: int) -> str:
    return uuid.uuid4().hex
