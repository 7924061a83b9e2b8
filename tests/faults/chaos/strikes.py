"""What is done to the installation: processes killed and stopped, hints sent astray."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import psutil

from tests.faults.installation import LEASE_SECONDS, send, worker_processes

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from studio.config.embedded.stack import Stack
    from tests.faults.chaos.clients import Clients

DATABASE_LIFE = 6.0
"""Seconds between two strikes at PostgreSQL: the supervisor gives up what never lives longer."""


class Striker:
    """Strikes at random, by a seed. Each strike says what it did, or None: nothing to strike at."""

    def __init__(self, stack: Stack, clients: Clients, hints: Path, chance: random.Random) -> None:
        self._stack, self._clients, self._hints, self._chance = stack, clients, hints, chance
        self._database_at = time.monotonic()
        self._timers: list[threading.Timer] = []
        self.strikes: dict[str, tuple[int, Callable[[], str | None]]] = {
            "kill a worker": (5, self.kill_worker),
            "kill all workers": (2, self.kill_workers),
            "stop a worker": (4, self.stop_worker),
            "kill the web server": (3, self.kill_web),
            "kill the web server in a start": (3, self.kill_web_in_a_start),
            "stop the web server": (2, self.stop_web),
            "kill the broker": (2, self.kill_broker),
            "stop the broker": (2, self.stop_broker),
            "stop the database at once": (4, self.crash_database),
            "send hints astray": (5, self.stray_hints),
        }

    def strike(self) -> str:
        """Strike once; what was done."""
        while True:
            weights = [weight for weight, _ in self.strikes.values()]
            (name,) = self._chance.choices(list(self.strikes), weights)
            if (what := self.strikes[name][1]()) is not None:
                return what
            time.sleep(0.05)

    def rest(self) -> None:
        """Let everything that was stopped go on."""
        for timer in self._timers:
            timer.join()
        self._hints.write_text("")

    # --- workers ---------------------------------------------------------------------------------

    def kill_worker(self) -> str | None:
        """SIGKILL one process: a worker's or one of its pool's."""
        processes = worker_processes(self._stack, "turns", "tasks")
        return (processes and self._kill([self._chance.choice(processes)], "a worker")) or None

    def kill_workers(self) -> str | None:
        """SIGKILL all of them."""
        return self._kill(worker_processes(self._stack, "turns", "tasks"), "workers")

    def stop_worker(self) -> str | None:
        """SIGSTOP, sometimes for longer than a lease: then others have taken its tasks."""
        role = self._chance.choice(["turns", "tasks"])
        seconds = self._chance.uniform(0.3, LEASE_SECONDS + 3)
        return self._stop(worker_processes(self._stack, role), role, seconds)

    # --- the web server --------------------------------------------------------------------------

    def kill_web(self) -> str | None:
        """SIGKILL the web server."""
        return self._kill(worker_processes(self._stack, "web")[:1], "web")

    def kill_web_in_a_start(self) -> str | None:
        """SIGKILL it while StartExecution is under way."""
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            if self._clients.starting:
                time.sleep(self._chance.uniform(0, 0.01))
                return self._kill(worker_processes(self._stack, "web")[:1], "web in a start")
        return None

    def stop_web(self) -> str | None:
        """SIGSTOP it and its processes for Express executions."""
        seconds = self._chance.uniform(0.3, 3)
        return self._stop(worker_processes(self._stack, "web"), "web", seconds)

    # --- services --------------------------------------------------------------------------------

    def kill_broker(self) -> str | None:
        """SIGKILL Valkey: every message and every subscription is gone."""
        return self._kill(worker_processes(self._stack, "valkey"), "valkey")

    def stop_broker(self) -> str | None:
        """SIGSTOP Valkey: it answers nobody."""
        seconds = self._chance.uniform(0.3, 4)
        return self._stop(worker_processes(self._stack, "valkey"), "valkey", seconds)

    def crash_database(self) -> str | None:
        """What ``pg_ctl stop -m immediate`` does: SIGQUIT, and recovery at the next start."""
        if time.monotonic() < self._database_at + DATABASE_LIFE:
            return None
        pid = self._stack.processes.get("postgres")
        if pid is None:
            return None
        os.kill(pid, signal.SIGQUIT)
        self._database_at = time.monotonic()
        return "postgres: immediate shutdown"

    # --- hints -----------------------------------------------------------------------------------

    def stray_hints(self) -> str:
        """Have all hints dropped, tripled or shuffled from now on, or sent as they should be."""
        mode = self._chance.choice(["drop", "triple", "shuffle", ""])
        self._hints.write_text(mode)
        return f"hints: {mode or 'as they should be'}"

    # --- how -------------------------------------------------------------------------------------

    @staticmethod
    def _kill(processes: list[psutil.Process], whom: str) -> str | None:
        killed = send(processes, signal.SIGKILL)
        return f"SIGKILL {whom} ({killed})" if killed else None

    def _stop(self, processes: list[psutil.Process], whom: str, seconds: float) -> str | None:
        if not send(processes, signal.SIGSTOP):
            return None
        timer = threading.Timer(seconds, send, (processes, signal.SIGCONT))
        timer.start()
        self._timers = [each for each in self._timers if each.is_alive()] + [timer]
        return f"SIGSTOP {whom} for {seconds:.1f} s"
