"""A variable that is read is assigned somewhere in the state's scope, or in one around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from studio.asl.diagnostics import Diagnostic
from studio.asl.expressions.jsonata import is_query, query_variables
from studio.asl.outline import variables_assigned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json
    from studio.asl.outline import Outline, ScopeOutline, StateOutline

INNER_SCOPES: Final = ("Branches", "ItemProcessor", "Iterator")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_VARIABLE = re.compile(r"(?<![\w$.\])])\$([^\W\d_]\w*)")


def variable_is_assigned(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each variable that nothing assigns before or beside the state that reads it."""
    yield from _scope(outline, outline.machine, frozenset())


def _scope(outline: Outline, scope: ScopeOutline, outer: frozenset[str]) -> Iterator[Diagnostic]:
    known = outer | variables_assigned(scope)
    for state in scope.states.values():
        for place, name in _variables_read(outline, state):
            if name not in known:
                message = f"No state assigns the variable '${name}' that is read here"
                yield Diagnostic("WARNING", "UNKNOWN_VARIABLE", message, place)
        for inner in state.scopes:
            yield from _scope(outline, inner, known)


def _variables_read(outline: Outline, state: StateOutline) -> Iterator[tuple[str, str]]:
    fields = {name: each for name, each in state.fields.items() if name not in INNER_SCOPES}
    read = _read_in_path if outline.is_jsonpath(state) else _read_in_query
    for place, name, text in _texts(fields, state.location, ""):
        for variable in dict.fromkeys(read(name, text)):
            yield place, variable


def _read_in_path(name: str, text: str) -> list[str]:
    if name == "Variable" or name.endswith(("Path", ".$")):
        return _VARIABLE.findall(_QUOTED.sub("''", text))
    return []


def _read_in_query(name: str, text: str) -> tuple[str, ...]:
    return query_variables(text) if is_query(text) else ()


def _texts(value: Json, place: str, name: str) -> Iterator[tuple[str, str, str]]:
    """Give every text with its place and the name of the member that holds it."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, f"{place}/{key}", key)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, f"{place}[{index}]", name)
    elif isinstance(value, str):
        yield place, name, value
