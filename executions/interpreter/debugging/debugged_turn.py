"""A turn of an execution that is debugged: frames pause where somebody asked them to.

The moves are those of every turn. What is added stands at two places: before a frame runs a state
it has entered, and before it leaves one. Between the two nothing is different, so the history of
an execution that pauses everywhere is the history of one that never does.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from executions.interpreter.debugging.breakpoint import condition_holds
from executions.interpreter.debugging.commands import NoteDebugging
from executions.interpreter.debugging.debugger import Debugger, Step
from executions.interpreter.frame import ChildrenWait, Frame, PauseWait
from executions.interpreter.turn import Turn

if TYPE_CHECKING:
    from executions.interpreter.debugging.breakpoint import Where
    from executions.interpreter.debugging.debugger import Reason
    from executions.interpreter.payload import Payload
    from executions.interpreter.program import CompiledScope, Program
    from executions.interpreter.retry import Failure
    from executions.interpreter.state import ExecutionState, Status
    from executions.interpreter.states.compiled_state import CompiledState
    from executions.interpreter.variables import Assigned

    Why = tuple[Reason, str, str | None]

NOTHING = Debugger()


def begin_turn(program: Program, state: ExecutionState, now: float, seed: str) -> Turn:
    """Begin to apply a command; an execution that nobody debugs pays for nothing but this look."""
    if state.debugger is None:
        return Turn(program, state, now, seed)
    return DebuggedTurn(program, state, now, seed)


class DebuggedTurn(Turn):
    """The draft of an execution with a debugger. ``breakpoints`` are by their key."""

    def __init__(self, program: Program, base: ExecutionState, now: float, seed: str) -> None:
        super().__init__(program, base, now, seed)
        debugger = base.debugger or NOTHING
        self.breakpoints = {each.key: each for each in debugger.breakpoints}
        self.steps = dict(debugger.steps)
        self.passed = set(debugger.passed)
        self._leaving: int | None = None

    def go_on(self) -> None:
        """Let the runnable frames go on, a state each in turn, until the limit or all wait."""
        while self.runnable and self.last_id < self.limit:
            frame, state = self.runnable.popleft()
            if self.frames.get(frame.id) is frame:
                self.wake(frame, self._visit(frame, state))

    def _visit(self, frame: Frame, state: CompiledState) -> CompiledState | None:
        if frame.id in self.passed:
            self.passed.discard(frame.id)
        elif frame.retries is None and (why := self._why_before(frame)) is not None:
            self._pause(frame, "before", why)
            return None
        if state.is_plain:  # It would pass through those behind it, too.
            return self.leave(frame, state, frame.input, state.next)
        return state.run(self, frame)

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
        """Begin a scope; it pauses where that was asked for its parent."""
        number = self.next_frame
        super().add_frame(
            parent, scope, index, input, previous, item, recorded, is_member=is_member
        )
        step = None if parent is None else self.steps.get(parent.id)
        if step is None:
            return
        assert parent is not None
        if step.reason == "pause":
            self.steps[number] = step
        elif step.child == index:
            self.steps[number] = replace(step, child=None)
            del self.steps[parent.id]

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
        """Leave, or pause before that."""
        if self._leaving == frame.id:
            self._leaving = None
        elif (is_checked or output is frame.input or self.refusal(frame, output) is None) and (
            why := self._why_after(frame, output, following)
        ) is not None:
            halted = self.halted.pop(frame.id, None)
            wait = PauseWait(
                self._pause_name(frame, "after"),
                "after",
                self.now,
                *why,
                output,
                None if following is None else following.name,
                assigned,
                is_checked,
                halted,
            )
            self._wait_paused(frame, wait)
            return None
        return super().leave(frame, state, output, following, assigned, is_checked=is_checked)

    def leave_paused(self, frame: Frame, wait: PauseWait) -> CompiledState | None:
        """Leave the state that the frame was paused after."""
        assert wait.output is not None
        states = self.program.scopes[frame.scope].states
        if (halted := wait.own_halted()) is not None:
            self.halted[frame.id] = halted
        self._leaving = frame.id
        return self.leave(
            frame,
            states[frame.state],
            wait.output,
            None if wait.following is None else states[wait.following],
            wait.assigned,
            is_checked=wait.is_checked,
        )

    def end_scope(self, frame: Frame, output: Payload) -> None:
        """End a frame well; who steps through it goes on in the scope around it."""
        self._hand_over_step(frame)
        super().end_scope(frame, output)

    def fail_scope(self, frame: Frame, failure: Failure) -> None:
        """Fail a frame; who steps through it goes on in the scope around it."""
        self._hand_over_step(frame)
        super().fail_scope(frame, failure)

    def abort(self, frame: Frame, previous: int) -> None:
        """End a frame; nobody steps through it any more."""
        self.steps.pop(frame.id, None)
        super().abort(frame, previous)

    def close(self, status: Status) -> None:
        """End the execution. What is paused stays so for a redrive, as do the breakpoints."""
        paused = self.paused_frames()
        if paused and status != "SUCCEEDED":
            self.note("Ended", "", None, status=status, paused=len(paused))
        self.steps = {}
        self.passed = set()
        super().close(status)

    def finished_state(self) -> ExecutionState:
        """Give the state this turn has led to, with what is left to debug."""
        live = self.frames or self.left
        debugger = Debugger(
            tuple(self.breakpoints.values()),
            {number: step for number, step in self.steps.items() if number in live},
            frozenset(self.passed & live.keys()),
        )
        state = super().finished_state()
        is_used = debugger != NOTHING or any(
            isinstance(frame.wait, PauseWait) for frame in live.values()
        )
        return replace(state, debugger=debugger if is_used else None)

    def paused_frames(self) -> list[Frame]:
        """Give the frames that are paused, in their order."""
        return [each for each in self.frames.values() if isinstance(each.wait, PauseWait)]

    def note(self, action: str, by: str, frame: Frame | None, **details: Any) -> None:
        """Have noted what somebody did, or what came of it."""
        self.effects.append(
            NoteDebugging(
                self.last_id,
                self.now,
                action,
                by,
                None if frame is None else frame.state,
                None if frame is None else frame.entered_id,
                json.dumps({name: each for name, each in details.items() if each is not None}),
            )
        )

    def _hand_over_step(self, frame: Frame) -> None:
        step = self.steps.pop(frame.id, None)
        if step is not None and frame.parent is not None:
            self.steps.setdefault(frame.parent, replace(step, child=None))

    def _why_before(self, frame: Frame) -> Why | None:
        step = self.steps.pop(frame.id, None)
        if step is not None:
            return step.reason, step.by, None
        return self._breakpoint_at(frame, "before", None)

    def _why_after(
        self, frame: Frame, output: Payload, following: CompiledState | None
    ) -> Why | None:
        step = self.steps.get(frame.id)
        # After the last state nothing is entered that the frame could pause before.
        if (
            step is not None
            and following is None
            and (frame.parent is None or step.reason == "pause")
        ):
            del self.steps[frame.id]
            return step.reason, step.by, None
        return self._breakpoint_at(frame, "after", output)

    def _breakpoint_at(self, frame: Frame, where: Where, output: Payload | None) -> Why | None:
        for temporary in (False, True):
            found = self.breakpoints.get((frame.state, where, temporary))
            if found is None:
                continue
            holds, problem = True, None
            if found.condition is not None:
                holds, problem = condition_holds(found.condition, self, frame, output)
            if holds:
                if temporary:
                    del self.breakpoints[found.key]
                return "target" if temporary else "breakpoint", found.by, problem
        return None

    def _pause(self, frame: Frame, where: Where, why: Why) -> None:
        self._wait_paused(frame, PauseWait(self._pause_name(frame, where), where, self.now, *why))

    def _pause_name(self, frame: Frame, where: Where) -> str:
        # No frame pauses twice at one place without an event in between.
        return f"pause:{self.last_id}.{frame.id}.{where}"

    def _wait_paused(self, frame: Frame, wait: PauseWait) -> None:
        self.steps.pop(frame.id, None)
        frame.wait = wait
        self.own_waiting()[wait.name] = frame.id
        self.note(
            "Paused",
            wait.by,
            frame,
            at=wait.name,
            where=wait.where,
            reason=wait.reason,
            problem=wait.problem,
        )


def mark_for_pause(turn: DebuggedTurn, by: str) -> None:
    """Let every frame that is not paused pause at its next state, and those that begin in it."""
    for frame in turn.frames.values():
        if not isinstance(frame.wait, PauseWait | ChildrenWait):
            turn.steps[frame.id] = Step("pause", by)
