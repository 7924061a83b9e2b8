"""What became of the executions that rules and schedules wanted started, for people to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.models import TriggeredStart

if TYPE_CHECKING:
    from studio.models import StateMachine


def latest_starts(machine: StateMachine, count: int = 100) -> list[TriggeredStart]:
    """The latest of a state machine, the newest first."""
    found = TriggeredStart.objects.filter(state_machine=machine)
    return list(found.select_related("rule", "schedule", "event").order_by("-id")[:count])
