"""Status changes put to EventBridge, or to what stands in for it: ``STEPWELL_EVENT_BUS``."""

from __future__ import annotations

import logging
import time
from typing import Any, Final

import orjson
from django.conf import settings

from executions.integrations.aws.calling import NotReached, Refused, call
from executions.integrations.aws.connections import connections
from executions.runtime.connection import transaction

SERVICE: Final = "events"
BATCH: Final = 10
"""Entries of one PutEvents, as many as it takes."""
TAKEN_SECONDS: Final = 60.0
CALL_SECONDS: Final = 20.0
LONGEST_PAUSE: Final = 300.0
GIVEN_UP_ATTEMPTS: Final = 185
"""EventBridge's own number of attempts."""

_TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM executions_event WHERE bus_due_at <= now()
    ORDER BY bus_due_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
UPDATE executions_event e
SET bus_due_at = now() + make_interval(secs => %s), bus_attempts = e.bus_attempts + 1
FROM due WHERE e.id = due.id
RETURNING e.id, e.bus_attempts, e.text
"""
_DONE = "UPDATE executions_event SET bus_due_at = NULL, bus_error = '' WHERE id = ANY(%b)"
_NOT_DONE = """
UPDATE executions_event
SET bus_error = %s, bus_due_at = CASE WHEN bus_attempts < %s
                                      THEN now() + make_interval(secs => %s) END
WHERE id = %s
"""

_log = logging.getLogger(__name__)


def put_events() -> int:
    """Put some of the events that are due; how many were tried.

    EventBridge does not let everybody send ``aws.states``: AWS itself refuses sources that begin
    with ``aws.``, so ``STEPWELL_EVENT_SOURCE`` says what they come from there.
    """
    with transaction() as cursor:
        cursor.execute(_TAKE, (BATCH, TAKEN_SECONDS))
        taken = cursor.fetchall()
    if not taken:
        return 0
    entries = [_entry(orjson.loads(text)) for _, _, text in taken]
    faults = _put(entries)
    done = [row[0] for row, fault in zip(taken, faults, strict=True) if not fault]
    with transaction() as cursor:
        if done:
            cursor.execute(_DONE, (done,))
        for (row_id, attempts, _), fault in zip(taken, faults, strict=True):
            if fault:
                pause = min(2.0 ** min(attempts, 20), LONGEST_PAUSE)
                cursor.execute(_NOT_DONE, (fault, GIVEN_UP_ATTEMPTS, pause, row_id))
    if any(faults):
        _log.warning("events not put to EventBridge: %s", next(filter(None, faults)))
    return len(taken)


def _put(entries: list[dict[str, Any]]) -> list[str]:
    """For each entry what went wrong; nothing where it was put."""
    if not connections().is_configured(SERVICE):
        problem = (
            "STEPWELL_EVENT_BUS is set, and there are neither credentials for AWS nor an "
            "endpoint: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or "
            "AWS_ENDPOINT_URL_EVENTBRIDGE."
        )
        return [problem] * len(entries)
    client = connections().client(SERVICE, settings.AWS_REGION, time.time() + CALL_SECONDS)
    try:
        answer = call(client, "PutEvents", {"Entries": entries})
    except Refused as refused:
        error = refused.response.get("Error", {})
        return [f"{error.get('Code')}: {error.get('Message')}"] * len(entries)
    except NotReached as problem:
        return [str(problem)] * len(entries)
    results = answer.get("Entries", [])
    return [
        f"{result['ErrorCode']}: {result.get('ErrorMessage')}" if result.get("ErrorCode") else ""
        for result in results
    ] or [""] * len(entries)


def _entry(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "Source": settings.EVENT_SOURCE,
        "DetailType": event["detail-type"],
        "Detail": orjson.dumps(event["detail"]).decode(),
        "Resources": event["resources"],
        "Time": event["time"],
        "EventBusName": settings.EVENT_BUS,
    }
