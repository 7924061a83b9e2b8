"""Is the port free, and if not, who has it?"""

from __future__ import annotations

import os
import socket
from pathlib import Path

from .failures import Failure

HOST = "127.0.0.1"


def port_from(text: str) -> int:
    """The port that ``PORT`` names.

    Raises:
        Failure: the text is no whole number from 1 to 65535.
    """
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise Failure(f"PORT is {text!r}, which is no port.", "Use a number, as in: PORT=8001 make run")


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections of an earlier server that linger do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(port: int) -> None:
    """Refuse a port that is taken or not allowed, naming its holder and a free one.

    Raises:
        Failure: another process listens there, or the port needs root.
    """
    if is_free(port):
        return
    other = next((p for p in range(port + 1, min(port + 50, 65536)) if is_free(p)), None)
    suggestion = f"Choose another port:  PORT={other or free_port()} make run"
    if port < 1024 and os.geteuid() != 0:
        raise Failure(f"Port {port} is below 1024, which only root may use.", suggestion)
    holder = _listener(port)
    raise Failure(
        f"Port {port} is already in use{' by ' + holder if holder else ''}.",
        f"{suggestion}\nor end the process that has it.",
    )


def _listener(port: int) -> str:
    """The process that listens on a loopback port, as far as this user may see it."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for fields in (line.split() for line in lines):
            # 0A is LISTEN; the local address ends with the port in hexadecimal.
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(fd.readlink()) in inodes for fd in (process / "fd").iterdir()):
                return f"process {process.name} ({(process / 'comm').read_text().strip()})"
        except OSError:
            continue
    return ""
