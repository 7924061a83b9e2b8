"""Tasks of activities against a real PostgreSQL: who is given which, and how a poll waits."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections

from executions.actions.task_tokens import send_task_success
from executions.errors import ActivityWorkerLimitExceeded, TaskTimedOut
from executions.models import Execution, InboxMessage, Task
from executions.runtime import activity_polls, doorbell, drain
from executions.runtime.activities import hand_out
from executions.runtime.activity_polls import Polls
from executions.runtime.invariants import check_invariants
from studio.actions.activities import create_activity
from tests.conformance.clock import Clock
from tests.conftest import MakeMachine, StartExecution, event_types

pytestmark = pytest.mark.django_db(transaction=True)

START = 4_000_000_000.0
LONGEST_NAME = "d" * 80

Begin = Callable[..., Execution]


@pytest.fixture
def begin(make_machine: MakeMachine, start: StartExecution) -> Begin:
    """Brings an execution to where a task of the activity waits for a worker."""

    def begin(execution_input: Any = None, activity: str = "dig", **fields: Any) -> Execution:
        create_activity(activity)
        arn = f"arn:aws:states:us-east-1:123456789012:activity:{activity}"
        states = {"Dig": {"Type": "Task", "Resource": arn, "End": True, **fields}}
        execution = start(make_machine({"StartAt": "Dig", "States": states}), execution_input)
        drain.drain_executions()
        return execution

    return begin


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock(START)
    yield clock
    clock.remove()


# --- handing out ---------------------------------------------------------------------------------


def test_the_oldest_tasks_go_to_those_who_ask_first(begin: Begin) -> None:
    for number in range(3):
        begin(number)
    begin("other", activity="sift")
    given = hand_out({"dig": ["a", None], "sift": [None] * 5, "nothing": ["x"]})
    assert [task.input for task in given["dig"]] == ["0", "1"]
    assert [task.input for task in given["sift"]] == ['"other"']
    assert given["nothing"] == []
    told = InboxMessage.objects.filter(command="TaskStarted").order_by("id")
    assert [each.body for each in told] == ["a", "", ""]
    assert check_invariants() == []


def test_two_who_ask_at_once_are_never_given_the_same_task(begin: Begin) -> None:
    for number in range(40):
        begin(number)
    given: list[str] = []

    def ask() -> None:
        try:
            for _ in range(5):
                given.extend(task.token for task in hand_out({"dig": ["a", "b"]})["dig"])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == len(set(given)) == 40


def test_no_worker_here_takes_what_waits_for_one_outside(begin: Begin) -> None:
    begin()
    assert drain.drain_tasks() == 0
    assert Task.objects.get().status == "QUEUED"


def test_the_longest_name_has_a_queue(begin: Begin) -> None:
    begin("x", activity=LONGEST_NAME)
    assert hand_out({LONGEST_NAME: [None]})[LONGEST_NAME][0].input == '"x"'


def test_times_count_from_the_handing_out(begin: Begin, clock: Clock) -> None:
    execution = begin(TimeoutSeconds=10, HeartbeatSeconds=5)
    row = Task.objects.get()
    assert (row.deadline, row.heartbeat_at) == (None, None)
    clock.turn(START + 1000)
    assert drain.drain_executions() == 0
    (task,) = hand_out({"dig": ["ada"]})["dig"]
    # The time is over before any turn has heard that the task was taken up.
    clock.turn(START + 1005)
    with pytest.raises(TaskTimedOut):
        send_task_success(task.token, "1")
    drain.drain_executions()
    clock.turn(START + 1010.001)
    drain.drain_executions()
    execution.refresh_from_db()
    assert (execution.status, execution.error) == ("FAILED", "States.Timeout")
    assert event_types(execution)[3:] == ["ActivityStarted", "ActivityTimedOut", "ExecutionFailed"]
    assert check_invariants() == []


def test_the_outcome_may_come_before_any_turn_has_heard_of_the_start(begin: Begin) -> None:
    execution = begin(TimeoutSeconds=10)
    (task,) = hand_out({"dig": ["ada"]})["dig"]
    send_task_success(task.token, '"dug"')
    drain.drain_executions()
    execution.refresh_from_db()
    assert (execution.status, execution.output) == ("SUCCEEDED", '"dug"')
    assert event_types(execution)[3:5] == ["ActivityStarted", "ActivitySucceeded"]


# --- polls ---------------------------------------------------------------------------------------


@pytest.fixture
async def polls() -> Any:
    polls = Polls()
    yield polls
    for task in (polls._serving, polls._joining):
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    await sync_to_async(connections.close_all)()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ACTIVITY_POLL_SECONDS", 0.3)


@pytest.mark.usefixtures("soon")
async def test_a_poll_ends_without_a_task(polls: Polls) -> None:
    assert await polls.next_task("dig", None) is None
    assert polls._waiting == {}


async def test_a_lost_ring_is_made_up_for_by_a_look(
    polls: Polls, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "ring_activities", lambda: None)
    waiting = asyncio.ensure_future(polls.next_task("dig", "ada"))
    await asyncio.sleep(0.1)
    await sync_to_async(begin)("late")
    task = await asyncio.wait_for(waiting, 20)
    assert task is not None
    assert json.loads(task.input) == "late"


async def test_a_ring_wakes_the_poll_at_once(
    polls: Polls, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "POLL_SECONDS", 3600)
    waiting = asyncio.ensure_future(polls.next_task("dig", "ada"))
    await asyncio.sleep(0.5)
    await sync_to_async(begin)("rung")
    assert await asyncio.wait_for(waiting, 20) is not None


async def test_who_gives_up_takes_no_task(polls: Polls, begin: Begin) -> None:
    gone = asyncio.ensure_future(polls.next_task("dig", "gone"))
    await asyncio.sleep(0.1)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    await sync_to_async(begin)("kept")
    task = await asyncio.wait_for(polls.next_task("dig", "here"), 20)
    assert task is not None


async def test_who_has_been_given_a_task_is_given_no_other(polls: Polls, begin: Begin) -> None:
    for number in range(3):
        await sync_to_async(begin)(number)
    for number in range(3):
        asked = asyncio.ensure_future(polls.next_task("dig", None))
        await asyncio.sleep(0)
        # A ring during the look has the next one made at once, before the answer is fetched.
        assert polls._serving is not None
        while not asked.done():
            polls._rung.set()
            await asyncio.sleep(0)
        task = await asked
        assert task is not None
        assert task.input == str(number)


async def test_polls_outlive_a_database_that_is_away(
    polls: Polls, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([ConnectionError("away"), ConnectionError("away")])

    def look(wanted: Any) -> Any:
        if (fault := next(answers, None)) is not None:
            raise fault
        return activity_polls.hand_out(wanted)

    monkeypatch.setattr(activity_polls, "_hand_out", look)
    await sync_to_async(begin)("back")
    assert await asyncio.wait_for(polls.next_task("dig", None), 20) is not None


@pytest.mark.usefixtures("soon")
async def test_an_activity_has_so_many_polls_and_no_more(
    polls: Polls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity_polls, "MAX_POLLS", 2)
    waiting = [asyncio.ensure_future(polls.next_task("dig", None)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(ActivityWorkerLimitExceeded):
        await polls.next_task("dig", None)
    assert await polls.next_task("other", None) is None
    assert await asyncio.gather(*waiting) == [None, None]
