"""Express executions that nobody waits for: leased rows, run at least once."""

from __future__ import annotations

import time
from typing import Any

import pytest

from executions.actions.executions import start_execution
from executions.models import ExpressExecution
from executions.runtime.express import rows
from studio.actions.state_machines import create_state_machine

pytestmark = pytest.mark.django_db(transaction=True)

PASS = '{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}'


@pytest.fixture
def machine() -> str:
    role = "arn:aws:iam::123456789012:role/tests"
    return create_state_machine(name="quick", definition=PASS, role_arn=role, type="EXPRESS").name


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
    until = time.monotonic() + 30
    while ExpressExecution.objects.exists():
        assert time.monotonic() < until
        time.sleep(0.05)
