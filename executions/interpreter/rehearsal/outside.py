"""The port between a rehearsal and what stands in for the world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from executions.interpreter.messages import Command

if TYPE_CHECKING:
    from executions.interpreter.frame import Frame
    from executions.interpreter.messages import ScheduleTask
    from executions.interpreter.program import Program
    from executions.interpreter.rehearsal.places import Place

UNRECORDED = 1 << 62
"""The order of what no recorded event tells of: after all that one does, at the same moment."""

MakeCommand = Callable[[float, str], Command]
"""Makes a command when its moment has come, from that moment and a seed."""


class Planned(NamedTuple):
    """What shall be said to the machine: when, after which of the same moment, and what."""

    at: float
    order: int
    make: MakeCommand


class Unanswered(Exception):
    """Nobody says what an attempt gives; the text says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class AskedTask:
    """An attempt: the ``number``-th (from 0) that is asked for at ``place``."""

    place: Place
    number: int
    task: ScheduleTask
    frame: Frame
    now: float


@dataclass(frozen=True, slots=True)
class AskedTimer:
    """A timer for ``at``, set at ``now``; ``frame`` at ``place`` waits for it.

    Nobody waits for the execution's own.
    """

    name: str
    at: float
    place: Place | None
    frame: Frame | None
    now: float


class Outside(Protocol):
    """Answers for the world."""

    def beginning(self, program: Program) -> list[Planned]:
        """Give what is said whatever the execution does, such as a stop."""
        ...

    def answer(self, asked: AskedTask) -> list[Planned]:
        """Give what is said of an attempt. Raises Unanswered where nobody knows."""
        ...

    def run_map(self, place: Place, number: int, run: int, now: float) -> list[Planned]:
        """Give what is said of a Map Run, the ``number``-th at ``place``. Raises Unanswered."""
        ...

    def fire(self, timer: AskedTimer, program: Program) -> tuple[float, int] | None:
        """Give when the timer fires and its order, or None where something else is known."""
        ...
