"""All there is to say of a definition's text, with the places in it: what an editor shows.

More than ``inspect``, which says what AWS says: our own advice, changes that mend a finding, and
YAML.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.asl import json_text
from studio.asl.diagnostics import Diagnostic
from studio.asl.outline import outline
from studio.asl.parse import inspect, inspect_document
from studio.asl.source.json_nodes import has_repeated_names
from studio.asl.source.locate import Locator
from studio.asl.source.positions import Lines, Position, Range
from studio.asl.source.yaml_text import InvalidYaml, read_yaml, yaml_problem
from studio.asl.validate import advise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from studio.asl.outline import Outline
    from studio.asl.source.locate import Format


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic, and the part of the text to underline; None where the text has none."""

    diagnostic: Diagnostic
    range: Range | None


def review(
    text: str,
    source_format: Format = "JSON",
    also: Callable[[Outline], Iterable[Diagnostic]] | None = None,
) -> list[Finding]:
    """Give every finding: errors, then AWS's warnings, then our advice. Never raises.

    ``also`` says what else there is to say of a document.
    """
    if source_format == "YAML":
        try:
            document = read_yaml(text)[0]
        except InvalidYaml as error:
            place = Lines(text).position(error.offset)
            message = yaml_problem(text, error)
            broken = Diagnostic("ERROR", "INVALID_YAML_DESCRIPTION", message, "")
            return [Finding(broken, Range(place, place))]
    else:
        try:
            document = json_text.loads(text)
        except json_text.InvalidJson as error:
            place = Position(error.line, error.column)
            return [Finding(diagnostic, Range(place, place)) for diagnostic in inspect(text)]
    view = outline(document) if isinstance(document, dict) else None
    diagnostics = inspect_document(document, view)
    if isinstance(document, dict) and view is not None:
        diagnostics += advise(document, view)
        diagnostics += also(view) if also is not None else ()
    locator = Locator(text, source_format)
    findings = [Finding(each, locator.locate(each.location)) for each in diagnostics]
    if source_format == "YAML" or not has_repeated_names(text, document):
        return findings
    for location, name, earlier in locator.repeated_names():
        message = f"The name '{name}' is here again further on: what is said here does not count"
        found = Diagnostic("WARNING", "REPEATED_NAME", message, location or "/")
        findings.append(Finding(found, earlier))
    return findings
