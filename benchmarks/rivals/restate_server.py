"""Restate's side: its server and a service of no-op steps, as npm has them, called over HTTP.

The server keeps its log on the disk and forces it out, as it does unless told otherwise.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.rivals.environment import rivals_modules
from studio.config.embedded.ports import HOST, free_port

SERVICE = Path(__file__).with_name("restate_steps.mjs")


class Restate:
    """A connection to a running server's ingress."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=60)

    def run(self, steps: int) -> None:
        """Run a workflow of so many steps and wait for its end, which the same call answers."""
        if (value := self.post("/rival/steps", steps)) != steps:
            raise RuntimeError(f"{steps} steps came to {value}")

    def post(self, path: str, body: object) -> object:
        """What a call answers."""
        headers = {"content-type": "application/json"}
        self._connection.request("POST", path, json.dumps(body), headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{path}: {answer.status} {text.decode()[:300]}")
        return json.loads(text)


@contextmanager
def restate_server() -> Iterator[int]:
    """A running server's ingress port, its service registered."""
    modules = rivals_modules()
    ingress, admin, node, service = (free_port() for _ in range(4))
    environment = {
        **os.environ,
        "RESTATE_INGRESS__BIND_ADDRESS": f"{HOST}:{ingress}",
        "RESTATE_ADMIN__BIND_ADDRESS": f"{HOST}:{admin}",
        "RESTATE_BIND_ADDRESS": f"{HOST}:{node}",
        "RESTATE_ADVERTISED_ADDRESS": f"http://{HOST}:{node}/",
        "RESTATE_DISABLE_TELEMETRY": "true",
        "RUST_LOG": "error",
    }
    server = modules / "node_modules" / ".bin" / "restate-server"
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="stepwell-restate-"))
        for command in (
            ["node", str(SERVICE), str(modules), str(service)],
            [str(server), "--node-name", "rival", "--base-dir", folder],
        ):
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
        address = {"uri": f"http://{HOST}:{service}"}
        _until_done(lambda: Restate(admin).post("/deployments", address))
        _until_done(lambda: Restate(ingress).run(1))
        yield ingress


def _until_done(call: Callable[[], object], within: float = 60.0) -> None:
    """Both take a moment to listen."""
    until = time.monotonic() + within
    while True:
        try:
            call()
            return
        except (OSError, http.client.HTTPException, RuntimeError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
