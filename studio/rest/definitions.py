"""Definitions as pages send them: JSON or YAML, made the JSON that is run."""

from __future__ import annotations

from studio.asl import json_text
from studio.asl.diagnostics import Diagnostic
from studio.asl.source.yaml_text import InvalidYaml, read_yaml, yaml_problem
from studio.errors import InvalidDefinition


def json_definition(text: str, format: str) -> str:  # noqa: A002 - the wire's name
    """Give the definition as JSON text; ``format`` is JSON or YAML. JSON is not looked at.

    Raises InvalidDefinition where it is no YAML.
    """
    if format == "JSON":
        return text
    try:
        document = read_yaml(text)[0]
    except InvalidYaml as fault:
        message = yaml_problem(text, fault)
        diagnostic = Diagnostic("ERROR", "INVALID_YAML_DESCRIPTION", message, "")
        raise InvalidDefinition(message, [diagnostic]) from None
    return json_text.dumps(document)
