"""Executions that start executions: begun once, waited for, and told of the end once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from executions.actions.executions import get_execution, start_execution, stop_execution
from executions.actions.redrive import redrive_execution
from executions.actions.task_tokens import send_task_success
from executions.models import Execution, InboxMessage, Task
from executions.runtime import drain, leases, performance, reports
from executions.runtime.invariants import check_invariants
from studio.actions.versions import publish_state_machine_version
from studio.models import StateMachine
from tests.conftest import MakeMachine, event_types
from tests.executions.actions.nesting import (
    FAIL,
    PASS,
    START,
    WAIT,
    begin,
    child_of,
    details,
    milliseconds,
    parent_of,
    work,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_child_that_is_not_waited_for(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)

    parent = begin(make_machine(parent_of(machine)))

    child = child_of(parent)
    assert (child.status, child.input, child.parent_form) == ("SUCCEEDED", '{"a":1}', "")
    assert event_types(parent)[2:-1] == [
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
    ]
    answer = json.loads(parent.output or "")
    assert list(answer) == ["ExecutionArn", "SdkHttpMetadata", "SdkResponseMetadata", "StartDate"]
    assert answer["ExecutionArn"] == child.arn
    assert answer["StartDate"] == milliseconds(child.started_at)
    request_id = answer["SdkResponseMetadata"]["RequestId"]
    headers = answer["SdkHttpMetadata"]["HttpHeaders"]
    assert headers["x-amzn-RequestId"] == request_id
    assert answer["SdkHttpMetadata"]["AllHttpHeaders"]["x-amzn-RequestId"] == [request_id]
    assert check_invariants() == []


@pytest.mark.parametrize("first_turn_events", [0, 100])
@pytest.mark.parametrize("form", [".sync", ".sync:2"])
def test_a_child_that_is_waited_for(
    make_machine: MakeMachine, form: str, first_turn_events: int, settings: Any
) -> None:
    settings.FIRST_TURN_EVENTS = first_turn_events
    machine = make_machine(PASS)

    parent = begin(make_machine(parent_of(machine, form)))

    child = child_of(parent)
    assert event_types(parent) == [
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]
    is_value = form == ".sync:2"
    assert list(json.loads(parent.output or "").items()) == [
        ("ExecutionArn", child.arn),
        ("Input", {"a": 1} if is_value else '{"a":1}'),
        ("InputDetails", {"Included": True}),
        ("Name", child.name),
        ("Output", {"b": 2} if is_value else '{"b":2}'),
        ("OutputDetails", {"Included": True}),
        ("RedriveCount", 0),
        ("RedriveStatus", "NOT_REDRIVABLE"),
        ("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven"),
        ("StartDate", milliseconds(child.started_at)),
        ("StateMachineArn", machine.arn),
        ("Status", "SUCCEEDED"),
        ("StopDate", milliseconds(child.stopped_at)),
    ]
    submitted = json.loads(details(parent, "TaskSubmitted")["output"])
    assert submitted["ExecutionArn"] == child.arn
    assert submitted["StartDate"] == milliseconds(child.started_at)
    assert not Task.objects.exists()
    assert not InboxMessage.objects.exists()
    assert check_invariants() == []


def test_a_child_that_fails(make_machine: MakeMachine) -> None:
    machine = make_machine(FAIL)

    parent = begin(make_machine(parent_of(machine, ".sync")))

    child = child_of(parent)
    assert (parent.status, parent.error) == ("FAILED", "States.TaskFailed")
    assert json.loads(parent.cause or "") == {
        "Cause": "bang",
        "Error": "Boom",
        "ExecutionArn": child.arn,
        "Input": '{"a":1}',
        "InputDetails": {"Included": True},
        "Name": child.name,
        "RedriveCount": 0,
        "RedriveStatus": "REDRIVABLE",
        "StartDate": milliseconds(child.started_at),
        "StateMachineArn": machine.arn,
        "Status": "FAILED",
        "StopDate": milliseconds(child.stopped_at),
    }
    assert details(parent, "TaskFailed")["error"] == "States.TaskFailed"
    assert check_invariants() == []


def test_a_failure_with_a_large_input_keeps_a_cause_that_can_be_read(
    make_machine: MakeMachine,
) -> None:
    parent = begin(make_machine(parent_of(make_machine(FAIL), ".sync")), json.dumps("x" * 40_000))

    cause = json.loads(parent.cause or "")
    assert cause["InputDetails"] == {"Included": False}
    assert "Input" not in cause
    assert cause["Error"] == "Boom"


def test_a_retry_starts_another_child(make_machine: MakeMachine) -> None:
    retry = [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 2}]
    parent = begin(make_machine(parent_of(make_machine(FAIL), ".sync", Retry=retry)))
    for _ in range(2):
        InboxMessage.objects.filter(key__startswith="retry:").update(visible_at=timezone.now())
        work()

    parent.refresh_from_db()
    assert parent.status == "FAILED"
    names = Execution.objects.filter(parent_id=parent.pk).values_list("name", flat=True)
    assert len(set(names)) == 3
    assert check_invariants() == []


def test_an_attempt_that_is_performed_again_finds_its_child(make_machine: MakeMachine) -> None:
    parent_machine = make_machine(parent_of(make_machine(WAIT), ".sync"))
    started = start_execution(parent_machine.name)
    parent = get_execution(started.arn)
    (first,), _ = performance.claim_tasks("tasks")
    performance.perform(first)  # and dies before it reports
    assert child_of(parent).status == "RUNNING"
    Task.objects.update(lease_until=timezone.now())

    assert leases.expire_leases() == 1
    (again,), _ = performance.claim_tasks("tasks")
    outcome = performance.perform(again)

    assert again.fence == first.fence + 1
    assert outcome.message.command == "TaskSubmitted"
    assert json.loads(outcome.message.body)["ExecutionArn"] == child_of(parent).arn


def test_a_child_that_has_ended_before_its_start_is_reported(make_machine: MakeMachine) -> None:
    parent_machine = make_machine(parent_of(make_machine(PASS), ".sync"))
    parent = get_execution(start_execution(parent_machine.name).arn)
    (task,), _ = performance.claim_tasks("tasks")
    late = performance.perform(task)
    drain.drain_executions()
    parent.refresh_from_db()
    assert parent.status == "SUCCEEDED"

    reports.report([late], None)

    parent.refresh_from_db()
    assert parent.status == "SUCCEEDED"
    assert event_types(parent).count("TaskSubmitted") == 1
    assert check_invariants() == []


def test_nothing_is_started_for_a_parent_that_has_ended(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    parent = get_execution(start_execution(make_machine(parent_of(machine)).name).arn)
    (task,), _ = performance.claim_tasks("tasks")
    stop_execution(parent, None, None)

    outcome = performance.perform(task)

    assert outcome.message.command == "TaskFailed"
    assert not Execution.objects.filter(state_machine=machine).exists()


def test_a_machine_that_does_not_exist(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    arn = machine.arn + "-not"
    parent = begin(make_machine(parent_of(machine, Parameters={"StateMachineArn": arn})))

    assert parent.error == "StepFunctions.StateMachineDoesNotExistException"
    cause, _, rest = (parent.cause or "").partition(" (Service")
    assert cause == f"State Machine Does Not Exist: '{arn}'"
    assert rest.startswith(
        ": AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: "
    )
    assert rest.endswith("; Proxy: null)")


def test_a_name_of_its_own_is_taken_once(make_machine: MakeMachine) -> None:
    definition = parent_of(make_machine(PASS), ".sync", Parameters={"Name": "mine"})
    machine = make_machine(definition)
    first = begin(machine)
    assert (first.status, child_of(first).name) == ("SUCCEEDED", "mine")

    second = begin(machine)

    assert second.error == "StepFunctions.ExecutionAlreadyExistsException"
    assert not Execution.objects.filter(parent_id=second.pk).exists()


def test_an_execution_that_runs_already_is_waited_for(make_machine: MakeMachine) -> None:
    child_machine = make_machine(WAIT)
    running = get_execution(start_execution(child_machine.name, name="mine", input="{}").arn)
    machine = make_machine(parent_of(child_machine, ".sync", Parameters={"Name": "mine"}))

    parent = begin(machine, "{}")
    second = begin(machine, "{}")

    assert (parent.status, child_of(parent).pk) == ("RUNNING", running.pk)
    assert second.error == "StepFunctions.ExecutionAlreadyExistsException"
    stop_execution(running, None, None)
    work()
    parent.refresh_from_db()
    assert parent.error == "States.TaskFailed"
    assert check_invariants() == []


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "{}"),
        ({"b": [1, 2]}, '{"b":[1,2]}'),
        ('"InputFromTrustedAccount"', '"InputFromTrustedAccount"'),
        ('{ "a" : 1 }', '{ "a" : 1 }'),
        ("hello", '"hello"'),
        (7, "7"),
    ],
)
def test_inputs(make_machine: MakeMachine, given: Any, text: str) -> None:
    parent = begin(make_machine(parent_of(make_machine(PASS))), json.dumps(given))
    assert child_of(parent).input == text


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"StateMachineArn": 7}, 'The value for the field "StateMachineArn" must be a STRING'),
        ({"Name": 7}, 'The value for the field "Name" must be a STRING'),
        ({"Role": "x"}, 'The field "Role" is not supported by Step Functions'),
    ],
)
def test_parameters_that_cannot_be_used(
    make_machine: MakeMachine, parameters: dict[str, Any], problem: str
) -> None:
    parent = begin(make_machine(parent_of(make_machine(PASS), Parameters=parameters)))
    assert parent.error == "States.Runtime"
    assert (parent.cause or "").endswith(f"could not be used to start the Task: [{problem}]")


def test_a_version_is_started(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    arn = publish_state_machine_version(machine.name).arn
    parent = begin(make_machine(parent_of(machine, ".sync", Parameters={"StateMachineArn": arn})))
    output = json.loads(parent.output or "")
    assert output["StateMachineVersionArn"] == arn
    assert child_of(parent).state_machine_version == 1


def with_token(child: StateMachine, form: str) -> dict[str, Any]:
    """A definition whose only Task starts ``child`` and gives it a token."""
    task = {
        "Type": "Task",
        "Resource": START + form,
        "Parameters": {"StateMachineArn": child.arn, "Input": {"token.$": "$$.Task.Token"}},
        "End": True,
    }
    return {"StartAt": "Child", "States": {"Child": task}}


def test_a_token_ends_the_task_and_the_child_goes_on(make_machine: MakeMachine) -> None:
    parent = begin(make_machine(with_token(make_machine(WAIT), ".sync")))
    child = child_of(parent)

    send_task_success(json.loads(child.input)["token"], '"done"')
    work()

    parent.refresh_from_db()
    assert (parent.status, parent.output) == ("SUCCEEDED", '"done"')
    child.refresh_from_db()
    assert child.status == "RUNNING"
    stop_execution(child, None, None)
    work()
    assert check_invariants() == []


def test_a_child_that_gives_the_token_back(make_machine: MakeMachine) -> None:
    parent = begin(make_machine(with_token(make_machine(PASS), ".waitForTaskToken")))
    child = child_of(parent)
    assert (parent.status, child.status) == ("RUNNING", "SUCCEEDED")
    assert event_types(parent)[-1] == "TaskSubmitted"

    send_task_success(json.loads(child.input)["token"], "7")
    work()

    parent.refresh_from_db()
    assert parent.output == "7"


def test_a_machine_that_waits_for_itself_comes_to_an_end(
    make_machine: MakeMachine, settings: Any
) -> None:
    settings.NESTING_LIMIT = 3
    machine = make_machine(PASS)
    revision = machine.current
    assert revision is not None
    revision.definition = json.dumps(parent_of(machine, ".sync"))
    revision.save()

    first = begin(machine)

    assert Execution.objects.count() == 4
    assert first.status == "FAILED"
    deepest = Execution.objects.get(nesting=3)
    assert deepest.error == "StepFunctions.ExecutionLimitExceededException"
    assert "STEPWELL_NESTING_LIMIT" in (deepest.cause or "")
    assert check_invariants() == []


def test_a_redriven_parent_starts_another_child(make_machine: MakeMachine) -> None:
    parent = begin(make_machine(parent_of(make_machine(FAIL), ".sync")))
    first = child_of(parent)

    redrive_execution(parent.arn)
    work()

    parent.refresh_from_db()
    assert parent.status == "FAILED"
    children = Execution.objects.filter(parent_id=parent.pk).order_by("pk")
    assert [child.pk == first.pk for child in children] == [True, False]
    assert check_invariants() == []


def test_a_child_that_is_redriven_tells_nobody(make_machine: MakeMachine) -> None:
    parent = begin(make_machine(parent_of(make_machine(FAIL), ".sync")))
    events = event_types(parent)

    redrive_execution(child_of(parent).arn)
    work()

    assert child_of(parent).redrive_count == 1
    assert event_types(parent) == events
    assert check_invariants() == []


def test_an_express_child_is_started_and_not_waited_for(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    StateMachine.objects.filter(pk=machine.pk).update(type="EXPRESS")

    plain = begin(make_machine(parent_of(machine)))
    waiting = begin(make_machine(parent_of(machine, ".sync")))

    arn = json.loads(plain.output or "")["ExecutionArn"]
    account = django_settings.AWS_ACCOUNT_ID
    assert arn.startswith(f"arn:aws:states:us-east-1:{account}:express:{machine.name}:")
    assert waiting.error == "StepFunctions.StateMachineTypeNotSupportedException"
    assert "startSyncExecution" in (waiting.cause or "")
