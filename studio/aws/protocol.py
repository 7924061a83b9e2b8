"""AWS's JSON 1.0 protocol as an ASGI application, served ahead of Django's handler.

``POST /`` with ``X-Amz-Target: AWSStepFunctions.X`` and a signed JSON body. Whatever bytes arrive,
the answer is an AWS error or a result. Everything but reading the body happens on a few threads,
so that neither PostgreSQL nor a large definition holds up the event loop.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import uuid
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import psycopg
from django.db import InterfaceError, OperationalError, connection

from studio.actions.access_keys import find_secret
from studio.asl import json_text
from studio.aws.errors import (
    InternalFailure,
    RequestEntityTooLarge,
    SerializationException,
    ServiceUnavailable,
    ThrottlingException,
    UnknownOperationException,
)
from studio.aws.model import TARGET_PREFIX, operation_model
from studio.aws.shapes import read_request, write_answer
from studio.aws.signature import verify
from studio.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Mapping

    Send = Callable[[dict[str, Any]], Awaitable[None]]
    Receive = Callable[[], Awaitable[dict[str, Any]]]

Members = dict[str, Any]
Operation = (
    Callable[[Members], Members]
    | Callable[[Members], bytes]
    | (Callable[[Members], Coroutine[Any, Any, Members]])
    | Callable[[Members], Members | Coroutine[Any, Any, Members]]
)

CONTENT_TYPE = b"application/x-amz-json-1.0"
MAX_BODY_BYTES = 4 * 1024 * 1024
"""A definition of 1 MB with every character escaped for JSON, and some more."""
THREADS = 8
"""Requests that are worked on at once; each may hold one connection of PostgreSQL's pool."""
MAX_WAITING = 512
"""Requests that may wait for a thread; what comes on top is told to come again."""

# Django's errors, and psycopg's own where something works below Django.
_DATABASE_AWAY = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
_log = logging.getLogger(__name__)


def is_for_aws(scope: Mapping[str, Any]) -> bool:
    """Whether an ASGI connection speaks this protocol: no page ever posts to ``/``."""
    return bool(scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == "/")


class AwsProtocol:
    """The ASGI application. ``operations`` are functions by AWS's names.

    An operation gets the request's members and gives the answer's, which are written by the
    model; or, where it has that already, the answer's JSON text as bytes. It raises ApiError.
    One that takes long gives a coroutine of the answer's members, which runs on the event loop, so
    that it needs neither a thread nor a connection while it waits.
    """

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self._operations = operations
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="aws")
        self._under_way = 0

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        request_id = str(uuid.uuid4())
        try:
            body = await _read_body(receive)
            if body is None:
                return
            answer = await self._answer_on_thread(scope, body, request_id)
            if isinstance(answer, _Later):
                later = await _unless_gone(self._answer_later(answer, request_id), receive)
                if later is None:
                    return
                answer = later
            status, content, extra = answer
        except ApiError as error:
            status, content, extra = _as_http(error)
        headers = [
            (b"content-type", CONTENT_TYPE),
            (b"content-length", str(len(content)).encode()),
            (b"x-amzn-requestid", request_id.encode()),
            *extra,
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def close(self) -> None:
        """End the threads; requests under way are finished first."""
        self._threads.shutdown()

    async def _answer_on_thread(
        self, scope: Mapping[str, Any], body: bytes, request_id: str
    ) -> _Http | _Later:
        if self._under_way >= THREADS + MAX_WAITING:
            raise ThrottlingException
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, self._answer, scope, body, request_id
            )
        finally:
            self._under_way -= 1

    async def _answer_later(self, later: _Later, request_id: str) -> _Http:
        try:
            members = await later.members
            return 200, orjson.dumps(write_answer(later.output_shape, members)), ()
        except ApiError as error:
            return _as_http(error)
        except Exception:  # noqa: BLE001 - a fault of ours: it is logged, the client told
            _log.exception("request %s failed by a fault of ours", request_id)
            return _as_http(InternalFailure())

    def _answer(self, scope: Mapping[str, Any], body: bytes, request_id: str) -> _Http | _Later:
        try:
            answer = self._perform(scope, body)
            return answer if isinstance(answer, _Later) else (200, answer, ())
        except ApiError as error:
            return _as_http(error)
        except _DATABASE_AWAY as error:
            _log.warning("request %s: the database does not answer: %s", request_id, error)
            return _as_http(ServiceUnavailable())
        except Exception:  # noqa: BLE001 - a fault of ours: it is logged, the client told
            _log.exception("request %s failed by a fault of ours", request_id)
            return _as_http(InternalFailure())
        finally:
            # Back to the pool: a thread that waits for its next request needs none.
            connection.close()

    def _perform(self, scope: Mapping[str, Any], body: bytes) -> bytes | _Later:
        headers = _join_headers(scope["headers"])
        name = headers.get("x-amz-target", "").removeprefix(TARGET_PREFIX)
        model = operation_model(name)
        if model is None:
            raise UnknownOperationException(name or None)
        verify(headers, scope["query_string"].decode("latin-1"), body, find_secret)
        operation = self._operations.get(name)
        if operation is None:
            raise UnknownOperationException(
                message=f"{name} is an operation of AWS that Stepwell does not offer yet."
            )
        try:
            value = json_text.loads(body or b"{}")
        except json_text.InvalidJson as fault:
            raise SerializationException(message=str(fault)) from None
        answer = operation(read_request(model.input_shape, value))
        if isinstance(answer, bytes):
            return answer
        if inspect.iscoroutine(answer):
            return _Later(answer, model.output_shape)
        return orjson.dumps(write_answer(model.output_shape, answer))


@dataclass(frozen=True, slots=True)
class _Later:
    """An answer that is still to come, on the event loop."""

    members: Coroutine[Any, Any, Members]
    output_shape: Any


_Http = tuple[int, bytes, "Iterable[tuple[bytes, bytes]]"]


def _as_http(error: ApiError) -> _Http:
    content = orjson.dumps({"__type": error.code, "message": error.message})
    return error.status, content, ((b"x-amzn-errortype", error.code.encode()),)


def _join_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


async def _unless_gone(answering: Coroutine[Any, Any, _Http], receive: Receive) -> _Http | None:
    """The answer; None, and the wait for it given up, where the client goes away meanwhile."""
    answer = asyncio.ensure_future(answering)
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
        return answer.result() if answer.done() else None
    finally:
        for each in (answer, gone):
            each.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _read_body(receive: Receive) -> bytes | None:
    """The request's body; None where the client went away before it was complete."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise RequestEntityTooLarge(
                message=f"The request is larger than {MAX_BODY_BYTES} bytes."
            )
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)
