"""moto's side: its server as a process, executing state machines for real."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.config.embedded.ports import HOST, free_port


@contextmanager
def moto_server(python: Path) -> Iterator[str]:
    """A running moto server's address. ``python`` is the interpreter that has moto."""
    port = free_port()
    url = f"http://{HOST}:{port}"
    process = subprocess.Popen(
        [python, "-m", "moto.server", "-H", HOST, "-p", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _execute_state_machines(url)
        yield url
    finally:
        process.terminate()
        process.wait()


def _execute_state_machines(url: str, within: float = 60.0) -> None:
    """moto only pretends to run executions until it is told otherwise."""
    settings = json.dumps({"stepfunctions": {"execute_state_machine": True}}).encode()
    request = urllib.request.Request(f"{url}/moto-api/config", settings, method="POST")
    until = time.monotonic() + within
    while True:
        try:
            with urllib.request.urlopen(request, timeout=5):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
