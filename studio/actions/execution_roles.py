"""Execution roles: saved, removed, and the policies of those that are known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from studio import arns
from studio.actions.audit import record
from studio.actions.names import check_role_arn
from studio.errors import ConflictException, InvalidName, ResourceNotFound, ValidationException
from studio.models import AuditAction, ExecutionRole
from studio.policies.advice import role_advice
from studio.policies.needs import Place
from studio.policies.policy import InvalidPolicy, read_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet

    from studio.asl.diagnostics import Diagnostic
    from studio.asl.outline import Outline

_NAME: Final = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
"""What IAM takes as the name of a role."""


def role_arn(name: str) -> str:
    """The ARN of the role with this full name."""
    return f"arn:aws:iam::{arns.account_of(name)}:role/{arns.short_name(name)}"


def execution_roles() -> QuerySet[ExecutionRole]:
    """All roles in sight, by name."""
    return ExecutionRole.objects.select_related("updated_by").order_by("name")


def get_execution_role(name: str) -> ExecutionRole:
    """The role of that name. Raises ResourceNotFound."""
    found = execution_roles().filter(arn=role_arn(name)).first()
    if found is None:
        raise ResourceNotFound(role_arn(name))
    return found


@transaction.atomic
def save_execution_role(
    name: str,
    user_id: int,
    *,
    policy: str,
    description: str = "",
    aws_profile: str = "",
    aws_role_arn: str = "",
    follows: int = 0,
) -> ExecutionRole:
    """Save a role; ``follows`` is the version it goes on from, 0 for one that is new.

    Tasks that begin more than a few seconds later are held against it.

    Raises:
        ConflictException: somebody else has saved or removed it meanwhile.
        InvalidName, InvalidArn: as their names say.
        ValidationException: the policy cannot be read; the message has everything wrong with it.
    """
    short = arns.short_name(name)
    if _NAME.fullmatch(short) is None:
        raise InvalidName(short)
    if aws_role_arn:
        check_role_arn(aws_role_arn)
    if aws_profile and aws_role_arn:
        raise ValidationException(
            message="A role has a profile or a role to assume at AWS, not both"
        )
    try:
        read_policy(policy)
    except InvalidPolicy as problem:
        raise ValidationException(message=str(problem)) from None
    values = {
        "policy": policy,
        "description": description,
        "aws_profile": aws_profile,
        "aws_role_arn": aws_role_arn,
        "updated_at": timezone.now(),
        "updated_by_id": user_id,
        "version": follows + 1,
    }
    arn = role_arn(name)
    if follows:
        saved = ExecutionRole.objects.filter(arn=arn, version=follows).update(**values)
    else:
        _, is_new = ExecutionRole.objects.get_or_create(arn=arn, defaults={**values, "name": short})
        saved = int(is_new)
    if not saved:
        raise ConflictException(
            message=f"The role '{short}' is not as you have read it: read it again, then save"
        )
    action = AuditAction.UPDATE_EXECUTION_ROLE if follows else AuditAction.CREATE_EXECUTION_ROLE
    told = {"policy": policy, "awsProfile": aws_profile, "awsRoleArn": aws_role_arn}
    record(action, arn, {key: value for key, value in told.items() if value})
    return get_execution_role(name)


def advice_of_role(arn: str | None) -> Callable[[Outline], Iterable[Diagnostic]] | None:
    """What tells which Tasks a role does not allow; None for a role that is unknown here."""
    found = None if arn is None else ExecutionRole.objects.filter(arn=arn).first()
    if found is None:
        return None
    policy, place = read_policy(found.policy), Place(settings.AWS_REGION, arns.current_account())
    return lambda view: role_advice(view, policy, found.name, place)


@transaction.atomic
def remove_execution_role(name: str) -> None:
    """Remove a role: what names it runs under an unknown role from then on.

    Raises ResourceNotFound.
    """
    removed, _ = ExecutionRole.objects.filter(arn=role_arn(name)).delete()
    if not removed:
        raise ResourceNotFound(role_arn(name))
    record(AuditAction.DELETE_EXECUTION_ROLE, role_arn(name))
