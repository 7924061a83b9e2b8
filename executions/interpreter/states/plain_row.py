"""Rows of plain Pass states: what passing through them records, laid out once a Program.

A plain Pass hands its input on as it is. Of the events of a whole row of them only the ids, the
moment and the payload differ from visit to visit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.history import INPUT_END, OUTPUT_END, new_event
from executions.interpreter.messages import HistoryEvent

if TYPE_CHECKING:
    from collections.abc import Collection

    from executions.interpreter.frame import Frame
    from executions.interpreter.states.compiled_state import CompiledState
    from executions.interpreter.turn import Turn


class PlainRow:
    """Plain Pass states, each the next of the one before, and the state behind the last of them.

    ``texts`` has for each but the last state what its exit and the entry behind it are made of: the
    exit's details up to the payload, the entry's type, and the entry's details up to the payload.
    """

    __slots__ = ("states", "texts")

    def __init__(self, first: CompiledState) -> None:
        self.states = [first]
        self.texts: list[tuple[str, str, str]] = []

    def append(self, following: CompiledState) -> None:
        """Let ``following`` be entered behind the last state."""
        left = self.states[-1]
        self.states.append(following)
        self.texts.append((left.exited_start, following.entered_type, following.entered_start))

    def pass_through(self, turn: Turn, frame: Frame, place: int) -> CompiledState:
        """Leave the state at ``place``, and all behind it until the turn's limit.

        The same as ``Turn.leave`` for each of them, where the frame is the only one that can go on.
        Gives the state the frame is in then.
        """
        # A state that is begun is left, so the last event may be one beyond the limit.
        end = min(place + (turn.limit - turn.last_id + 1) // 2, len(self.texts))
        add = turn.events.append
        now = turn.now
        quoted = frame.input.quoted
        exited_end = quoted + OUTPUT_END
        entered_end = quoted + INPUT_END
        previous = frame.last_id
        number = turn.last_id
        for exited, kind, entered in self.texts[place:end]:
            number += 1
            add(
                new_event(
                    HistoryEvent, (number, previous, "PassStateExited", now, exited + exited_end)
                )
            )
            previous = number + 1
            add(new_event(HistoryEvent, (previous, number, kind, now, entered + entered_end)))
            number = previous
        state = self.states[end]
        turn.last_id = frame.last_id = frame.entered_id = number
        frame.entered_at = now
        frame.state = state.name
        frame.retries = None
        return state


def lay_rows(states: Collection[CompiledState]) -> None:
    """Put each plain Pass state that has a next one into one row, and tell it its place there.

    Rows that meet share what lies behind: it belongs to one of them, the other ends there. So all
    rows together are no longer than the states are many, loops among them included.
    """
    plain = [state for state in states if state.is_plain and state.next is not None]
    behind = {state.next for state in plain}
    # Where nobody comes from a plain state first: a row shall begin where executions come in.
    for first in (*(state for state in plain if state not in behind), *plain):
        if first.row is None:
            _lay_row(first)


def _lay_row(first: CompiledState) -> None:
    row = PlainRow(first)
    state = first
    while state.is_plain and state.row is None and state.next is not None:
        state.row = row, len(row.states) - 1
        state = state.next
        row.append(state)
