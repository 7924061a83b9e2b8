"""A worker that is told to stop, or gives up, leaves what comes next to others."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from celery.signals import worker_process_shutdown, worker_shutdown, worker_shutting_down

from executions.integration import Succeeded, TaskOutcome, TaskRequest
from executions.models import Task
from executions.runtime import drain, ending, performance
from executions.runtime.invariants import check_invariants
from tests.conftest import MakeMachine, StartExecution

TASK = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f"}
STEPS: dict[str, Any] = {
    "StartAt": "First",
    "States": {"First": {**TASK, "Next": "Second"}, "Second": {**TASK, "End": True}},
}


@pytest.fixture(autouse=True)
def _this_process_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_announced", threading.Event())


@pytest.mark.django_db(transaction=True)
def test_a_slot_reports_what_it_has_and_claims_nothing_more(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ends:
        lost_error = "Lambda.ServiceException"

        def perform(self, request: TaskRequest) -> TaskOutcome:
            ending.announce()
            return Succeeded(request.parameters)

    monkeypatch.setattr(performance, "integration_for", lambda _: Ends())
    monkeypatch.setattr(performance._durations, "expected", lambda _: 0.0)
    start(make_machine(STEPS))
    drain.drain_executions()

    assert drain.drain_tasks() == 1
    assert drain.drain_tasks() == 0
    assert list(Task.objects.values_list("state_name", "status")) == [("Second", "QUEUED")]
    assert check_invariants() == []


@pytest.mark.parametrize("signal", [worker_shutting_down, worker_shutdown, worker_process_shutdown])
def test_celery_tells_of_the_end(signal: Any) -> None:
    signal.send(sender=None)
    assert ending.is_announced()
