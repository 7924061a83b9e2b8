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
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from studio import arns
from studio.access.caller import set_caller
from studio.access.permissions import Permission
from studio.actions.access_keys import KnownKey, find_key, note_use, remembered_key
from studio.actions.audit import Actor, acting
from studio.actions.sensitive_fields import marks_for
from studio.asl import json_text
from studio.aws.errors import (
    InternalFailure,
    RequestEntityTooLarge,
    SerializationException,
    ServiceUnavailable,
    ThrottlingException,
    UnknownOperationException,
)
from studio.aws.model import TARGET_PREFIX, gives_data, operation_model
from studio.aws.permissions import check_operation
from studio.aws.quotas import check_quota, has_quota
from studio.aws.replays import refuse_replay
from studio.aws.shapes import read_request, write_answer
from studio.aws.signature import verify
from studio.errors import ApiError
from studio.models import ActorKind
from studio.redaction import hide_text
from studio.sensitive_fields import NONE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Mapping

    from studio.access.caller import Caller
    from studio.sensitive_fields import Marks

    Send = Callable[[dict[str, Any]], Awaitable[None]]
    Receive = Callable[[], Awaitable[dict[str, Any]]]

Members = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """An operation that never blocks, neither before its first ``await`` nor after.

    ``is_short``: it is over so soon that nobody needs to look whether the client is still there.
    """

    begin: Callable[[Members], Coroutine[Any, Any, Members]]
    is_short: bool = True


Operation = (
    Callable[[Members], Members]
    | Callable[[Members], bytes]
    | (Callable[[Members], Coroutine[Any, Any, Members]])
    | Callable[[Members], Members | Coroutine[Any, Any, Members]]
    | Prompt
)

CONTENT_TYPE = b"application/x-amz-json-1.0"
MAX_BODY_BYTES = 4 * 1024 * 1024
"""A definition of 1 MB with every character escaped for JSON, and some more."""
THREADS = 8
"""Requests that are worked on at once; each may hold one connection of PostgreSQL's pool."""
MAX_WAITING = 512
"""Requests that may wait for a thread; what comes on top is told to come again."""

MAX_PROMPT_BYTES = 16 * 1024
"""Bodies up to this size are read on the event loop: it takes well under a millisecond."""
_TARGET = b"x-amz-target"
ACCOUNT_IN_ARN, NAME_IN_ARN = 4, 6
"""Which parts of the ARNs of state machines, executions and Map Runs have these, from 0."""

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
    that it needs neither a thread nor a connection while it waits. One that is ``Prompt`` does not
    even begin on a thread, where a short request comes with a key that is remembered.
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
            answer = self._answer_promptly(scope, body, request_id)
            if answer is None:
                answer = await self._answer_on_thread(scope, body, request_id)
            if isinstance(answer, _Later):
                answering = self._answer_later(answer, request_id)
                later = await (answering if answer.is_short else _unless_gone(answering, receive))
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

    def _answer_promptly(
        self, scope: Mapping[str, Any], body: bytes, request_id: str
    ) -> _Http | _Later | None:
        """Begin to answer on the event loop; None where that could hold it up."""
        if len(body) > MAX_PROMPT_BYTES:
            return None
        target = next((value for name, value in scope["headers"] if name == _TARGET), b"")
        name = target.decode("latin-1").removeprefix(TARGET_PREFIX)
        if not isinstance(self._operations.get(name), Prompt) or has_quota(name):
            return None  # Asking for a token may wait for Valkey.
        try:
            key_of = _remembered_with_all if gives_data(name) else _remembered
            return self._answer(scope, body, request_id, key_of)
        except _NotRemembered:
            return None

    async def _answer_on_thread(
        self, scope: Mapping[str, Any], body: bytes, request_id: str
    ) -> _Http | _Later:
        if self._under_way >= THREADS + MAX_WAITING:
            raise ThrottlingException
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, self._work, scope, body, request_id
            )
        finally:
            self._under_way -= 1

    async def _answer_later(self, later: _Later, request_id: str) -> _Http:
        set_caller(later.caller)  # A thread's context is not this task's.
        try:
            members = await later.members
            content = orjson.dumps(write_answer(later.output_shape, members))
            return 200, _hidden(content, later.hidden), ()
        except Exception as error:  # noqa: BLE001 - the client is told of each
            return _failure(error, request_id)

    def _work(self, scope: Mapping[str, Any], body: bytes, request_id: str) -> _Http | _Later:
        try:
            return self._answer(scope, body, request_id, find_key)
        finally:
            # Back to the pool: a thread that waits for its next request needs none.
            connection.close()

    def _answer(
        self,
        scope: Mapping[str, Any],
        body: bytes,
        request_id: str,
        key_of: Callable[[str], KnownKey | None],
    ) -> _Http | _Later:
        try:
            answer = self._perform(scope, body, key_of, request_id)
            return answer if isinstance(answer, _Later) else (200, answer, ())
        except _NotRemembered:
            raise
        except Exception as error:  # noqa: BLE001 - the client is told of each
            return _failure(error, request_id)

    def _perform(
        self,
        scope: Mapping[str, Any],
        body: bytes,
        key_of: Callable[[str], KnownKey | None],
        request_id: str,
    ) -> bytes | _Later:
        headers = _join_headers(scope["headers"])
        name = headers.get("x-amz-target", "").removeprefix(TARGET_PREFIX)
        model = operation_model(name)
        if model is None:
            raise UnknownOperationException(name or None)
        found: list[KnownKey] = []

        def secret_of(access_key_id: str) -> str | None:
            key = key_of(access_key_id)
            if key is None:
                return None
            found.append(key)
            return key.secret

        signed = verify(headers, scope["query_string"].decode("latin-1"), body, secret_of)
        refuse_replay(signed)
        if key_of is find_key:
            # On a thread. Whoever comes promptly was here, with the same key, seconds before.
            note_use(signed.access_key_id)
        operation = self._operations.get(name)
        if operation is None:
            raise UnknownOperationException(
                message=f"{name} is an operation of AWS that Stepwell does not offer yet."
            )
        try:
            value = json_text.loads(body or b"{}")
        except json_text.InvalidJson as fault:
            raise SerializationException(message=str(fault)) from None
        caller = found[0].caller
        check_operation(caller, name, value)
        set_caller(caller)
        members = read_request(model.input_shape, value)
        check_quota(name)
        client = scope.get("client")
        actor = Actor(
            kind=ActorKind.KEY,
            name=caller.username,
            workspace=caller.account_id,
            access_key_id=signed.access_key_id,
            address=client[0] if client else "",
            request_id=request_id,
        )
        # A worker of an activity needs its task as it is, whoever else may see it.
        sees = name == "GetActivityTask" or caller.may(Permission.REVEAL)
        hidden = None
        if not sees:
            hidden = marks_for(_machine_of(value)) if gives_data(name) else NONE
        if isinstance(operation, Prompt):
            answering = _as(actor, operation.begin(members))
            return _Later(answering, model.output_shape, caller, hidden, operation.is_short)
        with acting(lambda: actor):
            answer = operation(members)
        if isinstance(answer, bytes):
            return _hidden(answer, hidden)
        if inspect.iscoroutine(answer):
            return _Later(_as(actor, answer), model.output_shape, caller, hidden)
        content = orjson.dumps(write_answer(model.output_shape, answer))
        return _hidden(content, hidden)


def _hidden(answer: bytes, marks: Marks | None) -> bytes:
    if marks is None or not (marks or settings.SENSITIVE):
        return answer
    return hide_text(answer.decode(), marks).encode()


def _machine_of(request: Any) -> str | None:
    """The state machine that an answer is about, where an ARN of the request names one."""
    members = request if isinstance(request, dict) else {}
    for member in ("executionArn", "stateMachineArn", "mapRunArn"):
        parts = str(members.get(member, "")).split(":")
        if len(parts) > NAME_IN_ARN:
            return arns.full_name(parts[NAME_IN_ARN].partition("/")[0], parts[ACCOUNT_IN_ARN])
    return None


async def _as(actor: Actor, answering: Coroutine[Any, Any, Members]) -> Members:
    with acting(lambda: actor):
        return await answering


@dataclass(frozen=True, slots=True)
class _Later:
    """An answer that is still to come, on the event loop.

    ``hidden``: what is marked, where it is not for the caller. ``is_short``: see ``Prompt``.
    """

    members: Coroutine[Any, Any, Members]
    output_shape: Any
    caller: Caller
    hidden: Marks | None
    is_short: bool = False


_Http = tuple[int, bytes, "Iterable[tuple[bytes, bytes]]"]


def _failure(error: Exception, request_id: str) -> _Http:
    """What a client is told; a fault of ours is logged."""
    if isinstance(error, ApiError):
        return _as_http(error)
    if isinstance(error, _DATABASE_AWAY):
        _log.warning("request %s: the database does not answer: %s", request_id, error)
        return _as_http(ServiceUnavailable())
    _log.error("request %s failed by a fault of ours", request_id, exc_info=error)
    return _as_http(InternalFailure())


class _NotRemembered(Exception):
    """The access key must be looked up in the database."""


def _remembered(access_key_id: str) -> KnownKey:
    key = remembered_key(access_key_id)
    if key is None:
        raise _NotRemembered
    return key


def _remembered_with_all(access_key_id: str) -> KnownKey:
    """A key from which nothing is hidden: else that is looked up first, which takes a thread."""
    key = _remembered(access_key_id)
    if not key.caller.may(Permission.REVEAL):
        raise _NotRemembered
    return key


def _as_http(error: ApiError) -> _Http:
    content = orjson.dumps({"__type": error.code, "message": error.message, **error.members})
    headers = {"x-amzn-errortype": error.code, **error.headers}
    return error.status, content, [(n.encode(), value.encode()) for n, value in headers.items()]


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
