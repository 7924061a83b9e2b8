"""A Task does what its execution's role allows, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from executions.integration import Succeeded, TaskRequest
from executions.integrations.aws.caller import WORKERS, Caller, current_caller
from executions.runtime import permissions
from executions.runtime.invariants import check_invariants
from executions.runtime.permissions import refusal_of
from studio.models import ExecutionRole
from tests.conftest import MakeMachine, StartExecution, event_types, history
from tests.executions.runtime.test_turn import FUNCTION, TASK, Answers, answers  # noqa: F401
from tests.executions.runtime.working import work

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(transaction=True)

OTHER = "arn:aws:iam::210987654321:role/other"


@pytest.fixture(autouse=True)
def _looked_at_anew() -> Iterator[None]:
    permissions.forget_roles()
    yield
    permissions.forget_roles()


def save(arn: str, *statements: dict[str, Any]) -> None:
    ExecutionRole.objects.update_or_create(
        arn=arn,
        defaults={
            "name": arn.rpartition("/")[2],
            "policy": json.dumps({"Version": "2012-10-17", "Statement": list(statements)}),
            "updated_at": timezone.now(),
        },
    )
    permissions.forget_roles()


def allow(action: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def request(**fields: Any) -> TaskRequest:
    values = {
        "execution_arn": "arn:aws:states:us-east-1:123456789012:execution:pay:one",
        "state_machine_arn": "arn:aws:states:us-east-1:123456789012:stateMachine:pay",
        "state_name": "Pay",
        "task": 3,
        "attempt": 0,
        "resource": FUNCTION,
        "parameters": "{}",
        "deadline": None,
        "idempotency_key": "1:3",
        "role_arn": "arn:aws:iam::123456789012:role/pay",
    }
    return TaskRequest(**{**values, **fields})


def test_what_is_not_allowed_fails_the_task_before_the_call(
    make_machine: MakeMachine,
    start: StartExecution,
    answers: Answers,  # noqa: F811
) -> None:
    machine = make_machine(TASK)
    assert machine.current is not None
    role = machine.current.role_arn
    save(role, allow("sqs:*"))
    execution = start(machine)
    work()
    execution.refresh_from_db()
    assert (execution.status, execution.error) == ("FAILED", "States.Permissions")
    name = role.rpartition("/")[2]
    assert (execution.cause or "").startswith(
        f"User: arn:aws:sts::123456789012:assumed-role/{name}/{execution.name} is not authorized "
        f"to perform: lambda:InvokeFunction on resource: {FUNCTION} because no identity-based "
        "policy allows the lambda:InvokeFunction action."
    )
    assert answers.requests == []
    assert event_types(execution)[2:] == [
        "LambdaFunctionScheduled",
        "LambdaFunctionStarted",
        "LambdaFunctionFailed",
        "ExecutionFailed",
    ]
    assert check_invariants() == []

    save(role, allow("lambda:Invoke*", FUNCTION))
    execution = start(machine)
    work()
    execution.refresh_from_db()
    assert execution.status == "SUCCEEDED"
    assert [each.role_arn for each in answers.requests] == [role]


def test_credentials_change_the_role_of_one_task(
    make_machine: MakeMachine,
    start: StartExecution,
    answers: Answers,  # noqa: F811
) -> None:
    task = {
        "Type": "Task",
        "Resource": FUNCTION,
        "Credentials": {"RoleArn.$": "$.role"},
        "Catch": [{"ErrorEquals": ["States.Permissions"], "Next": "Refused"}],
        "End": True,
    }
    machine = make_machine(
        {"StartAt": "Pay", "States": {"Pay": task, "Refused": {"Type": "Pass", "End": True}}}
    )
    assert machine.current is not None

    def run() -> Any:
        execution = start(machine, {"role": OTHER})
        work()
        execution.refresh_from_db()
        assert execution.status == "SUCCEEDED"
        return json.loads(execution.output or "null")

    save(machine.current.role_arn, allow("lambda:*"))
    assert "sts:AssumeRole on resource: " + OTHER in run()["Cause"]
    save(machine.current.role_arn, allow("sts:AssumeRole", OTHER))
    assert run() == {"done": True}, "nobody has saved the other role here"
    save(OTHER, allow("sqs:*"))
    assert "arn:aws:sts::210987654321:assumed-role/other/" in run()["Cause"]
    save(OTHER, allow("lambda:*"))
    assert run() == {"done": True}
    assert {each.assumed_role_arn for each in answers.requests} == {OTHER}
    assert check_invariants() == []


def test_a_role_that_nobody_saved(settings: Any) -> None:
    assert refusal_of(request()) is None
    settings.UNKNOWN_ROLES = "refuse"
    refused = refusal_of(request())
    assert refused is not None
    assert "the role arn:aws:iam::123456789012:role/pay does not exist" in refused.cause
    assert refusal_of(request(role_arn="")) is None, "scheduled by an older release"


def test_an_activity_needs_no_permission(settings: Any) -> None:
    save(request().role_arn)
    activity = "arn:aws:states:us-east-1:123456789012:activity:print"
    assert refusal_of(request(resource=activity)) is None
    assert refusal_of(request()) is not None


def test_a_deny_is_told_apart() -> None:
    save(request().role_arn, allow("*"), {**allow("lambda:*"), "Effect": "Deny"})
    refused = refusal_of(request())
    assert refused is not None
    assert "with an explicit deny in an identity-based policy" in refused.cause


def test_a_policy_that_was_written_past_us_allows_nothing() -> None:
    save(request().role_arn, allow("*"))
    ExecutionRole.objects.update(policy="{", version=2)
    permissions.forget_roles()
    assert refusal_of(request()) is not None


def test_no_task_costs_a_query(django_assert_num_queries: Any) -> None:
    save(request().role_arn, allow("*"))
    assert refusal_of(request()) is None
    with django_assert_num_queries(0):
        for _ in range(100):
            assert refusal_of(request()) is None


def test_parameters_of_any_kind_are_looked_at() -> None:
    save(request().role_arn, allow("lambda:*", FUNCTION))
    resource = "arn:aws:states:::lambda:invoke"
    name = FUNCTION.rpartition(":")[2]
    for text, allowed in (
        (json.dumps({"FunctionName": name}), True),
        (json.dumps({"FunctionName": "another"}), False),
        ("not json", False),
        ("[1]", False),
    ):
        refused = refusal_of(request(resource=resource, parameters=text))
        assert (refused is None) is allowed, text


def test_history_of_a_refused_task_shows_the_cause(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    machine = make_machine(TASK)
    assert machine.current is not None
    save(machine.current.role_arn)
    execution = start(machine)
    work()
    (failed,) = [each for each in history(execution) if each["type"] == "LambdaFunctionFailed"]
    assert failed["lambdaFunctionFailedEventDetails"]["error"] == "States.Permissions"


def test_a_role_says_with_what_credentials_services_are_called(
    make_machine: MakeMachine,
    start: StartExecution,
    answers: Answers,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = make_machine(TASK)
    assert machine.current is not None
    save(machine.current.role_arn, allow("*"))
    ExecutionRole.objects.update(aws_role_arn=OTHER, version=2)
    callers = []

    def perform(asked: TaskRequest) -> Succeeded:
        callers.append(current_caller())
        return Succeeded("1")

    monkeypatch.setattr(answers, "perform", perform)
    start(machine)
    work()
    assert callers == [Caller(role_arn=OTHER)]
    assert current_caller() == WORKERS
