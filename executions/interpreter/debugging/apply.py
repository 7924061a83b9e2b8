"""What the commands of a debugger do to an execution."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from executions.interpreter.debugging.breakpoint import Breakpoint
from executions.interpreter.debugging.commands import (
    DetachDebugger,
    EditPaused,
    FailState,
    PauseExecution,
    RemoveBreakpoint,
    ResumeExecution,
    RetryState,
    SetBreakpoint,
    SkipState,
)
from executions.interpreter.debugging.debugged_turn import DebuggedTurn, mark_for_pause
from executions.interpreter.debugging.debugger import Step
from executions.interpreter.frame import MapRunWait, PauseWait, TaskWait, TimerWait
from executions.interpreter.messages import CancelTask, CancelTimer
from executions.interpreter.payload import Payload, clean
from executions.interpreter.retry import Failure
from executions.interpreter.states.choice_state import CompiledChoice
from executions.interpreter.states.fail_state import CompiledFail
from executions.interpreter.variables import TOTAL_LIMIT, Variables
from studio.asl import json_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.debugging.commands import DebuggingCommand
    from executions.interpreter.frame import Frame
    from executions.interpreter.program import Program
    from executions.interpreter.state import ExecutionState
    from executions.interpreter.turn import Turn

NOTED = {"continue": "Continued", "over": "SteppedOver", "into": "SteppedInto", "out": "SteppedOut"}
"""What is noted of each pace."""


def _begin(program: Program, state: ExecutionState, command: DebuggingCommand) -> DebuggedTurn:
    return DebuggedTurn(program, state, command.now, command.seed)


def _set_breakpoint(program: Program, state: ExecutionState, command: SetBreakpoint) -> Turn:
    turn = _begin(program, state, command)
    wanted = command.breakpoint
    turn.breakpoints[wanted.key] = wanted
    turn.note(
        "BreakpointSet",
        wanted.by,
        None,
        breakpoint=wanted.state,
        where=wanted.where,
        condition=wanted.condition,
    )
    return turn


def _remove_breakpoint(
    program: Program, state: ExecutionState, command: RemoveBreakpoint
) -> Turn | None:
    turn = _begin(program, state, command)
    if turn.breakpoints.pop((command.state, command.where, command.temporary), None) is None:
        return None
    turn.note("BreakpointRemoved", command.by, None, breakpoint=command.state, where=command.where)
    return turn


def _pause(program: Program, state: ExecutionState, command: PauseExecution) -> Turn:
    turn = _begin(program, state, command)
    mark_for_pause(turn, command.by)
    turn.note("PauseAsked", command.by, None)
    return turn


def _resume(program: Program, state: ExecutionState, command: ResumeExecution) -> Turn | None:
    turn = _begin(program, state, command)
    if not command.at:
        paused = turn.paused_frames()
        if not paused and not turn.steps:
            return None
        turn.steps = {}
        turn.note("Continued", command.by, None)
        for each in paused:
            _let_go(turn, turn.draft(each.id))
        return turn
    frame = _find(turn, command.at)
    if frame is None or not isinstance(frame.wait, PauseWait):
        return None
    if command.target is not None:
        run_to = Breakpoint(command.target, by=command.by, temporary=True)
        turn.breakpoints[run_to.key] = run_to
        turn.note("RanTo", command.by, frame, target=command.target)
    else:
        child = command.child if command.pace == "into" else None
        turn.note(NOTED[command.pace], command.by, frame, child=child)
    match command.pace:
        case "over":
            turn.steps[frame.id] = Step("step", command.by)
        case "into":
            turn.steps[frame.id] = Step("step", command.by, command.child)
        case "out" if frame.parent is not None:
            turn.steps[frame.parent] = Step("step", command.by)
    _let_go(turn, frame)
    return turn


def _let_go(turn: DebuggedTurn, frame: Frame) -> None:
    wait = frame.wait
    assert isinstance(wait, PauseWait)
    turn.stop_waiting(frame)
    if wait.where == "before":
        turn.passed.add(frame.id)
        turn.wake(frame, turn.state_of(frame))
    else:
        turn.wake(frame, turn.leave_paused(frame, wait))


def _edit(program: Program, state: ExecutionState, command: EditPaused) -> Turn | None:
    turn = _begin(program, state, command)
    frame = _find(turn, command.at)
    payload = _payload(command.text)
    if frame is None or payload is None or not isinstance(frame.wait, PauseWait):
        return None
    wait = frame.wait
    if command.edited == "variables":
        before = _edit_variables(frame, wait, payload)
    elif payload.exceeds_limit() or (wait.where == "before") != (command.edited == "input"):
        return None
    elif command.edited == "input":
        before, frame.input = frame.input, payload
    else:
        before = wait.output
        frame.wait = replace(wait, output=payload)
    if before is None:
        return None
    turn.note(
        f"{command.edited.capitalize()}Edited",
        command.by,
        frame,
        at=command.at,
        before=before.text,
        after=payload.text,
    )
    return turn


def _edit_variables(frame: Frame, wait: PauseWait, payload: Payload) -> Payload | None:
    """Give the frame these variables; what they were, or None where it cannot have them."""
    if not isinstance(payload.value, dict):
        return None
    known = {} if frame.variables is None else frame.variables.payloads
    shown = known | (wait.assigned or {})
    wanted = {name: Payload(value) for name, value in payload.value.items()}
    before = Payload({name: each.value for name, each in shown.items()})
    # What did not change keeps its text.
    wanted = {
        name: shown[name] if shown.get(name) == each else each for name, each in wanted.items()
    }
    variables = Variables(wanted)
    if variables.size > TOTAL_LIMIT:
        return None
    if wait.where == "before":
        frame.variables = variables
    else:
        changed = {name: each for name, each in wanted.items() if shown.get(name) is not each}
        frame.wait = replace(wait, assigned={**(wait.assigned or {}), **changed} or None)
    return before


def _skip(program: Program, state: ExecutionState, command: SkipState) -> Turn | None:
    turn = _begin(program, state, command)
    frame = _find(turn, command.at)
    result = _payload(command.result)
    if frame is None or result is None or not can_be_skipped(turn, frame):
        return None
    compiled = turn.state_of(frame)
    turn.note("Skipped", command.by, frame, result=result.text)
    if isinstance(frame.wait, TaskWait):
        turn.effects.append(CancelTask(frame.wait.task))
        turn.wake(frame, compiled.task_succeeded(turn, frame, result.text))
        return turn
    _stop_waiting(turn, frame)
    turn.wake(frame, compiled.leave(turn, frame, result, compiled.next))
    return turn


def can_be_skipped(turn: DebuggedTurn, frame: Frame) -> bool:
    """Tell whether a frame's state has an end that a result leads to, and has not reached it."""
    if isinstance(turn.state_of(frame), CompiledChoice | CompiledFail):
        return False
    return not (isinstance(frame.wait, PauseWait) and frame.wait.where == "after")


def _fail(program: Program, state: ExecutionState, command: FailState) -> Turn | None:
    turn = _begin(program, state, command)
    frame = _find(turn, command.at)
    if frame is None:
        return None
    error = None if command.error is None else clean(command.error)
    cause = None if command.cause is None else clean(command.cause)
    compiled = turn.state_of(frame)
    turn.note("Failed", command.by, frame, error=error, cause=cause)
    wait = frame.wait
    if isinstance(wait, TaskWait):
        turn.effects.append(CancelTask(wait.task))
        turn.wake(frame, compiled.task_failed(turn, frame, error, cause))
        return turn
    if isinstance(wait, PauseWait) and (halted := wait.own_halted()) is not None:
        turn.halted[frame.id] = halted
    _stop_waiting(turn, frame)
    turn.wake(frame, turn.fail(frame, compiled, Failure.told(error, cause)))
    return turn


def _retry(program: Program, state: ExecutionState, command: RetryState) -> Turn | None:
    turn = _begin(program, state, command)
    frame = _find(turn, command.at)
    if frame is None or not command.at.startswith("retry:"):
        return None
    turn.note("RetriedNow", command.by, frame)
    _stop_waiting(turn, frame)
    turn.wake(frame, turn.state_of(frame).timer_fired(turn, frame))
    return turn


def _detach(program: Program, state: ExecutionState, command: DetachDebugger) -> Turn | None:
    turn = _begin(program, state, command)
    paused = turn.paused_frames()
    if state.debugger is None and not paused:
        return None
    turn.note("Detached", command.by, None)
    turn.breakpoints, turn.steps = {}, {}
    for frame in paused:
        _let_go(turn, turn.draft(frame.id))
    return turn


def _find(turn: DebuggedTurn, at: str) -> Frame | None:
    """Give the frame that waits for this, to be changed; never one that waits for a Map Run."""
    found = turn.base.waiting_frame(int(at) if at.isdecimal() else at)
    if found is None or isinstance(found.wait, MapRunWait):
        return None
    return turn.draft(found.id)


def _stop_waiting(turn: DebuggedTurn, frame: Frame) -> None:
    """End a pause, or a wait for a timer of the frame's own."""
    if isinstance(frame.wait, TimerWait):
        turn.effects.append(CancelTimer(frame.wait.timer))
    turn.stop_waiting(frame)


def _payload(text: str) -> Payload | None:
    try:
        return Payload(json_text.loads(text))
    except json_text.InvalidJson:
        return None


APPLY: dict[type, Callable[..., Any]] = {
    SetBreakpoint: _set_breakpoint,
    RemoveBreakpoint: _remove_breakpoint,
    PauseExecution: _pause,
    ResumeExecution: _resume,
    EditPaused: _edit,
    SkipState: _skip,
    FailState: _fail,
    RetryState: _retry,
    DetachDebugger: _detach,
}
"""The commands, each with what applies it; None: there is nothing it could change."""
