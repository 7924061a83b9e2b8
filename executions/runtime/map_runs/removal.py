"""Removing the Map Runs of executions that were removed: children first, a batch a commit.

The commit that removes an execution marks its runs as orphaned. A run's row goes last, so whoever
dies on the way leaves what the next one finds again.
"""

from __future__ import annotations

import time

from executions.runtime.connection import transaction
from executions.runtime.inbox import stop_execution
from executions.runtime.removal import BATCH, remove_executions

_ORPHANS = "SELECT id FROM executions_maprun WHERE is_orphaned ORDER BY id LIMIT 20"
_CHILDREN = """
SELECT id FROM executions_execution WHERE map_run_id = %s AND status <> 'RUNNING'
ORDER BY map_number LIMIT %s FOR UPDATE SKIP LOCKED
"""
# Children that still run when their parent is removed are stopped first, once.
_STOP = """
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
SELECT e.id, now(), %s, %s, %s FROM executions_execution e
WHERE e.map_run_id = %s AND e.status = 'RUNNING' AND NOT EXISTS (
    SELECT FROM executions_inboxmessage i
    WHERE i.execution_id = e.id AND i.command = 'StopExecution')
LIMIT %s
"""
_PARTS = """
DELETE FROM executions_maprunpart WHERE id IN (
    SELECT id FROM executions_maprunpart WHERE map_run_id = %s AND status <> 'STARTED' LIMIT %s)
RETURNING 1
"""
_EMPTY = """
DELETE FROM executions_maprun r WHERE r.id = %s AND r.is_orphaned
  AND NOT EXISTS (SELECT FROM executions_execution e WHERE e.map_run_id = r.id)
  AND NOT EXISTS (SELECT FROM executions_maprunpart p WHERE p.map_run_id = r.id)
RETURNING 1
"""
_TALLIES = """
DELETE FROM executions_mapruntally WHERE id IN (
    SELECT id FROM executions_mapruntally WHERE map_run_id = %s ORDER BY id LIMIT 1000)
"""


def remove_orphans(until: float) -> int:
    """Remove what is left of runs whose execution has gone, until it is ``until`` (monotonic).

    At least one batch is removed. Gives how many rows went.
    """
    with transaction() as cursor:
        cursor.execute(_ORPHANS)
        runs = [row[0] for row in cursor.fetchall()]
    total = 0
    stop = stop_execution(None, None)
    for run in runs:
        with transaction() as cursor:
            cursor.execute(_STOP, (stop.command, stop.key, stop.body, run, BATCH))
        total += remove_executions(_CHILDREN, (run,), until) + _remove_parts(run, until)
        with transaction() as cursor:
            cursor.execute(_TALLIES, (run,))
            cursor.execute(_EMPTY, (run,))
            total += len(cursor.fetchall())
        if time.monotonic() > until:
            break
    return total


def _remove_parts(run: int, until: float) -> int:
    total = 0
    while True:
        with transaction() as cursor:
            cursor.execute(_PARTS, (run, BATCH))
            found = len(cursor.fetchall())
        total += found
        if found < BATCH or time.monotonic() > until:
            return total
