"""A slot's way from step to step: perform, report, perform what the report asks for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from executions.runtime import after_commit, ending, hints, leases, reports
from executions.runtime.chains import Chains
from executions.runtime.connection import single_statement
from executions.runtime.looks import LINGER_SECONDS, Looks
from executions.runtime.performance import Keeper, perform
from executions.runtime.queues import TASKS
from executions.runtime.taking_up import TakingUp

if TYPE_CHECKING:
    from executions.runtime.outcomes import Outcome, StartedTask

_chains = Chains()
_looks = Looks()
"""Those of this process."""


def hands_over(until: float) -> bool:
    """Whether a slot leaves what comes next to others: from ``until`` (monotonic) on, or at the end
    of the process.
    """
    return time.monotonic() > until or ending.is_announced()


def leave_look() -> bool:
    """Leave it to a chain that is under way to look for tasks; whether there is one that does."""
    return _looks.leave()


def go_on(started: list[StartedTask], until: float) -> int:
    """Perform tasks, report them, and go on with the quick ones that this asks for.

    How many were performed. Ends early where another slot's chain takes this one in. From ``until``
    (monotonic) on nothing more is kept.
    """
    performed = 0
    chain = object()
    leases.hold(started)
    try:
        while started:
            try:
                outcomes = [perform(task) for task in started]
            except BaseException:
                leases.let_go(started)
                raise
            performed += len(outcomes)
            if (host := _chains.join(chain, outcomes)) is not None:
                _looks.hand_over(chain, host)
                break
            started = _report(chain, outcomes, None if hands_over(until) else Keeper())
            if not started:
                started = _linger(chain, until)
    finally:
        if _looks.end(chain):
            hints.taken_up(TASKS)
    return performed


def _report(chain: object, outcomes: list[Outcome], keep: Keeper | None) -> list[StartedTask]:
    """Report outcomes, and those that others leave meanwhile; the tasks to go on with."""
    started: list[StartedTask] = []
    try:
        while outcomes:
            look = _Look(chain, keep)
            report = reports.report(outcomes, keep, look)
            leases.hold(report.started)
            started += report.started
            leases.let_go([each.started for each in outcomes])
            outcomes = []
            after_commit.tell(report)
            look.tell()
            if started:
                _looks.go_on(chain)
            outcomes = _chains.next_of(chain, is_last=keep is None)
    except BaseException:
        # Nobody will report what has joined, or perform what was kept: lost attempts.
        outcomes += _chains.next_of(chain, is_last=True)
        leases.let_go([*started, *(each.started for each in outcomes)])
        raise
    return started


def _linger(chain: object, until: float) -> list[StartedTask]:
    """Look for tasks that wait, where that has been left to the chain; those to go on with."""
    started: list[StartedTask] = []
    while not started and _looks.are_asked_of(chain) and not hands_over(until):
        time.sleep(LINGER_SECONDS)
        look = _Look(chain, Keeper())
        if (taking_up := look()) is None:
            break
        with single_statement() as cursor:
            started = taking_up.take(cursor)
        leases.hold(started)
        look.tell()
        _looks.go_on(chain)
    return started


class _Look:
    """A chain's look, with a report or by itself, where one has been left to it."""

    def __init__(self, chain: object, keep: Keeper | None) -> None:
        self._keep = keep
        self._is_asked = _looks.are_asked_of(chain)
        self._made: TakingUp | None = None

    def __call__(self) -> TakingUp | None:
        """What is to be taken up."""
        if self._keep is None or not self._is_asked:
            return None
        resources, most = self._keep.takes_up()
        self._made = TakingUp(TASKS, resources, most) if most else None
        return self._made

    def tell(self) -> None:
        """After the commit: say what was found, and call others where they are to look."""
        if not self._is_asked:
            return
        made = self._made
        found = made.found if made is not None else None
        # An ordinary turn does not look, nor a chain that has no room.
        others_wait = made is None or found is None or made.others_wait
        if self._keep is not None and found:
            self._keep.took_up(found)
        if _looks.looked(len(found or ()), others_wait=others_wait):
            hints.taken_up(TASKS)
            if others_wait:
                hints.tasks_queued()
