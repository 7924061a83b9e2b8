"""The PostgreSQL and the Valkey of a test run."""

from __future__ import annotations

import atexit
import os
import tempfile
from pathlib import Path

from studio.config.embedded.services import start_services


def use_services_of_this_run() -> None:
    """Start real services in a folder of their own, unless the environment names some already.

    They end with this process. Without fsync: a test run need not survive a power cut.
    """
    if "STEPWELL_TEST_SERVICES" in os.environ:
        return
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
