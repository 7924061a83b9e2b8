"""What somebody fills into the form of an approval, checked against its fields."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from studio.errors import ValidationException

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST_TEXT: Final = 10_000


def checked_answers(
    form: Sequence[Mapping[str, Any]], given: Mapping[str, Any], *, complete: bool
) -> dict[str, Any]:
    """The values of a form's fields by name; a field that is left empty has none.

    ``complete``: the required fields must be there. A choice that must be made and a text that must
    be given are required alike; a boolean is given either way.

    Raises:
        ValidationException: every field that is wrong, and how.
    """
    fields = {field["Name"]: field for field in form}
    problems = [f"The form has no field '{name}'" for name in given if name not in fields]
    answers: dict[str, Any] = {}
    for name, field in fields.items():
        value = given.get(name)
        if value is None or value == "":
            if complete and field["Required"]:
                problems.append(f"'{field['Label']}' is required")
            continue
        problem = _problem(field, value)
        if problem is None:
            answers[name] = value
        else:
            problems.append(f"'{field['Label']}' {problem}")
    if problems:
        raise ValidationException(message="; ".join(problems))
    return answers


def _problem(field: Mapping[str, Any], value: Any) -> str | None:
    match field["Type"]:
        case "number":
            good = isinstance(value, int | float) and not isinstance(value, bool)
            return None if good and math.isfinite(value) else "is a number"
        case "boolean":
            return None if isinstance(value, bool) else "is true or false"
        case "choice":
            choices = field["Choices"]
            return None if value in choices else f"is one of: {', '.join(choices)}"
        case "date":
            return None if _is_day(value) else "is a day, such as 2026-11-21"
        case _:
            good = isinstance(value, str) and len(value) <= LONGEST_TEXT
            return None if good else f"is a text of at most {LONGEST_TEXT} letters"


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
