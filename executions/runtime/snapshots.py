"""States of executions that this process advanced last, so that the next turn need not decode.

Only a saving: an entry is used when its version is the one in the locked row, otherwise the row's
snapshot is decoded.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from executions.interpreter.state import ExecutionState

CAPACITY = 512


class Snapshots:
    """A small least-recently-used store, shared by the threads of a process."""

    def __init__(self) -> None:
        self._entries: OrderedDict[int, tuple[int, ExecutionState]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, execution_id: int, version: int) -> ExecutionState | None:
        """The state after turn ``version``, if this process made it."""
        with self._lock:
            entry = self._entries.get(execution_id)
        return entry[1] if entry is not None and entry[0] == version else None

    def put(self, execution_id: int, version: int, state: ExecutionState) -> None:
        """Keep a state whose turn has been committed."""
        with self._lock:
            self._entries[execution_id] = (version, state)
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
