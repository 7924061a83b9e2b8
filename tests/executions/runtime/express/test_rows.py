"""Express executions that nobody waits for: leased rows, run at least once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from executions.actions.executions import start_execution
from executions.models import ExpressExecution
from executions.runtime import ending
from executions.runtime.express import execution, rows
from studio.actions.state_machines import create_state_machine

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)

PASS = '{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}'
TASK = """{"StartAt": "T", "States": {"T": {
    "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
    "Parameters": {"FunctionName": "any"}}}}"""


@pytest.fixture
def machine() -> str:
    role = "arn:aws:iam::123456789012:role/tests"
    return create_state_machine(name="quick", definition=PASS, role_arn=role, type="EXPRESS").name


@pytest.fixture(autouse=True)
def _this_process_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_announced", threading.Event())


def let_leases_run_out() -> None:
    ExpressExecution.objects.update(lease_until="2020-01-01T00:00:00Z")


def test_a_row_is_taken_once_and_goes_at_the_end(machine: str) -> None:
    started = start_execution(machine, input="[1]")
    (taken,) = rows.take(10)
    assert (taken.start.arn, taken.start.input) == (started.arn, "[1]")
    assert rows.take(10) == []
    assert rows.take(10, finished=[taken]) == []
    assert not ExpressExecution.objects.exists()


def test_no_more_are_taken_than_there_is_room_for(machine: str) -> None:
    for _ in range(3):
        start_execution(machine)
    assert rows.take(0) == []
    assert len(rows.take(2)) == 2
    assert len(rows.take(2)) == 1


def test_what_a_lost_worker_had_is_run_again(machine: str) -> None:
    start_execution(machine)
    (lost,) = rows.take(10)
    let_leases_run_out()
    (again,) = rows.take(10)
    assert again.start == lost.start
    assert again.attempt == 2
    # The first worker was only slow: what it says now touches nothing.
    rows.take(0, finished=[lost], held=[lost])
    assert ExpressExecution.objects.count() == 1
    rows.take(0, finished=[again])
    assert not ExpressExecution.objects.exists()


def test_a_lease_is_prolonged(machine: str) -> None:
    start_execution(machine)
    (taken,) = rows.take(10)
    let_leases_run_out()
    assert rows.take(10, held=[taken]) == []


def test_what_takes_three_workers_with_it_is_given_up(
    machine: str, caplog: pytest.LogCaptureFixture
) -> None:
    start_execution(machine)
    for attempt in (1, 2, 3):
        assert [taken.attempt for taken in rows.take(10)] == [attempt]
        let_leases_run_out()
    assert rows.take(10) == []
    assert not ExpressExecution.objects.exists()
    assert "is given up" in caplog.text


def test_what_an_ending_process_cannot_finish_is_left_to_others(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # Python's own threads take nothing on any more while those that are left go on.
    settings.TASK_LEASE_SECONDS = 0.4
    threads = ThreadPoolExecutor(1)
    threads.shutdown()
    monkeypatch.setattr(execution, "_performers", lambda: threads)
    role = "arn:aws:iam::123456789012:role/tests"
    task = create_state_machine(name="task", definition=TASK, role_arn=role, type="EXPRESS").name
    start_execution(task)
    start_execution(task)
    settings.EXPRESS_EXECUTIONS = 1
    runner = rows.Runner()
    try:
        runner.nudge()
        wait_until(lambda: "is left to others" in caplog.text)
        runner.nudge()
        # Neither is its lease prolonged, nor is another one taken.
        wait_until(lambda: any(each.attempt == 2 for each in rows.take(10)))
        assert sorted(ExpressExecution.objects.values_list("attempt", flat=True)) == [1, 2]
    finally:
        runner.close()


def test_an_ending_process_takes_nothing(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rooms: list[int] = []
    take = rows.take

    def look(room: int, **others: Any) -> list[rows.Taken]:
        rooms.append(room)
        return take(room, **others)

    monkeypatch.setattr(rows, "take", look)
    start_execution(machine)
    runner = rows.Runner()
    ending.announce()
    try:
        runner.nudge()
        wait_until(lambda: bool(rooms))
    finally:
        runner.close()
    assert set(rooms) == {0}
    assert len(take(10)) == 1


def test_a_runner_runs_what_is_there_and_what_comes(machine: str, settings: Any) -> None:
    settings.EXPRESS_EXECUTIONS = 2
    for _ in range(5):
        start_execution(machine)
    runner = rows.Runner()
    try:
        runner.nudge()
        wait_until_nothing_is_left()
        start_execution(machine)
        runner.nudge()
        wait_until_nothing_is_left()
    finally:
        runner.close()


def wait_until_nothing_is_left() -> None:
    wait_until(lambda: not ExpressExecution.objects.exists())


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)
