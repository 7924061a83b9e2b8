"""Hands rehearsals to processes and bounds their time; one that overruns is killed.

A loop of states, a hostile expression or a history of gigabytes so harms nobody else. A process
that has answered is kept for the next request; at most ``settings.REHEARSALS`` are busy at once.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from typing import Any

import orjson
from django.conf import settings

from executions.runtime.rehearsals.process import OUT_OF_MEMORY

START_SECONDS = 60.0
"""For how long a process may get ready; that is not the rehearsal's time."""
ROOM_SECONDS = 20.0
"""For how long a request waits for others to end."""


class TooManyRehearsals(Exception):
    """As many are under way as may be; this one has not begun."""


class RehearsalLost(Exception):
    """It was not finished: ``reason`` is TOO_LONG, OUT_OF_MEMORY or FAULT; the text says more."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """Have a request answered, as ``rehearsals.process`` does; call it on a thread that may wait.

    Raises:
        TooManyRehearsals: there was no room for it.
        RehearsalLost: it took too long or too much memory, or failed by a fault of ours.
    """
    return _pool().ask(request)


class Pool:
    """The processes of one process."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._room = threading.BoundedSemaphore(settings.REHEARSALS)
        self._idle: list[_Process] = []

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Have a request answered: see the function of this name."""
        if not self._room.acquire(timeout=ROOM_SECONDS):
            raise TooManyRehearsals
        try:
            try:
                process = self._idle.pop()
            except IndexError:
                process = _Process()
            answer = process.ask(request)
            self._idle.append(process)
        finally:
            self._room.release()
        if "fault" in answer:
            raise RehearsalLost(answer["fault"], answer["message"])
        return answer

    def close(self) -> None:
        """End the processes that wait for work."""
        while self._idle:
            self._idle.pop().end()


class _Process:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "executions.runtime.rehearsals.process",
                str(settings.REHEARSAL_MEGABYTES),
            ],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        if self._exchange(b"", START_SECONDS) is None:
            raise RehearsalLost("FAULT", "The process for rehearsals did not start.")

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        line = orjson.dumps(request) + b"\n"
        seconds = settings.REHEARSAL_SECONDS
        answered = self._exchange(line, seconds)
        if answered is None:
            raise RehearsalLost(
                "TOO_LONG",
                f"It was not finished after {seconds:g} seconds (STEPWELL_REHEARSAL_SECONDS). "
                "Does it loop without an end?",
            )
        if not answered:
            status = self.end(patience=START_SECONDS)
            if status == OUT_OF_MEMORY:
                raise RehearsalLost(
                    "OUT_OF_MEMORY",
                    f"It needed more than {settings.REHEARSAL_MEGABYTES} megabytes of memory "
                    "(STEPWELL_REHEARSAL_MEGABYTES). Is its data large, or does it loop?",
                )
            raise RehearsalLost("FAULT", f"The process that ran it ended with {status}.")
        answer: dict[str, Any] = orjson.loads(answered)
        return answer

    def _exchange(self, line: bytes, seconds: float) -> bytes | None:
        """Write a line and read one; None where it took too long, nothing where it has died."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        overran = threading.Event()

        def kill() -> None:
            overran.set()
            self._process.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            if line:
                self._process.stdin.write(line)
                self._process.stdin.flush()
            answer: bytes = self._process.stdout.readline()
        except BrokenPipeError:
            answer = b""
        finally:
            timer.cancel()
        if overran.is_set():
            self.end()
            return None
        return answer

    def end(self, patience: float = 0.0) -> int:
        """End it, whatever it does; the status it ended with.

        ``patience`` is for how many seconds one that is dying may come to its own end.
        """
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except BrokenPipeError:
                continue  # What was not read yet is of no use.
        return self._process.wait()


_one: Pool | None = None
_making = threading.Lock()


def _pool() -> Pool:
    global _one  # noqa: PLW0603 - one a process; a forked child makes its own
    with _making:
        if _one is None or _one.pid != os.getpid():
            _one = Pool()
        return _one


def close() -> None:
    """End the processes of this process that wait for work."""
    if _one is not None and _one.pid == os.getpid():
        _one.close()
