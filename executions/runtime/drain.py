"""The durable loop of a worker slot: look, take a turn, act, look again.

Two kinds of slot, so that a slow function never holds up a transition:

- ``drain_executions`` advances executions that have messages due, and performs nothing;
- ``drain_tasks`` performs tasks, reports each outcome straight into the next turn, and keeps the
  quick tasks which that turn asks for (sticky work): see ``chain``.
"""

from __future__ import annotations

import time

from executions.runtime import after_commit, chain, hints, statements
from executions.runtime.connection import transaction
from executions.runtime.performance import claim_tasks
from executions.runtime.queues import TASKS
from executions.runtime.state_transitions import transitions
from executions.runtime.turn import take_turn

SLOT_SECONDS = 10.0
"""After this a slot hands over to the next hint, so that no execution holds one for ever."""
HELD_PAUSES = (0.002, 0.004, 0.008, 0.016, 0.032)
"""Seconds between looks at executions that are due and held by another worker."""


def drain_executions(queue: str = "turns", *, patient: bool = True) -> int:
    """Take turns until nothing is due; how many executions were advanced, counted per turn.

    Where state transitions exceed their quota a ``patient`` slot waits, another one returns.
    """
    hints.taken_up(queue)
    advanced = 0
    until = time.monotonic() + SLOT_SECONDS
    while not chain.hands_over(until):
        while delay := transitions.delay():
            left = until - time.monotonic()
            if left < 0 or not patient:
                return advanced
            time.sleep(min(delay, left + 0.001))
        report = take_turn()
        advanced += len(report.advanced)
        after_commit.tell(report, goes_on=True)
        if report.full:
            hints.executions_ready()
        if not report.advanced and not _soon_free():
            return advanced
    hints.executions_ready()
    return advanced


def _soon_free() -> bool:
    """Whether something is due after all, held by another worker at this moment.

    Outcomes of sibling tasks meet in this way: the second finds the execution held and leaves a
    row. The holder may have read the inbox before; a turn is short, so waiting for it is worth
    more than leaving the row to the next poll.
    """
    for pause in HELD_PAUSES:
        with transaction() as cursor:
            cursor.execute(statements.ANYTHING_DUE)
            if not cursor.fetchall():
                return False
            cursor.execute(statements.CLAIM_READY, (1,))
            if cursor.fetchall():
                return True
        time.sleep(pause)
    return False


def drain_tasks(queue: str = "tasks") -> int:
    """Perform tasks of ``queue`` until none waits; how many were performed."""
    performed = 0
    until = time.monotonic() + SLOT_SECONDS
    while not chain.hands_over(until):
        if queue == TASKS and chain.leave_look():
            return performed
        if not performed:
            hints.taken_up(queue)
        started, others_wait = claim_tasks(queue)
        if others_wait:
            hints.tasks_queued(queue)
        if not started:
            return performed
        performed += chain.go_on(started, until)
    hints.tasks_queued(queue)
    return performed


def advance_now(execution_id: int) -> None:
    """Apply an execution's due messages before returning, for callers that want to see the result.

    Waits for a worker that holds it. What this leaves to do is hinted to the workers.
    """
    after_commit.tell(take_turn(only=[execution_id], wait=True))
