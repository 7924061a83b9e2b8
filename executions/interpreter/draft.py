"""The draft of an execution while a command is applied to it: its frames, and what they wait for.

A frame is copied the first time it is changed, so the state that the draft began with stays as it
was.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from executions.interpreter.context import StateBindings, context_object
from executions.interpreter.frame import ChildrenWait, Frame, MapRunWait, TaskWait, TimerWait
from executions.interpreter.history import new_event
from executions.interpreter.messages import (
    CancelTask,
    CancelTimer,
    HistoryEvent,
    SetTimer,
    StopMapRun,
)
from executions.interpreter.state import ExecutionState, awaited_by

if TYPE_CHECKING:
    from collections.abc import Collection

    from executions.interpreter.context import Iteration
    from executions.interpreter.messages import Effect
    from executions.interpreter.program import Program
    from executions.interpreter.state import Status
    from executions.interpreter.states.compiled_state import CompiledState
    from studio.asl.expressions.bindings import Bindings


class Draft:
    """An execution that is being changed.

    ``runnable`` holds the frames that can go on, each with its state. No state is begun once
    ``last_id`` has reached ``limit``. ``fallen`` holds the frames that a failure on its way up has
    ended, and ``halted`` what their parents were waiting for: unless somebody answers the failure
    they are among what is ``left`` of the execution for a redrive. ``missing_activities`` are ARNs
    the definition names and nobody has created.
    """

    __slots__ = (
        "base",
        "cause",
        "drafted",
        "effects",
        "error",
        "events",
        "fallen",
        "frames",
        "halted",
        "input",
        "last_id",
        "left",
        "limit",
        "missing_activities",
        "next_frame",
        "now",
        "output",
        "program",
        "redrive_count",
        "redriven_at",
        "runnable",
        "seed",
        "started_at",
        "status",
        "waiting",
    )

    def __init__(self, program: Program, base: ExecutionState, now: float, seed: str) -> None:
        self.program = program
        self.base = base
        self.now = now if now > base.now else base.now
        self.seed = seed
        self.frames: dict[int, Frame] = base.frames.copy()
        self.waiting = base.waiting
        self.missing_activities: Collection[str] = ()
        self.drafted: set[int] = set()
        self.fallen: dict[int, Frame] = {}
        self.halted: dict[int, ChildrenWait | MapRunWait] = {}
        self.left: dict[int, Frame] = {}
        self.runnable: deque[tuple[Frame, CompiledState]] = deque()
        self.events: list[HistoryEvent] = []
        self.effects: list[Effect] = []
        self.last_id = base.last_event_id
        self.limit = 0
        self.next_frame = base.next_frame
        self.redrive_count = base.redrive_count
        self.redriven_at = base.redriven_at
        self.started_at = base.started_at
        self.input = base.input
        self.status: Status = base.status
        self.output = base.output
        self.error = base.error
        self.cause = base.cause
        for frame_id in base.runnable:
            frame = self.draft(frame_id)
            self.runnable.append((frame, self.state_of(frame)))

    def draft(self, frame_id: int) -> Frame:
        """Give a frame that may be changed."""
        if frame_id in self.drafted:
            return self.frames[frame_id]
        frame = self.frames[frame_id] = self.frames[frame_id].copy()
        self.drafted.add(frame_id)
        return frame

    def state_of(self, frame: Frame) -> CompiledState:
        """Give the compiled state a frame is in."""
        return self.program.scopes[frame.scope].states[frame.state]

    def bindings(self, frame: Frame) -> Bindings:
        """Give what the expressions of the frame's current state may see."""
        return StateBindings(self, frame)

    def context(
        self, frame: Frame, token: str | None, iteration: Iteration | None
    ) -> dict[str, Any]:
        """Give the context object as the frame's current state sees it."""
        return context_object(self, frame, token, iteration)

    def finished_state(self) -> ExecutionState:
        """Give the state this turn has led to."""
        frames = self.frames or self.left
        return ExecutionState(
            identity=self.base.identity,
            status=self.status,
            started_at=self.started_at,
            now=self.now,
            last_event_id=self.last_id,
            next_frame=self.next_frame,
            redrive_count=self.redrive_count,
            redriven_at=self.redriven_at,
            input=self.input,
            frames=frames,
            runnable=tuple(frame.id for frame, _ in self.runnable if frames.get(frame.id) is frame),
            output=self.output,
            error=self.error,
            cause=self.cause,
            debugger=self.base.debugger,
            waiting=self.waiting,
        )

    def record(self, kind: str, previous: int, details: str = "") -> int:
        """Append an event and give its id."""
        number = self.last_id = self.last_id + 1
        self.events.append(new_event(HistoryEvent, (number, previous, kind, self.now, details)))
        return number

    def wait_for_task(self, frame: Frame, wait: TaskWait) -> None:
        """Make a frame wait for an attempt."""
        frame.wait = wait
        self.own_waiting()[wait.task] = frame.id

    def wait_for_timer(self, frame: Frame, timer: str, at: float) -> None:
        """Make a frame wait for a moment, in seconds since the epoch."""
        frame.wait = TimerWait(timer)
        self.own_waiting()[timer] = frame.id
        self.effects.append(SetTimer(timer, at))

    def wait_for_map_run(self, frame: Frame, wait: MapRunWait) -> None:
        """Make a frame wait for its Map Run."""
        frame.wait = wait
        self.own_waiting()[wait.run] = frame.id

    def stop_waiting(self, frame: Frame) -> None:
        """End a drafted frame's wait for an attempt, a Map Run or a timer."""
        self.forget_wait(frame)
        frame.wait = None

    def forget_wait(self, frame: Frame) -> None:
        """Leave the frame out of the index of those that wait."""
        awaited = awaited_by(frame)
        # Absent where the whole execution closes.
        if awaited is not None and awaited in self.waiting:
            del self.own_waiting()[awaited]

    def own_waiting(self) -> dict[int | str, int]:
        """Give the index of waiting frames, to be changed."""
        if self.waiting is self.base.waiting:
            self.waiting = self.waiting.copy()
        return self.waiting

    def start_children(self, frame: Frame, count: int, concurrency: int) -> ChildrenWait:
        """Make a frame wait for ``count`` children, none of which has begun."""
        wait = ChildrenWait([None] * count, concurrency=concurrency)
        frame.wait = wait
        return wait

    def children_of(self, frame: Frame) -> list[Frame]:
        """Give the live branches or iterations of a frame in their order."""
        children = [each for each in self.frames.values() if each.parent == frame.id]
        children.sort(key=lambda each: each.index)
        return children

    def cancel(self, frame: Frame) -> None:
        """Call off what a frame asked of the outside."""
        wait = frame.wait
        if isinstance(wait, TaskWait):
            self.effects.append(CancelTask(wait.task))
            self.cancel_task_timers(wait)
        elif isinstance(wait, TimerWait):
            self.effects.append(CancelTimer(wait.timer))
        elif isinstance(wait, MapRunWait) and not wait.is_over:
            self.effects.append(StopMapRun(wait.run))
        # The frame itself may be the base's: it is left as it is.
        self.forget_wait(frame)

    def cancel_task_timers(self, wait: TaskWait) -> None:
        """Call off the time-outs of an attempt that is over."""
        if wait.timed and wait.timeout is not None:
            self.effects.append(CancelTimer(f"timeout:{wait.task}"))
        if wait.timed and wait.heartbeat is not None:
            self.effects.append(CancelTimer(f"heartbeat:{wait.task}"))
