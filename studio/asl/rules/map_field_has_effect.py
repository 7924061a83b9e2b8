"""What only a distributed Map does is not asked of an inline one.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.diagnostics import Diagnostic
from studio.asl.outline import is_distributed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline

OF_DISTRIBUTED: Final = (
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
    "Label",
)


def map_field_has_effect(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each field of an inline Map that only a distributed one heeds."""
    for state in outline.states():
        if state.type != "Map" or is_distributed(state):
            continue
        for name in OF_DISTRIBUTED:
            if name in state.fields:
                message = (
                    f"'{name}' has no effect in an inline Map: give the ItemProcessor a "
                    "ProcessorConfig with Mode DISTRIBUTED, or leave it out"
                )
                yield Diagnostic("WARNING", "NO_EFFECT", message, f"{state.location}/{name}")
