"""HTTP endpoints of state machines: made, changed and removed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from executions.actions.triggers.rules import check_target
from executions.actions.triggers.signatures import KINDS
from executions.errors import TriggerDoesNotExist
from executions.models import HttpEndpoint
from studio.actions.audit import record
from studio.encryption import encrypt
from studio.errors import ValidationException
from studio.models import AuditAction

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from studio.models import StateMachine

PURPOSE: Final[str] = HttpEndpoint.encrypted_columns["encrypted_secret"]
MOST_ENDPOINTS: Final = 20
"""Of one state machine."""
SHORTEST_SECRET: Final = 16
FIELDS: Final = ("description", "qualifier", "is_enabled")


def endpoints_of(machine: StateMachine) -> QuerySet[HttpEndpoint]:
    """A state machine's endpoints."""
    return HttpEndpoint.objects.filter(state_machine=machine)


def get_endpoint(machine: StateMachine, endpoint_id: int) -> HttpEndpoint:
    """One of them; raises TriggerDoesNotExist."""
    endpoint = endpoints_of(machine).filter(pk=endpoint_id).first()
    if endpoint is None:
        raise TriggerDoesNotExist(str(endpoint_id))
    return endpoint


def create_endpoint(
    machine: StateMachine, authorization: str, secret: str, given: dict[str, Any]
) -> tuple[HttpEndpoint, str]:
    """Make an endpoint; it and its secret, which is shown this once.

    ``secret`` is the one that its callers sign with, where they tell it (Stripe does); nothing:
    one is made up. Raises ValidationException.
    """
    if authorization not in KINDS:
        raise ValidationException(message=f"The authorization is one of {', '.join(KINDS)}.")
    if secret and (len(secret) < SHORTEST_SECRET or not secret.isascii() or len(secret) > 256):
        raise ValidationException(
            message=f"A secret has {SHORTEST_SECRET} to 256 ASCII characters."
        )
    if endpoints_of(machine).count() >= MOST_ENDPOINTS:
        raise ValidationException(
            message=f"A state machine has at most {MOST_ENDPOINTS} endpoints."
        )
    secret = secret or secrets.token_urlsafe(32)
    endpoint = HttpEndpoint(
        state_machine=machine,
        authorization=authorization,
        encrypted_secret=encrypt(secret, PURPOSE),
    )
    return save_endpoint(endpoint, given), secret


def save_endpoint(endpoint: HttpEndpoint, given: dict[str, Any]) -> HttpEndpoint:
    """Store an endpoint with the fields that are given. Raises ValidationException."""
    for name in FIELDS:
        if name in given:
            setattr(endpoint, name, given[name])
    check_target(endpoint.state_machine, endpoint.qualifier)
    is_new = endpoint.pk is None
    with transaction.atomic():
        endpoint.save()
        action = AuditAction.CREATE_ENDPOINT if is_new else AuditAction.UPDATE_ENDPOINT
        record(action, endpoint.state_machine.arn, _told(endpoint))
    return endpoint


def delete_endpoint(machine: StateMachine, endpoint_id: int) -> None:
    """Remove an endpoint: its address answers 404 at once; raises TriggerDoesNotExist."""
    with transaction.atomic():
        endpoint = get_endpoint(machine, endpoint_id)
        record(AuditAction.DELETE_ENDPOINT, machine.arn, _told(endpoint))
        endpoint.delete()


def _told(endpoint: HttpEndpoint) -> dict[str, Any]:
    """What the audit trail has of an endpoint: neither its secret nor its address."""
    return {
        "endpoint": endpoint.pk,
        "authorization": endpoint.authorization,
        "description": endpoint.description,
        "enabled": endpoint.is_enabled,
    }
