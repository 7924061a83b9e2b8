"""A whole installation of a test's own, and what tests do to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import psutil
import psycopg
import pytest
from botocore.config import Config

from studio.config.embedded.ports import free_port
from studio.config.embedded.roles import PROJECT
from studio.config.embedded.stack import Stack
from tests.prepared import copy_prepared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROLE = "arn:aws:iam::123456789012:role/tests"
LEASE_SECONDS = 4
OF_THE_TEST_RUN = (
    *("DATABASE_URL", "REDIS_URL", "STEPWELL_DATA", "STEPWELL_SECRET_KEY"),
    "DJANGO_SETTINGS_MODULE",
)


@contextmanager
def running_stack(folder: Path, **environment: str) -> Iterator[Stack]:
    """An installation in ``folder``; with fsync, since commits are what is tested."""
    kept = {name: value for name, value in os.environ.items() if name not in OF_THE_TEST_RUN}
    kept["STEPWELL_TASK_LEASE_SECONDS"] = str(LEASE_SECONDS)
    kept |= environment
    stack = Stack(folder / "var", free_port(), environment=kept)
    try:
        copy_prepared(stack.data, kept)
        stack.start()
        yield stack
    finally:
        stack.destroy()


def client_of(stack: Stack, **config: Any) -> Any:
    """boto3 as anybody would use it, pointed at the installation."""
    account = stack.first_account
    assert account is not None
    settings = {"max_pool_connections": 16, "retries": {"max_attempts": 3}, **config}
    return boto3.client(
        "stepfunctions",
        endpoint_url=stack.url,
        region_name="us-east-1",
        aws_access_key_id=account.access_key_id,
        aws_secret_access_key=account.secret_access_key,
        config=Config(inject_host_prefix=False, **settings),
    )


def worker_processes(stack: Stack, *roles: str) -> list[psutil.Process]:
    """The processes of these roles (``turns``, ``tasks``) and their children."""
    found = []
    for role in roles:
        try:
            parent = psutil.Process(stack.processes[role])
            found += [parent, *parent.children(recursive=True)]
        except (KeyError, psutil.NoSuchProcess):
            continue
    return found


def send(processes: list[psutil.Process], number: signal.Signals) -> int:
    """Send a signal to those that are still there; how many."""
    reached = 0
    for process in processes:
        try:
            os.kill(process.pid, number)
        except ProcessLookupError:
            continue
        reached += 1
    return reached


def kill_all_workers(stack: Stack) -> int:
    """SIGKILL every worker process and every child of one; how many died."""
    return send(worker_processes(stack, "turns", "tasks"), signal.SIGKILL)


def run_command(stack: Stack, command: str) -> str:
    """A management command in the installation's environment; what it said."""
    done = manage(stack, command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def manage(stack: Stack, command: str) -> subprocess.CompletedProcess[str]:
    """A management command in the installation's environment, however it ends."""
    return subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=PROJECT,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def wait_for_all(database: psycopg.Connection[Any], seconds: float = 120) -> None:
    """Wait until nothing runs any more."""
    until = time.monotonic() + seconds
    running: list[Any] = []
    while time.monotonic() < until:
        running = database.execute(
            "SELECT id, failed_turns FROM executions_execution WHERE status = 'RUNNING'"
        ).fetchall()
        if not running:
            return
        time.sleep(0.2)
    pytest.fail(f"{len(running)} executions still run after {seconds} s: {running[:5]}")


def stock_that_does_not_add_up(database: psycopg.Connection[Any]) -> list[Any]:
    """What was in the shop is there, or sold to an order that was paid; nothing is held."""
    rows = database.execute(
        "SELECT sku, initial, available, coalesce((SELECT sum(quantity)"
        " FROM example_orders.reservations r"
        " WHERE r.sku = s.sku AND r.status = 'SOLD'), 0) FROM example_orders.stock s"
    ).fetchall()
    assert rows
    wrong: list[Any] = [row for row in rows if row[1] != row[2] + row[3]]
    return (
        wrong
        + database.execute(
            "SELECT * FROM example_orders.reservations WHERE status NOT IN ('SOLD', 'RELEASED')"
        ).fetchall()
    )
