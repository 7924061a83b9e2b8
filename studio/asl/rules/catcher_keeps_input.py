"""A Catcher hands on what the state was given, where what follows can need it.

Unless told otherwise, the error's description takes the place of the state's input: in JSONPath
ResultPath is ``$``, in JSONata Output is ``$states.errorOutput``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from studio.asl.diagnostics import Diagnostic, Fix
from studio.asl.outline import objects, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json
    from studio.asl.outline import Outline, StateOutline

_ERROR_ITSELF = re.compile(r"(?:\$|\$states\.input)\.(?:Error|Cause)\b")
_KEPT_IN_JSONATA = "{% $merge([$states.input, {'error': $states.errorOutput}]) %}"


def catcher_keeps_input(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each Catcher that drops the input of its state on the way to one that may read it."""
    for scope in outline.scopes():
        may_read: dict[str, bool] = {}
        for state in scope.states.values():
            jsonpath = outline.is_jsonpath(state)
            for index, catcher in objects(state.fields.get("Catch")):
                if ("ResultPath" if jsonpath else "Output") in catcher:
                    continue
                target = scope.states.get(str(catcher.get("Next")))
                if target is None:
                    continue
                # Many Catchers lead to the same state: it is looked at once.
                if target.name not in may_read:
                    may_read[target.name] = _may_read_input(outline, target)
                if may_read[target.name]:
                    yield _diagnostic(state, index, jsonpath=jsonpath)


def _diagnostic(state: StateOutline, index: int, *, jsonpath: bool) -> Diagnostic:
    field = "ResultPath" if jsonpath else "Output"
    value = "$.error" if jsonpath else _KEPT_IN_JSONATA
    message = (
        f"Without {field} the error takes the place of this state's input, and the states after "
        "this Catcher no longer have it"
    )
    add = {"op": "add", "path": f"{state.pointer}/Catch/{index}/{field}", "value": value}
    fix = Fix("Keep the input, with the error as its member 'error'", (add,))
    return Diagnostic(
        "WARNING", "INPUT_IS_LOST", message, f"{state.location}/Catch[{index}]", (fix,)
    )


def _may_read_input(outline: Outline, state: StateOutline) -> bool:
    if state.type == "Fail":
        return False
    written = [text for _, _, text in texts(state.fields, "", "")]
    if any(_ERROR_ITSELF.search(text) for text in written):
        # It counts on getting the error alone: whoever wrote it knows.
        return False
    if outline.is_jsonpath(state):
        return not _is_told_all(state.fields)
    makes_output = state.type in ("Task", "Parallel") or "Output" in state.fields
    return not makes_output or any("$states.input" in text for text in written)


def _is_told_all(fields: dict[str, Json]) -> bool:
    """Tell whether a JSONPath state uses only what its Parameters say, and passes on its result."""
    if fields.get("Type") not in ("Task", "Pass") or "ResultPath" in fields:
        return False
    if fields.get("Type") == "Pass" and "Result" in fields:
        return True
    if "Parameters" not in fields:
        return False
    paths = [text for _, name, text in texts(fields["Parameters"], "", "") if name.endswith(".$")]
    # "$$" is the context object, and "$name" a variable.
    return not any(re.search(r"(?<!\$)\$(?:[.\[)\s,]|$)", path) for path in paths)
