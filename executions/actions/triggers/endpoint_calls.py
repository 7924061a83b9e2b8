"""Calls of an endpoint: who it is, what the execution's input is, and what is answered."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import orjson
from django.conf import settings

from executions.actions.executions import StartedExecution, start_execution
from executions.actions.express import prepare_sync_execution
from executions.actions.triggers.endpoints import PURPOSE
from executions.actions.triggers.signatures import NotAuthorized, check_call
from executions.errors import ExecutionAlreadyExists
from executions.models import Execution, HttpEndpoint
from studio import arns
from studio.asl import json_text
from studio.buckets import buckets
from studio.encryption import UnreadableSecret, decrypt
from studio.models import StateMachine
from studio.quotas import Quota

if TYPE_CHECKING:
    from collections.abc import Mapping

    from executions.runtime.express.execution import ExpressEnd, ExpressStart

IDEMPOTENCY_KEY: Final = "idempotency-key"
_NAME = re.compile(r"[A-Za-z0-9._-]{1,80}")
_KEPT_TO_OURSELVES: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
"""Headers that no workflow sees."""
_NOT_ANSWERED: Final = frozenset(
    {
        *("connection", "content-length", "transfer-encoding", "keep-alive", "upgrade", "trailer"),
        *("set-cookie", "server", "date", "content-security-policy", "x-content-type-options"),
    }
)
"""Headers that are the server's own, or could act in the name of its pages."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it arrived; header names in small letters."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


def begin_call(token: str, call: Call) -> Reply | ExpressStart:
    """Authorize a call and start the execution; of an Express state machine, what is to be run.

    Raises ApiError where the execution cannot be started.
    """
    endpoint = (
        HttpEndpoint.objects.select_related("state_machine")
        .filter(token=token, is_enabled=True)
        .first()
    )
    if endpoint is None:
        return refusal(404, "NotFound", "There is no such endpoint.")
    wait = buckets.take(f"endpoint:{endpoint.pk}", rate())
    if wait:
        again = refusal(429, "TooManyRequests", "This endpoint is called too often.")
        return Reply(429, again.body, {**again.headers, "Retry-After": str(int(wait) + 1)})
    try:
        secret = decrypt(endpoint.encrypted_secret, PURPOSE)
        message = check_call(endpoint.authorization, secret, call.headers, call.body, time.time())
    except NotAuthorized as problem:
        return refusal(401, "NotAuthorized", str(problem))
    except UnreadableSecret:
        return refusal(503, "Unavailable", "The endpoint's secret cannot be read any more.")
    machine = endpoint.state_machine
    text = input_of(call)
    name = name_of(endpoint, call.headers.get(IDEMPOTENCY_KEY) or message)
    if machine.type == StateMachine.Type.EXPRESS:
        with arns.acting_in(arns.account_of(machine.name)):
            return prepare_sync_execution(
                machine.name, input=text, name=name, qualifier=endpoint.qualifier or None
            )
    try:
        started = start_execution(
            machine.name, input=text, name=name, qualifier=endpoint.qualifier or None
        )
    except ExecutionAlreadyExists:
        # The caller says that it is the same call, made again.
        found = Execution.objects.filter(state_machine=machine, name=name).first()
        if found is None:
            raise
        started = StartedExecution(found.arn, found.name, found.started_at)
    return Reply(
        202,
        orjson.dumps({"executionArn": started.arn, "startDate": started.started_at.isoformat()}),
    )


def input_of(call: Call) -> str:
    """The execution's input: method, path, query, headers and body.

    A body of JSON is given as the value, other text as a string, all else in base64.
    """
    given: dict[str, Any] = {
        "method": call.method,
        "path": call.path,
        "query": dict(parse_qsl(call.query, keep_blank_values=True)),
        "headers": {
            name: value for name, value in call.headers.items() if name not in _KEPT_TO_OURSELVES
        },
        "body": None,
        "isBase64Encoded": False,
    }
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if call.body:
        try:
            if kind == "application/json" or kind.endswith("+json") or not kind:
                given["body"] = json_text.loads(call.body)
            else:
                given["body"] = call.body.decode()
        except (json_text.InvalidJson, UnicodeDecodeError):
            given["body"] = base64.b64encode(call.body).decode()
            given["isBase64Encoded"] = True
    return json_text.dumps(given)


def name_of(endpoint: HttpEndpoint, key: str | None) -> str | None:
    """The execution's name that an idempotency key gives; None: any."""
    if not key:
        return None
    if _NAME.fullmatch(key):
        return key
    return hashlib.sha256(f"{endpoint.pk}\0{key}".encode("utf-8", "replace")).hexdigest()


def reply_of(end: ExpressEnd) -> Reply:
    """What an Express execution's end answers.

    An output with a ``statusCode`` says status, headers and body itself, as a Lambda function
    behind an API does; any other output is the body.
    """
    if end.status == "TIMED_OUT":
        return refusal(504, end.error or "States.Timeout", "The execution took too long.")
    if end.status != "SUCCEEDED" or end.output is None:
        # The cause may say more than a caller should know: it is in the log.
        return refusal(502, end.error or "States.Runtime", "The execution did not succeed.")
    output = json_text.loads(end.output, max_depth=json_text.MAX_WRITTEN_DEPTH)
    if not isinstance(output, dict) or "statusCode" not in output:
        return Reply(200, end.output.encode("utf-8", "surrogatepass"))
    return _mapped(output)


def _mapped(output: dict[str, Any]) -> Reply:
    status = output["statusCode"]
    if isinstance(status, str) and status.isascii() and status.isdecimal():
        status = int(status)
    if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 599:
        return refusal(502, "InvalidOutput", "statusCode must be a number from 200 to 599.")
    headers = output.get("headers") or {}
    if not isinstance(headers, dict):
        return refusal(502, "InvalidOutput", "headers must be an object.")
    given = {}
    for name, value in headers.items():
        text = value if isinstance(value, str) else json_text.dumps(value)
        if not _is_header(name, text):
            return refusal(502, "InvalidOutput", f"{name!r} is no header that can be sent.")
        if name.lower() not in _NOT_ANSWERED:
            given[name] = text
    body = output.get("body")
    if output.get("isBase64Encoded") is True and isinstance(body, str):
        try:
            content = base64.b64decode(body, validate=True)
        except ValueError:
            return refusal(502, "InvalidOutput", "body is not base64.")
    elif isinstance(body, str):
        content = body.encode("utf-8", "surrogatepass")
    else:
        content = b"" if body is None else json_text.dumps(body).encode("utf-8", "surrogatepass")
    if "content-type" not in {name.lower() for name in given}:
        given["Content-Type"] = (
            "text/plain; charset=utf-8" if isinstance(body, str) else "application/json"
        )
    return Reply(status, b"" if status in (204, 304) else content, given)


def _is_header(name: str, value: str) -> bool:
    return (
        re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}", name) is not None
        and len(value) <= 8192
        and all(" " <= character <= "\x7e" or character == "\t" for character in value)
    )


def refusal(status: int, code: str, message: str) -> Reply:
    """An answer that says why not."""
    return Reply(status, orjson.dumps({"code": code, "message": message}))


def rate() -> Quota:
    """How often one endpoint may be called."""
    size, _, refill = settings.ENDPOINT_RATE.partition("/")
    return Quota(int(size), float(refill))
