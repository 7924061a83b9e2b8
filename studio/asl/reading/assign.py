"""Assign: names of variables, and what they are given.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.definition import ABSENT
from studio.asl.expressions.query_template import AT_ENTRY

if TYPE_CHECKING:
    from studio.asl.definition import Absent, Json, QueryLanguage
    from studio.asl.reading.fields import Fields

MAX_NAME: Final = 80
"""Characters of a variable's name."""

_RESERVED: Final = "states"


def read_assign(
    fields: Fields, language: QueryLanguage, states: frozenset[str] = AT_ENTRY
) -> Json | Absent:
    """Read Assign: an object whose members name variables.

    ``states`` are the members that ``$states`` has in it.
    """
    members = fields.object("Assign")
    if members is None:
        return ABSENT
    jsonata = language == "JSONata"
    for name in members.values:
        _check_name(members, name, name if jsonata else name.removesuffix(".$"))
    return fields.query("Assign", states) if jsonata else fields.template("Assign")


def _check_name(members: Fields, member: str, name: str) -> None:
    if name == _RESERVED:
        members.problem(
            f"Cannot assign to reserved variable '${name}'.", member, code="RESERVED_VARIABLE_NAME"
        )
        return
    why = ""
    if len(name) > MAX_NAME:
        why = f"the variable name exceeds the {MAX_NAME}-character limit allowed by the service"
    elif not name.isidentifier() or name.startswith("_"):
        why = "the variable name contains invalid characters"
    if why:
        members.problem(
            f"Invalid variable name '{name}': {why}.", member, code="INVALID_VARIABLE_NAME"
        )
