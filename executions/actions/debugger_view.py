"""What a page shows of an execution that is debugged: read from its snapshot and its records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import orjson
from django.db.models import Max

from executions.actions.debugger import read_state
from executions.interpreter.frame import Frame, PauseWait, TaskWait, TimerWait
from executions.interpreter.payload import Payload
from executions.models import DebuggerRecord, PausedExecution
from executions.runtime.debugging import paused_frames

if TYPE_CHECKING:
    from collections.abc import Iterable

    from executions.interpreter.debugging.breakpoint import Breakpoint
    from executions.interpreter.state import ExecutionState
    from executions.models import Execution

MAX_WAITING = 500
MAX_RECORDS = 200
SHOWN = 4096
"""Characters of a payload that a record shows."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an execution a branch or iteration is: the state it is in, and those around it."""

    at: str
    state: str
    entered_event_id: int
    path: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Paused(Place):
    """A paused branch; payloads are JSON texts. ``following`` is where it goes on after ``where``
    "after"; None: its scope ends.
    """

    where: Literal["before", "after"]
    since: datetime
    by: str
    reason: str
    problem: str | None
    input: str
    output: str | None
    variables: str
    following: str | None


@dataclass(frozen=True, slots=True)
class Waiting(Place):
    """A branch that waits for a task, a moment or its next attempt."""

    waits_for: Literal["task", "wait", "retry"]


@dataclass(slots=True)
class DebuggerView:
    """All of it. ``record_id`` is the latest record's id: it tells one view from the next."""

    breakpoints: list[Breakpoint] = field(default_factory=list)
    paused: list[Paused] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    is_pausing: bool = False
    records: list[DebuggerRecord] = field(default_factory=list)
    record_id: int = 0


def view_debugger(execution: Execution) -> DebuggerView:
    """Give what is to be seen of debugging an execution. A running one may go on meanwhile."""
    # Before the snapshot: who is told of a later record looks again.
    records = list(
        DebuggerRecord.objects.filter(execution_id=execution.pk).order_by("-id")[:MAX_RECORDS]
    )
    view = DebuggerView(records=records, record_id=records[0].pk if records else 0)
    state = read_state(execution)
    if state is None:
        return view
    if state.debugger is not None:
        view.breakpoints = list(state.debugger.breakpoints)
        view.is_pausing = any(step.reason == "pause" for step in state.debugger.steps.values())
    view.paused = [_paused(state, frame, wait) for frame, wait in paused_frames(state)]
    view.waiting = list(_waiting(state))[:MAX_WAITING]
    return view


def latest_record(execution_id: int) -> int:
    """Give the id of the latest record of an execution; 0 where there is none."""
    found = DebuggerRecord.objects.filter(execution_id=execution_id).aggregate(Max("id"))
    return found["id__max"] or 0


def paused_executions(executions: Iterable[Execution]) -> dict[int, PausedExecution]:
    """Give those of these executions that are paused, by their ids."""
    return PausedExecution.objects.in_bulk([each.pk for each in executions])


def record_details(record: DebuggerRecord) -> dict[str, Any]:
    """Give a record's details; of long payloads the beginning."""
    details: dict[str, Any] = orjson.loads(record.details)
    return {
        name: f"{value[:SHOWN]}…" if isinstance(value, str) and len(value) > SHOWN else value
        for name, value in details.items()
    }


def _paused(state: ExecutionState, frame: Frame, wait: PauseWait) -> Paused:
    variables = {} if frame.variables is None else frame.variables.payloads
    shown = Payload({n: each.value for n, each in {**variables, **(wait.assigned or {})}.items()})
    return Paused(
        wait.name,
        frame.state,
        frame.entered_id,
        _path(state, frame),
        wait.where,
        datetime.fromtimestamp(wait.since, UTC),
        wait.by,
        wait.reason,
        wait.problem,
        frame.input.text,
        None if wait.output is None else wait.output.text,
        shown.text,
        wait.following,
    )


def _waiting(state: ExecutionState) -> Iterable[Waiting]:
    if state.status != "RUNNING":
        return
    for frame in state.frames.values():
        wait = frame.wait
        if isinstance(wait, TaskWait):
            place = (str(wait.task), frame.state, frame.entered_id, _path(state, frame))
            yield Waiting(*place, "task")
        elif isinstance(wait, TimerWait):
            place = (wait.timer, frame.state, frame.entered_id, _path(state, frame))
            yield Waiting(*place, "retry" if wait.timer.startswith("retry:") else "wait")


def _path(state: ExecutionState, frame: Frame) -> list[dict[str, Any]]:
    """The Map and Parallel states around, the outermost first, each with the child's index."""
    path: list[dict[str, Any]] = []
    while frame.parent is not None:
        parent = state.frames[frame.parent]
        path.append({"state": parent.state, "index": frame.index})
        frame = parent
    return path[::-1]
