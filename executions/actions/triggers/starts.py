"""Executions that rules and schedules want started: carried out, at most once each.

Whoever takes some puts them off first and commits that; one that dies leaves them due again, and
the execution's name, which is the row's, makes sure that nothing is started a second time.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from executions.actions.executions import start_execution
from executions.errors import ExecutionAlreadyExists, ExecutionLimitExceeded
from executions.models import TriggeredStart
from executions.runtime.connection import transaction
from studio import arns
from studio.errors import ApiError

BATCH: Final = 50
TAKEN_SECONDS: Final = 60.0
LONGEST_PAUSE: Final = 600.0
GIVEN_UP_SECONDS: Final = 24 * 3600.0
"""For how long a start that cannot be is tried: EventBridge's period."""

_TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM executions_triggeredstart WHERE due_at <= now()
    ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
UPDATE executions_triggeredstart t
SET due_at = now() + make_interval(secs => %s), attempts = t.attempts + 1
FROM due, studio_statemachine m
WHERE t.id = due.id AND m.id = t.state_machine_id
RETURNING t.id, t.attempts, m.name, t.qualifier, t.execution_name, t.input_text, t.hops,
          extract(epoch FROM now() - t.created_at)::float8
"""
# Only whoever took it last has the word.
_END = """
UPDATE executions_triggeredstart SET status = %s, execution_arn = %s, error = %s, due_at = NULL
WHERE id = %s AND attempts = %s
"""
_LATER = """
UPDATE executions_triggeredstart
SET error = %s, due_at = now() + make_interval(secs => %s) WHERE id = %s AND attempts = %s
"""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Taken:
    id: int
    attempts: int
    state_machine: str
    qualifier: str
    name: str
    input: str
    hops: int
    age: float


def perform_starts() -> int:
    """Start some of the executions that are due; how many were tried."""
    with transaction() as cursor:
        cursor.execute(_TAKE, (BATCH, TAKEN_SECONDS))
        taken = [_Taken(*row) for row in cursor.fetchall()]
    for each in taken:
        _perform(each)
    return len(taken)


def _perform(wanted: _Taken) -> None:
    try:
        started = start_execution(
            wanted.state_machine,
            name=wanted.name,
            input=wanted.input,
            qualifier=wanted.qualifier or None,
            hops=wanted.hops,
        )
    except ExecutionAlreadyExists:
        # By an attempt before this one, whose end nobody could write down any more.
        _end(wanted, TriggeredStart.Status.STARTED, _arn(wanted), "")
    except ExecutionLimitExceeded as error:
        _put_off(wanted, error)
    except ApiError as error:
        _end(wanted, TriggeredStart.Status.FAILED, "", _text(error))
    else:
        _end(wanted, TriggeredStart.Status.STARTED, started.arn, "")


def _put_off(wanted: _Taken, error: ApiError) -> None:
    if wanted.age > GIVEN_UP_SECONDS:
        _end(wanted, TriggeredStart.Status.FAILED, "", _text(error))
        return
    pause = min(2.0 ** min(wanted.attempts, 20), LONGEST_PAUSE)
    with transaction() as cursor:
        cursor.execute(_LATER, (_text(error), pause, wanted.id, wanted.attempts))


def _end(wanted: _Taken, status: TriggeredStart.Status, arn: str, error: str) -> None:
    if error:
        _log.warning("%s was not started for a trigger: %s", wanted.state_machine, error)
    with transaction() as cursor:
        cursor.execute(_END, (status.value, arn, error, wanted.id, wanted.attempts))


def _arn(wanted: _Taken) -> str:
    return arns.execution_arn(wanted.state_machine, wanted.name)


def _text(error: ApiError) -> str:
    return f"{error.code}: {error.message}".replace("\0", "")
