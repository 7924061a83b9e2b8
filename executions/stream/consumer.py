"""The doorbell: a websocket on which a page watches executions.

A client says what it has, ``{"type": "watch", "execution": arn, "after": id}``. The watch joins the
execution's group first, then sends what the database has after that id, and looks again whenever
the bell rings and every two seconds. Rings carry nothing and may be lost: the database alone says
what happened, so a page that has caught up has everything, with Valkey or without.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import connection

from executions.actions import executions
from executions.actions.debugger_view import latest_record
from executions.actions.history import HistoryPage, read_events
from executions.errors import ExecutionDoesNotExist
from executions.models import Execution
from executions.runtime.bells import bells
from executions.runtime.doorbell import bell_of
from executions.runtime.ears import ASK_SECONDS
from executions.stream.admission import (
    NOT_ALLOWED,
    PERMISSIONS,
    RECHECK_SECONDS,
    SIGNED_OUT,
    find_listener,
)
from studio import arns
from studio.access.caller import Caller
from studio.access.check import check
from studio.access.permissions import Permission
from studio.asl import json_text
from studio.errors import ApiError
from studio.redaction import hide_text
from studio.rest.fields import moment_text
from studio.sensitive_fields import NONE, Marks, marks_of

LOOK_SECONDS = 2.0
"""How long a lost ring may go unnoticed."""
REST_SECONDS = 0.05
"""How long a watch rests between looks: pages paint no oftener. The first look after a pause is at
once, and what happens between two looks is sent together."""
IDLE_SECONDS = 15.0
MAX_WATCHES = 32
MAX_MESSAGE_CHARACTERS = 4096
MAX_EVENT_ID = 2**31 - 1

# Looks at the database, for all sockets: at most this many connections of the pool.
_READERS = ThreadPoolExecutor(4, thread_name_prefix="stream")

_log = logging.getLogger(__name__)


class InvalidMessage(ApiError):
    """Invalid Message"""


@dataclass(eq=False)
class _Watch:
    """One execution that this socket follows; ``after`` is the last event that was sent, and
    ``record`` the last of what its debuggers did that was told of.
    """

    arn: str
    after: int
    execution_id: int = 0
    record: int = 0
    rung: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class ExecutionStream(AsyncWebsocketConsumer):
    """One page's socket. Needs a session of somebody who may see executions, and a page of this
    same server; it is closed when the session ends or the membership is withdrawn.
    """

    # None: see executions.stream.bells.
    channel_layer_alias = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self._watches: dict[str, _Watch] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._caller: Caller | None = None

    async def connect(self) -> None:
        """Accept the page of somebody who may see executions; anybody else sees HTTP 403."""
        caller = await self._find_listener() if _is_same_origin(self.scope) else None
        if caller is None or not caller.may(Permission.VIEW):
            await self.close()  # type: ignore[no-untyped-call]
            return
        self._caller = caller
        await self.accept()  # type: ignore[no-untyped-call]
        self._tasks = [
            asyncio.create_task(self._say_idle()),
            asyncio.create_task(self._check_again()),
        ]

    async def disconnect(self, code: int) -> None:
        """Stop looking for a page that has gone."""
        del code
        watches = list(self._watches.values())
        self._watches.clear()
        tasks = [task for task in (*self._tasks, *(w.task for w in watches)) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for watch in watches:
            await bells().leave(bell_of(watch.execution_id), watch.rung)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Carry out what the page asks; what cannot be understood is answered with an error."""
        del bytes_data
        arn = None
        try:
            message = _read_message(text_data or "")
            arn = message["execution"]
            await self._check(message["type"])
            if message["type"] == "watch":
                await self._watch(arn, message.get("after", 0))
            else:
                await self._unwatch(arn)
        except ApiError as error:
            await self._send_error(arn, error)

    async def _watch(self, arn: str, after: int) -> None:
        await self._unwatch(arn)
        if len(self._watches) >= MAX_WATCHES:
            raise InvalidMessage(message=f"One socket watches at most {MAX_WATCHES} executions.")
        watch = _Watch(arn, after)
        self._watches[arn] = watch
        watch.task = asyncio.create_task(self._follow(watch))

    async def _unwatch(self, arn: str) -> None:
        watch = self._watches.pop(arn, None)
        if watch is not None and watch.task is not None:
            watch.task.cancel()
            await asyncio.gather(watch.task, return_exceptions=True)
            await bells().leave(bell_of(watch.execution_id), watch.rung)

    async def _follow(self, watch: _Watch) -> None:
        """Follow an execution to its end; a database that is away is asked again."""
        while True:
            try:
                await self._look_until_closed(watch)
            except ApiError as error:
                await self._send_error(watch.arn, error)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the page waits for us
                _log.warning("watch of %s: %s; looking again", watch.arn, error)
                await asyncio.sleep(LOOK_SECONDS)
                continue
            break
        if self._watches.get(watch.arn) is watch:
            del self._watches[watch.arn]
            await bells().leave(bell_of(watch.execution_id), watch.rung)

    async def _look_until_closed(self, watch: _Watch) -> None:
        watch.execution_id = await _on_thread(_find_execution, watch.arn, self._account())
        told: str | None = None
        # Who rings may not know yet that somebody listens.
        patience = 2 * ASK_SECONDS
        while True:
            # Before looking: what happens after this look rings.
            await bells().join(bell_of(watch.execution_id), watch.rung)
            watch.rung.clear()
            page, record = await _on_thread(_read, watch.execution_id, watch.after)
            if page is None:
                raise ExecutionDoesNotExist(watch.arn)
            if record != watch.record:
                watch.record = record
                await self._send(_debugger_frame(watch.arn, record))
            if page.events or page.status != told:
                await self._send(
                    _events_frame(watch.arn, page), await self._marks(watch.execution_id)
                )
                told = page.status
                watch.after = page.last_id or watch.after
            if page.is_final:
                return
            if page.last_id == 0 or page.last_id >= page.last_event_id:
                rest = asyncio.get_running_loop().time() + REST_SECONDS
                await _wait(watch.rung, patience)
                patience = LOOK_SECONDS
                await asyncio.sleep(max(0.0, rest - asyncio.get_running_loop().time()))

    async def _find_listener(self) -> Caller | None:
        caller: Caller | None = await _on_thread(find_listener, self.scope["session"].session_key)
        return caller

    def _account(self) -> str:
        """That of the listener's workspace: executions of others are out of sight."""
        # Whoever may view anything is somewhere.
        assert self._caller is not None
        assert self._caller.account_id is not None
        return self._caller.account_id

    async def _check(self, kind: str) -> None:
        """Refuse a message that the role does not allow, with AccessDenied."""
        assert self._caller is not None  # nobody else's messages are received
        permission = PERMISSIONS.get(kind)
        if permission is None or not self._caller.may(permission):
            await _on_thread(_refuse, self._caller, permission)

    async def _check_again(self) -> None:
        """Close the socket soon after its owner has signed out or may not listen any more."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            try:
                caller = await self._find_listener()
            except Exception as error:  # noqa: BLE001 - whatever it is, nothing can be read either
                _log.warning("a listener cannot be checked: %s; trying again", error)
                continue
            # What is watched was looked up in the workspace that the listener was in then.
            is_elsewhere = caller is not None and caller.account_id != self._account()
            if caller is None or is_elsewhere or not caller.may(Permission.VIEW):
                code = SIGNED_OUT if caller is None else NOT_ALLOWED
                await self.close(code)  # type: ignore[no-untyped-call]
                return
            self._caller = caller

    async def _say_idle(self) -> None:
        while True:
            await asyncio.sleep(IDLE_SECONDS)
            await self._send('{"type":"idle"}')

    async def _send_error(self, arn: str | None, error: ApiError) -> None:
        frame = {
            "type": "error",
            "execution": arn,
            "code": error.code,
            "message": error.message,
        }
        await self._send(orjson.dumps(frame).decode())

    def _sees_all(self) -> bool:
        return self._caller is not None and self._caller.may(Permission.REVEAL)

    async def _marks(self, execution_id: int) -> Marks:
        """What the state machine hides from the listener. Asked just before it is sent: somebody
        may have marked something meanwhile, or the listener may see less than before.
        """
        found: Marks = NONE if self._sees_all() else await _on_thread(_find_marks, execution_id)
        return found

    async def _send(self, text: str, marks: Marks = NONE) -> None:
        if not self._sees_all():
            text = hide_text(text, marks)
        await self.send(text_data=text)  # type: ignore[no-untyped-call]


async def _wait(rung: asyncio.Event, seconds: float) -> None:
    """Wait for the bell, but not longer than a lost one may go unnoticed."""
    try:
        async with asyncio.timeout(seconds):
            await rung.wait()
    except TimeoutError:
        pass


async def _on_thread(function: Any, *args: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(_READERS, function, *args)


def _refuse(caller: Caller, permission: Permission | None) -> None:
    try:
        check(caller, permission)
    finally:
        connection.close()


def _find_execution(arn: str, account: str) -> int:
    try:
        with arns.acting_in(account):
            return executions.get_execution(arn, only=("id",)).pk
    finally:
        connection.close()


def _read(execution_id: int, after: int) -> tuple[HistoryPage | None, int]:
    """What is new of an execution, and the latest record of its debuggers."""
    try:
        page = read_events(execution_id, after=after)
        return page, latest_record(execution_id)
    finally:
        connection.close()


def _find_marks(execution_id: int) -> Marks:
    try:
        stored = Execution.objects.filter(pk=execution_id).values_list(
            "state_machine__sensitive_fields", flat=True
        )
        return marks_of(stored.first() or "")
    finally:
        connection.close()


def _events_frame(arn: str, page: HistoryPage) -> str:
    """A frame around events that are JSON already."""
    stopped = None if page.stopped_at is None else moment_text(page.stopped_at)
    tail = orjson.dumps(
        {"lastEventId": page.last_event_id, "status": page.status, "stopDate": stopped}
    ).decode()
    head = orjson.dumps({"type": "events", "execution": arn}).decode()
    return f'{head[:-1]},"events":[{",".join(page.events)}],{tail[1:]}'


def _debugger_frame(arn: str, record: int) -> str:
    """A frame that tells to look at the debugger again: somebody did something, or it paused."""
    return orjson.dumps({"type": "debugger", "execution": arn, "recordId": record}).decode()


def _read_message(text: str) -> dict[str, Any]:
    """A message of the protocol; raises InvalidMessage for anything else."""
    if len(text) > MAX_MESSAGE_CHARACTERS:
        raise InvalidMessage("too long")
    try:
        message = json_text.loads(text)
    except json_text.InvalidJson as fault:
        raise InvalidMessage(str(fault)) from None
    if not isinstance(message, dict) or message.get("type") not in ("watch", "unwatch"):
        raise InvalidMessage("type must be watch or unwatch")
    if not isinstance(message.get("execution"), str):
        raise InvalidMessage("execution must be an ARN")
    after = message.get("after", 0)
    if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after <= MAX_EVENT_ID:
        raise InvalidMessage("after must be the id of an event, or 0")
    return message


def _is_same_origin(scope: dict[str, Any]) -> bool:
    """Whether the page that opened the socket came from here.

    Another server on the same host, on another port, would get the session's cookie too.
    """
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        host: bytes = headers.get(b"host", b"")
        return bool(urlsplit(origin).netloc == host.decode("latin-1"))
    except ValueError:
        return False
