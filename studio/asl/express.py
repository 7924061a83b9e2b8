"""What an Express state machine cannot have: whatever would outlive its five minutes.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html; the words
are the service's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.definition import MapState, ParallelState, Scope, State, TaskState
from studio.asl.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostic
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from collections.abc import Iterator


def express_diagnostics(definition: Scope) -> list[Diagnostic]:
    """Give an error for each thing that an Express state machine cannot do; none if all is well."""
    return [
        Diagnostic(
            "ERROR",
            SCHEMA_VALIDATION_FAILED,
            f"Express state machine does not support {what}",
            f"{state.location}/{field}",
        )
        for state in _states(definition)
        for what, field in _unsupported(state)
    ]


def _states(scope: Scope) -> Iterator[State]:
    for state in scope.states.values():
        yield state
        if isinstance(state, ParallelState):
            for branch in state.branches:
                yield from _states(branch)
        elif isinstance(state, MapState):
            yield from _states(state.processor)


def _unsupported(state: State) -> Iterator[tuple[str, str]]:
    """What the state has that is not supported, and in which field."""
    if isinstance(state, MapState) and state.mode == "DISTRIBUTED":
        yield "a Map state of mode 'DISTRIBUTED'", "ItemProcessor/ProcessorConfig/Mode"
    if not isinstance(state, TaskState):
        return
    resource = parse_resource(state.resource)
    if resource.kind == "activity":
        yield "Activity ARN", "Resource"
    elif resource.pattern == "waitForTaskToken":
        yield "'.waitForTaskToken' service integration ", "Resource"  # the second space is theirs
    elif resource.pattern:
        yield "'.sync' service integration", "Resource"
