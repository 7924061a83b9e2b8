"""States of executions, read by whoever takes up their quick tasks.

The outcomes of those are about to be reported, and with the states at hand that is one statement
(see ``quick_turn``) though another process made the turn before. Nothing is locked meanwhile: where
an execution has gone on, its version says so, and an ordinary turn decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from executions.interpreter.state import decode
from executions.runtime import statements
from executions.runtime.arrays import BigInts
from executions.runtime.claimed import Claimed, kept_states
from executions.runtime.moments import Moment
from executions.runtime.snapshots import Kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    Cursor = psycopg.Cursor[tuple[Any, ...]]

MOST_BYTES = 4096
"""Larger states have many tasks, each of which would read all of it."""


def send_look(cursor: Cursor, tasks: Sequence[int]) -> Cursor:
    """Ask in the transaction's pipeline for the states of the executions that have these tasks."""
    looking = psycopg.Cursor(cursor.connection)
    return looking.execute(statements.READ_STATES, (BigInts(tasks), MOST_BYTES))


def keep_states(looking: Cursor) -> None:
    """Keep what was read. When its transaction is over: the tasks are this process's."""
    for now, *row in looking.fetchall():
        keep_state(float(now), Claimed(*row))


def keep_state(now: float, execution: Claimed) -> None:
    """Keep the state of a row that was read ``now``, by PostgreSQL's clock, unless one is newer."""
    known = kept_states.latest(execution.id)
    if execution.snapshot and (known is None or known.execution.version < execution.version):
        state = decode(execution.snapshot)
        kept_states.put(Kept(execution, state, Moment.just_told(now)))
