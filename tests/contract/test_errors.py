"""Every error of the model can be had, or it is said why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from django.utils import timezone

from executions.runtime import drain
from studio.actions import aliases, versions
from studio.aws.model import service_model
from studio.models import Activity, StateMachine, StateMachineAlias, StateMachineRevision
from studio.models import StateMachineVersion as Version
from tests.contract.errors import ERRORS, Never, World
from tests.contract.story import ROLE, definition
from tests.wire.conftest import COMMITTED

LIMITED = {
    "CreateActivity": (Activity, 10_000),
    "CreateStateMachine": (StateMachine, 10_000),
}
"""What there may be so many of in one installation."""


def test_every_error_of_the_model_is_in_the_table() -> None:
    model = service_model()
    expected = {
        name: {error.name for error in model.operation_model(name).error_shapes}
        for name in model.operation_names
    }
    assert {name: set(errors) for name, errors in ERRORS.items()} == expected


@COMMITTED
def test_every_error_of_the_table_can_be_had(sfn: Any) -> None:
    world = _make(sfn)
    wrong = []
    for operation, errors in ERRORS.items():
        for code, request in errors.items():
            if isinstance(request, Never):
                assert request.reason
                continue
            if code.endswith("LimitExceeded"):
                _fill(*LIMITED[operation])
            members = request(world) if callable(request) else request
            said = _refusal(sfn, operation, members)
            if said != code:
                wrong.append((operation, code, said))
    assert wrong == []


def _refusal(sfn: Any, operation: str, members: dict[str, Any]) -> str:
    try:
        getattr(sfn, xform_name(operation))(**members)
    except ClientError as error:
        said = error.response["Error"]
        # What the client makes an exception of its own of, with a message.
        modeled = isinstance(error, getattr(sfn.exceptions, said["Code"], ()))
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if modeled and said["Message"] and status == 400:
            return str(said["Code"])
        return f"{status} {said}"
    return "no error"


def _make(sfn: Any) -> World:
    activity = sfn.create_activity(name="dig")["activityArn"]
    dig = definition(Dig={"Type": "Task", "Resource": activity, "End": True})

    def create(name: str, text: str = dig, **members: Any) -> str:
        made = sfn.create_state_machine(
            name=name, definition=text, roleArn=ROLE, publish=True, **members
        )
        return str(made["stateMachineArn"])

    def task(machine: str) -> tuple[str, str]:
        execution = sfn.start_execution(stateMachineArn=machine)["executionArn"]
        drain.drain_executions()
        return execution, sfn.get_activity_task(activityArn=activity)["taskToken"]

    tags = [{"key": f"k{number}", "value": "v"} for number in range(50)]
    machine, deleting, full = create("machine", tags=tags), create("deleting"), create("full")
    passes = definition(Pass={"Type": "Pass", "End": True})
    express = create("express", passes, type="EXPRESS")
    for each in (machine, deleting):
        sfn.create_state_machine_alias(
            name="live",
            routingConfiguration=[{"stateMachineVersionArn": f"{each}:1", "weight": 100}],
        )
    running, waiting_token = task(machine)
    ended, late_token = task(machine)
    sfn.send_task_success(taskToken=late_token, output="1")
    drain.drain_executions()
    task(deleting)
    sfn.delete_state_machine(stateMachineArn=deleting)
    sfn.update_state_machine(stateMachineArn=machine, roleArn=f"{ROLE}-2")
    _fill_up(full)
    return World(
        machine=machine,
        full=full,
        express=express,
        deleting=deleting,
        running=running,
        ended=ended,
        activity=activity,
        waiting_token=waiting_token,
        late_token=late_token,
    )


def _fill_up(arn: str) -> None:
    """Give a state machine as many versions and aliases as it may have, and a newer revision."""
    machine = StateMachine.objects.get(name=arn.split(":")[-1])
    now = timezone.now()

    def revision(number: int) -> StateMachineRevision:
        return StateMachineRevision(
            state_machine=machine,
            revision_id=f"00000000-0000-4000-8000-{number:012}",
            definition=definition(Pass={"Type": "Pass", "End": True}),
            role_arn=ROLE,
            created_at=now + timedelta(seconds=number),
        )

    revisions = StateMachineRevision.objects.bulk_create(
        revision(number) for number in range(2, versions.MAX_VERSIONS + 2)
    )
    machine.current = revisions.pop()
    machine.last_version_number = versions.MAX_VERSIONS
    machine.save()
    made = Version.objects.bulk_create(
        Version(state_machine=machine, number=number, revision=each, created_at=now)
        for number, each in enumerate(revisions, start=2)
    )
    StateMachineAlias.objects.bulk_create(
        StateMachineAlias(
            state_machine=machine,
            name=f"a{number}",
            version=made[0],
            weight=100,
            created_at=now,
            updated_at=now,
        )
        for number in range(aliases.MAX_ALIASES)
    )


def _fill(model: Any, limit: int) -> None:
    """Make as many of them as there may be."""
    now = timezone.now()
    missing = limit - model.objects.count()
    model.objects.bulk_create(
        model(name=f"filler-{number}", created_at=now) for number in range(missing)
    )
