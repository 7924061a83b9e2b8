"""What can be said of a text in ``{% %}`` before anybody evaluates it."""

from __future__ import annotations

import re
from typing import Any

from studio.asl.errors import InvalidExpression
from studio.asl.expressions.compiled_query import compile_text
from studio.asl.expressions.jsonata_functions import FUNCTIONS

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`|/\*.*?\*/", re.DOTALL)
_TOP_CONTEXT = re.compile(r"\$\$(?!\w)")


def query_faults(text: str, states: frozenset[str]) -> list[tuple[str, str]]:
    """Give what is wrong with a text in ``{% %}``: AWS's code, and a message.

    ``states`` are the members that ``$states`` has where the text stands.
    """
    source = text[2:-2].strip()
    try:
        compiled = compile_text(source)
    except InvalidExpression as error:
        return [("INVALID_JSONATA_EXPRESSION", error.message)]
    faults = [
        (
            "UNSUPPORTED_JSONATA_EXPRESSION",
            f"Reference to '{name}' at the top level is not supported.",
        )
        for name in compiled.top_names
    ]
    if _TOP_CONTEXT.search(_QUOTED.sub("''", source)):
        faults = [("UNSUPPORTED_JSONATA_EXPRESSION", "Reference to '$$' is not supported.")]
    if isinstance(compiled.states, dict):
        faults += [
            ("UNSUPPORTED_JSONATA_EXPRESSION", f"Field '$states.{name}' does not exist.")
            for name in compiled.states
            if name not in states
        ]
    return faults


def plain_query(text: str) -> tuple[str, ...] | None:
    """Give the names of a text in ``{% %}`` that is a plain path: ``("states", "input", "id")``.

    None for anything else.
    """
    try:
        return compile_text(text[2:-2].strip()).steps
    except InvalidExpression:
        return None


def query_states(text: str) -> dict[str, Any]:
    """Give which members of ``$states`` a text in ``{% %}`` reads: a tree of names.

    ``True`` stands for all that is below a name. Empty where that is not certain.
    """
    try:
        states = compile_text(text[2:-2].strip()).states
    except InvalidExpression:
        return {}
    return states if isinstance(states, dict) else {}


def query_variables(text: str) -> tuple[str, ...]:
    """Give the names of the variables a text in ``{% %}`` reads; none where it is no JSONata.

    The functions of Step Functions are left out, though a variable may take the name of one.
    """
    try:
        read = compile_text(text[2:-2].strip()).variables
    except InvalidExpression:
        return ()
    return tuple(name for name in read if name not in FUNCTIONS)
