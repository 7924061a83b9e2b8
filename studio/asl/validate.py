"""What the rules say about a definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.outline import outline
from studio.asl.rules import RULES

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.asl.diagnostics import Diagnostic


def validate(document: dict[str, Json]) -> list[Diagnostic]:
    """Apply every rule to a document; never raises, whatever the document holds."""
    view = outline(document)
    return [diagnostic for rule in RULES for diagnostic in rule(view)]
