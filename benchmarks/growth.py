"""How cost grows: with executions that live at once, with events of one history, with sleepers.

``make bench ARGS=growth``. Costs are the CPU time of all of the installation's processes, for wall
time says more about what else a machine does. Draws docs/images/growth.svg.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import plot, workflows
from benchmarks.durable import ARN, Installation, installation, start_many, start_warm
from benchmarks.processes import cpu_seconds

CONCURRENT = (10, 100, 1_000, 10_000)
ROUNDS = ((1, 100), (25, 20), (2_500, 2))
"""Rounds of a Choice loop, four events each and a few more, and how many executions."""
SLEEPERS = int(os.environ.get("BENCH_SLEEPERS", "100000"))
CLIENTS = 8
PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "growth.svg"


def main(say: Callable[[str], None] = print) -> None:
    """Print every figure of growth, and draw two of them."""
    with installation() as here:
        start_warm(here)
        executions = _concurrent(say, here)
        events = _long_histories(say, here)
        _sleepers(say, here)
    PICTURE.write_text(
        plot.svg(
            (
                plot.Panel("CPU ms of an execution", "executions at once", executions),
                plot.Panel("CPU µs of an event", "events of one history", events),
            )
        )
    )
    say(f"drawn: {PICTURE}")


def _cpu(here: Installation) -> float:
    return cpu_seconds(here.processes.values())


def _idle(here: Installation, seconds: float) -> float:
    """CPU seconds a second while nothing happens."""
    before = _cpu(here)
    time.sleep(seconds)
    return (_cpu(here) - before) / seconds


def _concurrent(say: Callable[[str], None], here: Installation) -> list[tuple[float, float]]:
    """Executions that all live until one moment, when they wake together."""
    points: list[tuple[float, float]] = []
    idle = _idle(here, 5.0)
    rate = 50.0
    for count in CONCURRENT:
        name = f"concurrent-{count}"
        here.create(name, _until())
        moment = math.ceil(time.time() + 2 + 1.5 * count / rate)
        text = json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))})
        before, began = _cpu(here), time.monotonic()
        seconds = start_many(here, name, count, CLIENTS, text)
        in_time = time.time() < moment
        rate = count / seconds
        here.wait(name, count, 600)
        drained = time.time() - moment
        # What the installation uses while nothing happens is no cost of an execution.
        spent = _cpu(here) - before - idle * (time.monotonic() - began)
        cost = spent * 1000 / count
        points.append((count, cost))
        say(
            f"{f'{count:,} executions at once':32} {cost:8.2f} ms of CPU each, {rate:6.0f} starts/s"
            f", all ended {drained:6.2f} s after they woke"
            + ("" if in_time else "   (the last began after the moment)")
        )
    return points


def _until() -> str:
    """Five Passes, a Wait until ``$.at``, five Passes."""
    definition = json.loads(workflows.passes(11))
    states = definition["States"]
    states["S5"] = {"Type": "Wait", "TimestampPath": "$.at", "Next": "S6"}
    return json.dumps(definition)


def _long_histories(say: Callable[[str], None], here: Installation) -> list[tuple[float, float]]:
    """Choice loops: what an event costs to make and keep, and to read back."""
    points: list[tuple[float, float]] = []
    client = here.client()
    for rounds, count in ROUNDS:
        name = f"loop-of-{rounds}"
        here.create(name, workflows.choice_loop(rounds))
        before = _cpu(here)
        start_many(here, name, count, 1)
        here.wait(name, count, 600)
        spent = _cpu(here) - before
        row = here.database.execute(
            "SELECT e.name, e.last_event_id FROM executions_execution e"
            " JOIN studio_statemachine m ON m.id = e.state_machine_id WHERE m.name = %s LIMIT 1",
            (name,),
        ).fetchone()
        assert row is not None
        arn = (ARN + name).replace(":stateMachine:", ":execution:") + f":{row[0]}"
        before = _cpu(here)
        for _ in range(count):
            token: dict[str, str] = {}
            while True:
                page = client.call(
                    "GetExecutionHistory", executionArn=arn, maxResults=1000, **token
                )
                if "nextToken" not in page:
                    break
                token = {"nextToken": page["nextToken"]}
        reading = _cpu(here) - before
        events = row[1] * count
        points.append((row[1], spent * 1e6 / events))
        say(
            f"{f'a history of {row[1]:,} events':32} {spent * 1e6 / events:8.1f} µs of CPU an event"
            f", {reading * 1e6 / events:8.1f} µs to read one"
        )
    return points


def _sleepers(say: Callable[[str], None], here: Installation) -> None:
    """Idle and while starting, without and with executions that sleep for a year."""
    here.create("awake", workflows.passes(1))
    for count in (0, SLEEPERS):
        if count:
            _put_to_sleep(here, count)
        start_many(here, "awake", 64, CLIENTS)
        idle = _idle(here, 10.0) * 1000
        before = _cpu(here)
        taken = start_many(here, "awake", 640, CLIENTS)
        cost = (_cpu(here) - before) * 1000 / 640
        say(
            f"{f'{count:,} sleeping':32} idle {idle:6.1f} ms of CPU a second; "
            f"starts {640 / taken:6.0f}/s, {cost:.2f} ms of CPU each"
        )


def _put_to_sleep(here: Installation, count: int) -> None:
    """One that was started, and as many copies of all its rows: none of them wakes here."""
    here.create(
        "asleep", '{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":31536000,"End":true}}}'
    )
    here.client().call("StartExecution", stateMachineArn=ARN + "asleep", name="first", input="{}")
    columns = _columns(here, "executions_execution", {"id", "name"})
    database = here.database
    database.execute("CREATE TEMP TABLE copied (id bigint)")
    database.execute(
        f"WITH made AS (INSERT INTO executions_execution (name, {columns})"
        f" SELECT 'copy-' || n, {columns} FROM executions_execution, generate_series(2, %s) n"
        " WHERE name = 'first' RETURNING id) INSERT INTO copied SELECT id FROM made",
        (count,),
    )
    for table in ("executions_historychunk", "executions_inboxmessage"):
        columns = _columns(here, table, {"id", "execution_id"})
        database.execute(
            f"INSERT INTO {table} (execution_id, {columns}) SELECT copied.id, {columns}"
            f" FROM copied, {table} t WHERE t.execution_id ="
            " (SELECT id FROM executions_execution WHERE name = 'first')"
        )
    database.execute("ANALYZE")


def _columns(here: Installation, table: str, without: set[str]) -> str:
    rows = here.database.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s", (table,)
    ).fetchall()
    return ", ".join(row[0] for row in rows if row[0] not in without)
