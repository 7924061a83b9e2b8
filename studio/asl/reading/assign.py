"""Assign: names of variables, and what they are given.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.definition import ABSENT

if TYPE_CHECKING:
    from studio.asl.definition import Absent, Json, QueryLanguage
    from studio.asl.reading.fields import Fields

MAX_NAME: Final = 80
"""Characters of a variable's name."""

_RESERVED: Final = "states"


def read_assign(
    fields: Fields, language: QueryLanguage, *, is_catcher: bool = False
) -> Json | Absent:
    """Read Assign: an object whose members name variables."""
    members = fields.object("Assign")
    if members is None:
        return ABSENT
    jsonata = language == "JSONata"
    for name in members.values:
        _check_name(members, name if jsonata else name.removesuffix(".$"))
    return fields.query("Assign", is_catcher=is_catcher) if jsonata else fields.template("Assign")


def _check_name(members: Fields, name: str) -> None:
    if name == _RESERVED:
        members.problem(f"The variable name '{name}' is reserved")
    elif len(name) > MAX_NAME:
        members.problem(f"A variable name may have {MAX_NAME} characters at most: {name}")
    elif not name.isidentifier() or name.startswith("_"):
        members.problem(
            f"The variable name '{name}' must be a letter, then letters, digits and underscores"
        )
