"""Webhooks: made, changed and removed; what was delivered to them, and sending it again."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models.functions import Now

from executions.errors import TriggerDoesNotExist
from executions.models import Execution, Webhook, WebhookDelivery
from studio.actions.audit import record
from studio.encryption import encrypt
from studio.errors import ValidationException
from studio.models import AuditAction

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from studio.models import StateMachine

PURPOSE: Final[str] = Webhook.encrypted_columns["encrypted_secret"]
MOST_WEBHOOKS: Final = 20
"""Of one state machine."""
FIELDS: Final = ("url", "description", "statuses", "is_enabled")


def webhooks_of(machine: StateMachine) -> QuerySet[Webhook]:
    """A state machine's webhooks."""
    return Webhook.objects.filter(state_machine=machine)


def get_webhook(machine: StateMachine, webhook_id: int) -> Webhook:
    """One of them; raises TriggerDoesNotExist."""
    webhook = webhooks_of(machine).filter(pk=webhook_id).first()
    if webhook is None:
        raise TriggerDoesNotExist(str(webhook_id))
    return webhook


def create_webhook(machine: StateMachine, given: dict[str, Any]) -> tuple[Webhook, str]:
    """Make a webhook; it and its secret, which is shown this once. Raises ValidationException."""
    if webhooks_of(machine).count() >= MOST_WEBHOOKS:
        raise ValidationException(message=f"A state machine has at most {MOST_WEBHOOKS} webhooks.")
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"
    webhook = Webhook(state_machine=machine, encrypted_secret=encrypt(secret, PURPOSE))
    return save_webhook(webhook, given), secret


def save_webhook(webhook: Webhook, given: dict[str, Any]) -> Webhook:
    """Store a webhook with the fields that are given. Raises ValidationException."""
    for name in FIELDS:
        if name in given:
            setattr(webhook, name, given[name])
    _check_url(webhook.url)
    unknown = set(webhook.statuses) - set(Execution.Status.values)
    if unknown:
        raise ValidationException(
            message=f"Statuses are {', '.join(Execution.Status.values)}; not "
            f"{', '.join(sorted(unknown))}."
        )
    is_new = webhook.pk is None
    with transaction.atomic():
        webhook.save()
        action = AuditAction.CREATE_WEBHOOK if is_new else AuditAction.UPDATE_WEBHOOK
        record(action, webhook.state_machine.arn, _told(webhook))
    return webhook


def delete_webhook(machine: StateMachine, webhook_id: int) -> None:
    """Remove a webhook, with its deliveries; raises TriggerDoesNotExist."""
    with transaction.atomic():
        webhook = get_webhook(machine, webhook_id)
        record(AuditAction.DELETE_WEBHOOK, machine.arn, _told(webhook))
        webhook.delete()


def _told(webhook: Webhook) -> dict[str, Any]:
    """What the audit trail has of a webhook: where it leads, without its path and query."""
    return {
        "webhook": webhook.pk,
        "host": urlsplit(webhook.url).hostname,
        "statuses": webhook.statuses,
        "enabled": webhook.is_enabled,
    }


def deliveries_of(webhook: Webhook, count: int = 50) -> list[WebhookDelivery]:
    """The latest deliveries, the newest first, with their events."""
    found = WebhookDelivery.objects.filter(webhook=webhook).select_related("event")
    return list(found.order_by("-id")[:count])


def resend(webhook: Webhook, delivery_id: int) -> WebhookDelivery:
    """Have an event delivered again, whatever became of it before; raises TriggerDoesNotExist."""
    changed = WebhookDelivery.objects.filter(webhook=webhook, pk=delivery_id).update(
        status=WebhookDelivery.Status.PENDING, calls=0, due_at=Now()
    )
    if not changed:
        raise TriggerDoesNotExist(str(delivery_id))
    return WebhookDelivery.objects.select_related("event").get(pk=delivery_id)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
        parts = urlsplit("")
    if not usable or not url.isascii() or len(url) > 2048:
        raise ValidationException(
            message="A webhook's address is an https URL, in letters of ASCII. Plain http is for "
            "hosts in STEPWELL_HTTP_ALLOW."
        )
    if parts.username is not None or parts.password is not None:
        raise ValidationException(message="A webhook's address must not carry credentials.")
