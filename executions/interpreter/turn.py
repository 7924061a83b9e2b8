"""One turn: a command is applied to the draft of an execution, move by move.

The methods are the moves every state type is made of: enter and leave states, fail, retry, catch,
begin and end scopes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from executions.interpreter.draft import Draft
from executions.interpreter.frame import ChildrenWait, Frame, MapRunWait, PauseWait
from executions.interpreter.history import INPUT_END, OUTPUT_END, error_details, new_event
from executions.interpreter.messages import CancelTimer, HistoryEvent
from executions.interpreter.payload import Payload, quote
from executions.interpreter.retry import RUNTIME, Failure, delay_before_retry, find_answer
from executions.interpreter.variables import assign, assigned_details
from studio.asl.errors import QueryEvaluationError, StatesError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.interpreter.program import CompiledScope
    from executions.interpreter.state import Status
    from executions.interpreter.states.compiled_state import CompiledState
    from executions.interpreter.variables import Assigned

_OUTPUT_GOES_ON: Final = f"{OUTPUT_END[:-1]},"


class Turn(Draft):
    """The moves."""

    __slots__ = ()

    def add_frame(
        self,
        parent: Frame | None,
        scope: CompiledScope,
        index: int,
        input: Payload,  # noqa: A002
        previous: int,
        item: Payload | None = None,
        recorded: Payload | None = None,
        *,
        is_member: bool = False,
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
            is_member=is_member,
        )
        self.frames[frame_id] = frame
        self.drafted.add(frame_id)
        self.runnable.append((frame, state))

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
            end = f"{_OUTPUT_GOES_ON}{assigned_details(assigned)}}}"
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
        position = find_answer(state.retriers, failure)
        if position is None:
            return False
        counts = list(self.retries_of(frame, state, position))
        if counts[position] >= state.retriers[position].max_attempts:
            return False
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

    def retries_of(self, frame: Frame, state: CompiledState, position: int) -> Sequence[int]:
        """Give how often each Retrier has been used; the one at ``position`` is asked."""
        return frame.retries or (0,) * len(state.retriers)

    def catch(self, frame: Frame, state: CompiledState, failure: Failure) -> CompiledState | None:
        """Go on where a Catcher points, or fail the scope."""
        frame.wait = None
        position = find_answer(state.catchers, failure)
        if position is None:
            self.fail_scope(frame, failure)
            return None
        self.note_catcher(frame, position, failure)
        catcher = state.catchers[position]
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

    def note_catcher(self, frame: Frame, position: int, failure: Failure) -> None:
        """The Catcher at ``position`` answers: for who watches the turn."""

    def fail_scope(self, frame: Frame, failure: Failure) -> None:
        """Fail a frame: the execution fails, or the parent's state does.

        States.Runtime ends the execution from wherever it is: nothing is said of what is around it,
        nor of what runs beside it.
        """
        if frame.parent is None or failure.error == RUNTIME:
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

    def abort(self, frame: Frame, previous: int) -> None:
        """End a frame and all below it: nobody waits for them any more. Events follow ``previous``.

        Outer scopes are recorded before inner ones, as AWS does.
        """
        state = self.state_of(frame)
        if state.aborted_type is not None:
            self.record(state.aborted_type, previous)
        if isinstance(frame.wait, MapRunWait):
            self.record("MapRunAborted", previous)
        self.cancel(frame)
        self.fallen[frame.id] = self.frames.pop(frame.id)
        for child in self.children_of(frame):
            state.abort_child(self, child, previous)

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

    def halt_map_run(self, frame: Frame, wait: MapRunWait) -> None:
        """Remember the Map Run that has failed: a redrive goes on with it."""
        self.halted[frame.id] = wait

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
            if isinstance(frame.wait, MapRunWait):
                resumed.wait = replace(frame.wait, is_over=True)
            elif not isinstance(frame.wait, ChildrenWait | PauseWait):
                resumed.wait = self.halted.get(number)
        return left
