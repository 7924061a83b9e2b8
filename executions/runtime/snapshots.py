"""States of executions that this process advanced last, so that the next turn need not decode.

Only a saving: an entry counts for nothing unless its version is the one in the locked row.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from executions.interpreter.state import ExecutionState
    from executions.runtime.claimed import Claimed
    from executions.runtime.moments import Moment

CAPACITY = 512


@dataclass(frozen=True, slots=True)
class Kept:
    """What a committed turn has left: the row, the state, and PostgreSQL's clock as it was told."""

    execution: Claimed
    state: ExecutionState
    moment: Moment


class Snapshots:
    """A small least-recently-used store, shared by the threads of a process."""

    def __init__(self) -> None:
        self._entries: OrderedDict[int, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def latest(self, execution_id: int) -> Kept | None:
        """What this process made last; others may have gone on since."""
        with self._lock:
            return self._entries.get(execution_id)

    def get(self, execution_id: int, version: int) -> ExecutionState | None:
        """The state after turn ``version``, if this process made it."""
        kept = self.latest(execution_id)
        return kept.state if kept is not None and kept.execution.version == version else None

    def put(self, kept: Kept) -> None:
        """Keep a state whose turn has been committed."""
        execution_id = kept.execution.id
        with self._lock:
            self._entries[execution_id] = kept
            self._entries.move_to_end(execution_id)
            if len(self._entries) > CAPACITY:
                self._entries.popitem(last=False)

    def forget(self, execution_id: int) -> None:
        """Drop the state of an execution that has closed."""
        with self._lock:
            self._entries.pop(execution_id, None)

    def clear(self) -> None:
        """Drop every state, as a process that ends does."""
        with self._lock:
            self._entries.clear()
