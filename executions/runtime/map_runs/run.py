"""A Map Run's row: claimed for a while, locked for a commit, changed, stored.

Whoever works at a run holds a lease on it, so that two do not read the same items; what counts is
the row's lock and its fence in each commit. A worker that is killed leaves a lease that runs out.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.conf import settings

from executions.interpreter.map_runs import Plan, Tolerance
from executions.runtime.connection import transaction
from executions.runtime.map_runs.writes import ENDS
from studio import arns

if TYPE_CHECKING:
    import psycopg

    Cursor = psycopg.Cursor[tuple[Any, ...]]

# A tally alone makes a run due. Some are enough: whoever has the run adds up all of them.
_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM executions_maprun WHERE id IN (
        (SELECT id FROM executions_maprun WHERE due_at <= now() ORDER BY due_at LIMIT 16)
        UNION
        (SELECT map_run_id FROM (SELECT map_run_id FROM executions_mapruntally
                                 ORDER BY id LIMIT 500) t))
      AND queue = %s AND (lease_until IS NULL OR lease_until < now())
    ORDER BY due_at NULLS LAST, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
UPDATE executions_maprun r
SET lease_until = now() + make_interval(secs => %s), fence = r.fence + 1
FROM due WHERE r.id = due.id RETURNING r.id, r.fence
"""
_PROLONG = """
UPDATE executions_maprun SET lease_until = now() + make_interval(secs => %s)
WHERE id = %s AND fence = %s RETURNING 1
"""
_ADD_UP = """
WITH counted AS (
    DELETE FROM executions_mapruntally WHERE id IN (
        SELECT id FROM executions_mapruntally WHERE map_run_id = %s ORDER BY id LIMIT 5000)
    RETURNING *)
SELECT coalesce(sum(slots), 0)::bigint, coalesce(sum(succeeded), 0)::bigint,
       coalesce(sum(failed), 0)::bigint, coalesce(sum(timed_out), 0)::bigint,
       coalesce(sum(aborted), 0)::bigint, coalesce(sum(items_succeeded), 0)::bigint,
       coalesce(sum(items_failed), 0)::bigint, coalesce(sum(items_timed_out), 0)::bigint,
       coalesce(sum(items_aborted), 0)::bigint, coalesce(sum(output_bytes), 0)::bigint
FROM counted
"""
TELL = """
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
VALUES (%s, now(), %s, %s, %s)
"""


LEASES: Final = 3
"""A lease on a run lasts so much longer than one on a task: reading items may take a moment."""


class Lease(NamedTuple):
    """The right to work at a run: its id, and the fence that says nobody else has it."""

    run: int
    fence: int


@dataclass(slots=True)
class Run:
    """A run's row as a commit sees it, and what is known of its execution.

    Attributes up to ``lease_until`` are columns that may be changed; see ``models.MapRun``.
    """

    status: str
    error: str | None
    cause: str | None
    stopped_at: datetime | None
    position: int
    reading: str
    is_read: bool
    total: int
    children: int
    slots: int
    succeeded: int
    failed: int
    timed_out: int
    aborted: int
    items_succeeded: int
    items_failed: int
    items_timed_out: int
    items_aborted: int
    output_bytes: int
    results_written: int
    items_written: int
    not_redrivable: int
    items_not_redrivable: int
    pending_redrive: int
    items_pending_redrive: int
    redrive_after: int
    redrive_until: int
    is_redriving: bool
    is_stopping: bool
    stopped_after: int
    is_settled: bool
    due_at: datetime | None
    lease_until: datetime | None
    # Not changed here.
    id: int
    execution_id: int
    event: int
    uuid: str
    label: str
    execution_type: str
    queue: str
    plan_text: str
    max_concurrency: int
    tolerated_failure_count: int | None
    tolerated_failure_percentage: float | None
    started_at: datetime
    redrive_count: int
    now: datetime
    state_machine_id: int
    machine: str
    revision: int
    role_arn: str
    logging_configuration: str
    nesting: int
    hops: int

    @property
    def plan(self) -> Plan:
        """What the run works by."""
        return _plan(self.uuid, self.plan_text)

    @property
    def tolerance(self) -> Tolerance:
        """How many items may fail."""
        return Tolerance(self.tolerated_failure_count, self.tolerated_failure_percentage)

    @property
    def arn(self) -> str:
        """The run's ARN."""
        return arns.map_run_arn(self.machine, self.label, self.uuid)

    @property
    def child_machine(self) -> str:
        """What stands for the state machine in the ARNs of the run's children."""
        return arns.labelled(self.machine, self.label)

    @property
    def items_ended(self) -> int:
        """Items whose child has failed or timed out: those that tolerance counts."""
        return self.items_failed + self.items_timed_out

    @property
    def known_total(self) -> int | None:
        """How many items there are; None as long as they are read and not counted."""
        return self.total if self.is_read or self.plan.items is not None else None

    def reset_ends(self) -> None:
        """Count what has ended without success as pending redrive."""
        self.pending_redrive = self.failed + self.timed_out + self.aborted
        self.items_pending_redrive = self.items_ended + self.items_aborted
        self.failed = self.timed_out = self.aborted = 0
        self.items_failed = self.items_timed_out = self.items_aborted = 0


CHANGED: Final = [field.name for field in fields(Run)][: [f.name for f in fields(Run)].index("id")]

_LOCK = f"""
SELECT {", ".join(f"r.{name}" for name in CHANGED)},
       r.id, r.execution_id, r.event, r.uuid::text, r.label, r.execution_type, r.queue, r.plan,
       r.max_concurrency, r.tolerated_failure_count, r.tolerated_failure_percentage, r.started_at,
       r.redrive_count, date_trunc('milliseconds', now()), e.state_machine_id, m.name,
       e.revision_id, v.role_arn, m.logging_configuration, e.nesting, e.hops
FROM executions_maprun r
JOIN executions_execution e ON e.id = r.execution_id
JOIN studio_statemachine m ON m.id = e.state_machine_id
JOIN studio_statemachinerevision v ON v.id = e.revision_id
WHERE r.id = %s AND r.fence = %s FOR NO KEY UPDATE OF r
"""
_STORE = f"""
UPDATE executions_maprun SET {", ".join(f"{name} = %s" for name in CHANGED)} WHERE id = %s
"""


def claim(queue: str) -> Lease | None:
    """Take a run that is due; None where there is none that nobody has."""
    with transaction() as cursor:
        cursor.execute(_CLAIM, (queue, LEASES * settings.TASK_LEASE_SECONDS))
        row = cursor.fetchone()
    return None if row is None else Lease(*row)


def prolong(lease: Lease) -> bool:
    """Keep a run for longer; whether it is still ours."""
    with transaction() as cursor:
        cursor.execute(_PROLONG, (LEASES * settings.TASK_LEASE_SECONDS, *lease))
        return cursor.fetchone() is not None


def lock(cursor: Cursor, lease: Lease) -> Run | None:
    """Lock the row until the commit, with all tallies added up; None: it is not ours any more."""
    cursor.execute(_LOCK, lease)
    row = cursor.fetchone()
    if row is None:
        return None
    run = Run(*row)
    cursor.execute(_ADD_UP, (run.id,))
    slots, *counts, output_bytes = cursor.fetchall()[0]
    run.slots -= slots
    run.output_bytes += output_bytes
    names = [end.lower() for end in ENDS]
    for name, count in zip([*names, *(f"items_{name}" for name in names)], counts, strict=True):
        setattr(run, name, getattr(run, name) + count)
    return run


def store(cursor: Cursor, run: Run) -> None:
    """Store what was changed."""
    cursor.execute(_STORE, (*(getattr(run, name) for name in CHANGED), run.id))


@lru_cache(maxsize=16)
def _plan(uuid: str, text: str) -> Plan:
    """A plan never changes: parsed once, while a worker is at its run."""
    del uuid
    return Plan.decode(text)
