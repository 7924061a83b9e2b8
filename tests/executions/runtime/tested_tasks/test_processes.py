"""The process that performs TestState's tasks: bounded, timed, killed when a function hangs."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest

from executions.integration import Failed, Succeeded, TaskRequest
from executions.runtime.tested_tasks.processes import Processes, TooManyTasks

FUNCTIONS = """
import os, time

def handler(event, context):
    if "sleep" in event:
        time.sleep(event["sleep"])
    if "die" in event:
        os._exit(3)
    return {"pid": os.getpid()}
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(FUNCTIONS)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "studio.config.settings")
    monkeypatch.setenv("STEPWELL_FUNCTIONS", str(tmp_path))


def task(**event: Any) -> TaskRequest:
    return TaskRequest(
        execution_arn="arn:aws:states:us-east-1:123456789012:express:m:e",
        state_machine_arn="arn:aws:states:us-east-1:123456789012:stateMachine:m",
        state_name="Work",
        task=1,
        attempt=1,
        resource="arn:aws:lambda:us-east-1:123456789012:function:work",
        parameters=json.dumps(event),
        deadline=None,
        idempotency_key="e:1",
    )


async def _pid(processes: Processes) -> int:
    outcome = (await processes.perform(task(), 60)).outcome
    assert isinstance(outcome, Succeeded)
    return int(json.loads(outcome.output)["pid"])


async def test_a_task_that_hangs_costs_its_process_when_the_others_are_over() -> None:
    processes = Processes()
    first = await _pid(processes)
    slow = asyncio.ensure_future(processes.perform(task(sleep=3), 60))
    await asyncio.sleep(0)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        await processes.perform(task(sleep=1000), 1)
    assert time.monotonic() - began < 30
    # The one that has hung gets no further tasks, but the other task in it ends well.
    assert await _pid(processes) != first
    outcome = (await slow).outcome
    assert isinstance(outcome, Succeeded)
    assert json.loads(outcome.output)["pid"] == first
    await _until_gone(first)
    await end_all(processes)


async def test_a_process_that_dies_fails_its_tasks_and_is_replaced() -> None:
    processes = Processes()
    outcome = (await processes.perform(task(die=True), 60)).outcome
    assert isinstance(outcome, Failed)
    assert outcome.error == "Lambda.ServiceException"
    assert await _pid(processes) > 0
    await end_all(processes)


async def test_what_does_not_fit_has_not_begun(settings: Any) -> None:
    settings.STATE_TESTS = 2
    processes = Processes()
    both = [asyncio.ensure_future(processes.perform(task(sleep=1), 60)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyTasks):
        await processes.perform(task(), 60)
    assert all(isinstance(each.outcome, Succeeded) for each in await asyncio.gather(*both))
    assert await _pid(processes) > 0
    await end_all(processes)


async def test_a_caller_that_goes_away_leaves_nothing_behind(settings: Any) -> None:
    settings.STATE_TESTS = 1
    processes = Processes()
    first = await _pid(processes)
    left = asyncio.ensure_future(processes.perform(task(sleep=1000), 300))
    await asyncio.sleep(0.2)
    left.cancel()
    with pytest.raises(asyncio.CancelledError):
        await left
    await _until_gone(first)
    assert await _pid(processes) != first
    await end_all(processes)


async def end_all(processes: Processes) -> None:
    """Kill the process and let its end be noticed."""
    process = processes._current
    assert process is not None
    process._process.kill()
    await process._reading


async def _until_gone(pid: int) -> None:
    for _ in range(300):
        # The web server has reaped it as well.
        if not Path(f"/proc/{pid}").exists():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the process is still there")
