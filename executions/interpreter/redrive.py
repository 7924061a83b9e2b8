"""Redriving: an unsuccessful execution goes on from the states that were not left.

An execution that fails, times out or is stopped keeps the frames it ended with. A redrive wakes
each of them in the state it was in, with that state's own input: what has been left is never run
again, so branches and iterations that succeeded keep their results, and those that failed, were
aborted or had not begun are what remains to be done.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html and what the
service was observed to do: no state is entered anew; the first event of a resumed state follows
its original …StateEntered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from executions.interpreter.debugging.debugged_turn import begin_turn
from executions.interpreter.frame import ChildrenWait, MapRunWait, PauseWait
from executions.interpreter.messages import SetTimer
from executions.interpreter.retry import DATA_LIMIT_EXCEEDED
from executions.interpreter.states.distributed_map_state import (
    MOST_REDRIVES,
    CompiledDistributedMap,
)
from executions.interpreter.states.fail_state import CompiledFail
from executions.interpreter.states.parent_state import CompiledParent

if TYPE_CHECKING:
    from executions.interpreter.frame import Frame
    from executions.interpreter.messages import RedriveExecution
    from executions.interpreter.program import Program
    from executions.interpreter.state import ExecutionState
    from executions.interpreter.turn import Turn

REDRIVABLE: Final = frozenset({"FAILED", "TIMED_OUT", "ABORTED"})
"""The statuses a redrive starts from."""


def redrive(program: Program, state: ExecutionState, command: RedriveExecution) -> Turn | None:
    """Let an unsuccessful execution go on; None for any other: a late or repeated command."""
    if state.status not in REDRIVABLE or not state.frames:
        return None
    turn = begin_turn(program, state, command.now, command.seed)
    _reopen(turn, command.redriven_at)
    redriven = turn.last_id
    if program.timeout_seconds is not None:
        turn.effects.append(SetTimer("execution", turn.now + program.timeout_seconds))
    parents = []
    exhausted = []
    for frame_id in sorted(state.frames):
        frame = turn.draft(frame_id)
        if isinstance(frame.wait, ChildrenWait) and not _must_begin_anew(state, frame.wait):
            parents.append(frame)
            continue
        if isinstance(frame.wait, PauseWait):
            # Paused it was, and paused it is again: nothing of its state has to be repeated.
            turn.own_waiting()[frame.wait.name] = frame_id
            continue
        compiled = turn.state_of(frame)
        if isinstance(frame.wait, MapRunWait):
            assert isinstance(compiled, CompiledDistributedMap)
            if frame.wait.redrives >= MOST_REDRIVES:
                exhausted.append((frame, compiled, frame.wait))
            else:
                compiled.redrive_run(turn, frame, frame.wait)
            continue
        frame.wait = None
        # A Fail state does nothing that could follow its entry.
        frame.last_id = redriven if isinstance(compiled, CompiledFail) else frame.entered_id
        turn.runnable.append((frame, compiled))
    for frame in parents:
        _resume_parent(turn, frame)
    for frame, map_state, wait in exhausted:
        if turn.frames.get(frame.id) is frame:  # else another one's failure has ended it already
            turn.wake(frame, map_state.refuse_redrive(turn, frame, wait))
    return turn


def _reopen(turn: Turn, redriven_at: float) -> None:
    """Let an execution that has ended run again, and record that it does."""
    turn.status = "RUNNING"
    turn.output = turn.error = turn.cause = None
    turn.redrive_count += 1
    # A moment ago, when the client was told; never before the latest event.
    now, turn.now = turn.now, min(max(redriven_at, turn.base.now), turn.now)
    turn.redriven_at = turn.now
    turn.record(
        "ExecutionRedriven",
        turn.last_id,
        f'"executionRedrivenEventDetails":{{"redriveCount":{turn.redrive_count}}}',
    )
    turn.now = now


def _must_begin_anew(state: ExecutionState, wait: ChildrenWait) -> bool:
    """A Parallel or Map whose result was too large cannot get another one from the same results."""
    return state.error == DATA_LIMIT_EXCEEDED and wait.finished == len(wait.results)


def _resume_parent(turn: Turn, frame: Frame) -> None:
    """Let a Parallel or Map go on; the children it has are woken by themselves."""
    compiled = turn.state_of(frame)
    assert isinstance(compiled, CompiledParent)
    if turn.frames.get(frame.id) is frame:  # else another one's failure has ended it already
        frame.last_id = frame.entered_id
        turn.wake(frame, compiled.resume(turn, frame))
