"""Aliases of state machines: created, updated, deleted. The only place that writes them."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from studio import arns
from studio.actions.audit import record
from studio.actions.names import invalid_arn, qualified_name
from studio.actions.versions import (
    check_description,
    get_version,
    lock_state_machine,
    version_number,
)
from studio.errors import (
    ConflictException,
    InvalidArn,
    ResourceNotFound,
    ServiceQuotaExceededException,
    StateMachineDoesNotExist,
    ValidationException,
)
from studio.models import (
    AliasMove,
    AuditAction,
    StateMachine,
    StateMachineAlias,
    StateMachineRevision,
    StateMachineVersion,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

MAX_ALIASES = 100
"""Aliases of one state machine, as AWS allows."""

_NAME = re.compile(r"(?=.*[a-zA-Z_.-])[a-zA-Z0-9_.-]{1,80}", re.ASCII)

Route = tuple[str, int]
"""The ARN of a version and its weight in percent."""


def not_found() -> ResourceNotFound:
    """AWS's error about an alias, or a version that an alias names, which does not exist."""
    return ResourceNotFound(message="Request references a resource that does not exist.")


def check_qualifier(machine: StateMachine, qualifier: str) -> None:
    """Refuse, with StateMachineDoesNotExist, what is neither a version nor an alias."""
    number = version_number(qualifier)
    found: QuerySet[StateMachineVersion] | QuerySet[StateMachineAlias]
    if number is None:
        found = machine.aliases.filter(name=qualifier)
    else:
        found = machine.versions.filter(number=number)
    if not found.exists():
        raise StateMachineDoesNotExist(arns.qualified_arn(machine.name, qualifier))


def drawn_revision(machine: StateMachine, qualifier: str | None) -> StateMachineRevision:
    """What an execution runs that is started by a version or an alias; None: the current revision.

    Of the two versions that an alias may stand for, one is drawn by weight.

    Raises:
        StateMachineDoesNotExist: there is no such version or alias.
    """
    if qualifier is None:
        if machine.current is None:
            raise StateMachineDoesNotExist(machine.arn)
        return machine.current
    if version_number(qualifier) is not None:
        return get_version(machine.name, qualifier).revision
    alias = _aliases(machine.name, qualifier).first()
    if alias is None:
        raise StateMachineDoesNotExist(arns.qualified_arn(machine.name, qualifier))
    number = secrets.choice([number for number, weight in alias.routes for _ in range(weight)])
    return get_version(machine.name, str(number)).revision


def get_alias(arn: str) -> StateMachineAlias:
    """The alias with this ARN, its versions loaded.

    Raises:
        InvalidArn: it is no ARN of an alias.
        ResourceNotFound: there is none.
    """
    alias = _aliases(*_names(arn)).first()
    if alias is None:
        raise not_found()
    return alias


@transaction.atomic
def create_state_machine_alias(
    name: str, routes: Sequence[Route], description: str = ""
) -> StateMachineAlias:
    """Create an alias for one or two versions, or give the one that this request created before.

    Raises:
        ValidationException: the routes are not one or two versions of one state machine, or their
            weights are not 100 together.
        ConflictException: the alias exists and is another.
        ResourceNotFound: the state machine or a version does not exist.
        StateMachineDeleting, ServiceQuotaExceededException: as their names say.
    """
    # In AWS's own model, for those who come another way.
    if not _NAME.fullmatch(name):
        raise ValidationException(
            message=f"'{name}' is no name of an alias: up to 80 letters, digits, '-', '_' and '.', "
            "not digits alone."
        )
    machine_name, numbers = _check_routes(routes)
    check_description(description)
    try:
        machine = lock_state_machine(machine_name)
    except StateMachineDoesNotExist:
        raise not_found() from None
    now = timezone.now()
    wanted = StateMachineAlias(
        state_machine=machine, name=name, description=description, created_at=now, updated_at=now
    )
    _route(wanted, numbers)
    existing = _aliases(machine_name, name).first()
    if existing is not None:
        if (existing.description, existing.routes) != (wanted.description, wanted.routes):
            raise ConflictException(
                message="Failed to create alias because an alias with the same name and a "
                "different routing configuration already exists."
            )
        return existing
    if machine.aliases.count() >= MAX_ALIASES:
        raise ServiceQuotaExceededException(
            message=f"'{machine.arn}' has {MAX_ALIASES} aliases, which is the most. "
            "Delete aliases that are not needed any more."
        )
    wanted.save()
    record(AuditAction.CREATE_ALIAS, wanted.arn, {"routes": _told(wanted)})
    return wanted


@transaction.atomic
def update_state_machine_alias(
    arn: str, *, routes: Sequence[Route] | None = None, description: str | None = None
) -> StateMachineAlias:
    """Change what an alias starts from now on; what it has started goes on with its version.

    Raises:
        ValidationException: nothing to change was named, or as for a creation.
        InvalidArn, ResourceNotFound, StateMachineDeleting: as their names say.
    """
    machine_name = _names(arn)[0]
    if routes is None and description is None:
        raise ValidationException(
            message="Either the description or the routingConfiguration must be specified",
            reason="MISSING_REQUIRED_PARAMETER",
        )
    numbers = None
    if routes is not None:
        routed_name, numbers = _check_routes(routes)
        if routed_name != machine_name:
            raise _of_one_machine(routes)
    check_description(description or "")
    try:
        lock_state_machine(machine_name)
    except StateMachineDoesNotExist:
        raise not_found() from None
    alias = get_alias(arn)
    before = _told(alias)
    if numbers is not None:
        _route(alias, numbers)
        # Whoever moves it by hand means it: what is under way must not take it back.
        AliasMove.objects.filter(alias=alias, status=AliasMove.Status.MOVING).update(
            status=AliasMove.Status.CANCELLED,
            reason="The alias was routed by hand.",
            ended_at=timezone.now(),
        )
    if description is not None:
        alias.description = description
    alias.updated_at = timezone.now()
    alias.save()
    record(AuditAction.UPDATE_ALIAS, alias.arn, {"before": before, "routes": _told(alias)})
    return alias


@transaction.atomic
def delete_state_machine_alias(arn: str) -> None:
    """Delete an alias; its versions stay, and what it started goes on. None is no error.

    Raises:
        InvalidArn: it is no ARN of an alias.
    """
    machine_name, name = _names(arn)
    found = StateMachineAlias.objects.filter(state_machine__name=machine_name, name=name)
    if found.delete()[0]:
        record(AuditAction.DELETE_ALIAS, arns.qualified_arn(machine_name, name))


def _told(alias: StateMachineAlias) -> dict[str, int]:
    """Weights by versions, for the audit trail."""
    return {str(number): weight for number, weight in alias.routes}


def _aliases(machine_name: str, name: str) -> QuerySet[StateMachineAlias]:
    found = StateMachineAlias.objects.select_related("state_machine", "version", "second_version")
    return found.filter(state_machine__name=machine_name, name=name)


def _names(arn: str) -> tuple[str, str]:
    """The names of the state machine and of the alias."""
    try:
        machine_name, name = qualified_name(arn)
    except StateMachineDoesNotExist:
        raise not_found() from None
    if name is None or name.isdecimal():
        raise invalid_arn(arn, "stateMachine")
    return machine_name, name


def _check_routes(routes: Sequence[Route]) -> tuple[str, list[tuple[int, int]]]:
    """The state machine's name, and numbers of versions with their weights."""
    received = f"Received: [{', '.join(arn for arn, _ in routes)}]"
    names, numbers = set(), []
    for arn, weight in routes:
        name, qualifier = "", None
        try:
            name, qualifier = qualified_name(arn)
        except InvalidArn:
            pass
        except StateMachineDoesNotExist:
            raise not_found() from None
        number = version_number(qualifier)
        if number is None:
            raise _invalid_routes(
                f"Routing configuration must contain state machine version ARNs. {received}"
            )
        names.add(name)
        numbers.append((number, weight))
    if len({arn for arn, _ in routes}) < len(routes):
        raise _invalid_routes(
            f"Routing configuration must contain distinct state machine version ARNs. {received}"
        )
    if len(names) > 1:
        raise _of_one_machine(routes)
    weights = [weight for _, weight in routes]
    if sum(weights) != 100:
        raise _invalid_routes(
            f"Sum of routing configuration weights must equal 100. Received: {weights}"
        )
    return names.pop(), numbers


def _of_one_machine(routes: Sequence[Route]) -> ValidationException:
    return _invalid_routes(
        "Routing configuration must contain versions of one state machine, the alias's "
        f"own. Received: [{', '.join(arn for arn, _ in routes)}]"
    )


def _invalid_routes(message: str) -> ValidationException:
    return ValidationException(message=message, reason="INVALID_ROUTING_CONFIGURATION")


def _route(alias: StateMachineAlias, numbers: Sequence[tuple[int, int]]) -> None:
    """Let the alias stand for these versions, which exist until the transaction ends."""
    found = {
        version.number: version
        for version in StateMachineVersion.objects.filter(
            state_machine=alias.state_machine, number__in=[number for number, _ in numbers]
        )
    }
    if len(found) < len(numbers):
        raise not_found()
    alias.version, alias.weight = found[numbers[0][0]], numbers[0][1]
    alias.second_version = found[numbers[1][0]] if len(numbers) > 1 else None


def aliases_of(machine: StateMachine, version: int | None = None) -> QuerySet[StateMachineAlias]:
    """The aliases of a state machine, or those that may start one of its versions."""
    found = machine.aliases.order_by("id")
    if version is None:
        return found
    return found.filter(version__number=version) | found.filter(second_version__number=version)
