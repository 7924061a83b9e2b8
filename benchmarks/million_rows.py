"""A distributed Map over a large CSV in batches of 100: what it takes, and what kills do to it.

``make bench ARGS=million-rows``. ``BENCH_ROWS`` says how many rows (default 1,000,000). Three runs:

- Express children, undisturbed: items/s, memory of all processes over what they take when idle,
  and how long DescribeMapRun, which the page asks for, takes meanwhile;
- Express children, with workers killed all along: each item's result must be there once;
- Standard children, a hundredth of the items: children/s beside the commits/s of one connection to
  the same PostgreSQL, one row each.
"""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.durable import ARN, Installation, installation
from benchmarks.processes import resident_bytes

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
BATCH = 100
KILL_SECONDS = float(os.environ.get("BENCH_KILL_SECONDS", "5"))
"""How often a worker is killed in the second run."""
COMMIT_SECONDS = 3.0
MIB = 1024 * 1024
BUCKET = "rows"


@dataclass
class Watched:
    """What was seen while a run went on."""

    seconds: float = 0.0
    idle: int = 0
    most: int = 0
    kills: int = 0
    asked: list[float] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)


def main(say: Callable[[str], None] = print) -> None:
    """Print the figures of the three runs."""
    with tempfile.TemporaryDirectory() as objects:
        os.environ["STEPWELL_OBJECTS"] = objects
        bucket = Path(objects) / BUCKET
        bucket.mkdir()
        _write_rows(bucket / "rows.csv", ROWS)
        _write_rows(bucket / "few.csv", max(1, ROWS // 100))
        try:
            with installation() as here:
                _undisturbed(say, here, bucket)
                _killed(say, here, bucket)
                _standard(say, here, bucket)
        finally:
            del os.environ["STEPWELL_OBJECTS"]


def _undisturbed(say: Callable[[str], None], here: Installation, bucket: Path) -> None:
    seen = _run(here, "rows-express", "EXPRESS", "rows.csv", BATCH)
    _check(bucket, "rows-express", ROWS)
    say(
        f"{ROWS:,} rows in batches of {BATCH}, Express: {ROWS / seen.seconds:,.0f} items/s"
        f" ({seen.seconds:.1f} s); {(seen.most - seen.idle) / MIB:,.0f} MiB over the"
        f" {seen.idle / MIB:,.0f} MiB of idle processes; DescribeMapRun answered in"
        f" {1000 * max(seen.asked):,.0f} ms at most and showed {len(set(seen.counts))} stages"
    )


def _killed(say: Callable[[str], None], here: Installation, bucket: Path) -> None:
    seen = _run(here, "rows-killed", "EXPRESS", "rows.csv", BATCH, kill=True)
    _check(bucket, "rows-killed", ROWS)
    say(
        f"the same with {seen.kills} workers killed: {ROWS / seen.seconds:,.0f} items/s; every one"
        f" of {ROWS:,} results is there once"
    )


def _standard(say: Callable[[str], None], here: Installation, bucket: Path) -> None:
    items = max(1, ROWS // 100)
    commits = _commits_a_second(here.database_url)
    seen = _run(here, "rows-standard", "STANDARD", "few.csv", None)
    _check(bucket, "rows-standard", items)
    rate = items / seen.seconds
    say(
        f"Standard: {items:,} children, {rate:,.0f}/s, beside {commits:,.0f} commits/s of one"
        f" connection: {rate / commits:.1f} times"
    )


def _run(
    here: Installation, name: str, kind: str, key: str, batch: int | None, *, kill: bool = False
) -> Watched:
    here.create(name, _definition(name, kind, key, batch))
    client = here.client()
    seen = Watched(idle=_resident(here))
    began = time.monotonic()
    client.call("StartExecution", stateMachineArn=f"{ARN}{name}", name="one")
    execution = f"{ARN.replace(':stateMachine:', ':execution:')}{name}:one"
    next_kill = began + KILL_SECONDS
    run = ""
    while True:
        described = client.call("DescribeExecution", executionArn=execution)
        if described["status"] != "RUNNING":
            break
        seen.most = max(seen.most, _resident(here))
        if not run:
            runs = client.call("ListMapRuns", executionArn=execution)["mapRuns"]
            run = runs[0]["mapRunArn"] if runs else ""
        else:
            asked = time.monotonic()
            counts = client.call("DescribeMapRun", mapRunArn=run)["itemCounts"]
            seen.asked.append(time.monotonic() - asked)
            seen.counts.append(counts["succeeded"])
        if kill and time.monotonic() > next_kill:
            role = ("tasks", "turns")[seen.kills % 2]
            here.wait_ready(role, here.kill(role, signal.SIGKILL))
            seen.kills += 1
            next_kill = time.monotonic() + KILL_SECONDS
        time.sleep(0.2)
    seen.seconds = time.monotonic() - began
    seen.asked = seen.asked or [0.0]
    if described["status"] != "SUCCEEDED":
        raise RuntimeError(json.dumps(described))
    return seen


def _check(bucket: Path, prefix: str, rows: int) -> None:
    """Raise unless the result of every row is there, once."""
    (manifest,) = (bucket / prefix).rglob("manifest.json")
    files = json.loads(manifest.read_text())["ResultFiles"]
    if files.get("FAILED") or files.get("PENDING"):
        raise RuntimeError(f"{prefix}: not every child succeeded: {files}")
    seen: Counter[int] = Counter()
    for file in files["SUCCEEDED"]:
        with (bucket / file["Key"]).open() as lines:
            for line in lines:
                output = json.loads(json.loads(line)["Output"])
                seen.update(map(int, output["orders"]))
    lost = rows - len(seen)
    repeated = sum(count - 1 for count in seen.values())
    if lost or repeated:
        raise RuntimeError(f"{prefix}: {lost} results lost, {repeated} repeated")


def _resident(here: Installation) -> int:
    return resident_bytes(list(here.processes.values()))


def _commits_a_second(url: str) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_commits (n bigint)")
        count, until = 0, time.monotonic() + COMMIT_SECONDS
        while time.monotonic() < until:
            connection.execute("INSERT INTO bench_commits VALUES (%s)", (count,))
            count += 1
        connection.execute("DROP TABLE bench_commits")
    return count / COMMIT_SECONDS


def _write_rows(path: Path, rows: int) -> None:
    with path.open("w") as file:
        file.write("order,customer,quantity\n")
        for number in range(rows):
            file.write(f"{number},customer {number % 977},{number % 7 + 1}\n")


def _definition(prefix: str, kind: str, key: str, batch: int | None) -> str:
    orders = "$.Items[*].order" if batch else "$.orders"
    state: dict[str, Any] = {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
            "Parameters": {"Bucket": BUCKET, "Key": key},
        },
        **({"ItemBatcher": {"MaxItemsPerBatch": batch}} if batch else _ONE_EACH),
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind},
            "StartAt": "Price",
            "States": {"Price": {"Type": "Pass", "Parameters": {"orders.$": orders}, "End": True}},
        },
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "WriterConfig": {"Transformation": "NONE", "OutputType": "JSONL"},
            "Parameters": {"Bucket": BUCKET, "Prefix": prefix},
        },
        "End": True,
    }
    return json.dumps({"StartAt": "Each", "States": {"Each": state}})


_ONE_EACH = {"ItemSelector": {"orders.$": "States.Array($$.Map.Item.Value.order)"}}
