"""Aliases on their way to another version, as far as executions have a say in it."""

from __future__ import annotations

from django.db.models import Count, Q

from executions.models import Execution
from studio.actions.alias_moves import Ended, look_at, moving
from studio.models import AliasMove

LATEST = 5_000
"""Executions of the state machine that are looked through: a busy one has its rate among them."""


def carry_on() -> None:
    """For the poller: make steps that are due, and take back what fails too often."""
    for move_id in moving():
        look_at(move_id, ended_since)


def ended_since(move: AliasMove) -> Ended:
    """Count the executions that the alias started with the new version since it began to move.

    Those that somebody stopped say nothing of the version.
    """
    latest = (
        Execution.objects.filter(state_machine=move.alias.state_machine_id, map_run_id=None)
        .order_by("-id")
        .values("id")[:LATEST]
    )
    counts = Execution.objects.filter(
        id__in=latest,
        state_machine_alias=move.alias.name,
        state_machine_version=move.version.number,
        started_at__gte=move.started_at,
    ).aggregate(
        succeeded=Count("id", filter=Q(status=Execution.Status.SUCCEEDED)),
        failed=Count(
            "id", filter=Q(status__in=(Execution.Status.FAILED, Execution.Status.TIMED_OUT))
        ),
    )
    return Ended(counts["succeeded"], counts["failed"])
