"""``arn:aws:states:::http:invoke``: a request to an HTTPS API.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
"""

from __future__ import annotations

import json
import re
import time
from functools import lru_cache
from typing import Any, Final

import httpcore
from django.conf import settings

from executions.integration import (
    LONGEST_CAUSE,
    Failed,
    Succeeded,
    TaskOutcome,
    TaskRequest,
    Trace,
)
from executions.integrations.http.addresses import AllowList, ForbiddenAddress
from executions.integrations.http.authorization import Additions
from executions.integrations.http.connections import (
    ConnectionFailure,
    ConnectionTokens,
    connection_additions,
    find_connection,
)
from executions.integrations.http.exchange import (
    Answer,
    Client,
    Request,
    TooLarge,
    with_query,
)
from executions.integrations.http.form import ARRAY_FORMATS, FORM, encode_form, text_of
from executions.integrations.http.form_exchange import form_exchange, service_headers
from executions.integrations.http.trace import HttpTrace

LONGEST_SECONDS: Final = 60.0
"""How long an HTTP Task waits for an answer."""
METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")

_FIELDS: Final = frozenset(
    {
        "ApiEndpoint",
        "Method",
        "Authentication",
        "InvocationConfig",
        "Headers",
        "QueryParameters",
        "RequestBody",
        "Transform",
    }
)
_FORBIDDEN_HEADERS: Final = frozenset(
    {
        "a-im",
        "accept-charset",
        "accept-datetime",
        "accept-encoding",
        "authorization",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "content-md5",
        "date",
        "expect",
        "forwarded",
        "from",
        "host",
        "http2-settings",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "max-forwards",
        "origin",
        "pragma",
        "proxy-authorization",
        "referer",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "warning",
    }
)
_FORBIDDEN_PREFIXES: Final = ("x-forwarded-", "x-amz-", "x-amzn-")
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BINARY: Final = re.compile(r"application/octet-stream|image/|video/|audio/")


class HttpInvoke:
    """Makes the request and gives status, headers and body; a status from 300 on is a failure."""

    lost_error = "States.Http.Socket"
    lost_cause = (
        "The worker that made the request died before it was answered; "
        "whether it took effect is not known."
    )

    def __init__(self, client: Client | None = None) -> None:
        self._client = client or _client()
        self._tokens = ConnectionTokens()

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Make one request; the definition's Retry decides about a second one."""
        return self._guarded(request, None)

    def perform_traced(
        self, request: TaskRequest, *, reveal_secrets: bool
    ) -> tuple[TaskOutcome, Trace]:
        """Make one request, and show it and its answer."""
        trace = HttpTrace(reveal_secrets=reveal_secrets)
        return self._guarded(request, trace), trace.shown

    def _guarded(self, request: TaskRequest, trace: HttpTrace | None) -> TaskOutcome:
        try:
            return self._perform(request, trace)
        except ConnectionFailure as failure:
            return failure.failed
        except (ValueError, TypeError) as problem:
            return _runtime(str(problem))
        except ForbiddenAddress as problem:
            return _runtime(str(problem))
        except TooLarge:
            return Failed(
                "States.DataLimitExceeded",
                "The state/task 'http' returned a result with a size exceeding the maximum number "
                "of bytes service limit.",
            )
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            return Failed("States.Http.Socket", f"The request was not answered: {error}")

    def _perform(self, request: TaskRequest, trace: HttpTrace | None) -> TaskOutcome:
        parameters = json.loads(request.parameters)
        _check(parameters)
        arn = _connection_arn(parameters)
        connection, authorization = find_connection(arn)
        seconds = LONGEST_SECONDS
        if request.deadline is not None:
            seconds = min(seconds, max(request.deadline - time.time(), 0.1))
        exchange = form_exchange(self._client, LONGEST_SECONDS)
        added = connection_additions(connection, authorization, self._tokens, exchange)
        sent = request_of(parameters, added)
        if trace is not None:
            trace.note_request(sent)
        answer = self._client.send(sent, seconds)
        if trace is not None:
            trace.note_answer(sent, answer)
        if answer.status == 401 and connection.authorization_type == "OAUTH_CLIENT_CREDENTIALS":
            # The token may have been withdrawn before its time. The definition's Retry gets a new
            # one.
            self._tokens.forget(connection)
        return _outcome(answer)


def _check(parameters: Any) -> None:
    if not isinstance(parameters, dict):
        raise ValueError("The parameters of an HTTP Task are an object.")
    for field in sorted(parameters.keys() - _FIELDS):
        raise ValueError(f'The field "{field}" is not supported by Step Functions')
    for field in ("ApiEndpoint", "Method"):
        if not isinstance(parameters.get(field), str):
            raise ValueError(f'The field "{field}" is required and must be a STRING')
    if parameters["Method"] not in METHODS:
        raise ValueError(f'The value for the field "Method" must be one of {", ".join(METHODS)}')
    for name in parameters.get("Headers") or {}:
        lower = name.lower()
        if lower in _FORBIDDEN_HEADERS or lower.startswith(_FORBIDDEN_PREFIXES):
            raise ValueError(f"The header '{name}' cannot be set by an HTTP Task.")
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a header's name.")


def _connection_arn(parameters: dict[str, Any]) -> Any:
    for field in ("Authentication", "InvocationConfig"):
        given = parameters.get(field)
        if isinstance(given, dict) and "ConnectionArn" in given:
            return given["ConnectionArn"]
    raise ValueError(
        'The field "ConnectionArn" of Authentication or InvocationConfig is required: an HTTP Task '
        "needs a connection"
    )


def request_of(parameters: dict[str, Any], added: Additions) -> Request:
    """The definition's and the connection's parts in one; the connection's win.

    Raises ValueError and TypeError where they make no request.
    """
    own = {name: _header_text(value) for name, value in (parameters.get("Headers") or {}).items()}
    secret = {name: _header_text(value) for name, value in added.headers.items()}
    lower = {name.lower() for name in secret}
    own = {name: value for name, value in own.items() if name.lower() not in lower}
    kinds = {name.lower(): value for name, value in (own | secret).items()}
    body = parameters.get("RequestBody")
    if isinstance(body, str) and added.body:
        raise ValueError(
            "The RequestBody is a text, and the connection has body parameters: they cannot be "
            "merged."
        )
    merged = (body or {}) | added.body if added.body else body
    encoding, arrays = _transform(parameters.get("Transform"))
    kind = None
    if "content-type" not in kinds and body is not None:
        kind = FORM if encoding == "URL_ENCODED" else "application/json; charset=UTF-8"
    return Request(
        parameters["Method"],
        with_query(
            parameters["ApiEndpoint"],
            [*_query(parameters, added.query), *added.query.items()],
        ),
        own,
        service_headers(kind),
        secret,
        _encoded(merged, encoding, arrays),
        _encoded(body, encoding, arrays),
        with_query(parameters["ApiEndpoint"], _query(parameters, added.query)),
    )


def _header_text(value: Any) -> str:
    text = ",".join(map(text_of, value)) if isinstance(value, list) else text_of(value)
    if any(character in text for character in "\r\n\0"):
        raise ValueError("A header's value must be one line.")
    return text


def _query(parameters: dict[str, Any], added: dict[str, str]) -> list[tuple[str, str]]:
    """The definition's own query parameters, without those that are ``added`` by that name."""
    given = parameters.get("QueryParameters") or {}
    if not isinstance(given, dict):
        raise ValueError('The value for the field "QueryParameters" must be an OBJECT')
    pairs = []
    for name, value in given.items():
        if name not in added:
            values = value if isinstance(value, list) else [value]
            pairs += [(name, text_of(item)) for item in values]
    return pairs


def _transform(transform: Any) -> tuple[str, Any]:
    transform = transform or {}
    encoding = transform.get("RequestBodyEncoding", "NONE")
    arrays = (transform.get("RequestEncodingOptions") or {}).get("ArrayFormat", "INDICES")
    if encoding not in ("NONE", "URL_ENCODED"):
        raise ValueError("RequestBodyEncoding is NONE or URL_ENCODED.")
    if arrays not in ARRAY_FORMATS:
        raise ValueError(f"ArrayFormat is one of {', '.join(ARRAY_FORMATS)}.")
    return encoding, arrays


def _encoded(body: Any, encoding: str, arrays: Any) -> bytes | None:
    if body is None:
        return None
    if isinstance(body, str):
        return body.encode()
    if encoding == "URL_ENCODED":
        return encode_form(body, arrays).encode()
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _outcome(answer: Answer) -> TaskOutcome:
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name, []).append(value)
    kind = answer.header("content-type") or ""
    if answer.body and _BINARY.match(kind.lower()):
        return _runtime(f"The answer is of the type {kind}, which an HTTP Task does not take.")
    try:
        text = answer.body.decode()
    except UnicodeDecodeError:
        return _runtime("The answer is no text.")
    if not 200 <= answer.status < 300:
        cause = text or answer.reason or f"HTTP status {answer.status}"
        return Failed(f"States.Http.StatusCode.{answer.status}", cause[:LONGEST_CAUSE])
    body: Any = text
    if "json" in kind.lower():
        try:
            body = json.loads(text) if text else ""
        except (ValueError, RecursionError):
            body = text
    return Succeeded(
        json.dumps(
            {
                "Headers": headers,
                "ResponseBody": body,
                "StatusCode": answer.status,
                "StatusText": answer.reason,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
    )


def _runtime(problem: str) -> Failed:
    return Failed("States.Runtime", problem[:LONGEST_CAUSE])


@lru_cache(maxsize=1)
def _client() -> Client:
    return Client(AllowList.of(settings.HTTP_ALLOW))
