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
    fields.choice("QueryLanguage", ("JSONPath", "JSONata"))
    if "QueryLanguage" not in fields:
        return machine or "JSONPath"
    # What is none of the two has been noted; the rest is read as AWS reads it, as JSONata.
    return "JSONPath" if fields.values["QueryLanguage"] == "JSONPath" else "JSONata"


def is_downgraded(fields: Fields, machine: QueryLanguage) -> bool:
    """Note, and tell, when a state of a JSONata machine is to speak JSONPath."""
    if machine != "JSONata" or fields.values.get("QueryLanguage") != "JSONPath":
        return False
    fields.problem(
        "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
    )
    return True


def check_query_language(fields: Fields, language: QueryLanguage) -> None:
    """Note each field that only the other query language has."""
    foreign = JSONPATH_FIELDS if is_jsonata(language) else JSONATA_FIELDS
    for name in fields.values:
        if name in foreign:
            fields.problem(of_the_other(name, language))


def of_the_other(name: str, language: QueryLanguage) -> str:
    """Say that a field is not of ``language``."""
    other = "JSONPath" if is_jsonata(language) else "JSONata"
    return (
        f"The QueryLanguage is set to '{language}', but field '{name}' is only supported for the "
        f"'{other}' QueryLanguage"
    )


def is_jsonata_text(value: object) -> bool:
    """Tell whether ``value`` is a text in ``{% %}``."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")
