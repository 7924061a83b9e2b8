"""Sends malformed requests as fast as the server answers, and notes how it answered."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.fuzz.requests import Fuzzer, Request

PATIENCE_SECONDS = 30.0
_STATUS = re.compile(rb"HTTP/1\.\d (\d{3})")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass
class Report:
    """What came back: how often each status (0: no answer), and what must not come."""

    statuses: Counter[int] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    errors: list[bytes] = field(default_factory=list)
    slowest: float = 0.0
    slowest_request: bytes = b""
    seconds: float = 0.0


async def send_all(port: int, fuzzer: Fuzzer, count: int, at_once: int = 8) -> Report:
    """Send ``count`` requests of ``fuzzer`` to the server on ``port``, some at once."""
    report = Report()
    numbers = iter(range(count))
    began = time.monotonic()

    async def client() -> None:
        for _ in numbers:
            await _send(port, fuzzer.next(), report)

    await asyncio.gather(*(client() for _ in range(at_once)))
    report.seconds = time.monotonic() - began
    return report


async def _send(port: int, request: Request, report: Report) -> None:
    message = request.message()
    began = time.monotonic()
    answer = b""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(message)
            if request.cut is not None:
                # The rest never comes.
                with contextlib.suppress(OSError):
                    await writer.drain()
                    writer.write_eof()
            answer = await asyncio.wait_for(_read(reader, request.method), PATIENCE_SECONDS)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
    except (OSError, asyncio.IncompleteReadError):
        pass  # Cut off by the server: some of these are no HTTP.
    except TimeoutError:
        report.errors.append(b"no answer: " + message[:2000])
    took = time.monotonic() - began
    if took > report.slowest:
        report.slowest, report.slowest_request = took, message[:3000]
    match = _STATUS.match(answer)
    status = int(match[1]) if match else 0
    report.statuses[status] += 1
    if status >= 500:
        report.errors.append(answer[:500] + b"\n<- " + message[:3000])
    elif status == 200:
        report.accepted[request.operation] += 1


async def _read(reader: asyncio.StreamReader, method: bytes) -> bytes:
    """An answer's head, and its body where its length is told."""
    head = await reader.readuntil(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100"):
        head = await reader.readuntil(b"\r\n\r\n")
    match = _LENGTH.search(head)
    if match and method != b"HEAD":
        return head + await reader.readexactly(int(match[1]))
    return head
