"""How soon it goes on after a death: a worker's, and PostgreSQL's."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable

import psycopg

from benchmarks.client import Client
from benchmarks.durable import ARN, Installation, installation

TASKS = 8
"""Attempts under way when their worker is killed."""
TIMES = 3


def main(say: Callable[[str], None] = print) -> None:
    """Print how long a dead worker's tasks and a returned PostgreSQL keep everybody waiting."""
    lease = float(os.environ.get("STEPWELL_TASK_LEASE_SECONDS", "10"))
    with installation() as here:
        task = {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:wait",
            "End": True,
        }
        here.create("waits", json.dumps({"StartAt": "T", "States": {"T": task}}))
        here.create("goes", json.dumps({"StartAt": "T", "States": {"T": {**task}}}))
        lost = _lost_tasks(here)
        say(
            f"worker killed: its {TASKS} attempts failed as lost after {lost[0]:.1f} to"
            f" {lost[-1]:.1f} s (lease {lease:g} s, wanted within {lease + 2:g} s)"
        )
        for number in range(TIMES):
            down, progress = _database_away(here, number)
            say(
                f"PostgreSQL crashed: back after {down:.1f} s; a new execution had performed its"
                f" task {progress:.1f} s later (wanted within 5 s)"
            )


def _lost_tasks(here: Installation) -> list[float]:
    """Seconds from the worker's death to each attempt's failure, in order."""
    client = here.client()
    arns = [
        client.call("StartExecution", stateMachineArn=ARN + "waits", input='{"seconds": 600}')
        for _ in range(TASKS)
    ]
    while _count(here, "SELECT count(*) FROM executions_task WHERE status = 'STARTED'") < TASKS:
        time.sleep(0.01)
    killed = time.time()
    pid = here.kill("tasks", signal.SIGKILL)
    here.wait_ready("tasks", pid)
    here.wait_ended("waits", TASKS)
    return sorted(
        client.call("DescribeExecution", executionArn=each["executionArn"])["stopDate"] - killed
        for each in arns
    )


def _database_away(here: Installation, number: int) -> tuple[float, float]:
    """Seconds until PostgreSQL is back after an immediate stop, and until a new execution's end."""
    name = f"after-{number}"
    stopped = time.monotonic()
    pid = here.kill("postgres", signal.SIGQUIT)
    here.wait_ready("postgres", pid)
    back = time.monotonic()
    _start(here.client, name)
    here.reconnect()
    while not _count(
        here,
        f"SELECT count(*) FROM executions_execution WHERE name = '{name}' AND status = 'SUCCEEDED'",
    ):
        time.sleep(0.005)
    return back - stopped, time.monotonic() - back


def _start(connect: Callable[[], Client], name: str) -> None:
    """Start an execution as a patient client does."""
    while True:
        try:
            connect().call("StartExecution", stateMachineArn=ARN + "goes", name=name, input="{}")
        except (RuntimeError, OSError) as error:
            if "ExecutionAlreadyExists" in str(error):
                return
            time.sleep(0.02)
        else:
            return


def _count(here: Installation, query: str) -> int:
    try:
        row = here.database.execute(query).fetchone()
    except psycopg.OperationalError:
        here.reconnect()
        return 0
    return int(row[0]) if row else 0
