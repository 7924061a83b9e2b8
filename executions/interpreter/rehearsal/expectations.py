"""What a test case expects, held against how its rehearsal ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from executions.interpreter.rehearsal.differences import differences, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from executions.interpreter.rehearsal.recording import Recording
    from executions.interpreter.rehearsal.rehearsal import Rehearsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """How a case shall end. None: anything will do. ``output`` is JSON text.

    ``path`` are places in the order they are entered. Where all of them are at the top level, only
    those are looked at.
    """

    status: str | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    path: tuple[str, ...] | None = None


class Unmet(NamedTuple):
    """One expectation that was not met: ``what`` it is of, where in it, and both as JSON texts."""

    what: str
    pointer: str
    expected: str | None
    actual: str | None


def unmet(
    expected: Expectation,
    rehearsed: Rehearsed,
    entered: Recording,
    maps: Mapping[str, Sequence[object]],
) -> list[Unmet]:
    """Say which expectations were not met; none: the case has passed.

    ``maps`` are the scopes around each state, by names: ``scopes_around`` of the definition.
    """
    found: list[Unmet] = []
    for what, wanted, actual in (
        ("status", expected.status, rehearsed.status),
        ("error", expected.error, rehearsed.error),
        ("cause", expected.cause, rehearsed.cause),
    ):
        if wanted is not None:
            found += [Unmet(what, *each) for each in differences(wanted, actual)]
    if expected.output is not None:
        given = read(rehearsed.output)
        found += [Unmet("output", *each) for each in differences(read(expected.output), given)]
    if expected.path is not None:
        places = [str(visit.place) for visit in entered.visits]
        if all(not maps.get(each) and each in maps for each in expected.path):
            places = [each for each in places if not maps.get(each) and each in maps]
        found += [Unmet("path", *each) for each in differences(list(expected.path), places)]
    return found
