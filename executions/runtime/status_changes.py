"""Changes of executions' statuses, put down by the turns that make them: where somebody listens.

Whether somebody does is asked together with the rest of a claimed execution, so a turn pays nothing
for it otherwise. ``actions.triggers.status_events`` makes events of the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings

if TYPE_CHECKING:
    from executions.runtime.claimed import Advanced

HEARD = """
(EXISTS (SELECT FROM executions_webhook w WHERE w.state_machine_id = m.id AND w.is_enabled)
 OR EXISTS (SELECT FROM executions_eventrule l WHERE l.is_enabled AND l.hears_statuses))
"""
"""Whether somebody hears of executions of the state machine ``m``, as SQL."""
PUT = """
INSERT INTO executions_statuschange (execution_id, status, redrive_count, error, cause, changed_at)
SELECT v.execution_id, v.status, v.redrive_count, v.error, v.cause, to_timestamp(v.at)
FROM unnest(%b::bigint[], %b::text[], %b::int[], %b::text[], %b::text[], %b::float8[])
  AS v(execution_id, status, redrive_count, error, cause, at)
"""


class Change(NamedTuple):
    """A row of ``PUT``; ``at`` in seconds since the epoch."""

    execution_id: int
    status: str
    redrive_count: int
    error: str | None
    cause: str | None
    at: float


def changes_of(result: Advanced, now: float) -> list[Change]:
    """The changes of status in a turn of an execution that are to be put down.

    Children of Map Runs make none: a run tells how many have ended.
    """
    execution, state = result.execution, result.state
    if execution.map_run_id is not None or not (execution.is_heard or settings.EVENT_BUS):
        return []
    changes = []
    begins = execution.version == 0 or any(e.type == "ExecutionRedriven" for e in result.events)
    if begins:
        changes.append(Change(execution.id, "RUNNING", state.redrive_count, None, None, now))
    if state.status != "RUNNING":
        changes.append(
            Change(execution.id, state.status, state.redrive_count, state.error, state.cause, now)
        )
    return changes
