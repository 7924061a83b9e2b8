"""What others are told after a turn's commit: watchers, workers outside, workers here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.runtime import doorbell, hints

if TYPE_CHECKING:
    from executions.runtime.turn import Report


def tell(report: Report, *, goes_on: bool = False) -> None:
    """Watchers hear of the turn, workers of what is left to do.

    ``goes_on``: the caller looks for executions with more to do by itself.
    """
    doorbell.ring(report.advanced)
    if report.queued:
        hints.tasks_queued()
    if report.outside:
        doorbell.ring_activities()
    if report.map_runs or report.children_ended:
        hints.map_runs_ready()
    if report.more and not goes_on:
        hints.executions_ready()
