"""Keeps a set of processes running: starts them, notices a death, starts that one again."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from .failures import Failure
from .processes import ProcessSpec, kill_group, kill_strays, log_tail, rotate, spawn

Report = Callable[[str, str], None]
"""Told of each event in one line: a role, and what happened to it."""

LOOK_EVERY = 0.05
"""Seconds between two looks at the children."""

SETTLED_AFTER = 5.0
"""Seconds after which a death is no longer an immediate failure."""

TRIES = 5
"""Immediate failures in a row after which a process is given up."""


@dataclass
class _Kept:
    """One process that is to run, and how it is doing."""

    spec: ProcessSpec
    process: subprocess.Popen[bytes] | None = None
    start_at: float = 0.0
    started_at: float = 0.0
    ready: bool = False
    ever_ready: bool = False
    failures: int = 0


class Supervisor:
    """Owns processes by role.

    One thread starts every child, looks after it and lives until ``stop``: Linux ties a child's
    death signal to the thread that started it. Methods may be called from any other thread.
    """

    def __init__(self, mark: str, report: Report) -> None:
        self._mark = mark
        self._report = report
        self._kept: dict[str, _Kept] = {}
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._idle = threading.Event()
        self._failure: Failure | None = None
        self._keeper = threading.Thread(target=self._keep, name="supervisor", daemon=True)

    @property
    def processes(self) -> Mapping[str, int]:
        """Process ids of what runs now, by role."""
        with self._changed:
            return {role: kept.process.pid for role, kept in self._kept.items() if kept.process}

    @property
    def failure(self) -> Failure | None:
        """Why the supervisor gave a process up; None while all is well."""
        return self._failure

    def start(self, specs: Iterable[ProcessSpec]) -> None:
        """Start processes side by side and return when every one is ready.

        Raises:
            Failure: one of them ended or stayed silent. The caller then calls ``stop``.
        """
        with self._changed:
            for spec in specs:
                rotate(spec.log)
                self._kept[spec.role] = _Kept(spec)
            if not self._keeper.is_alive():
                self._keeper.start()
            while not all(kept.ready for kept in self._kept.values()):
                self._raise_failure()
                self._changed.wait(0.1)
            self._raise_failure()

    def wait_ready(self, role: str, after: int, within: float = 30.0) -> int:
        """Wait until another process than ``after`` fills the role; its process id.

        Raises:
            TimeoutError: none was ready within that many seconds.
        """
        deadline = time.monotonic() + within
        with self._changed:
            while time.monotonic() < deadline:
                self._raise_failure()
                kept = self._kept[role]
                if kept.process and kept.ready and kept.process.pid != after:
                    return kept.process.pid
                self._changed.wait(0.1)
        raise TimeoutError(f"{role} was not ready again within {within:g} s")

    def stop(self, waves: Iterable[Iterable[str]] = ()) -> None:
        """End every process: the roles of each wave together, one wave after the other.

        What no wave names ends last. Harmless when called again.
        """
        self._closing.set()
        if self._keeper.is_alive():
            self._idle.wait()  # From here on the keeper starts nothing again.
        named = [[role for role in wave if role in self._kept] for wave in waves]
        rest = [role for role in self._kept if all(role not in wave for wave in named)]
        for wave in [*named, rest]:
            self._end([self._kept[role] for role in wave])
        self._kept.clear()
        kill_strays(self._mark)
        if self._keeper.is_alive():
            self._keeper.join(timeout=30)

    def kill_now(self) -> None:
        """Kill every process at once, for somebody who presses Ctrl-C twice.

        A process that minds its own children (PostgreSQL) gets SIGQUIT, its immediate shutdown.
        """
        for kept in list(self._kept.values()):
            if kept.process and kept.process.poll() is None:
                if kept.spec.death_signal is signal.SIGKILL:
                    kill_group(kept.process.pid)
                else:
                    kept.process.send_signal(signal.SIGQUIT)

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _keep(self) -> None:
        while not self._closing.wait(LOOK_EVERY):
            for kept in list(self._kept.values()):
                if self._closing.is_set():
                    break
                try:
                    self._look_at(kept)
                except Failure as failure:
                    self._give_up(failure)
        self._idle.set()
        # Children carry a death signal tied to this thread: outlive them.
        while any(kept.process is not None for kept in list(self._kept.values())):
            time.sleep(LOOK_EVERY)

    def _look_at(self, kept: _Kept) -> None:
        now = time.monotonic()
        if kept.process is None:
            if now >= kept.start_at and self._failure is None:
                self._begin(kept)
        elif kept.process.poll() is not None:
            self._bury(kept, now)
        elif not kept.ready:
            if kept.spec.ready(kept.process.pid):
                took = time.monotonic() - kept.started_at
                how = "back" if kept.ever_ready else "ready"
                self._report(kept.spec.role, f"{how} after {took:.1f} s")
                with self._changed:
                    kept.ready = kept.ever_ready = True
                    self._changed.notify_all()
            elif now - kept.started_at > kept.spec.ready_within:
                self._report(kept.spec.role, f"did not answer within {kept.spec.ready_within:g} s")
                kill_group(kept.process.pid)

    def _begin(self, kept: _Kept) -> None:
        kept.spec.before_start()
        try:
            process = spawn(kept.spec, self._mark)
        except OSError as error:
            raise Failure(
                f"{kept.spec.role} cannot be started: {error.strerror}: {kept.spec.command[0]}",
                "Run `make clean`, then `make run`.",
            ) from error
        with self._changed:
            kept.process, kept.started_at = process, time.monotonic()

    def _bury(self, kept: _Kept, now: float) -> None:
        process = kept.process
        assert process is not None
        code = process.returncode
        # Its own children, a pool's processes say, may live on without it.
        kill_group(process.pid)
        lived = now - kept.started_at
        killed = code == -signal.SIGKILL
        # SIGKILL came from outside (a person, a test, the kernel short of memory): it says
        # nothing about the program, so it never leads to giving up.
        if not killed:
            kept.failures = kept.failures + 1 if lived < SETTLED_AFTER else 1
        hopeless = not kept.ever_ready and not killed
        with self._changed:
            kept.process, kept.ready = None, False
        happened = f"(process {process.pid}) {ended_how(code)} after {duration(lived)}"
        if hopeless or kept.failures >= TRIES:
            raise Failure(
                f"{kept.spec.role} {happened}"
                + ("." if hopeless else f", the {TRIES}th time in a row: given up."),
                f"Its log: {kept.spec.log}",
                log_tail(kept.spec.log),
            )
        delay = 0.25 * 2 ** (kept.failures - 1) if kept.failures > 1 else 0.0
        kept.start_at = now + delay
        when = f"in {delay:g} s" if delay else "now"
        self._report(kept.spec.role, f"{happened}; starting it again {when}")

    def _give_up(self, failure: Failure) -> None:
        with self._changed:
            self._failure = self._failure or failure
            self._changed.notify_all()

    def _end(self, wave: list[_Kept]) -> None:
        for kept in wave:
            if kept.process and kept.process.poll() is None:
                kept.process.send_signal(kept.spec.stop_signal)
        asked_at = time.monotonic()
        for kept in wave:
            if kept.process is None:
                continue
            with suppress(subprocess.TimeoutExpired):
                kept.process.wait(max(0.0, asked_at + kept.spec.grace - time.monotonic()))
            kill_group(kept.process.pid)
            kept.process.wait()
            kept.process = None


def ended_how(code: int) -> str:
    """A return code of ``subprocess`` in words."""
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def duration(seconds: float) -> str:
    """Seconds in words a person reads at a glance."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes = int(seconds // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def reap_adopted(own: Mapping[str, int]) -> None:
    """Collect ended orphans that a sub-reaper has adopted, and leave its ``own`` children alone."""
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in own.values():
            return
        try:
            os.waitpid(ended.si_pid, os.WNOHANG)
        except ChildProcessError:
            return
