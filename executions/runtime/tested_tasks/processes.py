"""The web server's side: hands tasks of TestState to a process of its own and bounds their time.

A function that never returns cannot be stopped, but its process can. So a process of which one
task has overrun gets no further ones; when the others that it has are over, it is killed, and
another one takes its place.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from django.conf import settings

from executions.integration import Failed, Submitted, Succeeded, TaskOutcome
from executions.integrations.registry import integration_for

if TYPE_CHECKING:
    from executions.integration import TaskRequest, Trace

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of one outcome: what a function gives is not cut before the machine has seen it."""
START_SECONDS = 60.0
"""For how long a process may get ready; that is not the task's time."""

_OUTCOMES: dict[str, type[TaskOutcome]] = {
    kind.__name__: kind for kind in (Succeeded, Failed, Submitted)
}
_PROGRAM = "executions.runtime.tested_tasks.process"
_log = logging.getLogger(__name__)


class Performed(NamedTuple):
    """How an attempt ended, and what it sent and got where that was asked for."""

    outcome: TaskOutcome
    trace: Trace


class TooManyTasks(Exception):
    """As many tasks are being performed as may be; this one has not begun."""


class ProcessLost(Exception):
    """The process is gone, and nobody knows how far its tasks came."""


class Processes:
    """The processes of one web server. Everything here happens on its event loop."""

    def __init__(self) -> None:
        self._current: _Process | None = None
        self._under_way = 0

    async def perform(
        self, request: TaskRequest, seconds: float, reveal_secrets: bool | None = None
    ) -> Performed:
        """Perform one attempt and say how it ended.

        A trace is made unless ``reveal_secrets`` is None.

        Raises:
            TimeoutError: it did not end within ``seconds``; its process is killed, by and by.
            TooManyTasks: there is no room for it now.
        """
        if self._under_way >= settings.STATE_TESTS:
            raise TooManyTasks
        self._under_way += 1
        try:
            if self._current is None or not self._current.takes_more:
                self._current = _Process()
            return await self._current.perform(request, seconds, reveal_secrets)
        except ProcessLost:
            integration = integration_for(request.resource)
            cause = "The process that performed the task died before it answered."
            return Performed(Failed(integration.lost_error or "States.TaskFailed", cause), {})
        finally:
            self._under_way -= 1


class _Process:
    """One process, and the tasks that it has."""

    def __init__(self) -> None:
        self.takes_more = True
        self._is_gone = False
        self._waiting: dict[int, asyncio.Future[Performed]] = {}
        self._number = 0
        self._users = 0
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", _PROGRAM, str(theirs.fileno())],
                cwd=settings.BASE_DIR,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._link = asyncio.ensure_future(self._connect(ours))

    async def perform(
        self, request: TaskRequest, seconds: float, reveal_secrets: bool | None
    ) -> Performed:
        self._users += 1
        self._number += 1
        number = self._number
        try:
            writer = await self._ready()
            future = self._waiting[number] = asyncio.get_running_loop().create_future()
            asked = {
                "number": number,
                "request": asdict(request),
                "reveal_secrets": reveal_secrets,
            }
            writer.write(orjson.dumps(asked) + b"\n")
            return await asyncio.wait_for(future, seconds)
        except (TimeoutError, asyncio.CancelledError):
            # Nobody waits for it, and its thread cannot be stopped.
            self.takes_more = False
            raise
        finally:
            self._waiting.pop(number, None)
            self._users -= 1
            if not self.takes_more and not self._users:
                self._process.kill()

    async def _ready(self) -> asyncio.StreamWriter:
        try:
            # Shielded: one caller that goes away must not take the connection from the others.
            writer = await asyncio.wait_for(asyncio.shield(self._link), START_SECONDS)
        except TimeoutError:
            self.takes_more = False
            raise ProcessLost from None
        if self._is_gone:
            raise ProcessLost
        return writer

    async def _connect(self, link: socket.socket) -> asyncio.StreamWriter:
        reader, writer = await asyncio.open_connection(sock=link, limit=LONGEST_LINE)
        ready = await reader.readline()
        self._reading = asyncio.ensure_future(self._read(reader, writer))
        if not ready:
            raise ProcessLost
        return writer

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                answer: dict[str, Any] = orjson.loads(line)
                future = self._waiting.pop(answer.pop("number"), None)
                trace = answer.pop("trace")
                if future is not None and not future.done():
                    outcome = _OUTCOMES[answer.pop("kind")](**answer)
                    future.set_result(Performed(outcome, trace))
        except (OSError, ValueError):
            _log.exception("the process of TestState's tasks cannot be understood any more")
        finally:
            self.takes_more, self._is_gone = False, True
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(ProcessLost())
            writer.close()
            self._process.kill()
            status = await asyncio.to_thread(self._process.wait)
            _log.info("a process of TestState's tasks has ended with %s", status)
