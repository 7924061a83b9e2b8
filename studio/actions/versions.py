"""Versions of state machines: published and deleted. The only place that writes them."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone

from studio import arns
from studio.actions.audit import record
from studio.actions.names import invalid_arn, qualified_name
from studio.errors import (
    ConflictException,
    ServiceQuotaExceededException,
    StateMachineDeleting,
    StateMachineDoesNotExist,
    ValidationException,
)
from studio.models import (
    AuditAction,
    StateMachine,
    StateMachineRevision,
    StateMachineVersion,
)

MAX_VERSIONS = 1000
"""Versions of one state machine that exist at once, as AWS allows."""
INITIAL = "INITIAL"
"""What AWS calls the revision made with the state machine, whose id it hides."""

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def shown_revision_id(machine: StateMachine, revision: StateMachineRevision) -> str | None:
    """A revision's id; None for the one made with the state machine, which AWS hides."""
    return None if revision.created_at == machine.created_at else str(revision.revision_id)


def version_number(qualifier: str | None) -> int | None:
    """The version that a qualifier of a state machine's ARN names; None where it names none."""
    return int(qualifier) if qualifier and _NUMBER.fullmatch(qualifier) else None


def get_version(state_machine: str, qualifier: str) -> StateMachineVersion:
    """The version that stands after the state machine's name in an ARN, its revision loaded.

    Raises:
        StateMachineDoesNotExist: there is none.
    """
    found = StateMachineVersion.objects.select_related("state_machine", "revision")
    number = version_number(qualifier)
    version = None
    if number is not None:
        version = found.filter(state_machine__name=state_machine, number=number).first()
    if version is None:
        raise StateMachineDoesNotExist(arns.qualified_arn(state_machine, qualifier))
    return version


def version_of(machine: StateMachine) -> StateMachineVersion | None:
    """The version of the revision that ``machine`` holds as its current one, if it has one."""
    version = StateMachineVersion.objects.filter(revision=machine.current).first()
    if version is not None:
        version.state_machine = machine
    return version


@transaction.atomic
def publish_state_machine_version(
    name: str, *, revision_id: str | None = None, description: str = ""
) -> StateMachineVersion:
    """Give the current revision of a state machine a number, or the one that it has already.

    Raises:
        ConflictException: the current revision is not ``revision_id``.
        StateMachineDoesNotExist, StateMachineDeleting, ServiceQuotaExceededException,
        ValidationException: as their names say.
    """
    machine = lock_state_machine(name)
    shown = (machine.current and shown_revision_id(machine, machine.current)) or INITIAL
    if revision_id is not None and revision_id != shown:
        raise ConflictException(
            message="Failed to publish the State Machine version for revision "
            f"{revision_id}. The current State Machine revision is {shown}."
        )
    return add_version(machine, description)


def add_version(machine: StateMachine, description: str) -> StateMachineVersion:
    """The version of the current revision, made where it has none. Needs ``machine`` locked.

    Raises:
        ServiceQuotaExceededException: the state machine has ``MAX_VERSIONS`` already.
        ValidationException: the description cannot be kept.
    """
    check_description(description)
    revision = machine.current
    if revision is None:
        raise StateMachineDoesNotExist(machine.arn)
    version = version_of(machine)
    if version is not None:
        return version
    if machine.versions.count() >= MAX_VERSIONS:
        raise ServiceQuotaExceededException(
            message=f"'{machine.arn}' has {MAX_VERSIONS} versions, which is the most. "
            "Delete versions that are not needed any more."
        )
    machine.last_version_number += 1
    machine.save(update_fields=["last_version_number"])
    made = StateMachineVersion.objects.create(
        state_machine=machine,
        number=machine.last_version_number,
        revision=revision,
        description=description,
        created_at=timezone.now(),
    )
    record(AuditAction.PUBLISH_VERSION, made.arn, {"revisionId": str(revision.revision_id)})
    return made


@transaction.atomic
def delete_state_machine_version(arn: str) -> None:
    """Delete a version; what it started goes on. One that does not exist is no error.

    Raises:
        InvalidArn: it is no ARN of a version.
        ConflictException: an alias stands for it.
    """
    name, qualifier = qualified_name(arn)
    number = version_number(qualifier)
    if number is None:
        raise invalid_arn(arn, "stateMachine")
    # Locked, so that no alias takes the version up meanwhile.
    machine = StateMachine.objects.select_for_update(no_key=True).filter(name=name).first()
    if machine is None:
        return
    aliases = machine.aliases.filter(version__number=number)
    aliases |= machine.aliases.filter(second_version__number=number)
    if aliases:
        raise ConflictException(
            message="Version to be deleted must not be referenced by an alias. Current list of "
            f"aliases referencing this version: [{', '.join(alias.name for alias in aliases)}]"
        )
    if machine.versions.filter(number=number).delete()[0]:
        record(AuditAction.DELETE_VERSION, arns.qualified_arn(name, str(number)))


def check_description(description: str) -> None:
    """Refuse a description that PostgreSQL cannot keep, with ValidationException."""
    if "\0" in description:
        raise ValidationException(message="A description cannot contain the character U+0000.")


def lock_state_machine(name: str) -> StateMachine:
    """The state machine, locked until the transaction ends: of two changes one comes later.

    Raises:
        StateMachineDoesNotExist, StateMachineDeleting: it cannot be changed.
    """
    machine = StateMachine.objects.select_for_update(no_key=True).filter(name=name).first()
    if machine is None:
        raise StateMachineDoesNotExist(arns.state_machine_arn(name))
    if machine.status == StateMachine.Status.DELETING:
        raise StateMachineDeleting(machine.arn)
    return machine
