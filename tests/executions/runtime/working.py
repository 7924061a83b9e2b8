"""What workers do, done by a test until there is nothing left to do."""

from __future__ import annotations

from executions.runtime import drain
from executions.runtime.map_runs.work import drain_map_runs
from executions.runtime.map_runs.writes import QUEUES


def work() -> None:
    """Take turns, perform tasks and work at Map Runs until none of it is due."""
    while (
        drain.drain_executions()
        + drain.drain_tasks()
        + sum(drain_map_runs(queue) for queue in QUEUES)
    ):
        pass
