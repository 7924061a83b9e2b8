"""The web server's own processes for StartSyncExecution: bounded, replaced, never asked twice."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from executions.runtime.express.processes import Processes, TooManyExecutions
from tests.executions.runtime.express.test_execution import express

NAP = {"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 1, "End": True}}}
LONG = {"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 250, "End": True}}}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "studio.config.settings")


async def test_an_execution_runs_in_another_process() -> None:
    processes = Processes()
    end = await processes.run(express(NAP, {"a": 1}))
    assert (end.status, json.loads(end.output or "")) == ("SUCCEEDED", {"a": 1})
    await end_all(processes)


async def test_a_lost_process_fails_its_executions_and_another_takes_its_place() -> None:
    processes = Processes()
    await processes.run(express(NAP))
    running = asyncio.ensure_future(processes.run(express(LONG)))
    await asyncio.sleep(0.5)
    await end_all(processes)
    end = await running
    assert (end.status, end.error) == ("FAILED", "States.Runtime")
    assert (await processes.run(express(NAP))).status == "SUCCEEDED"
    await end_all(processes)


async def test_there_are_so_many_at_once_and_no_more(settings: Any) -> None:
    settings.EXPRESS_PROCESSES, settings.EXPRESS_EXECUTIONS = 1, 2
    processes = Processes()
    both = [asyncio.ensure_future(processes.run(express(NAP))) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyExecutions):
        await processes.run(express(NAP))
    assert [end.status for end in await asyncio.gather(*both)] == ["SUCCEEDED"] * 2
    assert (await processes.run(express(NAP))).status == "SUCCEEDED"
    await end_all(processes)


async def test_what_a_caller_leaves_behind_keeps_its_room(settings: Any) -> None:
    settings.EXPRESS_PROCESSES, settings.EXPRESS_EXECUTIONS = 1, 1
    processes = Processes()
    await processes.run(express(NAP))
    left = asyncio.ensure_future(processes.run(express(LONG)))
    await asyncio.sleep(0.2)
    left.cancel()
    await asyncio.sleep(0)
    with pytest.raises(TooManyExecutions):
        await processes.run(express(NAP))
    await end_all(processes)


async def end_all(processes: Processes) -> None:
    """Kill the processes and let their end be noticed."""
    for process in processes._processes:
        process._process.kill()
        while not process.is_gone:
            await asyncio.sleep(0.01)
        await process._reading
