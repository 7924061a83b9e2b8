"""Stepwell's own processes, as data: the web server and the Celery workers."""

from __future__ import annotations

import http.client
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import local_env
from .data_folder import DataFolder
from .ports import HOST
from .processes import ProcessSpec

PROJECT = Path(__file__).resolve().parents[3]
"""The folder that holds ``manage.py``."""


READY_FILE = "STEPWELL_READY_FILE"
"""In a worker's environment: the file in which it says that it takes messages."""


@dataclass(frozen=True)
class Worker:
    """A Celery worker process: which queue it serves, and how many at once."""

    role: str
    pool: str
    concurrency: int


WORKERS = (
    # Turns compute: processes, one for each core of a small machine.
    Worker("turns", pool="prefork", concurrency=2),
    # Tasks wait for something else: threads.
    Worker("tasks", pool="threads", concurrency=16),
)


def engine_environment(
    folder: DataFolder,
    port: int,
    database_url: str,
    redis_url: str,
    environment: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """What the engine's processes see: the caller's environment and this start's addresses."""
    folders = sorted((PROJECT / "examples").glob("*/functions"))
    own = local_env.without_own_key(environment, folder.local_env)
    own.setdefault("STEPWELL_FUNCTIONS", os.pathsep.join(map(str, folders)))
    if not own.get("STEPWELL_SECRET_KEY"):
        # The newest first: whoever wants another key writes it before the one that is there.
        own["STEPWELL_SECRET_KEY"], *older = folder.secret_key().split()
        own["STEPWELL_SECRET_KEY_FALLBACKS"] = ",".join(older)
    return {
        **own,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "studio.config.settings",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "STEPWELL_DATA": str(folder.root),
    }


def application(folder: DataFolder, port: int, environment: Mapping[str, str]) -> list[ProcessSpec]:
    """The web server and the workers, to run in ``engine_environment``."""
    return [
        _web(folder, port, environment),
        *(_worker(worker, folder, environment) for worker in WORKERS),
    ]


def _web(folder: DataFolder, port: int, environment: Mapping[str, str]) -> ProcessSpec:
    asgi = "studio.config.asgi:application"
    if environment.get("STEPWELL_SERVER", "uvicorn") == "daphne":
        command = ["daphne", "-v", "0", "-b", HOST, "-p", str(port), asgi]
    else:
        command = ["uvicorn", asgi, "--host", HOST, "--port", str(port), "--no-access-log"]
        command += ["--log-level", "warning"]
        # Nobody stands between a client and this server, so nobody speaks for another.
        command += ["--no-proxy-headers"]
        # Workers of activities wait for a minute with their requests; a stop does not.
        command += ["--timeout-graceful-shutdown", "2"]
        # Clients of AWS keep their connections for a minute.
        command += ["--timeout-keep-alive", "75"]
    return ProcessSpec(
        role="web",
        command=(sys.executable, "-m", *command),
        cwd=PROJECT,
        log=folder.log / "web.log",
        ready=lambda _pid: _is_healthy(port),
        environment={**environment, "STEPWELL_PROCESS": "web"},
    )


def _worker(worker: Worker, folder: DataFolder, environment: Mapping[str, str]) -> ProcessSpec:
    ready_file = folder.run / f"{worker.role}.ready"
    return ProcessSpec(
        role=worker.role,
        command=(
            # Django's checks load what only the web server needs: every address and its document.
            *(sys.executable, "-m", "celery", "-A", "studio.config.celery", "--skip-checks"),
            "worker",
            *("-Q", worker.role, "-n", f"{worker.role}@%h", "--loglevel", "INFO"),
            *("--pool", worker.pool, "-c", str(worker.concurrency)),
            *("--include", f"{__package__}.readiness"),
            # Workers need nothing of each other; asking around costs a second at each start.
            *("--without-mingle", "--without-gossip", "--without-heartbeat"),
        ),
        cwd=PROJECT,
        log=folder.log / f"{worker.role}.log",
        ready=lambda pid: _says(ready_file, pid),
        before_start=lambda: ready_file.unlink(missing_ok=True),
        environment={
            **environment,
            "STEPWELL_PROCESS": worker.role,
            READY_FILE: str(ready_file),
        },
    )


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=0.5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _says(ready_file: Path, pid: int) -> bool:
    try:
        return ready_file.read_text() == str(pid)
    except OSError:
        return False
