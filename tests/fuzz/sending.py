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
LONG_SECONDS = 2.0
_STATUS = re.compile(rb"HTTP/1\.\d (\d{3})")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass
class Report:
    """What came back: how often each status (0: no answer), and what must not come."""

    statuses: Counter[int] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    errors: list[bytes] = field(default_factory=list)
    slowest: float = 0.0
    slow: list[int] = field(default_factory=list)
    """Numbers of those that took longer than ``LONG_SECONDS``, from 0 in the order of making."""
    seconds: float = 0.0


async def send_all(port: int, fuzzer: Fuzzer, count: int, at_once: int = 8) -> Report:
    """Send ``count`` requests of ``fuzzer`` to the server on ``port``, some at once."""
    report = Report()
    numbers = iter(range(count))
    began = time.monotonic()

    async def client() -> None:
        for number in numbers:
            if await _send(port, fuzzer.next(), report) > LONG_SECONDS:
                report.slow.append(number)

    await asyncio.gather(*(client() for _ in range(at_once)))
    report.seconds = time.monotonic() - began
    return report


async def send_again(port: int, fuzzer: Fuzzer, numbers: list[int]) -> list[bytes]:
    """Send these requests of a new ``fuzzer`` alone; those that are slow again.

    On a busy machine any request may have waited for others. One that is slow by itself is slow
    when nothing else is asked.
    """
    slow = []
    for number in range(max(numbers, default=-1) + 1):
        request = fuzzer.next()
        if number in numbers and await _send(port, request, Report()) > LONG_SECONDS:
            slow.append(request.message()[:3000])
    return slow


async def _send(port: int, request: Request, report: Report) -> float:
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
    report.slowest = max(report.slowest, took)
    match = _STATUS.match(answer)
    status = int(match[1]) if match else 0
    report.statuses[status] += 1
    if status >= 500:
        report.errors.append(answer[:500] + b"\n<- " + message[:3000])
    elif status == 200:
        report.accepted[request.operation] += 1
    return took


async def _read(reader: asyncio.StreamReader, method: bytes) -> bytes:
    """An answer's head, and its body where its length is told."""
    head = await reader.readuntil(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100"):
        head = await reader.readuntil(b"\r\n\r\n")
    match = _LENGTH.search(head)
    if match and method != b"HEAD":
        return head + await reader.readexactly(int(match[1]))
    return head
