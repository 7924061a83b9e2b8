"""One turn: the draft of an execution while a command is applied to it.

A Turn copies a frame the first time it changes it, so the state it started from stays as it was.
Its methods are the moves every state type is made of: record an event, enter and leave states,
fail, retry, catch, begin and end scopes.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from executions.interpreter.context import StateBindings, context_object
from executions.interpreter.frame import ChildrenWait, Frame, TaskWait, TimerWait
from executions.interpreter.history import INPUT_END, OUTPUT_END, error_details, new_event
from executions.interpreter.messages import (
    CancelTask,
    CancelTimer,
    HistoryEvent,
    SetTimer,
)
from executions.interpreter.payload import Payload, quote
from executions.interpreter.retry import Failure, delay_before_retry, find_catcher, find_retrier
from executions.interpreter.state import ExecutionState, awaited_by
from executions.interpreter.variables import assign, assigned_details
from studio.asl.errors import QueryEvaluationError, StatesError

if TYPE_CHECKING:
    from collections.abc import Collection

    from executions.interpreter.messages import Effect
    from executions.interpreter.program import CompiledScope, Program
    from executions.interpreter.state import Status
    from executions.interpreter.states.compiled_state import CompiledState
    from executions.interpreter.variables import Assigned
    from studio.asl.expressions.bindings import Bindings


class Turn:
    """The draft. ``runnable`` holds the frames that can go on, each with its state.

    No state is begun once ``last_id`` has reached ``limit``. ``fallen`` holds the frames that a
    failure on its way up has ended, and ``halted`` what their parents were waiting for: unless
    somebody answers the failure they are among what is ``left`` of the execution for a redrive.
    ``missing_activities`` are ARNs the definition names and nobody has created.
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
        self.halted: dict[int, ChildrenWait] = {}
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

    # --- the draft -------------------------------------------------------------------------------

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

    def add_frame(
        self,
        parent: Frame | None,
        scope: CompiledScope,
        index: int,
        input: Payload,  # noqa: A002
        previous: int,
        item: Payload | None = None,
        recorded: Payload | None = None,
    ) -> None:
        """Begin a scope: a new frame enters the scope's first state, following ``previous``.

        ``recorded`` is what the event shows where that differs from ``input`` in spacing.
        """
        state = scope.start
        number = self.record(
            state.entered_type,
            previous,
            f"{state.entered_start}{(recorded or input).quoted}{INPUT_END}",
        )
        frame_id = self.next_frame
        self.next_frame = frame_id + 1
        frame = Frame(
            frame_id,
            None if parent is None else parent.id,
            scope.number,
            index,
            state.name,
            input,
            number,
            self.now,
            number,
            item,
            variables=None if parent is None else parent.variables,
            began=(number, previous),
        )
        self.frames[frame_id] = frame
        self.drafted.add(frame_id)
        self.runnable.append((frame, state))

    def bindings(self, frame: Frame) -> Bindings:
        """Give what the expressions of the frame's current state may see."""
        return StateBindings(self, frame)

    def context(
        self, frame: Frame, token: str | None, iteration: tuple[int, Payload] | None
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
            breakpoints=self.base.breakpoints,
            paused=self.base.paused,
            waiting=self.waiting,
        )

    # --- events ----------------------------------------------------------------------------------

    def record(self, kind: str, previous: int, details: str = "") -> int:
        """Append an event and give its id."""
        number = self.last_id = self.last_id + 1
        self.events.append(new_event(HistoryEvent, (number, previous, kind, self.now, details)))
        return number

    # --- moves -----------------------------------------------------------------------------------

    def wake(self, frame: Frame, state: CompiledState | None) -> None:
        """Let a frame go on with ``state``, which some move gave; None: it cannot."""
        if state is not None:
            self.runnable.append((frame, state))

    def leave(
        self,
        frame: Frame,
        state: CompiledState,
        output: Payload,
        following: CompiledState | None,
        assigned: Assigned | None = None,
        *,
        is_checked: bool = False,
    ) -> CompiledState | None:
        """Record the exit of ``state`` and enter ``following``, or end the frame's scope.

        ``assigned`` becomes variables of the frame's scope. Fails instead where ``output`` may not
        be a payload, unless ``is_checked`` says that somebody has looked. Gives the state the
        frame is in now, or None where it cannot go on by itself.
        """
        if output is not frame.input and not is_checked:
            refusal = self.refusal(frame, output)
            if refusal is not None:
                return self.fail(frame, state, refusal)
        quoted = output.quoted
        end = OUTPUT_END
        if assigned:
            try:
                frame.variables = assign(frame.variables, assigned)
            except StatesError as error:
                if is_checked:
                    self.fail_scope(frame, Failure.of_expression(frame, error))
                    return None
                return self.fail_runtime(frame, state, error)
            end = f"{OUTPUT_END[:-1]},{assigned_details(assigned)}}}"
        number = self.last_id + 1
        now = self.now
        self.events.append(
            new_event(
                HistoryEvent,
                (
                    number,
                    frame.last_id,
                    state.exited_type,
                    now,
                    f"{state.exited_start}{quoted}{end}",
                ),
            )
        )
        frame.retries = frame.wait = None
        if self.halted:
            del self.halted[frame.id]  # A Parallel or Map that had its results.
        if following is None:
            self.last_id = frame.last_id = number
            self.end_scope(frame, output)
            return None
        self.events.append(
            new_event(
                HistoryEvent,
                (
                    number + 1,
                    number,
                    following.entered_type,
                    now,
                    f"{following.entered_start}{quoted}{INPUT_END}",
                ),
            )
        )
        self.last_id = frame.last_id = frame.entered_id = number + 1
        frame.entered_at = now
        frame.state = following.name
        frame.input = output
        return following

    @staticmethod
    def refusal(frame: Frame, payload: Payload) -> Failure | None:
        """Say why what the frame's state made may not be a payload: too large, too deep."""
        try:
            return Failure.of_size(frame.state) if payload.exceeds_limit() else None
        except StatesError as error:
            return Failure.of_expression(frame, error)

    def end_scope(self, frame: Frame, output: Payload) -> None:
        """End a frame well: the execution succeeds, or the parent hears of it."""
        del self.frames[frame.id]
        if frame.parent is None:
            self.record(
                "ExecutionSucceeded",
                frame.last_id,
                f'"executionSucceededEventDetails":{{"output":{output.quoted}{OUTPUT_END}',
            )
            self.output = output.text
            self.close("SUCCEEDED")
            return
        parent = self.draft(frame.parent)
        state = self.state_of(parent)
        self.wake(parent, state.child_succeeded(self, parent, frame, output))

    def fail_runtime(
        self, frame: Frame, state: CompiledState, error: StatesError
    ) -> CompiledState | None:
        """Fail for what an expression of the state raised."""
        failure = Failure.of_expression(frame, error)
        if isinstance(error, QueryEvaluationError):
            self.record_failed_evaluation(frame, error, failure)
            return state.query_failed(self, frame, failure)
        return self.fail(frame, state, failure)

    def record_failed_evaluation(
        self, frame: Frame, error: QueryEvaluationError, failure: Failure
    ) -> None:
        """Record that an expression of the frame's state failed.

        Where the state has done nothing yet the event stands beside …StateEntered, not below it.
        """
        previous = frame.last_id
        if previous == frame.entered_id and not error.follows_entry:
            previous = frame.before_entry
        location = "" if error.location is None else f'"location":{quote(error.location)},'
        frame.last_id = self.record(
            "EvaluationFailed",
            previous,
            error_details(
                "evaluationFailedEventDetails",
                failure.error,
                failure.cause,
                f'{location}"state":{quote(frame.state)}',
            ),
        )

    def fail(self, frame: Frame, state: CompiledState, failure: Failure) -> CompiledState | None:
        """Let the state's Retriers, then its Catchers answer a failure; else its scope fails.

        Gives the state the frame is in now, or None where it cannot go on by itself.
        """
        if self.retry(frame, state, failure):
            return None
        return self.catch(frame, state, failure)

    def retry(self, frame: Frame, state: CompiledState, failure: Failure) -> bool:
        """Wait for another attempt if a Retrier grants one."""
        if not state.retriers:
            return False
        position = find_retrier(state.retriers, frame.retries, failure)
        if position is None:
            return False
        counts = list(frame.retries or (0,) * len(state.retriers))
        delay = delay_before_retry(
            state.retriers[position], counts[position], f"{self.seed}:{frame.last_id}"
        )
        self.forget_fallen()
        counts[position] += 1
        frame.retries = tuple(counts)
        # The entered id alone would let the late repeat of one attempt's timer start the next.
        timer = f"retry:{frame.entered_id}.{frame.retry_count}"
        self.wait_for_timer(frame, timer, round(self.now + delay, 3))
        return True

    def catch(self, frame: Frame, state: CompiledState, failure: Failure) -> CompiledState | None:
        """Go on where a Catcher points, or fail the scope."""
        frame.wait = None
        catcher = find_catcher(state.catchers, failure)
        if catcher is None:
            self.fail_scope(frame, failure)
            return None
        # What goes wrong here is not caught: a Catcher that overflows would catch itself for ever.
        try:
            output, assigned = catcher.output(self, frame, failure)
        except StatesError as error:
            raised = Failure.of_expression(frame, error)
            if isinstance(error, QueryEvaluationError):
                self.record_failed_evaluation(frame, error, raised)
            self.fail_scope(frame, raised)
            return None
        refusal = self.refusal(frame, output)
        if refusal is not None:
            self.fail_scope(frame, refusal)
            return None
        self.forget_fallen()
        return self.leave(frame, state, output, catcher.next, assigned, is_checked=True)

    def fail_scope(self, frame: Frame, failure: Failure) -> None:
        """Fail a frame: the execution fails, or the parent's state does."""
        if frame.parent is None:
            self.record(
                "ExecutionFailed",
                frame.last_id,
                error_details("executionFailedEventDetails", failure.error, failure.cause),
            )
            self.error = failure.error
            self.cause = failure.cause
            self.close("FAILED")
            return
        parent = self.draft(frame.parent)
        state = self.state_of(parent)
        self.wake(parent, state.child_failed(self, parent, frame, failure))

    def wait_for_task(self, frame: Frame, wait: TaskWait) -> None:
        """Make a frame wait for an attempt."""
        frame.wait = wait
        self.own_waiting()[wait.task] = frame.id

    def wait_for_timer(self, frame: Frame, timer: str, at: float) -> None:
        """Make a frame wait for a moment, in seconds since the epoch."""
        frame.wait = TimerWait(timer)
        self.own_waiting()[timer] = frame.id
        self.effects.append(SetTimer(timer, at))

    def stop_waiting(self, frame: Frame) -> None:
        """End a drafted frame's wait for an attempt or a timer."""
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

    def children_of(self, frame: Frame) -> list[Frame]:
        """Give the live branches or iterations of a frame in their order."""
        children = [each for each in self.frames.values() if each.parent == frame.id]
        children.sort(key=lambda each: each.index)
        return children

    def abort(self, frame: Frame, previous: int) -> None:
        """End a frame and all below it: nobody waits for them any more. Events follow ``previous``.

        Outer scopes are recorded before inner ones, as AWS does.
        """
        state = self.state_of(frame)
        if state.aborted_type is not None:
            self.record(state.aborted_type, previous)
        self.cancel(frame)
        self.fallen[frame.id] = self.frames.pop(frame.id)
        for child in self.children_of(frame):
            state.abort_child(self, child, previous)

    def cancel(self, frame: Frame) -> None:
        """Call off what a frame asked of the outside."""
        wait = frame.wait
        if isinstance(wait, TaskWait):
            self.effects.append(CancelTask(wait.task))
            self.cancel_task_timers(wait)
        elif isinstance(wait, TimerWait):
            self.effects.append(CancelTimer(wait.timer))
        # The frame itself may be the base's: it is left as it is.
        self.forget_wait(frame)

    def cancel_task_timers(self, wait: TaskWait) -> None:
        """Call off the time-outs of an attempt that is over."""
        if wait.timed and wait.timeout is not None:
            self.effects.append(CancelTimer(f"timeout:{wait.task}"))
        if wait.timed and wait.heartbeat is not None:
            self.effects.append(CancelTimer(f"heartbeat:{wait.task}"))

    def close(self, status: Status) -> None:
        """End the execution: whatever still lives is called off without an event."""
        self.waiting = {}
        for frame in self.frames.values():
            self.cancel(frame)
        if status != "SUCCEEDED":
            self.left = self.resumable()
        self.frames = {}
        self.runnable.clear()
        self.status = status
        if self.program.timeout_seconds is not None:
            self.effects.append(CancelTimer("execution"))

    def halt(self, frame: Frame) -> None:
        """Remember what a Parallel or Map waited for; it waits no longer."""
        if isinstance(frame.wait, ChildrenWait):
            self.halted[frame.id] = frame.wait
        frame.wait = None

    def forget_fallen(self) -> None:
        """A failure has been answered: what it ended is not to be gone on with."""
        if self.fallen or self.halted:
            self.fallen.clear()
            self.halted.clear()

    def resumable(self) -> dict[int, Frame]:
        """Give the frames a redrive would go on with, each at the state it has not left."""
        left = {}
        for number, frame in sorted({**self.frames, **self.fallen}.items()):
            resumed = left[number] = frame.copy()
            resumed.retries = None
            if not isinstance(frame.wait, ChildrenWait):
                resumed.wait = self.halted.get(number)
        return left

    def reopen(self, redriven_at: float) -> None:
        """Let an execution that has ended run again, and record that it does."""
        self.status = "RUNNING"
        self.output = self.error = self.cause = None
        self.redrive_count += 1
        # A moment ago, when the client was told; never before the latest event.
        now, self.now = self.now, min(max(redriven_at, self.base.now), self.now)
        self.redriven_at = self.now
        self.record(
            "ExecutionRedriven",
            self.last_id,
            f'"executionRedrivenEventDetails":{{"redriveCount":{self.redrive_count}}}',
        )
        self.now = now

    def start_children(self, frame: Frame, count: int, concurrency: int) -> ChildrenWait:
        """Make a frame wait for ``count`` children, none of which has begun."""
        wait = ChildrenWait([None] * count, concurrency=concurrency)
        frame.wait = wait
        return wait
