"""Valkey in the data folder: the broker of hints and the doorbell. It keeps nothing."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import quote

from .data_folder import DataFolder
from .processes import ProcessSpec
from .wheels import valkey_server

SETTINGS = {
    # Reachable through the socket only, by its owner only.
    "port": "0",
    "unixsocketperm": "700",
    # A hint that is lost costs a fraction of a second; a disk write costs every hint.
    "save": "",
    "appendonly": "no",
    # Hints that nobody reads must not eat the machine; past this, writers get an error.
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
}


def url_of(sockets: Path) -> str:
    """The server's address, for ``REDIS_URL``."""
    return f"unix://{quote(str(sockets / 'valkey.sock'))}"


def spec(folder: DataFolder, sockets: Path) -> ProcessSpec:
    """How to run the server."""
    path = sockets / "valkey.sock"
    options = [word for name, value in SETTINGS.items() for word in (f"--{name}", value)]
    return ProcessSpec(
        role="valkey",
        command=(str(valkey_server()), "--unixsocket", str(path), *options),
        cwd=folder.log,
        log=folder.log / "valkey.log",
        ready=lambda _pid: _answers(path),
        before_start=lambda: path.unlink(missing_ok=True),
    )


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(0.2)
            probe.connect(str(path))
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
    except OSError:
        return False
