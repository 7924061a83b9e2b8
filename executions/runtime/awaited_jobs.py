"""Jobs of Tasks with ``.sync``: rows that any worker looks at now and then, with growing pauses.

The turn that accepts the call's answer stores the job. Whoever looks at one puts the next look off
first and commits that, so a worker that dies while it asks costs one pause. What it saw is one
commit: the end removes the attempt's row and leaves its outcome in the inbox, so the outcome is
reported once, however many looked.

Whether somebody still waits for a job is not stored: the attempt's row says it. A turn that gives a
Task up, or closes its execution, removes that row as it always does, and the job is found without
one and stopped. As at AWS that is the best that can be done: the service may not be there.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from executions.integration import JobIntegration, JobNotSeen
from executions.integrations.aws.caller import calling_as
from executions.integrations.registry import integration_for
from executions.runtime import hints
from executions.runtime.connection import transaction
from executions.runtime.outcomes import message_of
from executions.runtime.permissions import caller_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from executions.integration import TaskOutcome
    from executions.runtime.inbox import Message
    from executions.runtime.outcomes import Outcome

    Cursor = psycopg.Cursor[tuple[Any, ...]]

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
GROWTH: Final = 1.5
"""Seconds between looks: 1, 1.5, 2.25, …, 60."""
TAKEN_SECONDS: Final = 90.0
"""For how long nobody else looks: longer than a service may take to answer."""
FAULTS_BELIEVED: Final = 5
"""Refusals in a row after which a job counts as not to be seen any more: of one that has just
begun, services may know nothing for a moment."""
STOPS: Final = 10
"""Attempts at stopping a job."""
BATCH: Final = 8
"""Jobs that one look takes on."""

_log = logging.getLogger(__name__)

# An attempt that goes on with another fence has another call under way, which will find this job.
_PUT_JOBS = """
INSERT INTO executions_awaitedjob
    (execution_id, task, resource, job, look_at, looks, faults, stopping, fence, role_arn)
SELECT v.execution_id, v.task, v.resource, v.job, now() + make_interval(secs => %s), 0, 0, false, 0,
       v.role_arn
FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[], %b::int[], %b::text[], %b::text[], %b::text[])
  AS v(row_id, fence, execution_id, task, resource, job, role_arn)
WHERE NOT EXISTS (SELECT FROM executions_task t WHERE t.id = v.row_id
                  AND (t.fence <> v.fence OR t.status <> 'SUBMITTED'))
ON CONFLICT DO NOTHING
"""
_STOP_FORSAKEN = """
UPDATE executions_awaitedjob j SET stopping = true, look_at = now(), looks = 0, faults = 0
WHERE NOT j.stopping AND NOT EXISTS (SELECT FROM executions_task t
                                     WHERE t.execution_id = j.execution_id AND t.task = j.task)
RETURNING j.id
"""
_TAKE = """
UPDATE executions_awaitedjob j
SET look_at = now() + make_interval(secs => %s), fence = j.fence + 1, looks = j.looks + 1
FROM (SELECT id FROM executions_awaitedjob WHERE look_at <= now()
      ORDER BY look_at LIMIT %s FOR UPDATE SKIP LOCKED) due
WHERE j.id = due.id
RETURNING j.id, j.fence, j.execution_id, j.task, j.resource, j.job, j.looks, j.faults, j.stopping,
          j.role_arn
"""
_NEXT_LOOK = """
SELECT extract(epoch FROM min(look_at) - now())::float8 FROM executions_awaitedjob
"""
_LOOK_AGAIN = """
UPDATE executions_awaitedjob SET look_at = now() + make_interval(secs => %s), faults = %s
WHERE id = %s AND fence = %s
"""
_END = """
WITH ended AS (
    DELETE FROM executions_task t USING executions_awaitedjob j
    WHERE j.id = %s AND j.fence = %s AND t.execution_id = j.execution_id AND t.task = j.task
      AND t.status = 'SUBMITTED'
    RETURNING t.execution_id
)
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
SELECT execution_id, now(), %s, %s, %s FROM ended
"""
_REMOVE = "DELETE FROM executions_awaitedjob WHERE id = %s AND fence = %s"


@dataclass(frozen=True, slots=True)
class _Taken:
    id: int
    fence: int
    execution_id: int
    task: int
    resource: str
    job: str
    looks: int
    faults: int
    stopping: bool
    role_arn: str


def put_jobs(cursor: Cursor, outcomes: Sequence[Outcome]) -> None:
    """Store the jobs that calls have begun, in the turn that accepts the calls' answers.

    A job whose attempt was given up meanwhile is stored, too: to be stopped.
    """
    begun = [
        (o.id, o.fence, o.execution_id, o.task, o.resource, job, o.assumed_role_arn or o.role_arn)
        for o, job in ((outcome.started, outcome.job) for outcome in outcomes)
        if job is not None
    ]
    if begun:
        columns = tuple(list(column) for column in zip(*begun, strict=True))
        cursor.execute(_PUT_JOBS, (FIRST_PAUSE, *columns))


def look() -> int:
    """Look at some of the jobs that are due; how many there were."""
    with transaction() as cursor:
        cursor.execute(_TAKE, (TAKEN_SECONDS, BATCH))
        taken = [_Taken(*row) for row in cursor.fetchall()]
    for job in taken:
        try:
            with calling_as(caller_of(job.role_arn)):
                if job.stopping:
                    _stop(job)
                else:
                    _look_at(job)
        except Exception:  # noqa: BLE001 - our own fault must not hold up the other jobs
            _log.exception("the job of %s could not be looked at", job.resource)
    return len(taken)


def next_look() -> float | None:
    """In how many seconds some job is due, None where there is none. What nobody waits for any more
    is due at once."""
    with transaction() as cursor:
        cursor.execute(_NEXT_LOOK)
        seconds = cursor.fetchall()[0][0]
        if seconds is None:
            return None
        cursor.execute(_STOP_FORSAKEN)
        return 0.0 if cursor.fetchall() else float(seconds)


def _look_at(job: _Taken) -> None:
    integration = cast("JobIntegration", integration_for(job.resource))
    try:
        outcome = integration.look(job.resource, job.job)
    except JobNotSeen as problem:
        faults = job.faults + problem.lasting
        if faults < FAULTS_BELIEVED:
            _log.info("the job of %s was not seen: %s", job.resource, problem)
            _look_again(job, faults)
            return
        outcome = problem.failure
    if outcome is None:
        _look_again(job, 0)
    else:
        _end(job, outcome)


def _stop(job: _Taken) -> None:
    integration = cast("JobIntegration", integration_for(job.resource))
    try:
        integration.stop(job.resource, job.job)
    except JobNotSeen as problem:
        if job.looks < STOPS and not problem.lasting:
            _look_again(job, 0)
            return
        _log.warning("the job %s of %s was not stopped: %s", job.job, job.resource, problem)
    with transaction() as cursor:
        cursor.execute(_REMOVE, (job.id, job.fence))


def _look_again(job: _Taken, faults: int) -> None:
    pause = min(FIRST_PAUSE * GROWTH ** min(job.looks, 50), LONGEST_PAUSE)
    with transaction() as cursor:
        cursor.execute(_LOOK_AGAIN, (pause, faults, job.id, job.fence))


def _end(job: _Taken, outcome: TaskOutcome) -> None:
    message: Message = message_of(job.task, outcome)
    with transaction() as cursor:
        cursor.execute(_END, (job.id, job.fence, message.command, message.key, message.body))
        cursor.execute(_REMOVE, (job.id, job.fence))
    hints.executions_ready()
