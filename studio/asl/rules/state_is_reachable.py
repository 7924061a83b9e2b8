"""Every state can be reached from its scope's StartAt.

AWS refuses a definition with a state that nothing leads to, so this is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline, ScopeOutline


def state_is_reachable(outline: Outline) -> Iterator[Diagnostic]:
    """Note each state that no way from StartAt leads to."""
    for scope in outline.scopes():
        if scope.start_at is None or (scope is outline.machine and scope.is_endless):
            # Nothing to start from, or no way out: that is noted, and AWS says nothing more.
            continue
        reached = _reached(scope)
        for state in scope.states.values():
            if state.name not in reached:
                yield Diagnostic(
                    "ERROR",
                    "MISSING_TRANSITION_TARGET",
                    f'State "{state.name}" is not reachable.',
                    state.location,
                )


def _reached(scope: ScopeOutline) -> set[str]:
    reached: set[str] = set()
    start = scope.start_at
    waiting = [start] if start is not None and start in scope.states else []
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        targets = (transition.target for transition in scope.states[name].transitions)
        waiting.extend(target for target in targets if target in scope.states)
    return reached
