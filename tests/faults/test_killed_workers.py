"""Every worker is killed, three times, while 200 orders are in flight."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import psutil
import psycopg
import pytest
from botocore.config import Config

from studio.config.embedded.ports import free_port
from studio.config.embedded.roles import PROJECT
from studio.config.embedded.stack import Stack

pytestmark = pytest.mark.faults

EXECUTIONS = 200
KILLS = 3
ORDERS = PROJECT / "examples" / "orders"
# (input, how it must end)
KINDS = [
    ("input.json", "SUCCEEDED"),
    ("inputs/payment-declined.json", "FAILED"),
    ("inputs/invoice.json", "SUCCEEDED"),
    ("inputs/unstable-processor.json", "SUCCEEDED"),
]


@contextmanager
def running_stack(folder: Path, **more: str) -> Iterator[Stack]:
    """A whole installation of the test's own; with fsync, since commits are what is tested."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "STEPWELL_DATA", "DJANGO_SETTINGS_MODULE")
    }
    environment |= {"STEPWELL_TASK_LEASE_SECONDS": "4", **more}
    running = Stack(folder / "var", free_port(), environment=environment)
    try:
        running.start()
        yield running
    finally:
        running.destroy()


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """An installation with the examples."""
    with running_stack(tmp_path) as running:
        yield running


def client_of(stack: Stack) -> Any:
    """boto3 as anybody would use it, pointed at the installation."""
    account = stack.first_account
    assert account is not None
    return boto3.client(
        "stepfunctions",
        endpoint_url=stack.url,
        region_name="us-east-1",
        aws_access_key_id=account.access_key_id,
        aws_secret_access_key=account.secret_access_key,
        config=Config(max_pool_connections=16, retries={"max_attempts": 3}),
    )


def kill_all_workers(stack: Stack) -> int:
    """SIGKILL every worker process and every child of one; how many died."""
    doomed = []
    for role in ("turns", "tasks"):
        parent = psutil.Process(stack.processes[role])
        doomed += [parent, *parent.children(recursive=True)]
    for process in doomed:
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return len(doomed)


@pytest.fixture
def database(stack: Stack) -> Iterator[psycopg.Connection[Any]]:
    """A look into the installation's own PostgreSQL."""
    with psycopg.connect(stack.services.database_url, autocommit=True) as connection:
        yield connection


def test_orders_survive_the_death_of_every_worker(
    stack: Stack, database: psycopg.Connection[Any]
) -> None:
    client = client_of(stack)
    arn = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"

    def start(number: int) -> tuple[str, str]:
        file, status = KINDS[number % len(KINDS)]
        order = json.loads((ORDERS / file).read_text())
        order["paceSeconds"] = number % 3
        for item in order["order"]["items"]:
            item["quantity"] = 1
        answer = client.start_execution(
            stateMachineArn=arn, name=f"order-{number}", input=json.dumps(order)
        )
        return answer["executionArn"], status

    with ThreadPoolExecutor(8) as pool:
        expected = dict(pool.map(start, range(EXECUTIONS)))

    for _ in range(KILLS):
        wait_for_started_tasks(database)
        before = {role: stack.processes[role] for role in ("turns", "tasks")}
        assert kill_all_workers(stack) >= 4
        for role, pid in before.items():
            stack.wait_ready(role, after=pid)

    wait_for_all(database)
    with ThreadPoolExecutor(8) as pool:
        descriptions = list(
            pool.map(lambda each: client.describe_execution(executionArn=each), expected)
        )
    ended = {d["executionArn"]: d["status"] for d in descriptions}
    wrong = {
        d["executionArn"]: (d["status"], d.get("error"), d.get("cause"))
        for d in descriptions
        if d["status"] != expected[d["executionArn"]]
    }
    assert wrong == {}
    assert Counter(ended.values()) == Counter(expected.values())

    for each in list(expected)[::20]:
        assert_history_is_whole(client, each)
    assert run_command(stack, "check_invariants").endswith("invariants hold\n")
    assert_stock_adds_up(database)


def wait_for_started_tasks(database: psycopg.Connection[Any], seconds: float = 20) -> None:
    """Wait until workers are in the middle of something worth interrupting."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        row = database.execute(
            "SELECT count(*) FILTER (WHERE status = 'STARTED'), count(*) FROM executions_task"
        ).fetchone()
        if row and row[0] >= 1:
            return
        time.sleep(0.002)


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


def assert_history_is_whole(client: Any, arn: str) -> None:
    """Ids 1..n over all pages, and every event follows an earlier one."""
    events = [
        event
        for page in client.get_paginator("get_execution_history").paginate(executionArn=arn)
        for event in page["events"]
    ]
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert all(event["previousEventId"] < event["id"] for event in events)
    assert events[-1]["type"] in ("ExecutionSucceeded", "ExecutionFailed")


def run_command(stack: Stack, command: str) -> str:
    """A management command in the installation's environment."""
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=PROJECT,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def assert_stock_adds_up(database: psycopg.Connection[Any]) -> None:
    """What was in the shop is there, or sold to an order that was paid; nothing is held."""
    rows = database.execute(
        "SELECT sku, initial, available, coalesce((SELECT sum(quantity)"
        " FROM example_orders.reservations r"
        " WHERE r.sku = s.sku AND r.status = 'SOLD'), 0) FROM example_orders.stock s"
    ).fetchall()
    assert rows
    assert [row for row in rows if row[1] != row[2] + row[3]] == []
    held = database.execute(
        "SELECT count(*) FROM example_orders.reservations WHERE status NOT IN ('SOLD', 'RELEASED')"
    ).fetchone()
    assert held == (0,)
