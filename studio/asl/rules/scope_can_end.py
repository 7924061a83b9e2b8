"""A branch, or what is done with an item, has a state that ends it.

AWS asks this of the machine only: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline


def scope_can_end(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each inner scope in which no state is terminal."""
    for scope in outline.scopes():
        if scope is not outline.machine and scope.is_endless:
            message = (
                "No state in here has End, Succeed or Fail: it goes round until it fails, and the "
                "state around it never gets a result"
            )
            yield Diagnostic("WARNING", "ENDLESS_SCOPE", message, scope.location)
