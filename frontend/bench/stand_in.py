"""A server that stands in for Stepwell: the built pages, one large execution, a scripted stream.

Only what the execution page asks for, from the standard library, so that figures are the page's.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import struct
import threading
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

STATIC = Path(__file__).parents[2] / "static" / "app"
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
BRANCHES, PASSES, INNER = 40, 12, 12
ARN = "arn:aws:states:us-east-1:123456789012:execution:bench:"
Event = dict[str, Any]


def chain(names: list[str]) -> dict[str, Any]:
    """Pass states one after the other."""
    following = [*names[1:], None]
    return {
        "StartAt": names[0],
        "States": {
            name: {"Type": "Pass", **({"Next": after} if after else {"End": True})}
            for name, after in zip(names, following, strict=True)
        },
    }


def definition() -> dict[str, Any]:
    """About 1,000 states three scopes deep: branches of Pass states that end in a Map of more."""
    branches = []
    for branch in range(BRANCHES):
        inner = chain([f"Inner {branch}-{i}" for i in range(INNER)])
        scope = chain([f"Pass {branch}-{i}" for i in range(PASSES)])
        last = scope["States"][f"Pass {branch}-{PASSES - 1}"]
        del last["End"]
        last["Next"] = f"Each {branch}"
        scope["States"][f"Each {branch}"] = {"Type": "Map", "ItemProcessor": inner, "End": True}
        branches.append(scope)
    again = {"Variable": "$.again", "BooleanEquals": True, "Next": "All"}
    return {
        "StartAt": "Again?",
        "States": {
            "Again?": {"Type": "Choice", "Choices": [again], "Default": "Done"},
            "All": {"Type": "Parallel", "Branches": branches, "Next": "Again?"},
            "Done": {"Type": "Succeed"},
        },
    }


class History:
    """Writes events as AWS threads them; every round visits every state once."""

    def __init__(self) -> None:
        """Begin with ExecutionStarted."""
        self.events: list[Event] = []
        self.last = self.add(0, "ExecutionStarted", executionStartedEventDetails={"input": "{}"})

    def add(self, previous: int, kind: str, **details: Any) -> int:
        """Append an event and give its id."""
        number = len(self.events) + 1
        event = {"timestamp": 1_790_000_000 + number / 1000, "type": kind, "id": number}
        self.events.append({**event, "previousEventId": previous, **details})
        return number

    def entered(self, previous: int, kind: str, name: str) -> int:
        """Enter a state."""
        details = {"name": name, "input": '{"order": 7}'}
        return self.add(previous, f"{kind}StateEntered", stateEnteredEventDetails=details)

    def exited(self, previous: int, kind: str, name: str) -> int:
        """Leave a state."""
        details = {"name": name, "output": '{"order": 7}'}
        return self.add(previous, f"{kind}StateExited", stateExitedEventDetails=details)

    def visit(self, previous: int, name: str) -> int:
        """Pass through a Pass state."""
        return self.exited(self.entered(previous, "Pass", name), "Pass", name)

    def round(self) -> None:
        """Once through the Parallel, its branches in step."""
        at = self.exited(self.entered(self.last, "Choice", "Again?"), "Choice", "Again?")
        started = self.add(self.entered(at, "Parallel", "All"), "ParallelStateStarted")
        ends = [started] * BRANCHES
        for step in range(PASSES):
            for branch in range(BRANCHES):
                ends[branch] = self.visit(ends[branch], f"Pass {branch}-{step}")
        for branch in range(BRANCHES):
            name = f"Each {branch}"
            item = {"name": name, "index": 0}
            at = self.entered(ends[branch], "Map", name)
            at = self.add(at, "MapStateStarted", mapStateStartedEventDetails={"length": 1})
            at = self.add(at, "MapIterationStarted", mapIterationStartedEventDetails=item)
            ends[branch] = at
        for step in range(INNER):
            for branch in range(BRANCHES):
                ends[branch] = self.visit(ends[branch], f"Inner {branch}-{step}")
        for branch in range(BRANCHES):
            item = {"name": f"Each {branch}", "index": 0}
            at = ends[branch]
            self.add(at, "MapIterationSucceeded", mapIterationSucceededEventDetails=item)
            at = self.add(at, "MapStateSucceeded")
            ends[branch] = self.exited(at, "Map", f"Each {branch}")
        at = self.add(ends[-1], "ParallelStateSucceeded")
        self.last = self.exited(at, "Parallel", "All")


def history(least: int) -> list[Event]:
    """The first `least` events of an execution that does not end."""
    written = History()
    while len(written.events) < least:
        written.round()
    return written.events[:least]


class StandIn:
    """Serves executions by name: `still` has no events beyond its start, `burst` is fed by the
    stream, and `long` has 25,000."""

    def __init__(self, burst: list[Event], long: list[Event], per_second: int) -> None:
        """Keep what there is to serve."""
        self.logs = {"still": burst[:1], "burst": burst[:1], "long": long}
        self.burst = burst
        self.per_second = per_second
        self.port = 0
        self.ready = threading.Event()
        self.definition = json.dumps(definition())

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
        if path.startswith("/static/app/"):
            file = STATIC / path.removeprefix("/static/app/")
            if not file.is_file():
                return 404, "text/plain", b""
            return 200, TYPES.get(file.suffix, "application/octet-stream"), file.read_bytes()
        if path.startswith("/api/"):
            found = self._api(path.strip("/").split("/")[1:], query)
            return (200 if found else 404), "application/json", json.dumps(found or {}).encode()
        return 200, "text/html", shell().encode()

    def _api(self, path: list[str], query: dict[str, list[str]]) -> dict[str, Any] | None:
        if path == ["session"]:
            return {"username": "bench", "accountId": "123456789012", "region": "us-east-1"}
        if path[0] != "executions" or path[2] not in self.logs:
            return None
        name, log = path[2], self.logs[path[2]]
        if path[3:] == ["events"]:
            after = int(query.get("after", ["0"])[0])
            events = log[after : after + 1000]
            return {"events": events, "lastEventId": len(log), "status": "RUNNING"}
        machine = {"stateMachineArn": "bench", "stateMachineName": "bench", "revisionId": "1"}
        nothing = {"stopDate": None, "output": None, "error": None, "cause": None}
        return {
            **machine,
            **nothing,
            "executionArn": ARN + name,
            "name": name,
            "status": "RUNNING",
            "startDate": "2026-09-21T13:33:20.000Z",
            "lastEventId": len(log),
            "input": "{}",
            "definition": self.definition,
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
        source = self.burst if name == "burst" else self.logs[name]
        clock = asyncio.get_running_loop().time
        begin = clock() + 1.5
        while True:
            due = int((clock() - begin) * self.per_second) if name == "burst" else 0
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
            await asyncio.sleep(0.01 if name == "burst" and told < len(source) else 5)


async def frame(reader: asyncio.StreamReader) -> bytes:
    """Read one masked text frame, as browsers send them."""
    _, size = await reader.readexactly(2)
    length = size & 127
    if length == 126:
        (length,) = struct.unpack("!H", await reader.readexactly(2))
    mask = await reader.readexactly(4)
    masked = await reader.readexactly(length)
    return bytes(byte ^ mask[i % 4] for i, byte in enumerate(masked))


def shell() -> str:
    """The page around the built bundle."""
    manifest = json.loads((STATIC / ".vite" / "manifest.json").read_text())
    entry = manifest["src/main.tsx"]
    styles = "".join(
        f'<link rel="stylesheet" href="/static/app/{file}">' for file in entry.get("css", [])
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{styles}'
        f'<script type="module" src="/static/app/{entry["file"]}"></script></head>'
        '<body><div id="root"></div></body></html>'
    )
