"""The PostgreSQL and the Valkey of a test run."""

from __future__ import annotations

import atexit
import os
import re
import tempfile
from pathlib import Path

from studio.config.embedded.failures import Failure
from studio.config.embedded.services import destroy_folder, start_services

DATA_FOLDERS = (
    "stepwell-tests-*",
    "stepwell-bench-*/var",
    "stepwell-chaos-*/var",
    "pytest-of-*/pytest-*/*/var",
)
"""Where tests, benchmarks and `make chaos` have their installations."""


def use_services_of_this_run() -> None:
    """Start real services in a folder of their own, unless the environment names some already.

    They end with this process. Without fsync: a test run need not survive a power cut.
    """
    if "STEPWELL_TEST_SERVICES" in os.environ:
        return
    remove_what_killed_runs_left(Path(tempfile.gettempdir()))
    data = Path(tempfile.mkdtemp(prefix="stepwell-tests-"))
    services = start_services(data, durable=False)
    os.environ.update(
        STEPWELL_TEST_SERVICES=str(data),
        STEPWELL_DATA=str(data),
        STEPWELL_SECRET_KEY="only-for-tests-only-for-tests-only-for-tests-0123456789",
        DATABASE_URL=services.database_url,
        REDIS_URL=services.redis_url,
    )
    process = os.getpid()

    def stop() -> None:
        if os.getpid() == process:
            services.destroy()

    atexit.register(stop)


def remove_what_killed_runs_left(temporary: Path) -> int:
    """Remove the data folders of runs that could not do so themselves; how many.

    With each goes its database, which for root lies elsewhere (in /var/lib/stepwell). Only what
    names an owner that is no more is touched; a folder that somebody holds is locked besides.
    """
    removed = 0
    for folder in (each for pattern in DATA_FOLDERS for each in temporary.glob(pattern)):
        if not _is_abandoned(folder):
            continue
        try:
            destroy_folder(folder)
        except Failure:
            continue  # Somebody was quicker.
        removed += 1
    return removed


def _is_abandoned(folder: Path) -> bool:
    try:
        owner = re.match(r"process (\d+)", (folder / "lock").read_text())
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            return False
    except OSError:
        return False
    # Without an owner it is being made at this moment.
    return owner is not None and not Path("/proc", owner[1]).exists()
