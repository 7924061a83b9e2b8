"""What a function prints goes to the log, line by line, with the request it belongs to.

``sys.stdout`` and ``sys.stderr`` are the process's, and many functions run in it at once. A
stand-in for each looks which call, if any, the current thread is busy with; threads that run no
function, and threads that a function starts by itself, write where they always wrote.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import Any, TextIO, cast

logger = logging.getLogger("stepwell.functions")

LOG_TAIL = 4096
"""Bytes of a call's log that LogType "Tail" returns, as Lambda's."""


class CallLog:
    """The log of one call."""

    __slots__ = ("function_name", "kept", "partial", "request_id")

    def __init__(self, function_name: str, request_id: str, *, keep: bool = False) -> None:
        self.function_name = function_name
        self.request_id = request_id
        self.partial = ""
        self.kept: list[str] | None = (
            [f"START RequestId: {request_id} Version: $LATEST"] if keep else None
        )

    def write(self, text: str) -> None:
        """Log the lines that are complete; hold the rest until it is."""
        *lines, self.partial = (self.partial + text).split("\n")
        for line in lines:
            self._log(line)

    def end(self) -> None:
        """Log what was left without an end of line."""
        if self.partial:
            self._log(self.partial)
            self.partial = ""

    def tail(self) -> bytes | None:
        """The last 4 KB, where they were to be kept."""
        if self.kept is None:
            return None
        text = "\n".join([*self.kept, f"END RequestId: {self.request_id}", ""])
        return text.encode(errors="replace")[-LOG_TAIL:]

    def _log(self, line: str) -> None:
        if self.kept is not None:
            self.kept.append(line)
        # A log handler may itself write to sys.stderr: then that is not the function's output.
        _current.log = None
        try:
            logger.info(
                "%s RequestId: %s %s",
                self.function_name,
                self.request_id,
                line,
                extra={"aws_request_id": self.request_id, "function_name": self.function_name},
            )
        finally:
            _current.log = self


class _Current(threading.local):
    log: CallLog | None = None


_current = _Current()


class FunctionOutput:
    """Stands before a text stream of the process."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write to the current call's log, or else to the stream."""
        log = _current.log
        if log is None:
            return self._stream.write(text)
        log.write(text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write each."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Flush the stream; a call's log needs none."""
        if _current.log is None:
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def begin(log: CallLog) -> None:
    """From now on, what this thread prints belongs to the call."""
    # Looked at each time: Celery and test runners put their own streams there, too.
    if type(sys.stdout) is not FunctionOutput:
        sys.stdout = cast("TextIO", FunctionOutput(sys.stdout))
    if type(sys.stderr) is not FunctionOutput:
        sys.stderr = cast("TextIO", FunctionOutput(sys.stderr))
    _current.log = log


def end(log: CallLog) -> None:
    """The call is over; what this thread prints is the process's again."""
    log.end()
    _current.log = None
