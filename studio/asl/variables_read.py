"""Which variables a state reads: in its paths and templates, or in its JSONata."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from studio.asl import json_text
from studio.asl.expressions.jsonata import is_query
from studio.asl.expressions.query_reading import query_variables
from studio.asl.outline import outline, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.outline import Outline, StateOutline

INNER_SCOPES: Final = ("Branches", "ItemProcessor", "Iterator")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_VARIABLE = re.compile(r"(?<![\w$.\])])\$([^\W\d_]\w*)")


def variable_references(definition: str) -> dict[str, list[str]]:
    """Give the variables that each state reads, sorted, by the state's name, as AWS shows them.

    ``definition`` is one that was accepted. States that read none are left out.
    """
    whole = outline(json_text.loads(definition))
    read = {
        state.name: sorted({variable for _, variable in variables_read(whole, state)})
        for state in whole.states()
    }
    return {name: variables for name, variables in read.items() if variables}


def variables_read(whole: Outline, state: StateOutline) -> Iterator[tuple[str, str]]:
    """Give the place and the name of each variable a state reads, without its inner scopes."""
    fields = {name: each for name, each in state.fields.items() if name not in INNER_SCOPES}
    read = _read_in_path if whole.is_jsonpath(state) else _read_in_query
    for place, name, text in texts(fields, state.location, ""):
        for variable in dict.fromkeys(read(name, text)):
            yield place, variable


def _read_in_path(name: str, text: str) -> list[str]:
    if name == "Variable" or name.endswith(("Path", ".$")):
        return _VARIABLE.findall(_QUOTED.sub("''", text))
    return []


def _read_in_query(name: str, text: str) -> tuple[str, ...]:
    return query_variables(text) if is_query(text) else ()
