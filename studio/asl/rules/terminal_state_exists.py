"""A machine has a state that ends it: End, Succeed or Fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline


def terminal_state_exists(outline: Outline) -> Iterator[Diagnostic]:
    """Note a machine in which no state is terminal.

    AWS looks at the outermost scope only (``scope_can_end`` at the others), and gives no location.
    A Choice state without Default may end its scope too, but only by failing.
    """
    if outline.machine.is_endless:
        yield Diagnostic("ERROR", "MISSING_END_STATE", "Workflow has no terminal state", "")
