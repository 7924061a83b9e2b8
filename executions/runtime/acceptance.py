"""Task outcomes are accepted by compare-and-set: late or doubled ones find no row."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import psycopg

from executions.runtime import statements
from executions.runtime.arrays import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.runtime.inbox import Message
    from executions.runtime.outcomes import Outcome

    Cursor = psycopg.Cursor[tuple[Any, ...]]


def send_outcomes(cursor: Cursor, outcomes: Sequence[Outcome]) -> list[Cursor]:
    """Queue the statements that accept the outcomes whose fence still holds."""
    submissions = [o for o in outcomes if o.message.command == "TaskSubmitted"]
    ends = [o for o in outcomes if o.message.command != "TaskSubmitted"]
    slots = [o.started.slot for o in outcomes if o.started.slot is not None]
    if slots:
        # Each call is over, whether or not anybody still waits for its outcome.
        psycopg.Cursor(cursor.connection).execute(statements.RELEASE_SLOTS, (slots,))
    return [
        psycopg.Cursor(cursor.connection).execute(
            statement, columns(statement, [(o.started.id, o.started.fence) for o in some])
        )
        for statement, some in (
            (statements.ACCEPT_OUTCOMES, ends),
            (statements.ACCEPT_SUBMISSIONS, submissions),
        )
        if some
    ]


def accepted_messages(
    accepting: list[Cursor], outcomes: Sequence[Outcome]
) -> dict[int, list[Message]]:
    """The messages of the outcomes whose fence still held, by execution, in the order given.

    PostgreSQL promises no order of the rows that a DELETE returns.
    """
    accepted: dict[int, list[Message]] = defaultdict(list)
    held = {row for each in accepting for row in each.fetchall()}
    for outcome in outcomes:
        started = outcome.started
        if (started.id, started.fence) in held:
            held.remove((started.id, started.fence))  # One outcome a task, the first of several.
            accepted[started.execution_id].append(outcome.message)
    return accepted
