"""PostgreSQL and Valkey, running: for `make run`, and alone for tests and benchmarks."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import valkey
from .data_folder import DataFolder
from .postgres import cluster_in, owner_of_cluster
from .processes import ProcessSpec, kill_strays
from .supervisor import Report, Supervisor

_log = logging.getLogger(__name__)


def log_event(role: str, event: str) -> None:
    """Say an event in the log: the report of callers that have no terminal."""
    _log.info("%s: %s", role, event)


@dataclass(frozen=True)
class Services:
    """The running services of a data folder and how to reach them.

    ``supervisor`` also takes the processes that use them; ``stop`` ends those first.
    """

    folder: DataFolder
    database_url: str
    redis_url: str
    supervisor: Supervisor

    @property
    def processes(self) -> Mapping[str, int]:
        """Process ids by role."""
        return self.supervisor.processes

    def destroy(self) -> None:
        """Stop, and remove the data folder with everything in it."""
        self.stop()
        destroy_folder(self.folder.root)

    def stop(self) -> None:
        """End everything, users before services, and give the folder up. May be called twice."""
        roles = self.supervisor.processes
        users = [role for role in roles if role not in ("postgres", "valkey")]
        self.supervisor.stop([users])
        self.folder.remove_socket_folder()
        self.folder.close()


def destroy_folder(root: Path) -> None:
    """Remove a data folder, with a database that lives elsewhere. Harmless where there is none.

    Raises:
        Failure: somebody runs on it; nothing was removed.
    """
    if not root.exists():
        return
    folder = DataFolder(root)
    folder.open("removing it")
    try:
        folder.remove_socket_folder()
        home = root / "postgres"
        if home.is_symlink():
            shutil.rmtree(home.resolve(), ignore_errors=True)
        shutil.rmtree(root, ignore_errors=True)
    finally:
        folder.close()


def start_services(
    data: Path,
    *,
    durable: bool = True,
    environment: Mapping[str, str] = os.environ,
    report: Report = log_event,
    note: str = "",
) -> Services:
    """Start PostgreSQL and Valkey in a data folder and return when both answer.

    Where the environment names a ``DATABASE_URL`` or ``REDIS_URL``, that one is used and
    nothing of its kind is started. ``durable=False`` is for tests: no fsync. Both services end
    with this process, however it ends. ``note`` tells others who asks for the folder.

    Raises:
        Failure: the folder is taken or cannot be used, or a service did not start.
    """
    folder = DataFolder(data)
    folder.open(note)
    supervisor = Supervisor(str(folder.root), report)
    try:
        if strays := kill_strays(str(folder.root)):
            report("stepwell", f"ended {strays} processes that an earlier start had left behind")
        owner = owner_of_cluster(folder)
        sockets = folder.make_socket_folder(owner)
        specs: list[ProcessSpec] = []
        database_url = environment.get("DATABASE_URL", "")
        if not database_url:
            cluster = cluster_in(folder, sockets, owner, durable=durable)
            if cluster.make():
                # Said in full where it is not below the data folder.
                elsewhere = folder.root not in cluster.home.parents
                report(
                    "postgres", f"made a new database{f' in {cluster.home}' if elsewhere else ''}"
                )
            database_url = cluster.url
            specs.append(cluster.spec(folder))
        redis_url = environment.get("REDIS_URL", "")
        if not redis_url:
            redis_url = valkey.url_of(sockets)
            specs.append(valkey.spec(folder, sockets))
        supervisor.start(specs)
    except BaseException:
        supervisor.stop()
        folder.remove_socket_folder()
        folder.close()
        raise
    return Services(folder, database_url, redis_url, supervisor)
