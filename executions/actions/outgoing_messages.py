"""Mails and calls of webhooks, sent from rows that the transactions they tell of have written."""

from __future__ import annotations

import hmac
import logging
import smtplib
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

import httpcore
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now

from executions.integrations.http.addresses import AllowList
from executions.integrations.http.exchange import Client, Request, TooLarge, UnusableAddress
from studio.actions.proposals.webhooks import secret_of
from studio.encryption import UnreadableSecret
from studio.models import OutgoingMessage

if TYPE_CHECKING:
    from django.db.models import QuerySet

LEASE_SECONDS = 120.0
CALL_SECONDS = 15.0
PAUSES = (5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600)
"""Seconds from one attempt to the next; after the last one the message is given up."""
LONGEST_FAILURE = 400
KEPT_DAYS = 30
BATCH = 500

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Told:
    """What came of an attempt: ``failure`` is "" where it was sent; ``answer`` a webhook's."""

    failure: str = ""
    answer: str = ""


def is_due() -> bool:
    """Whether a message waits that nobody is sending."""
    return _due().exists()


def send_next() -> bool:
    """Send one message that is due; False where none is. It may be sent again: see the model."""
    message = _take()
    if message is None:
        return False
    try:
        told = _call(message) if message.webhook is not None else _mail(message)
    except Exception as fault:  # noqa: BLE001 - one that cannot be sent must not stop the others
        _log.exception("message %s could not be sent", message.identity)
        told = _Told(f"{type(fault).__name__}: {fault}")
    mine = OutgoingMessage.objects.filter(pk=message.pk, attempt=message.attempt)
    said = {"failure": told.failure[:LONGEST_FAILURE], "answer": told.answer[:LONGEST_FAILURE]}
    if not told.failure:
        mine.update(sent_at=Now(), **said)
    elif message.attempt > len(PAUSES):
        mine.update(given_up=True, **said)
    else:
        pause = timedelta(seconds=PAUSES[message.attempt - 1])
        mine.update(lease_until=Now() + pause, **said)
    return True


def remove_old() -> None:
    """For the poller: remove what was sent, or given up, long ago."""
    old = OutgoingMessage.objects.filter(created_at__lt=Now() - timedelta(days=KEPT_DAYS))
    ids = list(old.exclude(sent_at=None, given_up=False).values_list("pk", flat=True)[:BATCH])
    OutgoingMessage.objects.filter(pk__in=ids).delete()


def signature(secret: str, moment: int, body: bytes) -> str:
    """What the header Stepwell-Signature says: ``t=SECONDS,v1=HEX``, of ``SECONDS.BODY``."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _due() -> QuerySet[OutgoingMessage]:
    return OutgoingMessage.objects.filter(
        sent_at__isnull=True, given_up=False, lease_until__lte=Now()
    )


@transaction.atomic
def _take() -> OutgoingMessage | None:
    message = (
        _due()
        .select_related("webhook")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("lease_until", "id")
        .first()
    )
    if message is None:
        return None
    message.attempt += 1
    OutgoingMessage.objects.filter(pk=message.pk).update(
        attempt=message.attempt, lease_until=Now() + timedelta(seconds=LEASE_SECONDS)
    )
    return message


def _mail(message: OutgoingMessage) -> _Told:
    domain = settings.MAIL_FROM.rpartition("@")[2].rstrip(">") or "localhost"
    mail = EmailMessage(
        message.subject,
        message.text,
        settings.MAIL_FROM,
        [message.address],
        # The same for every attempt: a mail that comes twice is seen to be one.
        headers={"Message-ID": f"<{message.identity}@{domain}>"},
    )
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as fault:
        return _Told(str(fault) or type(fault).__name__)
    return _Told()


def _call(message: OutgoingMessage) -> _Told:
    webhook = message.webhook
    assert webhook is not None
    try:
        secret = secret_of(webhook)
    except UnreadableSecret:
        return _Told("Its secret was kept under another SECRET_KEY: make the webhook anew.")
    body = message.text.encode()
    request = Request(
        method="POST",
        url=webhook.url,
        headers={
            "content-type": "application/json",
            "user-agent": "Stepwell",
            "stepwell-delivery": str(message.identity),
        },
        service_headers={},
        secret_headers={"stepwell-signature": signature(secret, int(time.time()), body)},
        body=body,
        open_body=None,
        open_url=webhook.url,
    )
    try:
        answer = _client().send(request, CALL_SECONDS)
    except (
        UnusableAddress,
        TooLarge,
        OSError,
        httpcore.NetworkError,
        httpcore.TimeoutException,
        httpcore.ProtocolError,
    ) as fault:
        return _Told(f"{type(fault).__name__}: {fault}")
    said = f"{answer.status} {answer.reason}".strip()
    return _Told("" if 200 <= answer.status < 300 else f"It answered {said}.", said)


@lru_cache(maxsize=1)
def _client() -> Client:
    return Client(AllowList.of(settings.HTTP_ALLOW))
