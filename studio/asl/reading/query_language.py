"""Which query language a state speaks, and which of its fields do not belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.reading.supported_fields import JSONATA_FIELDS, JSONPATH_FIELDS

if TYPE_CHECKING:
    from studio.asl.definition import QueryLanguage
    from studio.asl.reading.fields import Fields


def is_jsonata(language: QueryLanguage) -> bool:
    """Tell whether ``language`` is JSONata."""
    return language == "JSONata"


def read_query_language(fields: Fields, machine: QueryLanguage | None = None) -> QueryLanguage:
    """Read QueryLanguage of a machine, or of a state within a ``machine`` of that language."""
    chosen = fields.choice("QueryLanguage", ("JSONPath", "JSONata"))
    if chosen == "JSONPath" and machine == "JSONata":
        fields.problem(
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
        )
    if chosen == "JSONata" or (chosen is None and machine == "JSONata"):
        return "JSONata"
    return "JSONPath"


def check_query_language(fields: Fields, language: QueryLanguage) -> None:
    """Note each field that only the other query language has."""
    foreign, other = (
        (JSONPATH_FIELDS, "JSONPath") if is_jsonata(language) else (JSONATA_FIELDS, "JSONata")
    )
    for name in fields.values:
        if name in foreign:
            fields.problem(
                f"The QueryLanguage is set to '{language}', but field '{name}' is only supported "
                f"for the '{other}' QueryLanguage"
            )


def is_jsonata_text(value: object) -> bool:
    """Tell whether ``value`` is a text in ``{% %}``."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")
