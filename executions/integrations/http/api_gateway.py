"""``arn:aws:states:::apigateway:invoke``: a call of an API behind API Gateway.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html
"""

from __future__ import annotations

import json
import re
import time
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpcore
from django.conf import settings

from executions.integration import (
    LONGEST_CAUSE,
    Failed,
    Submitted,
    Succeeded,
    TaskOutcome,
    TaskRequest,
    unusable,
)
from executions.integrations.aws.caller import WORKERS, current_caller
from executions.integrations.aws.connections import connections
from executions.integrations.aws.failures import not_configured
from executions.integrations.http.addresses import AllowList, ForbiddenAddress
from executions.integrations.http.exchange import Answer, Client, Request, TooLarge, with_query
from executions.integrations.http.form import text_of
from studio.asl.resource import parse_resource

LONGEST_SECONDS: Final = 60.0
"""How long a call may take; API Gateway itself gives up after half of that."""
METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
AUTH_TYPES: Final = ("NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY")

_FIELDS: Final = {
    "ApiEndpoint": str,
    "Method": str,
    "Headers": dict,
    "Stage": str,
    "Path": str,
    "QueryParameters": dict,
    "RequestBody": object,
    "AllowNullValues": bool,
    "AuthType": str,
}
_KINDS: Final = {str: "a STRING", dict: "an OBJECT", bool: "a BOOLEAN"}
_HOST_REGION: Final = re.compile(r"\.execute-api\.([a-z0-9-]+)\.")
_FORBIDDEN_HEADERS: Final = frozenset(
    {"authorization", "connection", "content-length", "host", "te", "transfer-encoding", "upgrade"}
)


class ApiGatewayInvoke:
    """Makes the request and gives status, headers and body; a status from 300 on is a failure."""

    lost_error = "States.TaskFailed"
    lost_cause = (
        "The worker that called the API died before it answered; "
        "whether the call took effect is not known."
    )

    def __init__(self, client: Client | None = None) -> None:
        self._client = client or _client()

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Make one request; the definition's Retry decides about a second one."""
        seconds = LONGEST_SECONDS
        if request.deadline is not None:
            seconds = min(seconds, max(request.deadline - time.time(), 0.1))
        try:
            parameters = json.loads(request.parameters)
            _check(parameters)
            sent = _request_of(parameters)
            if parameters.get("AuthType", "NO_AUTH") != "NO_AUTH":
                signature = _signature(sent)
                if signature is None:
                    return not_configured("apigateway", "AWS_ENDPOINT_URL")
                sent.secret_headers.update(signature)
            answer = self._client.send(sent, seconds)
        except (ValueError, TypeError, ForbiddenAddress) as problem:
            return unusable(request, problem)
        except TooLarge:
            return Failed(
                "States.DataLimitExceeded",
                "The state/task 'apigateway' returned a result with a size exceeding the maximum "
                "number of bytes service limit.",
            )
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            return Failed(f"ApiGateway.{type(error).__name__}", f"No answer came: {error}")
        if not 200 <= answer.status < 300:
            cause = answer.body.decode("utf-8", "replace")
            return Failed(f"ApiGateway.{answer.status}", cause[:LONGEST_CAUSE])
        output = json.dumps(_shown(answer), ensure_ascii=False, separators=(",", ":"))
        return Submitted(output) if parse_resource(request.resource).pattern else Succeeded(output)


def _check(parameters: Any) -> None:
    if not isinstance(parameters, dict):
        raise ValueError("They are not a JSON object")
    for field in sorted(parameters.keys() - _FIELDS.keys()):
        raise ValueError(f'The field "{field}" is not supported by Step Functions')
    for field in ("ApiEndpoint", "Method"):
        if field not in parameters:
            raise ValueError(f'The field "{field}" is required but was missing')
    for field, kind in _FIELDS.items():
        value = parameters.get(field)
        if field in parameters and kind is not object and not isinstance(value, kind):
            raise ValueError(f'The value for the field "{field}" must be {_KINDS[kind]}')
    for field, known in (("Method", METHODS), ("AuthType", AUTH_TYPES)):
        if field in parameters and parameters[field] not in known:
            raise ValueError(f'The value for the field "{field}" must be one of {", ".join(known)}')
    for name in parameters.get("Headers", {}):
        if name.lower() in _FORBIDDEN_HEADERS or name.lower().startswith("x-amz"):
            raise ValueError(f"The header '{name}' cannot be set by a Task")


def _request_of(parameters: dict[str, Any]) -> Request:
    endpoint = parameters["ApiEndpoint"]
    url = endpoint if "://" in endpoint else f"https://{endpoint}"
    for part in (parameters.get("Stage"), parameters.get("Path")):
        if part:
            url = f"{url.rstrip('/')}/{quote(part.lstrip('/'), safe='/%~')}"
    nulls = parameters.get("AllowNullValues", False)
    query = [
        (name, "" if value is None else text_of(value))
        for name, values in parameters.get("QueryParameters", {}).items()
        for value in (values if isinstance(values, list) else [values])
        if nulls or value is not None
    ]
    headers = {name: _line(value) for name, value in parameters.get("Headers", {}).items()}
    body = parameters.get("RequestBody")
    content = None
    if body is not None or (nulls and "RequestBody" in parameters):
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        content = text.encode()
    own: dict[str, str] = {"User-Agent": f"Amazon|StepFunctions|ApiGateway|{settings.AWS_REGION}"}
    if content is not None and "content-type" not in map(str.lower, headers):
        own["Content-Type"] = "application/json"
    url = with_query(url, query)
    return Request(parameters["Method"], url, headers, own, {}, content, content, url)


def _line(value: Any) -> str:
    text = ",".join(map(text_of, value)) if isinstance(value, list) else text_of(value)
    if any(character in text for character in "\r\n\0"):
        raise ValueError("A header's value must be one line")
    return text


def _signature(request: Request) -> dict[str, str] | None:
    """The headers that say who calls; None: there are no credentials."""
    import botocore.session  # imported late: see aws.connections
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    if current_caller() == WORKERS:
        credentials = botocore.session.get_session().get_credentials()
    else:
        credentials = connections().credentials()
    if credentials is None:
        return None
    host = urlsplit(request.url).hostname or ""
    region = _HOST_REGION.search(host)
    signed = AWSRequest(request.method, request.url, data=request.body)
    SigV4Auth(
        credentials.get_frozen_credentials(),
        "execute-api",
        region[1] if region else settings.AWS_REGION,
    ).add_auth(signed)
    return dict(signed.headers.items())


def _shown(answer: Answer) -> dict[str, Any]:
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name, []).append(value)
    text = answer.body.decode("utf-8", "replace")
    try:
        body: Any = json.loads(text) if text else ""
    except (ValueError, RecursionError):
        body = text
    return {
        "Headers": dict(sorted(headers.items(), key=lambda header: header[0].lower())),
        "ResponseBody": body,
        "StatusCode": answer.status,
        "StatusText": answer.reason,
    }


@lru_cache(maxsize=1)
def _client() -> Client:
    return Client(AllowList.of(settings.HTTP_ALLOW))
