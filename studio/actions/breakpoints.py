"""The breakpoints that somebody keeps for a state machine: the only place that writes them."""

from __future__ import annotations

from typing import Any

from studio import arns
from studio.actions.names import check_name
from studio.models import KeptBreakpoints


def get_breakpoints(owner_id: int, name: str) -> list[dict[str, Any]]:
    """Give the person's breakpoints of the state machine ``name``; none where none were kept."""
    found = KeptBreakpoints.objects.filter(owner_id=owner_id, name=name).first()
    return [] if found is None else list(found.breakpoints)


def keep_breakpoints(
    owner_id: int, name: str, breakpoints: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Keep these breakpoints instead of those before. Raises InvalidName."""
    check_name(arns.short_name(name))
    if breakpoints:
        KeptBreakpoints.objects.update_or_create(
            owner_id=owner_id, name=name, defaults={"breakpoints": breakpoints}
        )
    else:
        KeptBreakpoints.objects.filter(owner_id=owner_id, name=name).delete()
    return breakpoints
