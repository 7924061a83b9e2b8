"""AWS Lambda itself, or whatever answers at AWS_ENDPOINT_URL_LAMBDA, through boto3."""

from __future__ import annotations

import base64
import json
import os
import threading
import time
from typing import TYPE_CHECKING, Any

from executions.integration import Failed
from executions.integrations.functions.context import LONGEST_CALL
from executions.integrations.functions.response import FunctionResponse

if TYPE_CHECKING:
    from executions.integrations.functions.names import FunctionName

CONNECT_TIMEOUT = 5.0
"""Seconds in which a Lambda endpoint has to accept a connection."""

READ_TIMEOUTS = (1, 2, 5, 10, 20, 60, 120, 300, LONGEST_CALL)
"""Seconds. botocore fixes the time-out for a client's life: one client for each of these."""

NOT_CONFIGURED_FOR = 60.0
"""Seconds for which finding no credentials is believed: looking may cost a second off EC2."""


class AwsLambda:
    """Invokes functions at AWS. Safe to use from many threads; costs nothing until it is used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None
        self._clients: dict[tuple[str, float], Any] = {}
        self._looked_at = -NOT_CONFIGURED_FOR
        self._configured = False

    def is_configured(self) -> bool:
        """Whether there is an endpoint or there are credentials, boto3's own ways of having them.

        An answer "no" holds for a minute.
        """
        if self._configured or _endpoint_is_set():
            return True
        with self._lock:
            if time.monotonic() - self._looked_at >= NOT_CONFIGURED_FOR:
                self._configured = self._boto3_session().get_credentials() is not None
                self._looked_at = time.monotonic()
        return self._configured

    def invoke(
        self,
        name: FunctionName,
        payload: str,
        *,
        region: str,
        qualifier: str | None,
        invocation_type: str,
        client_context: str | None,
        tail: bool,
        deadline: float | None,
    ) -> FunctionResponse | Failed:
        """Invoke once; the definition's Retry decides about a second time."""
        from botocore.exceptions import (  # see _boto3_session
            BotoCoreError,
            ClientError,
            ConnectionError,  # noqa: A004
            HTTPClientError,
        )

        arguments: dict[str, Any] = {
            # The SDK refuses an ARN together with a Qualifier that it already holds.
            "FunctionName": name.text.removesuffix(f":{name.qualifier}"),
            "Payload": payload.encode(),
            "InvocationType": invocation_type,
        }
        if qualifier:
            arguments["Qualifier"] = qualifier
        if client_context:
            arguments["ClientContext"] = base64.b64encode(client_context.encode()).decode()
        if tail:
            arguments["LogType"] = "Tail"
        try:
            answer = self._client(region, deadline).invoke(**arguments)
            return _response(answer, answer["Payload"].read().decode())
        except ClientError as error:
            return _service_failure(dict(error.response))
        except (HTTPClientError, ConnectionError) as error:
            return Failed("Lambda.SdkClientException", f"Unable to execute HTTP request: {error}")
        except (BotoCoreError, UnicodeDecodeError) as error:
            return Failed("Lambda.SdkClientException", str(error))

    def _client(self, region: str, deadline: float | None) -> Any:
        # The engine's own time-out comes first, and the thread is free soon after it.
        left = LONGEST_CALL if deadline is None else deadline - time.time()
        read_timeout = next((t for t in READ_TIMEOUTS if t >= left), LONGEST_CALL)
        key = (region, read_timeout)
        client = self._clients.get(key)
        if client is not None:
            return client
        from botocore import UNSIGNED  # see _boto3_session
        from botocore.config import Config

        with self._lock:
            if key not in self._clients:
                session = self._boto3_session()
                config = Config(
                    connect_timeout=min(CONNECT_TIMEOUT, read_timeout),
                    read_timeout=read_timeout,
                    retries={"total_max_attempts": 1, "mode": "standard"},
                    max_pool_connections=64,
                )
                if session.get_credentials() is None:
                    # An endpoint of one's own need not ask who calls.
                    config = config.merge(Config(signature_version=UNSIGNED))
                self._clients[key] = session.client("lambda", region_name=region, config=config)
        return self._clients[key]

    def _boto3_session(self) -> Any:
        # Imported here, not at the top: boto3 takes about 0.3 s and 20 MB, which every worker
        # would pay at its start for functions that mostly live in folders.
        import boto3

        if self._session is None:
            self._session = boto3.Session()
        return self._session


def _endpoint_is_set() -> bool:
    return bool(os.environ.get("AWS_ENDPOINT_URL_LAMBDA") or os.environ.get("AWS_ENDPOINT_URL"))


def _response(answer: dict[str, Any], payload: str) -> FunctionResponse | Failed:
    error_type: str | None = None
    if payload:
        try:
            value = json.loads(payload)
        except ValueError:
            return Failed("Lambda.Unknown", f"The function's answer is not JSON: {payload[:1000]}")
        if answer.get("FunctionError"):
            named = value.get("errorType") if isinstance(value, dict) else None
            # AWS's name for a failure that names no type: out of memory, killed, old time-outs.
            error_type = named if isinstance(named, str) else "Lambda.Unknown"
    log = answer.get("LogResult")
    return FunctionResponse(
        payload=payload,
        request_id=answer["ResponseMetadata"].get("RequestId", ""),
        error_type=error_type,
        status_code=answer["StatusCode"],
        executed_version=answer.get("ExecutedVersion"),
        log=base64.b64decode(log) if log else None,
    )


def _service_failure(response: dict[str, Any]) -> Failed:
    error = response.get("Error", {})
    code = error.get("Code") or "Unknown"
    metadata = response.get("ResponseMetadata", {})
    # Step Functions keeps the name of the errors that Lambda models, and calls the others, such
    # as a refused signature, AWSLambdaException.
    known = code in _modelled_errors()
    return Failed(
        f"Lambda.{code}" if known else "Lambda.AWSLambdaException",
        f"{error.get('Message', '')} (Service: AWSLambda; "
        f"Status Code: {metadata.get('HTTPStatusCode', 0)}; Error Code: {code}; "
        f"Request ID: {metadata.get('RequestId', '')}; Proxy: null)",
    )


_modelled: frozenset[str] | None = None


def _modelled_errors() -> frozenset[str]:
    global _modelled  # noqa: PLW0603 - a cache of a constant
    if _modelled is None:
        from botocore.session import get_session  # see _boto3_session

        shapes = get_session().get_service_model("lambda").error_shapes
        _modelled = frozenset(shape.name for shape in shapes)
    return _modelled
