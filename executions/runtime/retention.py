"""Retention: what ended long ago is removed, a few rows at a time.

Every worker process calls this now and then. Rows that another one holds are passed by, and each
batch is a commit of its own: nothing is left half removed, and nobody waits for long.
"""

from __future__ import annotations

import time

from django.conf import settings

from executions.models import Execution
from executions.runtime.connection import transaction
from executions.runtime.map_runs.removal import remove_orphans
from executions.runtime.removal import BATCH, remove_executions, remove_strays

ENDED = tuple(status.value for status in Execution.Status if status != Execution.Status.RUNNING)
SECONDS = 0.5
"""How long one call may go on: the poller has timers to serve."""

# An execution that is redriven at this moment is locked, or has no stopped_at any more.
_EXPIRED = """
SELECT id FROM executions_execution
WHERE status = %s AND stopped_at < now() - make_interval(days => %s) AND map_run_id IS NULL
ORDER BY stopped_at LIMIT %s FOR UPDATE SKIP LOCKED
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
    """Remove executions that ended longer ago than they are kept, with their histories.

    How long that is depends on how they ended: see ``days_kept``. Their names are free then. Of
    those that are too old to be redriven, what a redrive would go on with is removed. Gives how
    many rows were changed or removed; the next call goes on with what this one had no time for.
    """
    until = time.monotonic() + SECONDS
    total = remove_orphans(until) + remove_strays()
    total += _in_batches(_FORGET_SNAPSHOTS, (BATCH,), until)
    for status in ENDED:
        if (days := days_kept(status)) > 0:
            total += remove_executions(_EXPIRED, (status, days), until)
    return total


def days_kept(status: str) -> int:
    """For how many days an execution that ended so is kept; 0 for ever."""
    days: int = settings.RETENTION_DAYS_BY_STATUS.get(status, settings.RETENTION_DAYS)
    return days


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
