"""What to do next for a run: decided here from its row alone, done elsewhere."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from executions.runtime.map_runs.run import Run


class Move(Enum):
    """One step of a run, each a commit of its own."""

    FAIL = auto()
    """More items have failed than may."""
    STOP = auto()
    """Stop children that run."""
    BEGIN_REDRIVE = auto()
    """Nothing is under way any more: look for children to redrive from now on."""
    REDRIVE = auto()
    """Let children that did not succeed go on."""
    READ = auto()
    """Begin the children of the next items."""
    FINISH = auto()
    """All children have ended: tell the execution that waits."""
    SETTLE = auto()
    """The run has ended and so have its children: write what is to be written, and rest."""
    WAIT = auto()
    """Nothing can be done before something happens."""


def next_move(run: Run, room: int) -> Move:
    """Say what to do; ``room`` is how many more children may be begun."""
    is_alive = run.slots > 0
    if run.status == "RUNNING" and not run.is_redriving and not run.is_stopping:
        return _going_on(run, room, is_alive)
    if run.is_stopping:
        return Move.STOP
    if is_alive:
        return Move.WAIT
    if run.status == "RUNNING":
        return Move.BEGIN_REDRIVE
    return Move.WAIT if run.is_settled else Move.SETTLE


def _going_on(run: Run, room: int, is_alive: bool) -> Move:
    if run.tolerance.is_exceeded(run.items_ended, run.known_total):
        return Move.FAIL
    if run.redrive_after < run.redrive_until - 1:
        return Move.REDRIVE if room else Move.WAIT
    if not run.is_read:
        return Move.READ if room else Move.WAIT
    return Move.WAIT if is_alive else Move.FINISH
