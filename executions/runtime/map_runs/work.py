"""What a worker slot does for Map Runs: parts of Express children, and steps of the runs."""

from __future__ import annotations

import time

from executions.runtime import hints
from executions.runtime.connection import transaction
from executions.runtime.drain import SLOT_SECONDS
from executions.runtime.map_runs.drive import drive_runs
from executions.runtime.map_runs.parts import run_parts

_WORK_WAITS = """
SELECT q.queue FROM unnest(%b::text[]) AS q(queue) WHERE
    EXISTS (SELECT FROM executions_maprun r
            WHERE r.id IN ((SELECT id FROM executions_maprun WHERE due_at <= now()
                            ORDER BY due_at LIMIT 100)
                           UNION (SELECT map_run_id FROM (
                               SELECT map_run_id FROM executions_mapruntally
                               ORDER BY id LIMIT 100) t))
              AND r.queue = q.queue AND (r.lease_until IS NULL OR r.lease_until < now()))
    OR EXISTS (SELECT FROM executions_maprunpart WHERE status = 'QUEUED' AND queue = q.queue)
    OR EXISTS (SELECT FROM executions_maprunpart
               WHERE status = 'STARTED' AND lease_until < now() AND queue = q.queue)
"""


def queues_with_work(queues: tuple[str, ...]) -> list[str]:
    """Those of these queues on which something waits that nobody does."""
    if not queues:
        return []
    with transaction() as cursor:
        cursor.execute(_WORK_WAITS, (list(queues),))
        return [row[0] for row in cursor.fetchall()]


def drain_map_runs(queue: str) -> int:
    """Work at runs and parts of this queue until there is nothing to do; how much was done.

    A run's steps come first, and again after each part: they keep others supplied.
    """
    hints.taken_up(hints.map_run_mark(queue))
    until = time.monotonic() + SLOT_SECONDS
    done = 0
    while True:
        some = drive_runs(queue, until)
        if time.monotonic() < until:
            some += run_parts(queue, until if some == 0 else time.monotonic())
        done += some
        if not some:
            return done
        if time.monotonic() > until:
            hints.map_runs_ready()
            return done
