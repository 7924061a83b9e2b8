"""What triggers leave behind goes after ``settings.EVENT_RETENTION_DAYS``, a few rows at a time."""

from __future__ import annotations

from typing import Final

from django.conf import settings

from executions.runtime.connection import transaction

BATCH: Final = 500

# Starts that are over; events that nothing waits for, with their deliveries.
_STARTS = """
DELETE FROM executions_triggeredstart WHERE id IN (
    SELECT id FROM executions_triggeredstart
    WHERE created_at < now() - make_interval(days => %s) AND due_at IS NULL
    ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_OLD = """
SELECT e.id FROM executions_event e
WHERE e.received_at < now() - make_interval(days => %s) AND e.bus_due_at IS NULL
  AND NOT EXISTS (SELECT FROM executions_triggeredstart t
                  WHERE t.event_id = e.id AND t.due_at IS NOT NULL)
  AND NOT EXISTS (SELECT FROM executions_webhookdelivery d JOIN executions_webhook w
                  ON w.id = d.webhook_id
                  WHERE d.event_id = e.id AND d.due_at IS NOT NULL AND w.is_enabled)
ORDER BY e.received_at LIMIT %s FOR UPDATE OF e SKIP LOCKED
"""
_REMOVE = (
    "DELETE FROM executions_webhookdelivery WHERE event_id = ANY(%b)",
    "UPDATE executions_triggeredstart SET event_id = NULL WHERE event_id = ANY(%b)",
    "DELETE FROM executions_event WHERE id = ANY(%b)",
)


def remove_old() -> int:
    """Remove some of what is over and old; how many rows."""
    days = settings.EVENT_RETENTION_DAYS
    if days <= 0:
        return 0
    with transaction() as cursor:
        cursor.execute(_STARTS, (days, BATCH))
        removed = len(cursor.fetchall())
        cursor.execute(_OLD, (days, BATCH))
        events = [row[0] for row in cursor.fetchall()]
        if events:
            for statement in _REMOVE:
                cursor.execute(statement, (events,))
    return removed + len(events)
