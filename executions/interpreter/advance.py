"""The machine: one command in, what follows from it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.debugging import apply as debugging
from executions.interpreter.debugging.debugged_turn import DebuggedTurn, begin_turn
from executions.interpreter.frame import MapRunWait, TaskWait
from executions.interpreter.history import EVENT_LIMIT, error_details
from executions.interpreter.messages import (
    Continue,
    FireTimer,
    MapRunFailed,
    MapRunSucceeded,
    RedriveExecution,
    SetTimer,
    StartExecution,
    StopExecution,
    TaskFailed,
    TaskHeartbeat,
    TaskStarted,
    TaskSubmitted,
    TaskSucceeded,
    Transition,
)
from executions.interpreter.payload import Payload, clean, quote
from executions.interpreter.redrive import redrive
from executions.interpreter.retry import HEARTBEAT_TIMEOUT, RUNTIME, TIMEOUT, Failure
from executions.interpreter.state import ExecutionState, Identity
from executions.interpreter.states.distributed_map_state import CompiledDistributedMap

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from executions.interpreter.messages import Command
    from executions.interpreter.program import Program
    from executions.interpreter.turn import Turn

    TaskCommand = TaskStarted | TaskSubmitted | TaskSucceeded | TaskFailed | TaskHeartbeat

HISTORY_LIMIT_CAUSE = f"The execution reached the maximum number of history events ({EVENT_LIMIT})."


def begin(program: Program, identity: Identity) -> ExecutionState:
    """Give an execution that has not begun; its first command is StartExecution."""
    return ExecutionState(identity)


def advance(
    program: Program,
    state: ExecutionState,
    command: Command,
    budget: int = 1000,
    missing_activities: Collection[str] = (),
) -> Transition:
    """Apply one command to an execution and say what follows.

    Pure: the same arguments always give the same Transition, and none of them is changed. The
    clock (seconds since the epoch, UTC) arrives in ``command.now``; work for the outside world
    leaves in ``Transition.effects``. Once about ``budget`` events are made the rest is left for a
    Continue (``Transition.more``); a single step may make more, for it begins all branches of a
    Parallel. A late or repeated command gives an empty Transition, with ``state`` itself.
    ``missing_activities`` are those of ``program.activities`` that do not exist at the moment.

    Raises nothing a workflow can cause: workflow errors become history events.
    """
    if state.status != "RUNNING" and command.__class__ is not RedriveExecution:
        return Transition(state, [], [])
    turn = _APPLY[type(command)](program, state, command)
    if turn is None:
        return Transition(state, [], [], more=bool(state.runnable))
    turn.limit = state.last_event_id + budget
    turn.missing_activities = missing_activities
    if program.is_express:
        _run(turn)
    else:
        turn.limit = min(turn.limit, EVENT_LIMIT)
        _run(turn)
        if turn.last_id >= EVENT_LIMIT and (turn.last_id > EVENT_LIMIT or turn.status == "RUNNING"):
            _fail_for_length(turn)
    return Transition(turn.finished_state(), turn.events, turn.effects, bool(turn.runnable))


def _run(turn: Turn) -> None:
    """Let the runnable frames go on, a state each in turn, until ``turn.limit`` or all wait."""
    if isinstance(turn, DebuggedTurn):
        turn.go_on()
        return
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
    turn = begin_turn(program, state, command.now, command.seed)
    raw = Payload.of_text(command.input)
    turn.started_at = turn.now
    # The text the caller sent is shown twice, verbatim; from then on payloads are compact.
    turn.input = raw.compact
    identity = state.identity
    details = f'"input":{raw.quoted},"inputDetails":{{"truncated":false}}'
    details += f',"roleArn":{quote(identity.role_arn)}'
    if identity.state_machine_alias_arn is not None:
        details += f',"stateMachineAliasArn":{quote(identity.state_machine_alias_arn)}'
    if identity.state_machine_version_arn is not None:
        details += f',"stateMachineVersionArn":{quote(identity.state_machine_version_arn)}'
    turn.record("ExecutionStarted", 0, f'"executionStartedEventDetails":{{{details}}}')
    if program.timeout_seconds is not None:
        turn.effects.append(SetTimer("execution", turn.now + program.timeout_seconds))
    turn.add_frame(None, program.root, 0, turn.input, 0, recorded=raw)
    return turn


def _continue(program: Program, state: ExecutionState, command: Continue) -> Turn | None:
    return begin_turn(program, state, command.now, command.seed) if state.runnable else None


def _task(program: Program, state: ExecutionState, command: TaskCommand) -> Turn | None:
    waiting = state.waiting_frame(command.task)
    if waiting is None:
        return None
    wait = waiting.wait
    assert isinstance(wait, TaskWait)
    if isinstance(command, TaskStarted) and wait.started:
        return None
    if isinstance(command, TaskSubmitted) and (wait.submitted or not wait.has_token):
        return None  # Only what reports later is ever submitted.
    if isinstance(command, TaskHeartbeat) and not (
        wait.timed and wait.heartbeat is not None and command.at > wait.heard_at
    ):
        return None
    turn = begin_turn(program, state, command.now, command.seed)
    frame = turn.draft(waiting.id)
    compiled = turn.state_of(frame)
    match command:
        case TaskStarted():
            compiled.task_started(turn, frame, _clean(command.worker))
        case TaskHeartbeat():
            compiled.task_heard(turn, frame, command.at)
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


def _map_run(
    program: Program, state: ExecutionState, command: MapRunSucceeded | MapRunFailed
) -> Turn | None:
    waiting = state.waiting_frame(command.run)
    if waiting is None or not isinstance(waiting.wait, MapRunWait):
        return None
    turn = begin_turn(program, state, command.now, command.seed)
    frame = turn.draft(waiting.id)
    compiled = turn.state_of(frame)
    assert isinstance(compiled, CompiledDistributedMap)
    if isinstance(command, MapRunSucceeded):
        turn.wake(frame, compiled.run_succeeded(turn, frame, command.output))
    else:
        failure = Failure.told(_clean(command.error), _clean(command.cause))
        turn.wake(frame, compiled.run_failed(turn, frame, failure))
    return turn


def _fire(program: Program, state: ExecutionState, command: FireTimer) -> Turn | None:
    timer = command.timer
    if timer == "execution":
        if program.timeout_seconds is None or not state.last_event_id:
            return None
        return _time_out(begin_turn(program, state, command.now, command.seed))
    kind, _, number = timer.partition(":")
    if kind in ("timeout", "heartbeat"):
        return _expire(program, state, command, int(number) if number.isdecimal() else 0, kind)
    waiting = state.waiting_frame(timer)
    if waiting is None:
        return None
    turn = begin_turn(program, state, command.now, command.seed)
    frame = turn.draft(waiting.id)
    turn.stop_waiting(frame)
    turn.wake(frame, turn.state_of(frame).timer_fired(turn, frame))
    return turn


def _expire(
    program: Program, state: ExecutionState, command: FireTimer, task: int, kind: str
) -> Turn | None:
    """End an attempt that took too long, or that nobody has been heard of for too long."""
    waiting = state.waiting_frame(task)
    if waiting is None:
        return None
    wait = waiting.wait
    assert isinstance(wait, TaskWait)
    if not wait.timed or (wait.heartbeat if kind == "heartbeat" else wait.timeout) is None:
        return None
    turn = begin_turn(program, state, command.now, command.seed)
    if kind == "heartbeat" and turn.now < wait.heartbeat_until:
        return None  # A sign of life came in between, and with it a later timer.
    frame = turn.draft(waiting.id)
    alias = HEARTBEAT_TIMEOUT if kind == "heartbeat" else None
    turn.wake(frame, turn.state_of(frame).task_timed_out(turn, frame, alias))
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
    turn = begin_turn(program, state, command.now, command.seed)
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
    MapRunSucceeded: _map_run,
    MapRunFailed: _map_run,
    TaskHeartbeat: _task,
    FireTimer: _fire,
    StopExecution: _stop,
    RedriveExecution: redrive,
    **debugging.APPLY,
}
