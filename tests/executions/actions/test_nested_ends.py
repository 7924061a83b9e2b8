"""Children and parents that are stopped or time out: who ends with whom, and who does not."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from executions.actions.executions import stop_execution
from executions.models import InboxMessage
from executions.runtime.invariants import check_invariants
from tests.conftest import MakeMachine, event_types
from tests.executions.actions.nesting import (
    START,
    WAIT,
    begin,
    child_of,
    parent_of,
    stopped_by,
    work,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_child_that_is_stopped(make_machine: MakeMachine) -> None:
    parent = begin(make_machine(parent_of(make_machine(WAIT), ".sync")))
    child = child_of(parent)
    assert (parent.status, child.status) == ("RUNNING", "RUNNING")
    assert event_types(parent)[-1] == "TaskSubmitted"
    assert check_invariants() == []

    stop_execution(child, "Halt", None)
    work()

    parent.refresh_from_db()
    cause = json.loads(parent.cause or "")
    assert (parent.error, cause["Status"], cause["Error"]) == (
        "States.TaskFailed",
        "ABORTED",
        "Halt",
    )
    assert "Cause" not in cause


def test_a_child_that_times_out_has_no_error(make_machine: MakeMachine) -> None:
    machine = make_machine({**WAIT, "TimeoutSeconds": 60})
    parent = begin(make_machine(parent_of(machine, ".sync")))

    InboxMessage.objects.filter(key="execution").update(visible_at=timezone.now())
    work()

    parent.refresh_from_db()
    cause = json.loads(parent.cause or "")
    assert (cause["Status"], "Error" in cause) == ("TIMED_OUT", False)


@pytest.mark.parametrize("form", [".sync", ".sync:2"])
def test_stopping_a_parent_stops_what_it_waits_for(make_machine: MakeMachine, form: str) -> None:
    grandchild_machine = make_machine(WAIT)
    child_machine = make_machine(parent_of(grandchild_machine, ".sync"))
    parent = begin(make_machine(parent_of(child_machine, form)))
    child = child_of(parent)
    grandchild = child_of(child)
    assert (child.nesting, grandchild.nesting) == (1, 2)

    stop_execution(parent, "Halt", "enough")
    work()

    for below, above in ((child, parent), (grandchild, child)):
        below.refresh_from_db()
        assert (below.status, below.error, below.cause) == (
            "ABORTED",
            None,
            stopped_by(above),
        )
    assert event_types(parent)[-1] == "ExecutionAborted"
    assert check_invariants() == []


@pytest.mark.parametrize("form", ["", ".waitForTaskToken"])
def test_stopping_a_parent_leaves_what_it_does_not_wait_for(
    make_machine: MakeMachine, form: str
) -> None:
    machine = make_machine(WAIT)
    parameters = {"Input": {"token.$": "$$.Task.Token"}} if form else {"Input.$": "$"}
    task = {
        "Type": "Task",
        "Resource": START + form,
        "Parameters": {"StateMachineArn": machine.arn, **parameters},
        "Next": "Rest",
    }
    rest = {"Type": "Wait", "Seconds": 600, "End": True}
    parent = begin(make_machine({"StartAt": "Child", "States": {"Child": task, "Rest": rest}}))

    stop_execution(parent, None, None)
    work()

    assert child_of(parent).status == "RUNNING"


def test_a_time_out_of_the_task_stops_the_child(make_machine: MakeMachine) -> None:
    parent = begin(make_machine(parent_of(make_machine(WAIT), ".sync", TimeoutSeconds=60)))

    InboxMessage.objects.filter(key__startswith="timeout:").update(visible_at=timezone.now())
    work()

    parent.refresh_from_db()
    assert (parent.status, parent.error) == ("FAILED", "States.Timeout")
    assert event_types(parent)[-2:] == ["TaskTimedOut", "ExecutionFailed"]
    assert child_of(parent).status == "ABORTED"
    # The one thing that is wrong: the test itself had the timer fire early.
    assert {each.invariant for each in check_invariants()} == {"I11 no timer fired early"}


def test_a_time_out_of_the_parent_stops_the_child(make_machine: MakeMachine) -> None:
    parent = begin(make_machine({**parent_of(make_machine(WAIT), ".sync"), "TimeoutSeconds": 60}))

    InboxMessage.objects.filter(key="execution").update(visible_at=timezone.now())
    work()

    parent.refresh_from_db()
    assert parent.status == "TIMED_OUT"
    assert child_of(parent).status == "ABORTED"


def test_a_failing_branch_stops_the_children_of_the_others(make_machine: MakeMachine) -> None:
    machine = make_machine(WAIT)
    definition = {
        "StartAt": "Both",
        "States": {
            "Both": {
                "Type": "Parallel",
                "Branches": [
                    parent_of(machine, ".sync"),
                    {
                        "StartAt": "Pause",
                        "States": {
                            "Pause": {"Type": "Wait", "Seconds": 60, "Next": "Boom"},
                            "Boom": {"Type": "Fail", "Error": "Boom"},
                        },
                    },
                ],
                "End": True,
            }
        },
    }
    parent = begin(make_machine(definition))

    InboxMessage.objects.filter(execution_id=parent.pk).update(visible_at=timezone.now())
    work()

    assert event_types(parent)[-3:] == [
        "TaskStateAborted",
        "ParallelStateFailed",
        "ExecutionFailed",
    ]
    assert child_of(parent).status == "ABORTED"
