"""The quota of state transitions: an execution waits for it, and never fails."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings

from executions.actions.executions import get_execution, start_execution, stop_execution
from executions.integration import Failed, Succeeded
from executions.models import InboxMessage, Task
from executions.runtime import drain, performance, state_transitions
from executions.runtime.invariants import check_invariants
from executions.runtime.state_transitions import transitions
from studio.quotas import read_quotas
from tests.conftest import MakeMachine, StartExecution, event_types
from tests.executions.runtime.test_turn import PASS, TASK, Answers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def quota(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ten state transitions at once, and ten a second; a bucket of the test's own."""
    monkeypatch.setattr(settings, "QUOTAS", "off,StateTransition=10/10")
    account = str(uuid.uuid4().int)[:12]
    monkeypatch.setattr(settings, "AWS_ACCOUNT_ID", account)
    monkeypatch.setattr(state_transitions, "SETTLE_SECONDS", 0.0)
    read_quotas.cache_clear()
    transitions.__init__()  # type: ignore[misc]
    yield
    transitions.__init__()  # type: ignore[misc]


@pytest.mark.usefixtures("quota")
def test_what_exceeds_the_quota_is_delayed(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    machine = make_machine(PASS)
    executions = [start(machine) for _ in range(40)]
    began = time.monotonic()
    drain.drain_executions()
    # 32 share the first turn; the rest waits until those over ten are paid for.
    assert time.monotonic() - began > 2.0
    for execution in executions:
        execution.refresh_from_db()
    assert {execution.status for execution in executions} == {"SUCCEEDED"}
    assert check_invariants() == []


@pytest.mark.usefixtures("quota")
def test_a_poller_does_not_wait_for_the_bucket(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    machine = make_machine(PASS)
    for _ in range(40):
        start(machine)
    drain.drain_executions(patient=False)
    assert drain.drain_executions(patient=False) == 0
    assert InboxMessage.objects.exists()


@pytest.mark.usefixtures("quota")
def test_an_outcome_is_accepted_while_its_execution_waits(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers(Succeeded('"done"'))
    monkeypatch.setattr(performance, "integration_for", lambda _: answers)
    execution = start(make_machine(TASK))
    drain.drain_executions()
    with transitions._lock:
        transitions._owes_until = time.monotonic() + 600
    assert drain.drain_tasks() == 1
    assert not Task.objects.exists()
    assert (
        event_types(execution)[-1] == "TaskScheduled" or "Scheduled" in event_types(execution)[-1]
    )
    with transitions._lock:
        transitions._owes_until = time.monotonic() + 0.2
    drain.drain_executions()
    execution.refresh_from_db()
    assert (execution.status, execution.output) == ("SUCCEEDED", '"done"')
    assert len(answers.requests) == 1
    assert check_invariants() == []


@pytest.mark.usefixtures("quota")
def test_a_client_s_stop_is_not_delayed_and_a_start_is_left_to_the_workers(
    make_machine: MakeMachine,
) -> None:
    machine = make_machine(TASK)
    with transitions._lock:
        transitions._owes_until = time.monotonic() + 60
    started = get_execution(start_execution(machine.name).arn)
    assert event_types(started) == []
    stop_execution(started, None, None)
    started.refresh_from_db()
    assert started.status == "ABORTED"


@pytest.mark.usefixtures("quota")
def test_a_retry_counts_as_entering_a_state_does(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_transitions, "SETTLE_SECONDS", 3600.0)
    transitions.delay()
    monkeypatch.setattr(performance, "integration_for", lambda _: Answers(Failed("Busy", "")))
    task = {**TASK["States"]["T"], "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 60}]}
    start(make_machine({"StartAt": "T", "States": {"T": task}}))
    drain.drain_executions()
    assert transitions._uncharged == 1
    drain.drain_tasks()
    assert transitions._uncharged == 2


def test_without_a_quota_nothing_waits(make_machine: MakeMachine, start: StartExecution) -> None:
    start(make_machine(PASS))
    assert drain.drain_executions() == 1
    assert transitions.delay() == 0.0
