"""A distributed Map over many items: how fast, and how much memory its workers take on the way.

``make bench ARGS=distributed-maps``. The items are JSON lines in a bucket; ``BENCH_MAP_ITEMS`` says
how many for Express children, a twentieth of it for Standard ones. Memory is what is resident of
all worker processes together: a tenth of the items in, and its most from there to the end.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.durable import ARN, Installation, installation
from benchmarks.processes import cpu_seconds, resident_bytes

ITEMS = int(os.environ.get("BENCH_MAP_ITEMS", "100000"))
MIB = 1024 * 1024


def main(say: Callable[[str], None] = print) -> None:
    """Print the figures of both kinds of children."""
    with tempfile.TemporaryDirectory() as objects:
        os.environ["STEPWELL_OBJECTS"] = objects
        try:
            with installation() as here:
                _run(say, here, Path(objects), "EXPRESS", ITEMS)
                _run(say, here, Path(objects), "STANDARD", ITEMS // 20)
        finally:
            del os.environ["STEPWELL_OBJECTS"]


def _run(
    say: Callable[[str], None], here: Installation, objects: Path, kind: str, items: int
) -> None:
    folder = objects / kind.lower()
    folder.mkdir()
    with (folder / "items.jsonl").open("w") as file:
        for number in range(items):
            file.write(f'{{"order":{number},"customer":"customer {number % 977}"}}\n')
    name = f"map-{kind.lower()}"
    here.create(name, _definition(kind, folder.name))
    client = here.client()
    workers = [pid for role, pid in here.processes.items() if role in ("turns", "tasks")]
    spent = cpu_seconds(workers)
    began = time.monotonic()
    client.call("StartExecution", stateMachineArn=f"{ARN}{name}", name="one")
    execution = f"{ARN.replace(':stateMachine:', ':execution:')}{name}:one"
    early, most = 0, 0
    while True:
        described = client.call("DescribeExecution", executionArn=execution)
        if described["status"] != "RUNNING":
            break
        now = resident_bytes(workers)
        runs = client.call("ListMapRuns", executionArn=execution)["mapRuns"]
        if runs:
            run = client.call("DescribeMapRun", mapRunArn=runs[0]["mapRunArn"])
            if run["itemCounts"]["succeeded"] < items / 10:
                early = now
        most = max(most, now)
        time.sleep(0.25)
    seconds = time.monotonic() - began
    each = (cpu_seconds(workers) - spent) / items * 1e6
    if described["status"] != "SUCCEEDED":
        raise RuntimeError(json.dumps(described))
    say(
        f"{kind.title()} children: {items} items in {seconds:.1f} s, {items / seconds:,.0f}/s,"
        f" {each:,.0f} µs of workers' CPU each; workers {early / MIB:,.0f} MiB after a tenth,"
        f" {most / MIB:,.0f} MiB at most"
    )


def _definition(kind: str, bucket: str) -> str:
    state: dict[str, Any] = {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSONL"},
            "Parameters": {"Bucket": bucket, "Key": "items.jsonl"},
        },
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind},
            "StartAt": "Price",
            "States": {
                "Price": {
                    "Type": "Pass",
                    "Parameters": {"order.$": "$.order", "price": 7},
                    "End": True,
                }
            },
        },
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket": bucket, "Prefix": "results"},
        },
        "End": True,
    }
    return json.dumps({"StartAt": "Each", "States": {"Each": state}})
