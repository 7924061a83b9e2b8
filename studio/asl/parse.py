"""From a definition's text to a Definition, or to everything that is wrong with it.

Source: https://states-language.net/spec.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl import json_text
from studio.asl.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostic
from studio.asl.errors import InvalidDefinition
from studio.asl.reading.fields import Fields, expected_type
from studio.asl.reading.scopes import read_machine
from studio.asl.validate import validate

if TYPE_CHECKING:
    from studio.asl.definition import Definition, Json
    from studio.asl.outline import Outline

SHOWN_SOURCE: Final = 500
"""Characters of the text that a message about broken JSON shows."""


def parse(text: str | bytes) -> Definition:
    """Read a definition.

    Raises InvalidDefinition with every diagnostic of severity ERROR, each at its place. Warnings
    do not keep a definition from being run: ``inspect`` gives them.
    """
    definition, diagnostics = _read(text)
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "ERROR"]
    if definition is None or errors:
        raise InvalidDefinition(errors)
    return definition


def inspect(text: str | bytes) -> list[Diagnostic]:
    """Give every diagnostic of a definition's text, errors before warnings; empty if all is well.

    Never raises.
    """
    _, diagnostics = _read(text)
    return sorted(diagnostics, key=lambda diagnostic: diagnostic.severity)


def inspect_document(document: Json, view: Outline | None = None) -> list[Diagnostic]:
    """The same for a definition that has been read already, from JSON or YAML.

    ``view`` is its outline, where the caller has it.
    """
    _, diagnostics = _read_document(document, view)
    return sorted(diagnostics, key=lambda diagnostic: diagnostic.severity)


def _read(text: str | bytes) -> tuple[Definition | None, list[Diagnostic]]:
    if not text.strip():
        return None, [_error("MISSING_DESCRIPTION", "The definition is empty", "/")]
    try:
        document = json_text.loads(text)
    except json_text.InvalidJson as error:
        return None, [_broken_json(text, error)]
    return _read_document(document)


def _read_document(
    document: Json, view: Outline | None = None
) -> tuple[Definition | None, list[Diagnostic]]:
    if not isinstance(document, dict):
        return None, [_error(SCHEMA_VALIDATION_FAILED, expected_type("OBJECT"), "/")]
    diagnostics: list[Diagnostic] = []
    definition = read_machine(Fields(document, "", diagnostics))
    diagnostics += validate(document, view)
    return definition, diagnostics


def _broken_json(text: str | bytes, error: json_text.InvalidJson) -> Diagnostic:
    """Make AWS's diagnostic of broken JSON: its location is a place in the text."""
    source = text if isinstance(text, str) else text.decode(errors="replace")
    shown, rest = source[:SHOWN_SOURCE], len(source) - SHOWN_SOURCE
    more = f"[truncated {rest} chars]" if rest > 0 else ""
    place = f'[Source: (String)"{shown}"{more}; line: {error.line}, column: {error.column}]'
    return _error("INVALID_JSON_DESCRIPTION", f"{error.message}\n at {place}", place)


def _error(code: str, message: str, location: str) -> Diagnostic:
    return Diagnostic("ERROR", code, message, location)
