"""Deliveries to webhooks: a signed POST of the event, tried again with growing pauses.

Calls go where HTTP Tasks may go, and nowhere else; redirects are not followed. Whoever takes a
delivery puts it off first, so one that dies in the middle is made again: at least once. The
receiver tells repetitions by ``webhook-id``, which is the event's.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

import httpcore
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from executions.actions.triggers.signatures import sign_standard
from executions.actions.triggers.webhooks import PURPOSE
from executions.integrations.http.addresses import AllowList, ForbiddenAddress
from executions.integrations.http.exchange import Client, Request, TooLarge, UnusableAddress
from executions.models import Webhook, WebhookDelivery
from executions.runtime.connection import transaction as runtime_transaction
from studio.encryption import UnreadableSecret, decrypt

BATCH: Final = 8
CALL_SECONDS: Final = 15.0
TAKEN_SECONDS: Final = 60.0
PAUSES: Final = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before the second call and each one after it: those of Standard Webhooks."""
KEPT_ATTEMPTS: Final = 10
GONE: Final = 410

_TAKE = """
WITH due AS MATERIALIZED (
    SELECT d.id FROM executions_webhookdelivery d JOIN executions_webhook w ON w.id = d.webhook_id
    WHERE d.due_at <= now() AND w.is_enabled
    ORDER BY d.due_at, d.id LIMIT %s FOR UPDATE OF d SKIP LOCKED)
UPDATE executions_webhookdelivery d
SET due_at = now() + make_interval(secs => %s), calls = d.calls + 1
FROM due, executions_webhook w, executions_event e
WHERE d.id = due.id AND w.id = d.webhook_id AND e.id = d.event_id
RETURNING d.id, d.calls, w.id, w.url, w.encrypted_secret, e.event_id, e.text
"""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Taken:
    id: int
    calls: int
    webhook: int
    url: str
    encrypted_secret: str
    event_id: str
    text: str


def deliver_webhooks() -> int:
    """Make some of the calls that are due; how many there were."""
    with runtime_transaction() as cursor:
        cursor.execute(_TAKE, (BATCH, TAKEN_SECONDS))
        taken = [_Taken(*row) for row in cursor.fetchall()]
    for each in taken:
        began = time.monotonic()
        status, error = _call(each)
        _note(each, status, error, round((time.monotonic() - began) * 1000))
    return len(taken)


def _call(taken: _Taken) -> tuple[int | None, str]:
    """The status that was answered, or what went wrong."""
    body = taken.text.encode("utf-8", "surrogatepass")
    try:
        secret = decrypt(taken.encrypted_secret, PURPOSE)
        headers = sign_standard(secret, taken.event_id, int(time.time()), body)
        request = Request(
            "POST",
            taken.url,
            {"Content-Type": "application/json", "User-Agent": "Stepwell"},
            {},
            headers,
            body,
            None,
            taken.url,
        )
        answer = client().send(request, CALL_SECONDS, redirects=0)
    except UnreadableSecret:
        return None, "The secret cannot be read any more: STEPWELL_SECRET_KEY has changed."
    except (UnusableAddress, ForbiddenAddress, UnicodeError) as problem:
        return None, str(problem)
    except TooLarge:
        return None, "The answer is too long."
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as problem:
        return None, f"The call was not answered: {problem}"
    except Exception as fault:  # noqa: BLE001 - one that cannot be made must not hold up the others
        _log.exception("delivery %s could not be made", taken.id)
        return None, f"The call could not be made: {fault!r}"
    if 200 <= answer.status < 300:
        return answer.status, ""
    if 300 <= answer.status < 400:
        return answer.status, "Redirects are not followed: give the address that answers."
    return answer.status, answer.body[:500].decode("utf-8", "replace").replace("\0", "")


def _note(taken: _Taken, status: int | None, error: str, milliseconds: int) -> None:
    with transaction.atomic():
        delivery = (
            WebhookDelivery.objects.select_for_update()
            .filter(pk=taken.id, calls=taken.calls)
            .first()
        )
        if delivery is None:
            return  # Removed, or somebody asked for it to be sent again.
        attempt = {
            "at": datetime.now(UTC).isoformat(),
            "status": status,
            "error": error,
            "milliseconds": milliseconds,
        }
        delivery.attempts = [*delivery.attempts, attempt][-KEPT_ATTEMPTS:]
        delivery.due_at = None
        if status is not None and 200 <= status < 300:
            delivery.status = WebhookDelivery.Status.DELIVERED
        elif status == GONE or taken.calls > len(PAUSES):
            delivery.status = WebhookDelivery.Status.FAILED
        else:
            delivery.due_at = Now() + timedelta(seconds=PAUSES[taken.calls - 1])
        delivery.save()
        if status == GONE:
            # The receiver says so: it wants no more of it.
            Webhook.objects.filter(pk=taken.webhook).update(is_enabled=False)
            _log.warning("%s answered 410: its webhook is disabled", taken.url)


@lru_cache(maxsize=1)
def client() -> Client:
    """The process's own."""
    return Client(AllowList.of(settings.HTTP_ALLOW))
