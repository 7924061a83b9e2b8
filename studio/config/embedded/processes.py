"""One child process: how to run it, how it is tied to its parent, how it is ended."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .unprivileged import Account

MARK = "STEPWELL_SUPERVISED"
"""In the environment of every child, naming the data folder: strays are found by it."""

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class ProcessSpec:
    """How to run one process and tell that it works.

    ``ready`` gets the process id, returns at once, and must not raise. ``grace`` is how many
    seconds ``stop_signal`` has before SIGKILL; ``death_signal`` is what the kernel sends when
    the supervisor itself is killed; ``ready_within`` is in seconds.
    """

    role: str
    command: tuple[str, ...]
    log: Path
    cwd: Path
    ready: Callable[[int], bool]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    before_start: Callable[[], None] = lambda: None
    ready_within: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 3.0
    death_signal: signal.Signals = signal.SIGKILL
    account: Account | None = None


def die_with_parent(number: signal.Signals, parent: int | None = None) -> Callable[[], None]:
    """What a child does before its program starts, so that it never outlives its parent.

    Linux delivers ``number`` when the *thread* that started the child ends: whoever calls this
    starts children from a thread that lives as long as they may. Runs between fork and exec;
    it only makes system calls, through a library that is loaded already. ``parent`` is the
    caller's own process id where it is not given.
    """
    parent = parent or os.getpid()

    def arrange() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)  # The parent died before the line above.

    return arrange


def adopt_orphans() -> None:
    """Make this process the parent of descendants whose own parent dies."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def spawn(spec: ProcessSpec, mark: str) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that Ctrl-C reaches the supervisor only."""
    identity = spec.account.identity() if spec.account else {}
    with spec.log.open("ab") as log:
        return subprocess.Popen(
            spec.command,
            cwd=spec.cwd,
            env={**spec.environment, MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # Safe beside threads: see die_with_parent.
            preexec_fn=die_with_parent(spec.death_signal),  # noqa: PLW1509
            **identity,
        )


def kill_group(leader: int) -> None:
    """Kill whatever is left of a process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def kill_strays(mark: str) -> int:
    """Kill processes that carry our mark: what a killed supervisor or worker left behind.

    PostgreSQL is left out, because killing it means recovery: ``Cluster.clear_leftovers`` ends
    it properly. Returns how many were killed.
    """
    wanted = f"{MARK}={mark}\0".encode()
    spared = _ancestors()
    killed = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int(process.name) in spared or wanted not in (process / "environ").read_bytes():
                continue
            if not is_postgres(process):
                os.kill(int(process.name), signal.SIGKILL)
                killed += 1
        except OSError:
            continue
    return killed


def is_postgres(process: Path) -> bool:
    """Whether a folder of ``/proc`` belongs to a PostgreSQL server process.

    Raises:
        OSError: the process has ended, or is not this user's to look at.
    """
    # "(deleted)" where the programs were installed anew under a running server.
    return (process / "exe").readlink().name.removesuffix(" (deleted)") == "postgres"


def rotate(log: Path) -> None:
    """Put the log of the start before aside as ``<name>.1``."""
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))


def tail(text: str, lines: int = 12) -> str:
    """The last lines of a text, indented, without empty ones."""
    kept = [line for line in text.splitlines() if line.strip()][-lines:]
    return "\n".join(f"    {line[:200]}" for line in kept)


def log_tail(log: Path) -> str:
    """The last lines of a log file, indented."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8192))
            return tail(file.read().decode(errors="replace"))
    except OSError:
        return ""


def _ancestors() -> set[int]:
    found = set()
    pid = os.getpid()
    while pid > 1 and pid not in found:
        found.add(pid)
        try:
            # "pid (comm) state ppid": comm may hold anything, so count from its closing bracket.
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            break
    return found
