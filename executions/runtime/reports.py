"""Reporting outcomes: in a quick turn where that can be, else in an ordinary one."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from executions.runtime.connection import DATABASE_AWAY, forget_broken_connection
from executions.runtime.quick_turn import Look, no_look, take_quick_turn
from executions.runtime.state_transitions import transitions
from executions.runtime.turn import Report, take_turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.runtime.outcomes import Outcome
    from executions.runtime.performance import Keeper

REPORT_SECONDS = 60.0
"""For how long a slot tries to report what it performed while PostgreSQL is away."""

_log = logging.getLogger(__name__)


def report(
    outcomes: Sequence[Outcome],
    keep: Keeper | None,
    look: Look = no_look,
) -> Report:
    """Report outcomes; while PostgreSQL is away try again, since the work has been done.

    A commit whose answer was lost is harmless: reporting again finds the rows gone.
    """
    until = time.monotonic() + REPORT_SECONDS
    done = Report()
    rest = outcomes
    while True:
        try:
            delayed = transitions.delay() > 0
            if not delayed:
                quickly, rest = take_quick_turn(rest, keep, look)
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
