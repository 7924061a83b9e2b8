"""Tasks whose worker has gone, and timers."""

from __future__ import annotations

import time

import pytest
from django.utils import timezone

from executions.integration import Succeeded, TaskOutcome, TaskRequest
from executions.models import InboxMessage, Task
from executions.runtime import drain, leases, performance
from executions.runtime.invariants import check_invariants
from tests.conftest import MakeMachine, StartExecution, event_types, history
from tests.executions.runtime.test_turn import FUNCTION, TASK, Answers

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_task_whose_lease_ran_out_fails_with_the_lost_error(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(make_machine(TASK))
    drain.drain_executions()
    performance.claim_tasks("tasks")
    assert leases.expire_leases() == 0
    Task.objects.update(lease_until=timezone.now())

    assert leases.expire_leases() == 1

    drain.drain_executions()
    execution.refresh_from_db()
    assert (execution.status, execution.error) == ("FAILED", "Lambda.ServiceException")
    assert "was lost" in (execution.cause or "")
    assert "LambdaFunctionStarted" in event_types(execution)
    assert check_invariants() == []


def test_a_lost_attempt_is_retried_as_the_definition_says(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(
        make_machine(
            {
                "StartAt": "T",
                "States": {
                    "T": {
                        "Type": "Task",
                        "Resource": FUNCTION,
                        "Retry": [
                            {"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 1}
                        ],
                        "End": True,
                    }
                },
            }
        )
    )
    drain.drain_executions()
    performance.claim_tasks("tasks")
    Task.objects.update(lease_until=timezone.now())
    leases.expire_leases()
    drain.drain_executions()

    execution.refresh_from_db()
    assert execution.status == "RUNNING"
    timer = InboxMessage.objects.get(command="FireTimer")
    assert timer.visible_at > timezone.now()


def test_a_slot_keeps_the_leases_of_all_it_has_started(
    make_machine: MakeMachine,
    start: StartExecution,
    settings: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.TASK_LEASE_SECONDS = 2.0  # type: ignore[attr-defined]
    lost: list[int] = []

    class UsuallyQuick(Answers):
        def perform(self, request: TaskRequest) -> TaskOutcome:
            time.sleep(2.5)
            lost.append(leases.expire_leases())
            return super().perform(request)

    answers = UsuallyQuick(Succeeded("1"))
    monkeypatch.setattr(performance, "integration_for", lambda _: answers)
    monkeypatch.setattr(performance, "_durations", performance._Durations())
    # A process that starts its leases anew, so that they are prolonged at this test's pace.
    monkeypatch.setattr(leases, "_held", leases._Held())
    performance._durations.record(FUNCTION, 0.001)
    machine = make_machine(TASK)
    executions = [start(machine), start(machine)]
    drain.drain_executions()

    drain.drain_tasks()
    time.sleep(0.3)  # The thread that prolongs gives its connection back.

    assert lost == [0, 0]
    for execution in executions:
        execution.refresh_from_db()
        assert execution.status == "SUCCEEDED"


def test_a_timer_fires_after_its_moment_and_never_before(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(
        make_machine({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": True}}})
    )
    # Every look before its moment finds nothing: the timestamps below say so.
    until = time.monotonic() + 30
    while execution.status != "SUCCEEDED":
        assert time.monotonic() < until
        drain.drain_executions()
        execution.refresh_from_db()
    entered, exited = history(execution)[1:3]
    assert exited["timestamp"] - entered["timestamp"] >= 1.0
