"""What ended long ago is removed, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.utils import timezone

from executions.actions.executions import start_execution
from executions.actions.executions import stop_execution as stop
from executions.actions.redrive import reason_against, redrive_execution
from executions.errors import ExecutionAlreadyExists
from executions.models import Execution, HistoryChunk, InboxMessage
from executions.runtime import drain, retention
from executions.runtime.inbox import stop_execution
from executions.runtime.invariants import check_invariants
from studio.config.settings import _days_by_status
from studio.models import StateMachine
from tests.conftest import MakeMachine, StartExecution, event_types

pytestmark = pytest.mark.django_db(transaction=True)

FAIL = {"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "Own"}}}
NAP = {"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 9000, "End": True}}}


def age(days: float) -> None:
    """Let all that has happened have happened so much earlier."""
    for execution in Execution.objects.all():
        past = timedelta(days=days)
        execution.started_at -= past
        if execution.stopped_at:
            execution.stopped_at -= past
        if execution.redrivable_until:
            execution.redrivable_until -= past
        execution.save()


@pytest.fixture
def machine(make_machine: MakeMachine) -> StateMachine:
    return make_machine(FAIL)


def test_a_name_is_free_when_its_execution_has_been_removed(machine: StateMachine) -> None:
    start_execution(machine.name, name="one")
    drain.drain_executions()
    age(89.9)
    retention.remove_expired()
    with pytest.raises(ExecutionAlreadyExists):
        start_execution(machine.name, name="one")
    age(0.2)
    assert retention.remove_expired() == 1
    assert not HistoryChunk.objects.exists()
    start_execution(machine.name, name="one")
    drain.drain_executions()
    assert Execution.objects.get().status == "FAILED"
    assert check_invariants() == []


def test_what_runs_stays_however_old_it_is(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    start(make_machine(NAP))
    drain.drain_executions()
    age(300)
    assert retention.remove_expired() == 0
    assert Execution.objects.get().status == "RUNNING"


def test_a_message_that_came_late_goes_with_its_execution(
    machine: StateMachine, start: StartExecution
) -> None:
    execution = start(machine)
    drain.drain_executions()
    message = stop_execution(None, None)
    InboxMessage.objects.create(
        execution_id=execution.pk,
        visible_at=execution.started_at,
        command=message.command,
        body=message.body,
    )
    age(91)
    retention.remove_expired()
    assert not InboxMessage.objects.exists()


def test_more_than_a_batch(
    machine: StateMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "SECONDS", 60.0)
    for _ in range(5):
        start(machine)
    drain.drain_executions()
    age(91)
    retention.remove_expired()
    assert not Execution.objects.exists()
    assert not HistoryChunk.objects.exists()


def test_nothing_is_removed_where_everything_is_kept(
    machine: StateMachine, start: StartExecution, settings: Any
) -> None:
    settings.RETENTION_DAYS = 0
    start(machine)
    drain.drain_executions()
    age(4000)
    retention.remove_expired()
    assert Execution.objects.count() == 1


def test_what_a_redrive_would_go_on_with_is_kept_for_14_days(
    machine: StateMachine, start: StartExecution
) -> None:
    execution = start(machine)
    drain.drain_executions()
    age(13.9)
    assert retention.remove_expired() == 0
    execution.refresh_from_db()
    assert execution.snapshot
    age(0.2)
    assert retention.remove_expired() == 1
    execution.refresh_from_db()
    assert (execution.snapshot, execution.redrivable_until) == ("", None)
    reason = reason_against(execution, timezone.now())
    assert reason == "Execution redrivable period exceeded"
    assert event_types(execution)[-1] == "ExecutionFailed"
    assert check_invariants() == []


def test_each_status_has_its_own_age(
    make_machine: MakeMachine, start: StartExecution, settings: Any
) -> None:
    settings.RETENTION_DAYS = 90
    settings.RETENTION_DAYS_BY_STATUS = {"SUCCEEDED": 10, "FAILED": 0}
    failed = start(make_machine(FAIL))
    succeeded = start(make_machine({"StartAt": "P", "States": {"P": {"Type": "Succeed"}}}))
    stopped = start(make_machine(NAP))
    drain.drain_executions()
    stop(stopped, None, None)
    age(11)
    retention.remove_expired()
    assert not Execution.objects.filter(pk=succeeded.pk).exists()
    age(80)
    retention.remove_expired()
    assert [each.pk for each in Execution.objects.all()] == [failed.pk]
    assert check_invariants() == []


@pytest.mark.parametrize(
    "text", ["SUCCEEDED", "SUCCEEDED=", "RUNNING=3", "FAILED=-1", "FAILED=1.5"]
)
def test_a_setting_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="STATUS=DAYS"):
        _days_by_status(text)


def test_ages_are_read() -> None:
    assert _days_by_status("") == {}
    assert _days_by_status("SUCCEEDED=30, TIMED_OUT=0") == {"SUCCEEDED": 30, "TIMED_OUT": 0}


def test_what_belongs_to_nobody_goes(machine: StateMachine, start: StartExecution) -> None:
    """However it came to be: it would be due for ever, and keep every poller busy."""
    execution = start(machine)
    drain.drain_executions()
    for seconds in (5, 60):
        InboxMessage.objects.create(
            execution_id=execution.pk + 1,
            visible_at=timezone.now() - timedelta(seconds=seconds),
            command="TaskSucceeded",
            key="3",
        )
    assert retention.remove_expired() == 1
    assert InboxMessage.objects.count() == 1  # Its execution may be about to be committed.


def test_an_execution_that_is_being_redriven_is_passed_by(
    machine: StateMachine, start: StartExecution, settings: Any
) -> None:
    settings.RETENTION_DAYS = 1
    execution = start(machine)
    drain.drain_executions()
    age(2)
    with transaction.atomic():
        redrive_execution(execution.arn)
        other = connections.create_connection("default")
        mine = connections["default"]
        connections["default"] = other
        try:
            assert retention.remove_expired() == 0
        finally:
            other.close()
            connections["default"] = mine
    assert retention.remove_expired() == 0
    execution.refresh_from_db()
    assert execution.status == "RUNNING"
