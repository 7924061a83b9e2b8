"""A server that stands in for Stepwell: the built pages, large executions, a scripted stream.

Only what the execution page asks for, at once, so that figures are the page's.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from django.template.loader import render_to_string

from studio.config.embedded.roles import PROJECT

STATIC = PROJECT / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
SESSION = {
    "username": "bench",
    "accountId": "123456789012",
    "workspaces": [],
    "region": "us-east-1",
    "workspace": "default",
    "role": "viewer",
    "hasPassword": True,
    "permissions": ["view"],
}
ARN = "arn:aws:states:us-east-1:123456789012:execution:bench:"


@dataclass(frozen=True)
class _Asked:
    """What the page's template wants of a request."""

    path: str
    csp_nonce: str = "bench"
    GET: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Served:
    """One execution. ``per_second`` events come by the stream; 0: all are there from the start."""

    definition: dict[str, Any]
    events: list[dict[str, Any]]
    per_second: int = 0


class StandIn:
    """Serves these executions, by their names, as those of a state machine called ``bench``."""

    def __init__(self, served: dict[str, Served]) -> None:
        """Keep what there is to serve; the page around the bundle is the server's own."""
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.config.settings")
        django.setup()
        self.served = served
        self.port = 0
        self.ready = threading.Event()

    def run(self) -> None:
        """Serve until the process ends."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        async with server:
            await server.serve_forever()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                headers = {}
                while (header := (await reader.readline()).decode().strip()) != "":
                    key, _, value = header.partition(":")
                    headers[key.lower()] = value.strip()
                target = urlsplit(line.decode().split(" ")[1])
                if target.path == "/stream/":
                    await self._stream(reader, writer, headers["sec-websocket-key"])
                    return
                status, kind, body = self._answer(target.path, parse_qs(target.query))
                writer.write(
                    f"HTTP/1.1 {status} Stand-in\r\nContent-Type: {kind}\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, str, bytes]:
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            if not file.is_file():
                return 404, "text/plain", b""
            return 200, TYPES.get(file.suffix, "application/octet-stream"), file.read_bytes()
        if path.startswith("/api/"):
            found = self._api(path.strip("/").split("/")[1:], query)
            return (200 if found else 404), "application/json", json.dumps(found or {}).encode()
        return 200, "text/html", shell(path).encode()

    def _api(self, path: list[str], query: dict[str, list[str]]) -> dict[str, Any] | None:
        if path == ["session"]:
            return SESSION
        if path[0] != "executions" or len(path) < 3 or path[2] not in self.served:
            return None
        name, served = path[2], self.served[path[2]]
        # What comes by the stream is not there yet.
        log = served.events[:1] if served.per_second else served.events
        if path[3:] == ["events"]:
            after = int(query.get("after", ["0"])[0])
            events = log[after : after + 1000]
            return {"events": events, "lastEventId": len(log), "status": "RUNNING"}
        if path[3:] == ["debugger"]:
            nobody: dict[str, list[Any]] = {
                "breakpoints": [],
                "paused": [],
                "waiting": [],
                "records": [],
            }
            return {**nobody, "isPausing": False, "recordId": 0}
        if path[3:]:
            return None
        machine = {"stateMachineArn": "bench", "stateMachineName": "bench", "revisionId": "1"}
        nothing = {"stopDate": None, "output": None, "error": None, "cause": None, "paused": None}
        return {
            **machine,
            **nothing,
            "executionArn": ARN + name,
            "name": name,
            "status": "RUNNING",
            "startDate": "2026-09-21T13:33:20.000Z",
            "lastEventId": len(log),
            "redriveCount": 0,
            "redriveStatusReason": "It still runs",
            "input": "{}",
            "definition": json.dumps(served.definition),
        }

    async def _stream(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str
    ) -> None:
        digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
        )
        asked = json.loads(await frame(reader))
        name = asked["execution"].removeprefix(ARN)
        told = int(asked["after"])
        served = self.served[name]
        source, per_second = served.events, served.per_second
        clock = asyncio.get_running_loop().time
        begin = clock() + 1.5
        while True:
            due = int((clock() - begin) * per_second)
            upto = max(told, min(len(source), due))
            message = {
                "type": "events",
                "execution": ARN + name,
                "events": source[told:upto],
                "lastEventId": upto,
                "status": "RUNNING",
                "stopDate": None,
            }
            text = json.dumps(message).encode()
            if len(text) < 126:
                size = bytes([len(text)])
            elif len(text) < 65_536:
                size = bytes([126]) + struct.pack("!H", len(text))
            else:
                size = bytes([127]) + struct.pack("!Q", len(text))
            writer.write(b"\x81" + size + text)
            await writer.drain()
            told = upto
            await asyncio.sleep(0.01 if per_second and told < len(source) else 5)


async def frame(reader: asyncio.StreamReader) -> bytes:
    """Read one masked text frame, as browsers send them."""
    _, size = await reader.readexactly(2)
    length = size & 127
    if length == 126:
        (length,) = struct.unpack("!H", await reader.readexactly(2))
    mask = await reader.readexactly(4)
    masked = await reader.readexactly(length)
    return bytes(byte ^ mask[i % 4] for i, byte in enumerate(masked))


def shell(path: str) -> str:
    """The page around the built bundle, as the server writes it for this path."""
    return render_to_string("index.html", {"request": _Asked(path)})
