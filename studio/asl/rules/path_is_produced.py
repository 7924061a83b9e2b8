"""A path leads to something that a state before can have produced.

Only what is certain is said: nothing of the execution's input, nor of what a Task answers.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from studio.asl.data_flow.expressions import first_missing
from studio.asl.data_flow.produced import ERROR, data_of
from studio.asl.data_flow.reads import paths_of, queries_of
from studio.asl.data_flow.shape import ANYTHING, NOTHING, Shape, take
from studio.asl.diagnostics import Diagnostic, Fix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.data_flow.produced import StateData
    from studio.asl.data_flow.reads import PathRead, Stage
    from studio.asl.outline import Outline, StateOutline

MOST_OFFERS: Final = 5
"""Findings for which a name that is close is looked for: comparing names takes time."""
SHOWN: Final = 5
"""Names that a message lists of those that are there."""


def path_is_produced(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each path to something that nothing before the state can have produced."""
    data = data_of(outline)
    offers_left = MOST_OFFERS
    for state in outline.states():
        found = data.get(state.location)
        if found is None or found.input is NOTHING or _is_open(found, state):
            continue
        if outline.is_jsonpath(state):
            for read in paths_of(state):
                for diagnostic in _judge(read, _at(found, read.stage), offers=offers_left > 0):
                    offers_left -= 1
                    yield diagnostic
        else:
            for query in queries_of(state):
                missing = first_missing(query.tree, _at(found, query.stage), ())
                if missing is not None:
                    way, base = missing
                    message = _message(".".join((query.root, *way)), base)
                    yield Diagnostic("WARNING", "NEVER_PRODUCED", message, query.location)


def _is_open(data: StateData, state: StateOutline) -> bool:
    """Tell whether nothing is known of a state's data, so that its paths need not be read."""
    stages = (data.input, data.effective, data.result, data.selected, data.combined)
    return "Catch" not in state.fields and all(stage is ANYTHING for stage in stages)


def _at(data: StateData, stage: Stage) -> Shape:
    match stage:
        case "input":
            return data.input
        case "effective":
            return data.effective
        case "result":
            return data.result
        case "selected":
            return data.selected
        case "combined":
            return data.combined
        case "error":
            return ERROR


def _judge(read: PathRead, base: Shape, *, offers: bool) -> Iterator[Diagnostic]:
    for step in read.steps:
        if base is ANYTHING or base is NOTHING:
            return
        found = take(base, step)
        if found is None:
            fixes = tuple(_fixes(read, step, base)) if offers else ()
            message = _message(read.text, base)
            yield Diagnostic("WARNING", "NEVER_PRODUCED", message, read.location, fixes)
            return
        base = found


def _message(path: str, base: Shape) -> str:
    names = list(base.members or {})
    if base.members is None:
        there = "what is there has no members" if base.items is None else "there is an array"
    elif not names:
        there = "there is an object without members"
    else:
        more = " and more" if len(names) > SHOWN else ""
        there = f"there can be {', '.join(repr(name) for name in names[:SHOWN])}{more}"
    return f"'{path}' leads nowhere: no state before this one can have produced it; {there}"


def _fixes(read: PathRead, step: str | int, base: Shape) -> Iterator[Fix]:
    """Offer the name that was probably meant."""
    if not read.is_whole or not isinstance(step, str) or not base.members:
        return
    for name in get_close_matches(step, base.members, n=1, cutoff=0.75):
        mended = read.text.replace(f".{step}", f".{name}")
        if read.text.count(f".{step}") == 1 and name.isidentifier():
            replace = {"op": "replace", "path": read.pointer, "value": mended}
            yield Fix(f"Read '{mended}'", (replace,))
