"""The machine: one command in, what follows from it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.frame import TaskWait, TimerWait
from executions.interpreter.history import EVENT_LIMIT, error_details
from executions.interpreter.messages import (
    Continue,
    FireTimer,
    RedriveExecution,
    SetTimer,
    StartExecution,
    StopExecution,
    TaskFailed,
    TaskStarted,
    TaskSubmitted,
    TaskSucceeded,
    Transition,
)
from executions.interpreter.payload import Payload, clean, quote
from executions.interpreter.redrive import redrive
from executions.interpreter.retry import HEARTBEAT_TIMEOUT, RUNTIME, TIMEOUT
from executions.interpreter.state import ExecutionState, Identity
from executions.interpreter.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.frame import Frame
    from executions.interpreter.messages import Command
    from executions.interpreter.program import Program

    TaskCommand = TaskStarted | TaskSubmitted | TaskSucceeded | TaskFailed

HISTORY_LIMIT_CAUSE = f"The execution reached the maximum number of history events ({EVENT_LIMIT})."


def begin(program: Program, identity: Identity) -> ExecutionState:
    """Give an execution that has not begun; its first command is StartExecution."""
    return ExecutionState(identity)


def advance(
    program: Program, state: ExecutionState, command: Command, budget: int = 1000
) -> Transition:
    """Apply one command to an execution and say what follows.

    Pure: the same arguments always give the same Transition, and none of them is changed. The
    clock (seconds since the epoch, UTC) arrives in ``command.now``; work for the outside world
    leaves in ``Transition.effects``. Once about ``budget`` events are made the rest is left for a
    Continue (``Transition.more``); a single step may make more, for it begins all branches of a
    Parallel. A late or repeated command gives an empty Transition, with ``state`` itself.

    Raises nothing a workflow can cause: workflow errors become history events.
    """
    if state.status != "RUNNING" and command.__class__ is not RedriveExecution:
        return Transition(state, [], [])
    turn = _APPLY[type(command)](program, state, command)
    if turn is None:
        return Transition(state, [], [], more=bool(state.runnable))
    turn.limit = min(state.last_event_id + budget, EVENT_LIMIT)
    _run(turn)
    if turn.last_id >= EVENT_LIMIT and (turn.last_id > EVENT_LIMIT or turn.status == "RUNNING"):
        _fail_for_length(turn)
    return Transition(turn.finished_state(), turn.events, turn.effects, bool(turn.runnable))


def _run(turn: Turn) -> None:
    """Let the runnable frames go on, a state each in turn, until ``turn.limit`` or all wait."""
    limit = turn.limit
    runnable = turn.runnable
    frames = turn.frames
    take = runnable.popleft
    put = runnable.append
    while runnable and turn.last_id < limit:
        frame, state = take()
        if frames.get(frame.id) is not frame:
            continue  # A sibling has failed and ended it.
        following = state.run(turn, frame)
        while following is not None:
            if runnable or turn.last_id >= limit:
                put((frame, following))
                break
            following = following.run(turn, frame)


def _fail_for_length(turn: Turn) -> None:
    """Fail an execution whose history is full: the last event says so, what came after is undone.

    Effects of this turn are withheld: nothing has been asked of the outside yet.
    """
    kept = [event for event in turn.events if event.id < EVENT_LIMIT]
    base = turn.base
    turn.events = kept
    turn.last_id = EVENT_LIMIT - 1
    turn.effects = []
    turn.frames = base.frames.copy()
    turn.record(
        "ExecutionFailed",
        turn.last_id,
        error_details("executionFailedEventDetails", RUNTIME, HISTORY_LIMIT_CAUSE),
    )
    turn.output = None
    turn.error = RUNTIME
    turn.cause = HISTORY_LIMIT_CAUSE
    turn.close("FAILED")
    turn.left = {}  # A full history has no room for a redrive.


def _start(program: Program, state: ExecutionState, command: StartExecution) -> Turn | None:
    if state.last_event_id:
        return None
    turn = Turn(program, state, command.now, command.seed)
    raw = Payload.of_text(command.input)
    turn.started_at = turn.now
    # The text the caller sent is shown twice, verbatim; from then on payloads are compact.
    turn.input = raw.compact
    turn.record(
        "ExecutionStarted",
        0,
        f'"executionStartedEventDetails":{{"input":{raw.quoted},"inputDetails":'
        f'{{"truncated":false}},"roleArn":{quote(state.identity.role_arn)}}}',
    )
    if program.timeout_seconds is not None:
        turn.effects.append(SetTimer("execution", turn.now + program.timeout_seconds))
    turn.add_frame(None, program.scopes[0], 0, turn.input, 0, recorded=raw)
    return turn


def _continue(program: Program, state: ExecutionState, command: Continue) -> Turn | None:
    return Turn(program, state, command.now, command.seed) if state.runnable else None


def _task(program: Program, state: ExecutionState, command: TaskCommand) -> Turn | None:
    waiting = state.waiting_frame(command.task)
    if waiting is None:
        return None
    wait = waiting.wait
    assert isinstance(wait, TaskWait)
    if isinstance(command, TaskStarted) and wait.started:
        return None
    if isinstance(command, TaskSubmitted) and (wait.submitted or wait.token is None):
        return None  # Only what reports later is ever submitted.
    turn = Turn(program, state, command.now, command.seed)
    frame = turn.draft(waiting.id)
    compiled = turn.state_of(frame)
    match command:
        case TaskStarted():
            compiled.task_started(turn, frame)
        case TaskSubmitted():
            compiled.task_submitted(turn, frame, command)
        case TaskSucceeded():
            turn.wake(frame, compiled.task_succeeded(turn, frame, command.output))
        case TaskFailed():
            turn.wake(
                frame,
                compiled.task_failed(turn, frame, _clean(command.error), _clean(command.cause)),
            )
    return turn


def _fire(program: Program, state: ExecutionState, command: FireTimer) -> Turn | None:
    timer = command.timer
    if timer == "execution":
        if program.timeout_seconds is None or not state.last_event_id:
            return None
        return _time_out(Turn(program, state, command.now, command.seed))
    kind, _, number = timer.partition(":")
    waiting: Frame | None
    if kind in ("timeout", "heartbeat"):
        waiting = state.waiting_frame(int(number)) if number.isdecimal() else None
        if waiting is not None and not getattr(waiting.wait, f"has_{kind}"):
            waiting = None
    else:
        waiting = next(
            (each for each in state.frames.values() if each.wait == TimerWait(timer)), None
        )
    if waiting is None:
        return None
    turn = Turn(program, state, command.now, command.seed)
    frame = turn.draft(waiting.id)
    compiled = turn.state_of(frame)
    if isinstance(frame.wait, TimerWait):
        frame.wait = None
        turn.wake(frame, compiled.timer_fired(turn, frame))
    else:
        alias = HEARTBEAT_TIMEOUT if kind == "heartbeat" else None
        turn.wake(frame, compiled.task_timed_out(turn, frame, alias))
    return turn


def _time_out(turn: Turn) -> Turn:
    turn.record(
        "ExecutionTimedOut",
        0,
        error_details("executionTimedOutEventDetails", TIMEOUT, None),
    )
    turn.error = TIMEOUT
    turn.close("TIMED_OUT")
    return turn


def _stop(program: Program, state: ExecutionState, command: StopExecution) -> Turn | None:
    turn = Turn(program, state, command.now, command.seed)
    turn.record(
        "ExecutionAborted",
        0,
        error_details("executionAbortedEventDetails", command.error, command.cause),
    )
    turn.error = _clean(command.error)
    turn.cause = _clean(command.cause)
    turn.close("ABORTED")
    return turn


def _clean(text: str | None) -> str | None:
    return None if text is None else clean(text)


_APPLY: dict[type, Callable[..., Turn | None]] = {
    StartExecution: _start,
    Continue: _continue,
    TaskStarted: _task,
    TaskSubmitted: _task,
    TaskSucceeded: _task,
    TaskFailed: _task,
    FireTimer: _fire,
    StopExecution: _stop,
    RedriveExecution: redrive,
}
