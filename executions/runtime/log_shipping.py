"""Log events of durable executions on their way to CloudWatch Logs.

Whoever sends some puts their rows off first and commits that, so no row is locked while the
service is asked, and a process that dies leaves rows that are due again later: events come at least
once. What could not be put is tried again with growing pauses, for as long as its history is kept.
It waits in the database: neither executions nor memory feel anything of a service that is away.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from executions.integrations.aws.cloudwatch_logs import NotPut, cloudwatch_logs
from executions.runtime import event_log
from executions.runtime.connection import transaction

if TYPE_CHECKING:
    from studio.actions.configurations import LogGroup

TAKEN_SECONDS: Final = 120.0
"""For how long nobody else sends what one process has taken."""
FIRST_PAUSE: Final = 2.0
LONGEST_PAUSE: Final = 300.0

_TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM executions_logdelivery WHERE due_at <= now()
    ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
UPDATE executions_logdelivery d
SET due_at = now() + make_interval(secs => %s), attempts = d.attempts + 1
FROM due WHERE d.id = due.id
RETURNING d.id, d.execution_id, d.first_id, d.redrive_count, d.attempts
"""
_REMOVE = "DELETE FROM executions_logdelivery WHERE id = ANY(%b)"
_PUT_OFF = """
UPDATE executions_logdelivery SET due_at = now() + make_interval(secs => %s) WHERE id = ANY(%b)
"""

_log = logging.getLogger(__name__)
_away_until: dict[LogGroup, float] = {}


def ship() -> int:
    """Send the log events that are due to their log groups; how many turns' events were put.

    A log group that refuses does not hold up another one.
    """
    put = 0
    while True:
        with transaction() as cursor:
            cursor.execute(_TAKE, (event_log.BATCH, TAKEN_SECONDS))
            taken = cursor.fetchall()
            logged = event_log.read(cursor, [row[:4] for row in taken])
        attempts = {row[0]: row[4] for row in taken}
        gone = attempts.keys() - {each.row for each in logged}
        if gone:
            _remove(list(gone))
        lines: dict[LogGroup, list[str]] = defaultdict(list)
        rows: dict[LogGroup, list[int]] = defaultdict(list)
        for each in logged:
            lines[each.group] += each.lines
            rows[each.group].append(each.row)
        for group, events in lines.items():
            if _put(group, events, max(attempts[row] for row in rows[group]), rows[group]):
                put += len(rows[group])
        if len(taken) < event_log.BATCH:
            return put


def _put(group: LogGroup, events: list[str], attempts: int, rows: list[int]) -> bool:
    left = _away_until.get(group, 0.0) - time.monotonic()
    if left <= 0:
        try:
            cloudwatch_logs().put(group.name, group.region, events)
        except NotPut as problem:
            left = min(FIRST_PAUSE * 2.0 ** min(attempts - 1, 20), LONGEST_PAUSE)
            _away_until[group] = time.monotonic() + left
            _log.warning(
                "log events of %s not put, tried again in %.0f s: %s", group.name, left, problem
            )
        else:
            _away_until.pop(group, None)
            _remove(rows)
            return True
    with transaction() as cursor:
        cursor.execute(_PUT_OFF, (left, rows))
    return False


def _remove(rows: list[int]) -> None:
    with transaction() as cursor:
        cursor.execute(_REMOVE, (rows,))
