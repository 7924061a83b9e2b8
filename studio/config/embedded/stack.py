"""The whole of Stepwell, running: services, web server, workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import local_env
from .beside import write_addresses
from .data_folder import FIRST_ACCOUNT
from .failures import Failure
from .ports import HOST, require_free
from .processes import MARK, die_with_parent, log_tail, rotate
from .roles import PROJECT, application, engine_environment
from .services import Services, destroy_folder, log_event, start_services
from .supervisor import Report


@dataclass(frozen=True)
class FirstAccount:
    """The account and key of a new installation, known until somebody was told."""

    username: str
    password: str
    access_key_id: str
    secret_access_key: str


class Stack:
    """One installation on one port.

    ::

        stack = Stack(tmp_path / "var", free_port(), durable=False)
        stack.start()
        before = stack.processes["turns"]
        stack.kill("turns")
        stack.wait_ready("turns", after=before)
        stack.stop()

    Every process ends with the one that made the Stack, however that ends. Roles are
    ``postgres``, ``valkey`` (unless the environment names others), ``web``, ``turns``, ``tasks``.
    """

    def __init__(
        self,
        data: Path,
        port: int,
        *,
        durable: bool = True,
        environment: Mapping[str, str] = os.environ,
        report: Report = log_event,
    ) -> None:
        self.data = data.absolute()
        self.port = port
        self.first_account: FirstAccount | None = None
        self.environment: dict[str, str] = {}
        self._durable = durable
        self._caller = environment
        self._report = report
        self._services: Services | None = None

    @property
    def url(self) -> str:
        """The address of the web server, without a slash at its end."""
        return f"http://{HOST}:{self.port}"

    @property
    def services(self) -> Services:
        """PostgreSQL and Valkey. Only between ``start`` and ``stop``."""
        if self._services is None:
            raise RuntimeError("the stack does not run")
        return self._services

    @property
    def processes(self) -> Mapping[str, int]:
        """Process ids of what runs now, by role."""
        return self._services.processes if self._services else {}

    @property
    def failure(self) -> Failure | None:
        """Why a process was given up; None while all is well."""
        return self._services.supervisor.failure if self._services else None

    def start(self) -> None:
        """Start everything and return when the page is served and the workers take messages.

        Raises:
            Failure: with all that had been started stopped again.
        """
        require_free(self.port)
        try:
            self._services = start_services(
                self.data,
                durable=self._durable,
                environment=self._caller,
                report=self._report,
                note=self.url,
            )
            services = self._services
            local_env.move(
                services.folder.local_env,
                endpoint=self.url,
                region=self._caller.get("AWS_REGION", "us-east-1"),
            )
            self.environment = engine_environment(
                services.folder,
                self.port,
                services.database_url,
                services.redis_url,
                self._caller,
            )
            write_addresses(services.folder, services.database_url, services.redis_url)
            self._prepare(services)
            services.supervisor.start(application(services.folder, self.port, self.environment))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End every process: web server and workers, then the services. May be called twice."""
        if self._services is not None:
            self._services.stop()
            self._services = None

    def destroy(self) -> None:
        """Stop, and remove the data folder with everything in it, also of a start that failed.

        Raises:
            Failure: another installation runs on the folder; nothing was removed.
        """
        self.stop()
        destroy_folder(self.data)

    def kill_now(self) -> None:
        """Kill everything; ``stop``, perhaps in progress, then has nothing left to wait for."""
        if self._services is not None:
            self._services.supervisor.kill_now()

    def kill(self, role: str) -> int:
        """Kill a process with SIGKILL, as a fault test does; the process id it had."""
        pid = self.processes[role]
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_ready(self, role: str, after: int, within: float = 30.0) -> int:
        """Wait until another process than ``after`` fills the role; its process id.

        Raises:
            TimeoutError: none was ready within that many seconds.
        """
        return self.services.supervisor.wait_ready(role, after, within)

    def _prepare(self, services: Services) -> None:
        log = services.folder.log / "prepare.log"
        rotate(log)
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.prepare"],
                cwd=PROJECT,
                env={**self.environment, MARK: str(services.folder.root)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - see processes.py
            )
        try:
            code = process.wait()
        finally:
            process.kill()
        if code != 0:
            raise Failure(
                "The database could not be brought up to date (migrations or examples).",
                f"The whole log: {log}",
                log_tail(log),
            )
        told = self.data / FIRST_ACCOUNT
        if told.exists():
            first = json.loads(told.read_text())
            self.first_account = FirstAccount(
                first["username"],
                first["password"],
                first["accessKeyId"],
                first["secretAccessKey"],
            )

    def forget_first_account(self) -> None:
        """Remove the first password from the disk: its owner has been told."""
        (self.data / FIRST_ACCOUNT).unlink(missing_ok=True)
