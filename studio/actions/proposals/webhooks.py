"""Addresses that are told of a state machine's proposals: kept and removed."""

from __future__ import annotations

import secrets
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from studio import arns
from studio.actions.audit import record
from studio.actions.versions import lock_state_machine
from studio.asl import json_text
from studio.encryption import decrypt, encrypt
from studio.errors import ResourceNotFound, ServiceQuotaExceededException, ValidationException
from studio.models import OutgoingMessage, ReviewWebhook
from studio.models.audit_entry import AuditAction

MAX_WEBHOOKS = 10
"""Of one state machine."""
TEST = "TEST"
"""The event of a call that tells of nothing."""
_PURPOSE = ReviewWebhook.encrypted_columns["encrypted_secret"]


@transaction.atomic
def create_webhook(state_machine: str, url: str, by: int) -> tuple[ReviewWebhook, str]:
    """Have an address told; the webhook and its secret, which cannot be read again.

    Whether the address may be called is seen when it is: see ``STEPWELL_HTTP_ALLOW``.

    Raises:
        ValidationException: it is no http address, or carries credentials.
        ServiceQuotaExceededException: there are ``MAX_WEBHOOKS``.
    """
    _check_url(url)
    machine = lock_state_machine(state_machine)
    if machine.review_webhooks.count() >= MAX_WEBHOOKS:
        raise ServiceQuotaExceededException(
            message=f"A state machine has {MAX_WEBHOOKS} webhooks at most. Delete one first."
        )
    secret = secrets.token_urlsafe(32)
    webhook = ReviewWebhook.objects.create(
        state_machine=machine,
        url=url,
        encrypted_secret=encrypt(secret, _PURPOSE),
        created_by_id=by,
        created_at=timezone.now(),
    )
    record(AuditAction.CREATE_REVIEW_WEBHOOK, machine.arn, {"webhook": webhook.pk})
    return webhook, secret


def get_webhook(state_machine: str, webhook_id: int) -> ReviewWebhook:
    """A webhook of a state machine. Raises ResourceNotFound."""
    found = ReviewWebhook.objects.filter(pk=webhook_id, state_machine__name=state_machine)
    webhook = found.first()
    if webhook is None:
        raise ResourceNotFound(str(webhook_id))
    return webhook


@transaction.atomic
def change_webhook(
    state_machine: str, webhook_id: int, *, url: str | None = None, enabled: bool | None = None
) -> ReviewWebhook:
    """Give a webhook another address, or turn it on or off; None leaves it as it is.

    What waits to be sent goes to the new address; when it is turned off it is given up.

    Raises:
        ResourceNotFound: there is none.
        ValidationException: the address is no http address, or carries credentials.
    """
    if url is not None:
        _check_url(url)
    lock_state_machine(state_machine)
    webhook = get_webhook(state_machine, webhook_id)
    before = (webhook.url, webhook.is_enabled)
    webhook.url = webhook.url if url is None else url
    webhook.is_enabled = webhook.is_enabled if enabled is None else enabled
    if (webhook.url, webhook.is_enabled) == before:
        return webhook
    webhook.save(update_fields=["url", "is_enabled"])
    if not webhook.is_enabled:
        webhook.messages.filter(sent_at=None, given_up=False).update(
            given_up=True, failure="The webhook was turned off."
        )
    told = {
        "webhook": webhook_id,
        "host": urlsplit(webhook.url).hostname,
        "enabled": webhook.is_enabled,
    }
    record(AuditAction.UPDATE_REVIEW_WEBHOOK, arns.state_machine_arn(state_machine), told)
    return webhook


@transaction.atomic
def try_webhook(state_machine: str, webhook_id: int) -> OutgoingMessage:
    """Have a call made that tells of nothing, also where the webhook is turned off.

    One that still waits for its first attempt is that call. Raises ResourceNotFound.
    """
    lock_state_machine(state_machine)
    webhook = get_webhook(state_machine, webhook_id)
    waiting = webhook.messages.filter(attempt=0, sent_at=None, given_up=False)
    message = waiting.filter(subject=TEST).first()
    if message is not None:
        return message
    identity = uuid.uuid4()
    body = {
        "id": str(identity),
        "event": TEST,
        "accountId": arns.account_of(state_machine),
        "stateMachine": arns.short_name(state_machine),
        "sentence": f"A test of this webhook of {arns.short_name(state_machine)}",
        "date": timezone.now().isoformat(timespec="milliseconds"),
    }
    message = OutgoingMessage.objects.create(
        identity=identity, webhook=webhook, subject=TEST, text=json_text.dumps(body)
    )
    transaction.on_commit(import_string(settings.REVIEW_WORK_WAITS))
    return message


@transaction.atomic
def delete_webhook(state_machine: str, webhook_id: int) -> None:
    """Tell an address no more, not even what waits to be sent. Raises ResourceNotFound."""
    found = ReviewWebhook.objects.filter(pk=webhook_id, state_machine__name=state_machine)
    if not found.delete()[0]:
        raise ResourceNotFound(str(webhook_id))
    told = {"webhook": webhook_id}
    record(AuditAction.DELETE_REVIEW_WEBHOOK, arns.state_machine_arn(state_machine), told)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        usable = False
    if not usable or not url.isascii():
        raise ValidationException(
            message=f"'{url}' is not an https address without credentials, in letters of ASCII."
        )


def secret_of(webhook: ReviewWebhook) -> str:
    """The secret that signs what is sent. Raises studio.encryption.UnreadableSecret."""
    return decrypt(webhook.encrypted_secret, _PURPOSE)
