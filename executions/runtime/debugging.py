"""What a turn writes of the executions that are debugged: records, and the index of the paused.

In the turn's own transaction, so that who did what is known of whatever was done, and of nothing
else. Executions that nobody debugs never come here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from executions.interpreter.debugging.commands import NoteDebugging
from executions.interpreter.frame import Frame, PauseWait

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.interpreter.state import ExecutionState
    from executions.runtime.claimed import Advanced

_RECORD = """
INSERT INTO executions_debuggerrecord
    (execution_id, event_id, at, action, by, state, visit, details)
VALUES (%s, %s, to_timestamp(%s), %s, %s, %s, %s, %s)
"""
_LIST = """
INSERT INTO executions_pausedexecution (execution_id, since, by, state, frames)
VALUES (%s, to_timestamp(%s), %s, %s, %s)
ON CONFLICT (execution_id) DO UPDATE SET since = excluded.since, by = excluded.by,
    state = excluded.state, frames = excluded.frames
"""
_UNLIST = "DELETE FROM executions_pausedexecution WHERE execution_id = %s"


def write(cursor: psycopg.Cursor[tuple[Any, ...]], debugged: Sequence[Advanced]) -> None:
    """Write the records of these executions, and what of them is paused now."""
    writing = psycopg.Cursor(cursor.connection)
    for result in debugged:
        execution_id = result.execution.id
        for note in result.effects:
            if isinstance(note, NoteDebugging):
                values = (note.event_id, note.at, note.action, storable(note.by))
                state = None if note.state is None else storable(note.state)
                writing.execute(
                    _RECORD, (execution_id, *values, state, note.visit, storable(note.details))
                )
        paused = paused_frames(result.state)
        if not paused:
            writing.execute(_UNLIST, (execution_id,))
            continue
        first, wait = paused[0]
        writing.execute(
            _LIST,
            (execution_id, wait.since, storable(wait.by), storable(first.state), len(paused)),
        )


def paused_frames(state: ExecutionState) -> list[tuple[Frame, PauseWait]]:
    """Give the paused frames of an execution, the longest paused first; none once it has ended."""
    if state.status != "RUNNING":
        return []
    paused = [
        (frame, frame.wait) for frame in state.frames.values() if isinstance(frame.wait, PauseWait)
    ]
    paused.sort(key=lambda each: (each[1].since, each[0].id))
    return paused


def storable(text: str) -> str:
    """PostgreSQL's text has no NUL; a state's name may."""
    return text.replace("\0", "\N{SYMBOL FOR NULL}")
