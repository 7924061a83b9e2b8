"""What can be written in the fields of one state: paths into its data, and variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.asl.data_flow.produced import StateData, data_of
from studio.asl.data_flow.shape import ANYTHING, paths
from studio.asl.outline import is_distributed, outline, variables_assigned

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.asl.outline import ScopeOutline

_UNKNOWN = StateData(*(ANYTHING,) * 6)


@dataclass(frozen=True, slots=True)
class Offered:
    """Paths at each stage of a state's data, outer before inner, and the variables it can read.

    A path begins with ``$``, the whole of that stage's value; the first is always ``$`` itself.
    What is unknown, such as the result of a Task, has no paths below it. ``variables`` are names
    without ``$``, sorted: all that states of its scope or of one around it assign.
    """

    input: tuple[str, ...]
    effective: tuple[str, ...]
    result: tuple[str, ...]
    selected: tuple[str, ...]
    combined: tuple[str, ...]
    output: tuple[str, ...]
    variables: tuple[str, ...]


def offered(document: dict[str, Json], state_name: str) -> Offered | None:
    """Give what a state's fields can name; None where no state has that name. Never raises."""
    whole = outline(document)
    found = _find(whole.machine, state_name, frozenset())
    if found is None:
        return None
    location, variables = found
    data = data_of(whole).get(location, _UNKNOWN)
    return Offered(
        tuple(paths(data.input)),
        tuple(paths(data.effective)),
        tuple(paths(data.result)),
        tuple(paths(data.selected)),
        tuple(paths(data.combined)),
        tuple(paths(data.output)),
        tuple(sorted(variables)),
    )


def _find(
    scope: ScopeOutline, name: str, outer: frozenset[str]
) -> tuple[str, frozenset[str]] | None:
    known = outer | variables_assigned(scope)
    if name in scope.states:
        return scope.states[name].location, known
    for state in scope.states.values():
        for inner in state.scopes:
            # The child executions of a distributed Map see none of the variables outside.
            found = _find(inner, name, frozenset() if is_distributed(state) else known)
            if found is not None:
                return found
    return None
