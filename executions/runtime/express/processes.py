"""The web server's side of StartSyncExecution: a few processes of its own that run executions.

They are started when first needed. An execution goes to the one with the fewest; there may be so
many in each and no more. One that dies takes its executions with it: they have FAILED, and are
not run again, for nobody knows how far they came.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
import time
from typing import Any

import orjson
from django.conf import settings

from executions.runtime.express.execution import ExpressEnd, ExpressStart

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of one answer: an output of 256 KiB with every character escaped, and ample room."""

_log = logging.getLogger(__name__)


class TooManyExecutions(Exception):
    """Every process has as many executions as it may; nothing has begun."""


class Processes:
    """The processes of one web server. Everything here happens on its event loop."""

    def __init__(self) -> None:
        self._processes: list[_Process] = []

    async def run(self, start: ExpressStart) -> ExpressEnd:
        """Run an execution, at most once, and say how it ended.

        Raises:
            TooManyExecutions: there is no room for it now.
        """
        return await self._choose().run(start)

    def _choose(self) -> _Process:
        self._processes = [process for process in self._processes if not process.is_gone]
        least = min(self._processes, key=lambda process: process.open, default=None)
        if least is None or (least.open and len(self._processes) < settings.EXPRESS_PROCESSES):
            least = _Process()
            self._processes.append(least)
        if least.open >= settings.EXPRESS_EXECUTIONS:
            raise TooManyExecutions
        return least


class _Process:
    """One process, and the executions that it has."""

    def __init__(self) -> None:
        self.is_gone = False
        self._waiting: dict[int, asyncio.Future[ExpressEnd]] = {}
        self._number = 0
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "executions.runtime.express.process", str(theirs.fileno())],
                cwd=settings.BASE_DIR,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._link = asyncio.ensure_future(self._connect(ours))

    @property
    def open(self) -> int:
        """How many executions it has."""
        return len(self._waiting)

    async def run(self, start: ExpressStart) -> ExpressEnd:
        self._number += 1
        number = self._number
        began = time.time()
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        is_sent = False
        try:
            # Shielded: one caller that goes away must not take the connection from the others.
            writer = await asyncio.shield(self._link)
            writer.write(orjson.dumps({"number": number, "start": start}) + b"\n")
            is_sent = True
            end: ExpressEnd = await future
            return end
        except ProcessLost:
            cause = (
                "The process that ran the execution was lost before it could report; "
                "how far the execution came is not known."
            )
            return ExpressEnd("FAILED", None, "States.Runtime", cause, began, time.time())
        finally:
            # What was sent takes its room until it ends, even if the caller has gone away.
            if not is_sent:
                self._waiting.pop(number, None)

    async def _connect(self, link: socket.socket) -> asyncio.StreamWriter:
        reader, writer = await asyncio.open_connection(sock=link, limit=LONGEST_LINE)
        self._reading = asyncio.ensure_future(self._read(reader, writer))
        return writer

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                answer: dict[str, Any] = orjson.loads(line)
                future = self._waiting.pop(answer["number"], None)
                if future is not None and not future.done():
                    future.set_result(ExpressEnd(**answer["end"]))
        except (OSError, ValueError):
            _log.exception("an Express process cannot be understood any more")
        finally:
            self.is_gone = True
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(ProcessLost())
            writer.close()
            self._process.kill()
            status = await asyncio.to_thread(self._process.wait)
            _log.warning("an Express process has ended with %s; another one follows", status)


class ProcessLost(Exception):
    """The process is gone, and with it the executions that it had."""
