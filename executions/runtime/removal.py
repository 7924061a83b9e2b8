"""Removing executions: with everything that is stored of them, a few at a time.

Histories, messages and tasks have no foreign key, so that the loop's inserts stay cheap; what
belongs to a removed execution must go with it. A message without its execution would be due for
ever. So the executions are locked first, and what is theirs is looked for by later statements:
whoever leaves a message for an execution keeps its row (``FOR KEY SHARE``) or its task's row
locked, and has committed by then, or finds nothing afterwards.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from executions.runtime.connection import transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

BATCH = 200
"""Executions, or rows, in a commit."""

_REMOVE = (
    "DELETE FROM executions_task WHERE execution_id = ANY(%b)",
    "DELETE FROM executions_inboxmessage WHERE execution_id = ANY(%b)",
    "DELETE FROM executions_historychunk WHERE execution_id = ANY(%b)",
    "DELETE FROM executions_debuggerrecord WHERE execution_id = ANY(%b)",
    "DELETE FROM executions_approval WHERE execution_id = ANY(%b)",
    "DELETE FROM executions_pausedexecution WHERE execution_id = ANY(%b)",
    # Their runs follow a few children at a time: see runtime.map_runs.removal.
    """UPDATE executions_maprun SET is_orphaned = true, due_at = NULL
       WHERE execution_id = ANY(%b)""",
    "DELETE FROM executions_execution WHERE id = ANY(%b)",
)
# The oldest only: nobody else takes them, so that is where they gather.
_REMOVE_STRAYS = (
    """
DELETE FROM executions_inboxmessage WHERE id IN (
    SELECT id FROM (SELECT id, execution_id FROM executions_inboxmessage
                    WHERE visible_at < now() - interval '10 seconds'
                    ORDER BY visible_at, id LIMIT 1000) i
    WHERE NOT EXISTS (SELECT FROM executions_execution e WHERE e.id = i.execution_id))
RETURNING id
""",
    """
DELETE FROM executions_task WHERE id IN (
    SELECT id FROM (SELECT id, execution_id FROM executions_task ORDER BY id LIMIT 1000) t
    WHERE NOT EXISTS (SELECT FROM executions_execution e WHERE e.id = t.execution_id))
RETURNING id
""",
)


def remove_executions(chosen: str, parameters: Sequence[Any], until: float) -> int:
    """Remove executions, a batch a commit, until none is left or it is ``until`` (monotonic).

    ``chosen`` is SQL that selects their ids, with a last parameter for how many, and locks them
    FOR UPDATE SKIP LOCKED. At least one batch is removed. Gives how many executions went.
    """
    total = 0
    while True:
        with transaction() as cursor:
            cursor.execute(chosen, (*parameters, BATCH))
            ids = [row[0] for row in cursor.fetchall()]
            if ids:
                for statement in _REMOVE:
                    cursor.execute(statement, (ids,))
        total += len(ids)
        if len(ids) < BATCH or time.monotonic() > until:
            return total


def remove_strays() -> int:
    """Remove messages and tasks whose execution has gone; how many. There should be none."""
    total = 0
    with transaction() as cursor:
        for statement in _REMOVE_STRAYS:
            cursor.execute(statement)
            total += len(cursor.fetchall())
    return total
