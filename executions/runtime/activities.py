"""Tasks of activities: which activities there are, and who is given which task.

A worker outside is given a task by one commit: the row has the hash of the task's token from then
on, its time-out and its heartbeat count, and the execution is told. Nobody else is given it. What
becomes of a task whose answer never arrives is for its time-out or heartbeat to say.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from executions.interpreter.task_token import TokenSubject, hash_of_token, make_task_token
from executions.runtime.connection import transaction
from executions.runtime.inbox import task_started
from executions.runtime.names import MACHINE
from executions.runtime.queues import activity_queue
from studio import arns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from executions.interpreter.program import Program

    Cursor = psycopg.Cursor[tuple[Any, ...]]

_EXISTING = "SELECT name FROM studio_activity WHERE name = ANY(%b)"
# The oldest of each queue. What another process is handing out at this moment is passed by.
_WAITING = f"""
SELECT t.queue, t.id, t.task, t.parameters, {MACHINE}, e.name
FROM unnest(%b::text[], %b::int[]) AS w(queue, wanted),
LATERAL (SELECT * FROM executions_task t WHERE t.queue = w.queue AND t.status = 'QUEUED'
         ORDER BY t.id LIMIT w.wanted FOR UPDATE SKIP LOCKED) t
JOIN executions_execution e ON e.id = t.execution_id
JOIN studio_statemachine m ON m.id = e.state_machine_id
ORDER BY t.id
"""
# Times are in whole milliseconds, as the machine counts them.
_HAND_OUT = """
WITH given AS (
    SELECT * FROM unnest(%b::bigint[], %b::bytea[], %b::text[], %b::text[], %b::text[])
      AS v(id, token_hash, command, key, body)
), told AS (
    UPDATE executions_task t
    SET status = 'SUBMITTED', fence = fence + 1, token_hash = given.token_hash,
        deadline = date_trunc('milliseconds', now()) + make_interval(secs => t.timeout_seconds),
        heartbeat_at = CASE WHEN t.heartbeat_seconds IS NOT NULL
                            THEN date_trunc('milliseconds', now()) END
    FROM given WHERE t.id = given.id
    RETURNING t.execution_id, given.command, given.key, given.body
)
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
SELECT execution_id, now(), command, key, body FROM told
"""


@dataclass(frozen=True, slots=True)
class ActivityTask:
    """What GetActivityTask answers: the token of one attempt, and its input as JSON text."""

    token: str
    input: str


class Activities:
    """The activities there are at the moment, asked for when a definition names any."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._missing: dict[tuple[str, frozenset[str]], frozenset[str]] = {}

    def missing_for(self, program: Program, account: str) -> frozenset[str]:
        """The ARNs that the program's Tasks name and no activity of the account has."""
        named = program.activities
        if not named:
            return named
        if (account, named) not in self._missing:
            with arns.acting_in(account):
                names = {arn: arns.parse_activity_arn(arn) for arn in named if arns.is_local(arn)}
            asking = psycopg.Cursor(self._cursor.connection)
            existing = {row[0] for row in asking.execute(_EXISTING, (list(names.values()),))}
            self._missing[account, named] = frozenset(
                arn for arn in named if names.get(arn) not in existing
            )
        return self._missing[account, named]


def hand_out(wanted: Mapping[str, Sequence[str | None]]) -> dict[str, list[ActivityTask]]:
    """Give the oldest tasks of activities to those who ask, at most one each, in one commit.

    ``wanted`` has for each activity's name the names of the workers that ask, or None of one that
    gave no name. The n-th task of an activity is for the n-th of them. The caller hints at the
    executions afterwards.
    """
    handed: dict[str, list[ActivityTask]] = {name: [] for name in wanted}
    queues = {activity_queue(name): name for name in wanted}
    with transaction() as cursor:
        cursor.execute(_WAITING, (list(queues), [len(workers) for workers in wanted.values()]))
        rows: list[tuple[Any, ...]] = []
        for queue, row, task, parameters, machine, execution in cursor.fetchall():
            name = queues[queue]
            worker = wanted[name][len(handed[name])]
            subject = TokenSubject(arns.execution_arn(machine, execution), task)
            token = make_task_token(subject, os.urandom(32))
            message = task_started(task, worker)
            handed[name].append(ActivityTask(token, parameters))
            rows.append((row, hash_of_token(token), message.command, message.key, message.body))
        if rows:
            cursor.execute(_HAND_OUT, tuple(list(column) for column in zip(*rows, strict=True)))
    return handed
