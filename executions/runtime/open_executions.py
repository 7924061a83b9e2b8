"""How many executions are open, where there is a quota of them.

Counting costs as much as there are open ones, so it is not done for each start: after a count a
process takes a part of the room that was left without looking again, for some seconds. Only near
the quota every start counts. A few more than the quota may be open: starts that commit at the same
moment do not see each other.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Final

from studio.quotas import OPEN_EXECUTIONS, quota_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    class Cursor(Protocol):
        """Django's cursor, or psycopg's."""

        def execute(self, query: str, params: Sequence[Any]) -> Any:
            """Run a statement."""

        def fetchone(self) -> tuple[Any, ...] | None:
            """The next row."""


SHARE: Final = 16
"""A process takes one such part of the room at once; others take theirs."""
COUNTED_SECONDS: Final = 10.0
"""For how long a count is trusted."""

# Machine by machine, because the index of executions by status begins with it.
_COUNT = """
SELECT coalesce(sum(running.count), 0)::bigint FROM studio_statemachine m, LATERAL (
    SELECT count(*) FROM executions_execution e
    WHERE e.state_machine_id = m.id AND e.status = 'RUNNING' AND e.map_run_id IS NULL) running
"""

_lock = threading.Lock()
_left = 0
_until = 0.0


def surely_fit(started: int) -> bool:
    """Whether so many may be started without counting; their room is taken then."""
    global _left  # noqa: PLW0603 - the process's own share
    if quota_of(OPEN_EXECUTIONS) is None:
        return True
    with _lock:
        if started > _left or time.monotonic() >= _until:
            return False
        _left -= started
        return True


def fits(cursor: Cursor, started: int) -> bool:
    """Whether as many executions may be open as there are after ``started`` new ones.

    ``cursor`` is in the transaction that has just started them, and sees them.
    """
    global _left, _until  # noqa: PLW0603 - the process's own share
    quota = quota_of(OPEN_EXECUTIONS)
    if quota is None or surely_fit(started):
        return True
    cursor.execute(_COUNT, ())
    row = cursor.fetchone()
    room = quota.size - (row[0] if row else 0)
    with _lock:
        _left = max(room, 0) // SHARE
        _until = time.monotonic() + COUNTED_SECONDS
    return room >= 0
