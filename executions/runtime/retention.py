"""Retention: what ended long ago is removed, a few rows at a time.

Every worker process calls this now and then. Rows that another one holds are passed by, and each
batch is a commit of its own: nothing is left half removed, and nobody waits for long.
"""

from __future__ import annotations

import time

from django.conf import settings

from executions.runtime.connection import transaction

BATCH = 200
"""Executions in a commit."""
SECONDS = 0.5
"""How long one call may go on: the poller has timers to serve."""

# An execution that is redriven at this moment is locked, or has no stopped_at any more.
# A message without its execution would be due for ever, so what came late goes, too.
_REMOVE_EXECUTIONS = """
WITH gone AS (
    DELETE FROM executions_execution WHERE id IN (
        SELECT id FROM executions_execution
        WHERE stopped_at < now() - make_interval(days => %s)
        ORDER BY stopped_at LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING id
), histories AS (
    DELETE FROM executions_historychunk h USING gone WHERE h.execution_id = gone.id
), messages AS (
    DELETE FROM executions_inboxmessage i USING gone WHERE i.execution_id = gone.id
), tasks AS (
    DELETE FROM executions_task t USING gone WHERE t.execution_id = gone.id
)
SELECT count(*) FROM gone
"""
_FORGET_SNAPSHOTS = """
WITH late AS (
    UPDATE executions_execution SET snapshot = '', redrivable_until = NULL WHERE id IN (
        SELECT id FROM executions_execution WHERE redrivable_until <= now()
        ORDER BY redrivable_until LIMIT %s FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id
)
SELECT count(*) FROM late
"""


def remove_expired() -> int:
    """Remove executions that ended over ``settings.RETENTION_DAYS`` ago, with their histories.

    Their names are free then. Of those that are too old to be redriven, what a redrive would go on
    with is removed. Gives how many executions were changed or removed; the next call goes on with
    what this one had no time for.
    """
    until = time.monotonic() + SECONDS
    total = _in_batches(_FORGET_SNAPSHOTS, (BATCH,), until)
    if settings.RETENTION_DAYS > 0:
        total += _in_batches(_REMOVE_EXECUTIONS, (settings.RETENTION_DAYS, BATCH), until)
    return total


def _in_batches(statement: str, parameters: tuple[int, ...], until: float) -> int:
    """Carry a statement out until it finds less than a batch, or time is up; at least once."""
    total = 0
    while True:
        with transaction() as cursor:
            cursor.execute(statement, parameters)
            found: int = cursor.fetchall()[0][0]
        total += found
        if found < BATCH or time.monotonic() > until:
            return total
