"""State machines: created, updated, deleted. The only place that writes them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone

from studio import arns
from studio.actions.audit import record
from studio.actions.configurations import (
    Configuration,
    as_text,
    check_encryption,
    check_logging,
    check_tracing,
    logging_of,
    tracing_of,
)
from studio.actions.names import check_name, check_role_arn
from studio.actions.review_rules import check_direct_publishing
from studio.actions.surroundings import keep_surroundings
from studio.actions.tags import Tags, check_number
from studio.actions.versions import (
    add_version,
    check_description,
    lock_state_machine,
    version_of,
)
from studio.asl.errors import InvalidDefinition as DefinitionFault
from studio.asl.express import express_diagnostics
from studio.asl.parse import parse
from studio.errors import (
    ConflictException,
    InvalidDefinition,
    MissingRequiredParameter,
    StateMachineAlreadyExists,
    StateMachineDeleting,
    StateMachineDoesNotExist,
    StateMachineLimitExceeded,
    StateMachineTypeNotSupported,
    ValidationException,
)
from studio.models import AuditAction, StateMachine, StateMachineRevision

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

definition_replaced = Signal()
"""A state machine's definition gives way to another: ``name``, ``before`` and ``after``, as JSON
texts. Sent within the transaction that replaces it.
"""

MAX_STATE_MACHINES = 10_000
"""State machines of an account, as AWS allows.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""


def get_state_machine(name: str) -> StateMachine:
    """The state machine ``name`` with its current revision loaded.

    Raises:
        StateMachineDoesNotExist: there is none in sight, or its creation has not been completed.
    """
    machine = StateMachine.objects.select_related("current").filter(name=name).first()
    if machine is None or machine.current is None:
        raise StateMachineDoesNotExist(arns.state_machine_arn(name))
    return machine


def create_state_machine(
    *,
    name: str,
    definition: str,
    role_arn: str,
    type: str = StateMachine.Type.STANDARD,  # noqa: A002 - AWS's name
    logging_configuration: Configuration | None = None,
    tracing_configuration: Configuration | None = None,
    encryption_configuration: Configuration | None = None,
    tags: Tags | None = None,
    publish: bool = False,
    version_description: str = "",
    sample_input: str | None = None,
    source: str = "",
    author_id: int | None = None,
    description: str = "",
) -> StateMachine:
    """Create a state machine, or give the one that was created by this same request before.

    As at AWS a request is the same when name, definition, type and configurations are, and what it
    publishes; the role and the tags are not compared. With ``publish`` the first revision is
    version 1 from the beginning. ``sample_input`` is a JSON text that the page offers, ``source``
    the YAML that the definition was made from, ``author_id`` the person who creates it, and
    ``description`` says why; these are ours alone.

    Raises:
        InvalidDefinition: with every diagnostic.
        StateMachineAlreadyExists: another state machine has this name.
        StateMachineDeleting: one of this name still has executions to end.
        StateMachineLimitExceeded: there are as many as there may be.
        InvalidName, InvalidArn, StateMachineTypeNotSupported, InvalidLoggingConfiguration,
        InvalidTracingConfiguration, InvalidEncryptionConfiguration, TooManyTags,
        ValidationException: as their names say.
    """
    check_name(arns.short_name(name))
    check_role_arn(role_arn)
    if type not in StateMachine.Type.values:
        raise StateMachineTypeNotSupported(
            message=f"State Machine Type is not supported: {type}. Use STANDARD or EXPRESS."
        )
    check_logging(logging_configuration or {})
    if tracing_configuration is not None:
        check_tracing(tracing_configuration)
    if encryption_configuration:
        check_encryption(encryption_configuration)
    check_definition(definition, type)
    check_description(description)
    check_number(arns.state_machine_arn(name), tags or {})
    machine = StateMachine(
        name=name,
        type=type,
        logging_configuration=as_text(logging_configuration),
        tracing_configuration=as_text(tracing_configuration),
        encryption_configuration=as_text(encryption_configuration),
        tags=tags or {},
        sample_input=sample_input,
        created_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            machine.save()
            if StateMachine.objects.count() > MAX_STATE_MACHINES:
                raise StateMachineLimitExceeded(
                    message="The maximum number of state machines has been reached: "
                    f"{MAX_STATE_MACHINES}. Delete one that is not needed any more."
                )
            machine.current = _add_revision(
                machine,
                definition,
                role_arn,
                machine.created_at,
                source,
                author_id,
                description or version_description,
            )
            machine.save(update_fields=["current"])
            record(
                AuditAction.CREATE_STATE_MACHINE,
                machine.arn,
                {"type": type, "revisionId": str(machine.current.revision_id)},
            )
            if publish:
                add_version(machine, version_description)
    except IntegrityError:
        existing = get_state_machine(name)
        if existing.status == StateMachine.Status.DELETING:
            raise StateMachineDeleting(existing.arn) from None
        version = version_of(existing) if publish else None
        published = version.description if version else None
        if not _is_same(existing, machine, definition) or (
            publish and published != version_description
        ):
            raise StateMachineAlreadyExists(existing.arn) from None
        return existing
    return machine


@transaction.atomic
def update_state_machine(
    machine: StateMachine,
    *,
    definition: str | None = None,
    role_arn: str | None = None,
    logging_configuration: Configuration | None = None,
    tracing_configuration: Configuration | None = None,
    encryption_configuration: Configuration | None = None,
    publish: bool = False,
    version_description: str = "",
    source: str = "",
    base_revision_id: UUID | None = None,
    author_id: int | None = None,
    description: str = "",
    by_program: bool = False,
    is_reviewed: bool = False,
    sample_input: str | None = None,
) -> tuple[StateMachine, datetime]:
    """Change what new executions run; running ones keep the revision they started with.

    What is None stays as it is. A definition and role that are the current ones make no new
    revision. With ``publish`` the revision that is current then gets a version. ``source`` is the
    YAML that ``definition`` was made from. With ``base_revision_id`` nothing is changed unless that
    is still the current revision. ``author_id`` is the person who changes it; ``description`` says
    why, and where it is not given the version's does. ``by_program``: an operation of AWS's API
    asks for it; ``is_reviewed``: it comes of a proposal that may be published. ``sample_input`` is
    a JSON text that the page offers, empty for none: it is no part of what runs, and needs neither
    a revision nor a review.

    Returns:
        The state machine as it is now, and when this update was made.

    Raises:
        MissingRequiredParameter: nothing to change was named.
        ConflictException: ``base_revision_id`` is not the current revision any more.
        ReviewRequired: it changes something, and the rules ask for a review.
        InvalidDefinition, StateMachineDeleting, StateMachineDoesNotExist, InvalidArn,
        InvalidLoggingConfiguration, InvalidTracingConfiguration, InvalidEncryptionConfiguration: as
        their names say.
    """
    configurations = {
        "logging_configuration": logging_configuration,
        "tracing_configuration": tracing_configuration,
        "encryption_configuration": encryption_configuration,
    }
    given = {field: as_text(value) for field, value in configurations.items() if value is not None}
    if definition is None and role_arn is None and not given:
        raise MissingRequiredParameter
    if role_arn is not None:
        check_role_arn(role_arn)
    check_logging(logging_configuration or {})
    if tracing_configuration is not None:
        check_tracing(tracing_configuration)
    if encryption_configuration:
        check_encryption(encryption_configuration)
    check_description(description)
    if definition is not None:
        check_definition(definition, machine.type)

    # Locked, so that of two updates at once the later one sees what the earlier one made.
    locked = lock_state_machine(machine.name)
    now = timezone.now()
    current = locked.current
    if current is None:
        raise StateMachineDoesNotExist(machine.arn)
    if base_revision_id is not None and base_revision_id != current.revision_id:
        raise ConflictException(
            message=f"'{machine.short_name}' has been changed since: its current revision is "
            f"{current.revision_id}, not {base_revision_id}."
        )
    if definition in (None, current.definition):
        # A client that sends the same definition again does not mean to lose its comments.
        source = source or current.source
    definition = current.definition if definition is None else definition
    role_arn = current.role_arn if role_arn is None else role_arn
    known = (current.definition, current.role_arn, current.source)
    changes = (definition, role_arn, source) != known or any(
        getattr(locked, field) != text for field, text in given.items()
    )
    if changes and not is_reviewed:
        check_direct_publishing(locked, by_program=by_program)
    for field, text in given.items():
        setattr(locked, field, text)
    if (definition, role_arn, source) != known:
        locked.current = _add_revision(
            locked,
            definition,
            role_arn,
            now,
            source,
            author_id,
            description or version_description,
        )
    if sample_input is not None:
        locked.sample_input = sample_input or None
    locked.save(update_fields=["current", "sample_input", *given])
    record(AuditAction.UPDATE_STATE_MACHINE, machine.arn, _changed(current, locked, given))
    if definition != current.definition:
        definition_replaced.send(
            StateMachine, name=locked.name, before=current.definition, after=definition
        )
    if publish:
        add_version(locked, version_description)
    return locked, now


@transaction.atomic
def delete_state_machine(name: str) -> StateMachine | None:
    """Let no further execution start. The row goes when nothing runs: executions see to that.

    Returns:
        The state machine that is being deleted; None where there is none, which is no error.
    """
    machine = StateMachine.objects.filter(name=name).first()
    if machine is not None and machine.status != StateMachine.Status.DELETING:
        machine.status = StateMachine.Status.DELETING
        machine.save(update_fields=["status"])
        record(AuditAction.DELETE_STATE_MACHINE, machine.arn)
    return machine


def check_definition(definition: str, type: str) -> None:  # noqa: A002 - AWS's name
    """Refuse what a state machine of this type cannot run, with InvalidDefinition and every
    diagnostic.
    """
    size = len(definition.encode("utf-8", "surrogatepass"))
    if size > settings.MAX_DEFINITION_BYTES:
        raise ValidationException(
            message="1 validation error detected: Value at 'definition' failed to satisfy "
            "constraint: Member must have length less than or equal to "
            f"{settings.MAX_DEFINITION_BYTES}"
        )
    try:
        parsed = parse(definition)
        if type == StateMachine.Type.EXPRESS and (faults := express_diagnostics(parsed)):
            raise DefinitionFault(faults)
    except DefinitionFault as fault:
        raise InvalidDefinition(str(fault), fault.diagnostics) from None


def _add_revision(
    machine: StateMachine,
    definition: str,
    role_arn: str,
    now: datetime,
    source: str,
    author_id: int | None,
    description: str,
) -> StateMachineRevision:
    revision = StateMachineRevision.objects.create(
        state_machine=machine,
        revision_id=uuid.uuid4(),
        definition=definition,
        source=source,
        role_arn=role_arn,
        author_id=author_id,
        description=description,
        configuration=as_text({"logging": logging_of(machine), "tracing": tracing_of(machine)}),
        created_at=now,
    )
    keep_surroundings(revision)
    return revision


def _changed(
    before: StateMachineRevision, machine: StateMachine, given: Iterable[str]
) -> dict[str, Any]:
    """What an update came to, for the audit trail."""
    assert machine.current is not None
    after = machine.current
    return {
        "revisionId": str(after.revision_id),
        "changed": [
            *(
                field
                for field in ("definition", "role_arn", "source")
                if getattr(before, field) != getattr(after, field)
            ),
            *given,
        ],
    }


def _is_same(existing: StateMachine, wanted: StateMachine, definition: str) -> bool:
    fields = ("type", "logging_configuration", "tracing_configuration", "encryption_configuration")
    return (
        existing.current is not None
        and existing.current.definition == definition
        and all(getattr(existing, field) == getattr(wanted, field) for field in fields)
    )
