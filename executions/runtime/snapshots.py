"""States of executions that this process advanced last, so that the next turn need not decode.

Only a saving: an entry counts for nothing unless its version is the one in the locked row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.value import value
from executions.runtime.latest import Latest

if TYPE_CHECKING:
    from executions.interpreter.state import ExecutionState
    from executions.runtime.claimed import Claimed
    from executions.runtime.moments import Moment


@value
class Kept:
    """What a committed turn has left: the row, the state, and PostgreSQL's clock as it was told."""

    execution: Claimed
    state: ExecutionState
    moment: Moment


class Snapshots(Latest[int, Kept]):
    """The states, by their executions' ids."""

    def get(self, execution_id: int, version: int) -> ExecutionState | None:
        """The state after turn ``version``, if this process made it."""
        kept = self.latest(execution_id)
        return kept.state if kept is not None and kept.execution.version == version else None

    def put(self, kept: Kept) -> None:
        """Keep a state whose turn has been committed."""
        self.keep(kept.execution.id, kept)
