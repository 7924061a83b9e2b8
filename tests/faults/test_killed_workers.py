"""Every worker is killed, three times, while 200 orders are in flight."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from studio.config.embedded.roles import PROJECT
from studio.config.embedded.stack import Stack
from tests.faults.installation import (
    client_of,
    kill_all_workers,
    run_command,
    stock_that_does_not_add_up,
    wait_for_all,
)

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
    assert stock_that_does_not_add_up(database) == []


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
