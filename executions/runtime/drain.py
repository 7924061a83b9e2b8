"""The durable loop of a worker slot: look, take a turn, act, look again.

Two kinds of slot, so that a slow function never holds up a transition:

- ``drain_executions`` advances executions that have messages due, and performs nothing;
- ``drain_tasks`` performs tasks, reports each outcome straight into the next turn, and keeps the
  quick tasks which that turn asks for (sticky work): one commit a step, or one for the steps of all
  executions that meet (see ``chains``).
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from executions.runtime import doorbell, ending, hints, leases, statements
from executions.runtime.chains import Chains
from executions.runtime.connection import DATABASE_AWAY, forget_broken_connection, transaction
from executions.runtime.performance import Keeper, claim_tasks, perform
from executions.runtime.quick_turn import take_quick_turn
from executions.runtime.state_transitions import transitions
from executions.runtime.turn import Report, take_turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.runtime.outcomes import Outcome, StartedTask

SLOT_SECONDS = 10.0
"""After this a slot hands over to the next hint, so that no execution holds one for ever."""
HELD_PAUSES = (0.002, 0.004, 0.008, 0.016, 0.032)
"""Seconds between looks at executions that are due and held by another worker."""
REPORT_SECONDS = 60.0
"""For how long a slot tries to report what it performed while PostgreSQL is away."""

_log = logging.getLogger(__name__)


def drain_executions(queue: str = "turns", *, patient: bool = True) -> int:
    """Take turns until nothing is due; how many executions were advanced, counted per turn.

    Where state transitions exceed their quota a ``patient`` slot waits, another one returns.
    """
    hints.taken_up(queue)
    advanced = 0
    until = time.monotonic() + SLOT_SECONDS
    while not _hands_over(until):
        while delay := transitions.delay():
            left = until - time.monotonic()
            if left < 0 or not patient:
                return advanced
            time.sleep(min(delay, left + 0.001))
        report = take_turn()
        advanced += len(report.advanced)
        _tell(report)
        if report.full:
            hints.executions_ready()
        if not report.advanced and not _soon_free():
            return advanced
    hints.executions_ready()
    return advanced


def _hands_over(until: float) -> bool:
    """Whether a slot leaves what comes next to others."""
    return time.monotonic() > until or ending.is_announced()


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
    hints.taken_up(queue)
    performed = 0
    until = time.monotonic() + SLOT_SECONDS
    while not _hands_over(until):
        started, others_wait = claim_tasks(queue)
        if others_wait:
            hints.tasks_queued(queue)
        if not started:
            return performed
        performed += _go_on(started, until)
    hints.tasks_queued(queue)
    return performed


def _go_on(started: list[StartedTask], until: float) -> int:
    """Perform tasks, report them, and go on with the quick ones that this asks for.

    How many were performed. Ends early where another slot's chain takes this one in.
    """
    performed = 0
    chain = object()
    leases.hold(started)
    while started:
        try:
            outcomes = [perform(task) for task in started]
        except BaseException:
            leases.let_go(started)
            raise
        performed += len(outcomes)
        if _chains.join(chain, outcomes):
            break
        keep = None if _hands_over(until) else Keeper()
        started = []
        try:
            while outcomes:
                report = _report(outcomes, keep)
                leases.hold(report.started)
                started += report.started
                leases.let_go([each.started for each in outcomes])
                outcomes = []
                _tell(report)
                if report.more:
                    hints.executions_ready()
                outcomes = _chains.next_of(chain, is_last=keep is None)
        except BaseException:
            # Nobody will report what has joined, or perform what was kept: lost attempts.
            outcomes += _chains.next_of(chain, is_last=True)
            leases.let_go([*started, *(each.started for each in outcomes)])
            raise
    return performed


_chains = Chains()
"""Those of this process."""


def advance_now(execution_id: int) -> None:
    """Apply an execution's due messages before returning, for callers that want to see the result.

    Waits for a worker that holds it. What this leaves to do is hinted to the workers.
    """
    tell(take_turn(only=[execution_id], wait=True))


def tell(report: Report) -> None:
    """After the commit of a client's turn: watchers hear of it, workers of what is left to do."""
    _tell(report)
    if report.more:
        hints.executions_ready()


def _tell(report: Report) -> None:
    """After the commit: ring for the watchers and for workers outside, hint at the new tasks."""
    doorbell.ring(report.advanced)
    if report.queued:
        hints.tasks_queued()
    if report.outside:
        doorbell.ring_activities()
    if report.map_runs or report.children_ended:
        hints.map_runs_ready()


def _report(outcomes: list[Outcome], keep: Keeper | None) -> Report:
    """Report outcomes; while PostgreSQL is away try again, since the work has been done.

    A commit whose answer was lost is harmless: reporting again finds the rows gone.
    """
    until = time.monotonic() + REPORT_SECONDS
    done = Report()
    rest: Sequence[Outcome] = outcomes
    while True:
        try:
            delayed = transitions.delay() > 0
            if not delayed:
                quickly, rest = take_quick_turn(rest, keep)
                done.add(quickly)
            if rest:
                done.add(take_turn(outcomes=rest, keep=keep, delayed=delayed))
            return done
        except DATABASE_AWAY as error:
            if time.monotonic() > until:
                raise
            _log.warning("outcomes not reported yet: %s", error)
            forget_broken_connection()
            time.sleep(0.25)
