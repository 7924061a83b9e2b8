"""What the rules say about a definition: AWS's, and our own advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.outline import outline
from studio.asl.rules import ADVICE, RULES

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.asl.diagnostics import Diagnostic
    from studio.asl.outline import Outline


def validate(document: dict[str, Json], view: Outline | None = None) -> list[Diagnostic]:
    """Apply AWS's rules to a document; never raises, whatever the document holds.

    ``view`` is its outline, where the caller has it.
    """
    view = view or outline(document)
    return [diagnostic for rule in RULES for diagnostic in rule(view)]


def advise(document: dict[str, Json], view: Outline | None = None) -> list[Diagnostic]:
    """Apply our own rules to a document; warnings only, and never raises."""
    view = view or outline(document)
    return [diagnostic for rule in ADVICE for diagnostic in rule(view)]
