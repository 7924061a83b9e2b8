"""Running a part: its children in memory, and one commit for how all of them ended.

A worker takes a part with a lease and runs it outside of any transaction. Killed, it leaves a lease
that runs out; the next one runs all of the part's children again, as asynchronous Express
executions are: at least once. A result is stored once: the part's row has one fence.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from executions.interpreter.map_runs import Plan, child_name
from executions.runtime import hints
from executions.runtime.arrays import columns
from executions.runtime.connection import DATABASE_AWAY, forget_broken_connection, transaction
from executions.runtime.express.execution import ExpressStart, run
from executions.runtime.map_runs.lines import (
    Result,
    decode_inputs,
    decode_results,
    encode_results,
)
from executions.runtime.map_runs.writes import ADD_TALLIES, Tally
from executions.runtime.programs import program_of_revision
from studio import arns

if TYPE_CHECKING:
    from concurrent.futures import Future

REPORT_SECONDS = 60.0
"""For how long a worker tries to store what it ran while PostgreSQL is away."""

_TAKE = """
UPDATE executions_maprunpart p
SET status = 'STARTED', fence = p.fence + 1, lease_until = now() + make_interval(secs => %s)
FROM executions_maprun r
JOIN executions_execution e ON e.id = r.execution_id
JOIN studio_statemachine m ON m.id = e.state_machine_id
JOIN studio_statemachinerevision v ON v.id = e.revision_id
WHERE r.id = p.map_run_id AND p.id = ({which} LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING p.id, p.fence, p.map_run_id, p.number, p.concurrency, p.inputs, p.results, p.children,
          r.uuid::text, r.label, m.name, e.revision_id, v.role_arn, m.logging_configuration, r.plan,
          e.hops, m.sensitive_fields
"""
_TAKE_LOST = _TAKE.format(
    which="""SELECT id FROM executions_maprunpart
             WHERE status = 'STARTED' AND lease_until < now() AND queue = %s ORDER BY lease_until"""
)
_TAKE_QUEUED = _TAKE.format(
    which="""SELECT id FROM executions_maprunpart
             WHERE status = 'QUEUED' AND queue = %s ORDER BY id"""
)
_PROLONG = """
UPDATE executions_maprunpart p SET lease_until = now() + make_interval(secs => %s)
FROM executions_maprun r
WHERE p.id = %s AND p.fence = %s AND p.status = 'STARTED' AND r.id = p.map_run_id
RETURNING r.status = 'RUNNING' AND NOT r.is_stopping
"""
_DONE = """
UPDATE executions_maprunpart
SET status = 'DONE', lease_until = NULL, results = %s, unsuccessful = %s, unstarted = %s
WHERE id = %s AND fence = %s AND status = 'STARTED' RETURNING 1
"""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """A part that this process holds; see ``models.MapRunPart``."""

    id: int
    fence: int
    run: int
    number: int
    concurrency: int
    inputs: str
    results: str
    children: int
    uuid: str
    label: str
    machine: str
    revision: int
    role_arn: str
    logging_configuration: str
    plan: str
    hops: int
    sensitive_fields: str


def run_parts(queue: str, until: float) -> int:
    """Run parts that wait on this queue until none does or it is ``until``; how many."""
    count = 0
    while (part := take(queue)) is not None:
        _run(part)
        count += 1
        hints.map_runs_ready()
        if time.monotonic() > until:
            break
    return count


def take(queue: str) -> Part | None:
    """Take a part whose worker was lost, or else the oldest that waits."""
    for statement in (_TAKE_LOST, _TAKE_QUEUED):
        with transaction() as cursor:
            cursor.execute(statement, (settings.TASK_LEASE_SECONDS, queue))
            row = cursor.fetchone()
        if row is not None:
            return Part(*row)
    return None


def _run(part: Part) -> None:
    inputs = decode_inputs(part.inputs)
    results = decode_results(part.results, part.children)
    tally = Tally()
    tally.slots = part.concurrency
    _Children(part, inputs, results, tally).run()
    ended = [each for each in results if each is not None]
    unsuccessful = sum(each.status != "SUCCEEDED" for each in ended)
    _store(part, encode_results(results), unsuccessful, len(results) - len(ended), tally)


class _Children:
    """The children of a part that are to be run: those that have not succeeded before."""

    def __init__(
        self,
        part: Part,
        inputs: list[tuple[int, str]],
        results: list[Result | None],
        tally: Tally,
    ) -> None:
        self._part = part
        self._inputs = inputs
        self._results = results
        self._tally = tally
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        plan = Plan.decode(part.plan)
        program = program_of_revision(part.revision)
        self._scope = program.map_state(plan.scope, plan.state).processor.number
        self._machine = arns.labelled(part.machine, part.label)
        self._left = iter(
            [
                place
                for place, result in enumerate(results)
                if result is None or result.status != "SUCCEEDED"
            ]
        )

    def run(self) -> None:
        """Run them, so many at once, and keep the lease; nothing more begins once the run ends."""
        between = settings.TASK_LEASE_SECONDS / 4
        with ThreadPoolExecutor(self._part.concurrency, "map-run-child") as threads:
            working: set[Future[None]] = {
                threads.submit(self._work) for _ in range(self._part.concurrency)
            }
            while working:
                done, working = wait(working, timeout=between, return_when=FIRST_COMPLETED)
                for each in done:
                    each.result()
                if working:
                    self._prolong()

    def _work(self) -> None:
        try:
            while not self._is_over.is_set():
                with self._lock:
                    place = next(self._left, None)
                if place is None:
                    return
                self._run_child(place)
        finally:
            connection.close()

    def _run_child(self, place: int) -> None:
        part = self._part
        items, text = self._inputs[place]
        name = child_name(part.uuid, part.number + place)
        end = run(
            ExpressStart(
                self._machine,
                name,
                name,
                part.role_arn,
                "",
                text,
                part.logging_configuration,
                part.revision,
                self._scope,
                part.hops,
                part.sensitive_fields,
            )
        )
        with self._lock:
            self._results[place] = Result.of(end)
            self._tally.add(end.status, items, end.output)

    def _prolong(self) -> None:
        part = self._part
        try:
            with transaction() as cursor:
                cursor.execute(_PROLONG, (settings.TASK_LEASE_SECONDS, part.id, part.fence))
                row = cursor.fetchone()
        except DATABASE_AWAY as error:
            _log.warning("lease of a part not prolonged: %s", error)
            forget_broken_connection()
            return
        if row is None or not row[0]:
            self._is_over.set()


def _store(part: Part, results: str, unsuccessful: int, unstarted: int, tally: Tally) -> None:
    """Store how the children ended, unless the part has been given to somebody else."""
    until = time.monotonic() + REPORT_SECONDS
    while True:
        try:
            with transaction() as cursor:
                cursor.execute(_DONE, (results, unsuccessful, unstarted, part.id, part.fence))
                if cursor.fetchone() is not None:
                    cursor.execute(ADD_TALLIES, columns(ADD_TALLIES, [tally.row(part.run)]))
            return
        except DATABASE_AWAY as error:
            # Harmless where it was committed after all: the part is DONE then.
            if time.monotonic() > until:
                raise
            _log.warning("a part's results are not stored yet: %s", error)
            forget_broken_connection()
            time.sleep(0.25)
