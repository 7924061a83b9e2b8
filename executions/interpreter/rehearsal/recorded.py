"""The world as it was: what an execution's history says of its tasks, and when.

What was recorded is said at its moment and in its order, so that an execution replayed on its own
definition repeats itself event by event. What another definition asks for beyond that, nobody
knows.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.frame import TaskWait
from executions.interpreter.messages import (
    FireTimer,
    RedriveExecution,
    StopExecution,
    TaskFailed,
    TaskStarted,
    TaskSubmitted,
    TaskSucceeded,
)
from executions.interpreter.rehearsal.outside import UNRECORDED, Planned, Unanswered
from executions.interpreter.retry import TIMEOUT

if TYPE_CHECKING:
    from executions.interpreter.program import Program
    from executions.interpreter.rehearsal.outside import AskedTask, AskedTimer, MakeCommand
    from executions.interpreter.rehearsal.places import Place
    from executions.interpreter.rehearsal.recording import Attempt, Recording, Told, Visit

LATENESS: Final = 10.0
"""Seconds by which a timer may have fired late and still be the one that was recorded."""


class RecordedOutside:
    """Answers from a recording. ``timeout_seconds`` is that of the definition that ran."""

    def __init__(self, recording: Recording, timeout_seconds: float | None) -> None:
        self._recording = recording
        self._timeout = timeout_seconds
        self._attempts = recording.attempts_at()
        self._visits = recording.visits_at()
        self._answered: dict[int, Attempt] = {}
        self._asked: Counter[Place] = Counter()

    def beginning(self, program: Program) -> list[Planned]:
        """Give the stops and redrives; a time-out only where it is still the same."""
        planned = []
        for kind, told in self._recording.cuts:
            make = _cut(kind, told)
            if kind == "TIMED_OUT" and program.timeout_seconds != self._timeout:
                continue
            planned.append(Planned(told.at, told.event, make))
        return planned

    def answer(self, asked: AskedTask) -> list[Planned]:
        """Give what was recorded of the attempt. Raises Unanswered where nothing was."""
        attempts = self._attempts.get(asked.place, [])
        if asked.number >= len(attempts):
            many = len(attempts)
            raise Unanswered(
                f"State '{asked.place}' asks for {asked.task.resource} "
                + (f"once more than the {many} times" if many else "and nothing")
                + " that was recorded."
            )
        attempt = attempts[asked.number]
        self._answered[asked.task.task] = attempt
        self._asked[asked.place] = asked.number + 1
        planned = []
        task = asked.task.task
        for told, make in self._said(attempt, asked, task):
            planned.append(Planned(max(told.at, asked.now), told.event, make))
        return planned

    def run_map(self, place: Place, number: int, run: int, now: float) -> list[Planned]:
        """Nobody knows: a history does not hold the result of a Map Run."""
        raise Unanswered(
            f"State '{place}' is a Map in DISTRIBUTED mode. Its children are executions of their "
            "own, and the history does not hold what came of them."
        )

    def fire(self, timer: AskedTimer, program: Program) -> tuple[float, int] | None:
        """Give the recorded moment of a timer; its own where none was recorded."""
        kind = timer.name.partition(":")[0]
        own = (timer.at, UNRECORDED)
        if kind == "execution":
            return None if program.timeout_seconds == self._timeout else own
        if timer.frame is None or timer.place is None:
            return own
        wait = timer.frame.wait
        if isinstance(wait, TaskWait):
            attempt = self._answered.get(wait.task)
            if attempt is None:
                return own
            if kind == "heartbeat":
                return None  # Signs of life are not recorded; one that was missed has been told.
            same = attempt.timeout == wait.timeout and attempt.ended is not None
            return None if same else own
        visit = self._visit(timer.place, timer.frame.entered_at)
        if visit is None:
            return own
        if kind == "retry":
            return self._retried(visit, timer) or own
        if visit.exited is None or visit.exited_at is None:
            return own
        late = visit.exited_at - timer.at
        return (visit.exited_at, visit.exited) if -0.001 <= late <= LATENESS else own

    def _visit(self, place: Place, entered_at: float) -> Visit | None:
        """Find the recorded visit that was entered nearest to the moment."""
        return min(
            self._visits.get(place, ()),
            key=lambda visit: abs(visit.entered_at - entered_at),
            default=None,
        )

    def _retried(self, visit: Visit, timer: AskedTimer) -> tuple[float, int] | None:
        """Find when the next attempt was scheduled; its delay may have been drawn by lot."""
        attempts = self._attempts.get(visit.place, [])
        following = attempts[self._asked[visit.place] :][:1]
        if not following or all(following[0] is not each for each in visit.attempts):
            return None
        scheduled = following[0].scheduled
        return (scheduled.at, scheduled.event) if scheduled.at >= timer.now else None

    @staticmethod
    def _said(attempt: Attempt, asked: AskedTask, task: int) -> list[tuple[Told, MakeCommand]]:
        said: list[tuple[Told, MakeCommand]] = []
        if attempt.started is not None:
            worker = attempt.started.details.get("workerName")
            said.append(
                (attempt.started, lambda now, seed: TaskStarted(now, seed, task, worker)),
            )
        if attempt.submitted is not None:
            answer = attempt.submitted.details.get("output", "")
            said.append(
                (attempt.submitted, lambda now, seed: TaskSubmitted(now, seed, task, answer))
            )
        if attempt.ended is not None:
            said.append((attempt.ended, _end(attempt, attempt.ended, asked, task)))
        return said


def _end(attempt: Attempt, ended: Told, asked: AskedTask, task: int) -> MakeCommand:
    details: dict[str, Any] = ended.details
    if attempt.kind == "succeeded":
        output = details.get("output", "")
        return lambda now, seed: TaskSucceeded(now, seed, task, output)
    error, cause = details.get("error"), details.get("cause")
    wait = asked.frame.wait
    if attempt.kind == "timed_out" and isinstance(wait, TaskWait):
        timer = _timer(attempt, ended, wait)
        if timer is not None:
            return lambda now, seed: FireTimer(now, seed, f"{timer}:{task}")
        return lambda now, seed: TaskFailed(now, seed, task, TIMEOUT, None)
    return lambda now, seed: TaskFailed(now, seed, task, error, cause)


def _timer(attempt: Attempt, ended: Told, wait: TaskWait) -> str | None:
    """Tell which timer ended an attempt, which its event does not say; None: there is none now."""
    began = attempt.scheduled
    if attempt.started is not None and ":activity:" in attempt.resource:
        began = attempt.started  # Until a worker comes for it nothing counts.
    if wait.timeout is not None and (
        wait.heartbeat is None or ended.at - began.at >= wait.timeout - 0.5
    ):
        return "timeout"
    return None if wait.heartbeat is None else "heartbeat"


def _cut(kind: str, told: Told) -> MakeCommand:
    if kind == "redrive":
        return lambda now, seed: RedriveExecution(now, seed, now)
    if kind == "TIMED_OUT":
        return lambda now, seed: FireTimer(now, seed, "execution")
    error, cause = told.details.get("error"), told.details.get("cause")
    return lambda now, seed: StopExecution(now, seed, error, cause)
