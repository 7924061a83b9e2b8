"""Executions are removed with everything that is theirs, also what comes at that very moment."""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg
import pytest
from django.db import connection

from executions.actions import state_machines
from executions.actions.executions import stop_execution
from executions.actions.state_machines import delete_state_machine, remove_deleted_state_machines
from executions.models import Execution, HistoryChunk, InboxMessage, Task
from executions.runtime import drain, removal, retention
from executions.runtime.invariants import check_invariants
from studio.models import StateMachine, StateMachineRevision
from tests.conftest import MakeMachine, StartExecution

pytestmark = pytest.mark.django_db(transaction=True)

FAIL = {"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "Own"}}}
NAP = {"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 9000, "End": True}}}
WORK = {
    "StartAt": "Work",
    "States": {
        "Work": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work",
            "End": True,
        }
    },
}


def other_connection() -> psycopg.Connection[Any]:
    parameters = connection.get_connection_params()
    wanted = {key: parameters[key] for key in ("dbname", "user", "host", "port")}
    return psycopg.connect(**wanted)


def test_a_state_machine_with_many_executions_goes_in_batches(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "BATCH", 2)
    monkeypatch.setattr(state_machines, "SECONDS", 0.0)
    machine = make_machine(FAIL)
    for _ in range(5):
        start(machine)
    drain.drain_executions()
    delete_state_machine(machine.name)
    assert Execution.objects.count() == 3
    assert StateMachine.objects.get().status == "DELETING"
    assert [remove_deleted_state_machines() for _ in range(3)] == [0, 1, 0]
    assert not Execution.objects.exists()
    assert not HistoryChunk.objects.exists()
    assert not StateMachineRevision.objects.exists()
    assert check_invariants() == []


def test_what_still_runs_keeps_its_state_machine(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    machine = make_machine(NAP)
    execution = start(machine)
    drain.drain_executions()
    delete_state_machine(machine.name)
    assert remove_deleted_state_machines() == 0
    stop_execution(execution, None, None)
    remove_deleted_state_machines()
    assert not StateMachine.objects.exists()
    assert not InboxMessage.objects.exists()


def test_a_message_that_is_being_left_is_removed_with_its_execution(
    make_machine: MakeMachine, start: StartExecution, settings: Any
) -> None:
    """StopExecution sees an execution run, which ends and is removed before that commits."""
    settings.RETENTION_DAYS = 1
    execution = start(make_machine(NAP))
    drain.drain_executions()
    with other_connection() as stopping:
        stopping.execute(
            "INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)"
            " SELECT id, now(), 'StopExecution', '', '{}' FROM executions_execution"
            " WHERE id = %s AND status = 'RUNNING' FOR KEY SHARE",
            (execution.pk,),
        )
        Execution.objects.filter(pk=execution.pk).update(
            status="FAILED", stopped_at="2020-01-01T00:00:00Z"
        )
        assert retention.remove_expired() == 0
    assert retention.remove_expired() == 1
    assert not InboxMessage.objects.exists()


def test_an_outcome_on_its_way_when_its_execution_closes_is_removed(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    """A worker has accepted an outcome, not committed yet; meanwhile the execution is stopped."""
    execution = start(make_machine(WORK))
    drain.drain_executions()
    task = Task.objects.get()
    with other_connection() as worker:
        worker.execute("DELETE FROM executions_task WHERE id = %s", (task.pk,))
        worker.execute(
            "INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)"
            " VALUES (%s, now(), 'TaskSucceeded', %s, '1')",
            (execution.pk, str(task.task)),
        )

        def stop() -> None:
            stop_execution(execution, None, None)
            connection.close()

        stopping = threading.Thread(target=stop)
        stopping.start()
        time.sleep(0.5)  # Until it waits for the task's row.
        worker.commit()
        stopping.join()
    execution.refresh_from_db()
    assert execution.status == "ABORTED"
    assert not InboxMessage.objects.exists()
