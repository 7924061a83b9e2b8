"""A Task's parameters, checked in the words that Step Functions has for what cannot be used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from executions.integration import TaskRequest

_KINDS: Final[dict[type, str]] = {str: "a STRING", list: "an ARRAY", dict: "an OBJECT"}


class UnusableParameters(ValueError):
    """Parameters that no call can be made of; the text says which field."""


def parameters_of(
    request: TaskRequest, fields: Mapping[str, tuple[type, ...]], required: tuple[str, ...]
) -> dict[str, Any]:
    """The parameters: an object of these fields, each of one of its types, the required ones there.

    Raises UnusableParameters.
    """
    parameters = json.loads(request.parameters)
    if not isinstance(parameters, dict):
        raise UnusableParameters("They are not a JSON object")
    for name in sorted(parameters.keys() - fields.keys()):
        raise UnusableParameters(f'The field "{name}" is not supported: {", ".join(fields)} are')
    for name in required:
        if name not in parameters:
            raise UnusableParameters(f'The field "{name}" is required but was missing')
    for name, value in parameters.items():
        if not isinstance(value, fields[name]):
            named = " or ".join(_KINDS[kind] for kind in fields[name])
            raise UnusableParameters(f'The value for the field "{name}" must be {named}')
    return parameters
