"""GetExecutionHistory of a long execution, page by page, as one client sees it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from benchmarks import workflows
from benchmarks.client import Client
from benchmarks.durable import ARN, installation

ROUNDS = 6_240
"""Of a Choice loop: nearly the 25,000 events that a history may have."""
PAGE = 1000
REPETITIONS = 4


def main(say: Callable[[str], None] = print) -> None:
    """Print what a page of a thousand events takes, forwards and backwards."""
    with installation() as here:
        here.create("long", workflows.choice_loop(ROUNDS))
        client = here.client()
        arn = client.call("StartExecution", stateMachineArn=f"{ARN}long")["executionArn"]
        here.wait("long", 1)
        _read(client, arn, reverse=False)
        for name, reverse in (("forwards", False), ("backwards", True)):
            taken: list[float] = []
            events = 0
            for _ in range(REPETITIONS):
                events, pages = _read(client, arn, reverse=reverse)
                taken += pages
            taken.sort()
            say(
                f"history of {events:,} events {name}, pages of {PAGE}: "
                f"p50 {statistics.median(taken):.1f} ms, p95 {taken[int(len(taken) * 0.95)]:.1f} ms"
            )


def _read(client: Client, arn: str, *, reverse: bool) -> tuple[int, list[float]]:
    """How many events there are, and the milliseconds that each page took."""
    events, taken = 0, []
    token: dict[str, str] = {}
    while True:
        began = time.perf_counter()
        page = client.call(
            "GetExecutionHistory",
            executionArn=arn,
            maxResults=PAGE,
            reverseOrder=reverse,
            **token,
        )
        taken.append((time.perf_counter() - began) * 1000)
        events += len(page["events"])
        if "nextToken" not in page:
            return events, taken
        token = {"nextToken": page["nextToken"]}
