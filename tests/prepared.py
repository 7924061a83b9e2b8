"""A prepared installation, made once in a test run, and copied for each that a test starts.

Making a cluster and migrating its database takes four seconds of a processor, copying the files a
tenth of one. A copy is what an installation is when it was stopped after its first preparation:
its start finds nothing to do. It knows the first account of the one that it is a copy of.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from studio.config.embedded.data_folder import FIRST_ACCOUNT, DataFolder
from studio.config.embedded.postgres import cluster_in, owner_of_cluster
from studio.config.embedded.roles import PROJECT, engine_environment
from studio.config.embedded.services import start_services

KEPT = ("secret.key", "local.env", FIRST_ACCOUNT)
"""What an installation knows besides its database."""

PREPARES_OTHERWISE = ("DATABASE_URL", "STEPWELL_SECRET_KEY", "AWS_ACCOUNT_ID", "AWS_REGION")
"""Settings with which another database would be prepared, or with other secrets."""


def copy_prepared(data: Path, environment: Mapping[str, str]) -> None:
    """Fill a data folder that is to be, unless its installation differs, or no test run is on."""
    run = os.environ.get("STEPWELL_TEST_SERVICES")
    if run is None or any(name in environment for name in PREPARES_OTHERWISE):
        return
    prepared = _prepared(Path(run))
    data.mkdir(parents=True)
    data.chmod(0o711)
    folder = DataFolder(data)
    home = cluster_in(folder, folder.run, owner_of_cluster(folder)).home
    _copy(prepared / "data", home)
    for name in KEPT:
        _copy(prepared / name, data)


def _prepared(run: Path) -> Path:
    """The folder to copy from; whoever comes first makes it, others wait meanwhile."""
    prepared = run / "prepared"
    with (run / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not prepared.exists():
            _prepare(prepared)
    return prepared


def _prepare(target: Path) -> None:
    names = ("STEPWELL_", "AWS_", "DATABASE_URL", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    # Named as services.py names a run's own, so that one that is killed is removed by the next.
    data = Path(tempfile.mkdtemp(prefix="stepwell-tests-"))
    services = start_services(data, durable=False, environment=environment)
    try:
        subprocess.run(
            [sys.executable, "-m", "studio.config.embedded.prepare"],
            cwd=PROJECT,
            env=engine_environment(
                services.folder, 8000, services.database_url, services.redis_url, environment
            ),
            check=True,
            capture_output=True,
        )
        services.stop()
        making = target.with_name("prepared.making")
        making.mkdir()
        _copy((data / "postgres").resolve() / "data", making)
        for name in KEPT:
            _copy(data / name, making)
        making.rename(target)
    finally:
        services.destroy()


def _copy(source: Path, into: Path) -> None:
    """With owners and times, as PostgreSQL wants its files."""
    subprocess.run(["cp", "-a", source, into], check=True)
