"""What an Express state machine cannot have: whatever would outlive its five minutes.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html; the words
are the service's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.definition import MapState, ParallelState, Scope, State, TaskState
from studio.asl.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostic
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

NO: Final = "Express state machine does not support "
DISTRIBUTED: Final = (
    "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines"
)


def express_diagnostics(definition: Scope) -> list[Diagnostic]:
    """Give an error for each thing that an Express state machine cannot do; none if all is well."""
    return [
        Diagnostic(
            "ERROR",
            SCHEMA_VALIDATION_FAILED,
            message,
            f"{state.location}/{field}",
        )
        for state in _states(definition)
        for message, field in _unsupported(state)
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
    """What to say of each thing the state has that is not supported, and its field."""
    if isinstance(state, MapState) and state.mode == "DISTRIBUTED":
        processor = "Iterator" if state.legacy_iterator else "ItemProcessor"
        yield DISTRIBUTED, f"{processor}/ProcessorConfig/Mode"
    if not isinstance(state, TaskState):
        return
    resource = parse_resource(state.resource)
    if resource.kind == "activity":
        yield f"{NO}Activity ARN", "Resource"
    elif resource.pattern == "waitForTaskToken":
        # The space at the end is theirs.
        yield f"{NO}'.waitForTaskToken' service integration ", "Resource"
    elif resource.pattern:
        yield f"{NO}'.sync' service integration", "Resource"
