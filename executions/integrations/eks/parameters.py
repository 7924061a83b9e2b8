"""What ``eks:call`` and ``eks:runJob`` take, checked.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from executions.integrations.eks.cluster import Cluster
from executions.integrations.http.form import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

METHODS: Final = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH")

_CLUSTER: Final[dict[str, type]] = {
    "ClusterName": str,
    "CertificateAuthority": str,
    "Endpoint": str,
}
_CALL: Final[dict[str, type]] = {"Method": str, "Path": str}
_CALL_OPTIONS: Final[dict[str, type]] = {"QueryParameters": dict, "RequestBody": object}
_JOB: Final[dict[str, type]] = {"Job": object}
_JOB_OPTIONS: Final[dict[str, type]] = {"Namespace": str, "LogOptions": dict}
_LOG_OPTIONS: Final[dict[str, type]] = {
    "RetrieveLogs": bool,
    "RawLogs": bool,
    "LogParameters": dict,
}
_KINDS: Final = {str: "a STRING", dict: "an OBJECT", bool: "a BOOLEAN"}


def checked_call(parameters: Any) -> dict[str, Any]:
    """The parameters of ``eks:call``. Raises ValueError in AWS's words."""
    given = _checked(parameters, _CLUSTER | _CALL, _CALL_OPTIONS)
    if given["Method"] not in METHODS:
        raise ValueError(f'The value for the field "Method" must be one of {", ".join(METHODS)}')
    if not given["Path"].startswith("/"):
        raise ValueError('The value for the field "Path" must begin with a slash')
    lists_of_texts(given.get("QueryParameters", {}), "QueryParameters")
    return given


def checked_job(parameters: Any) -> dict[str, Any]:
    """The parameters of ``eks:runJob``. Raises ValueError in AWS's words."""
    given = _checked(parameters, _CLUSTER | _JOB, _JOB_OPTIONS)
    options = _checked(given.get("LogOptions", {}), {}, _LOG_OPTIONS)
    lists_of_texts(options.get("LogParameters", {}), "LogParameters")
    return given


def cluster_of(parameters: Mapping[str, Any]) -> Cluster:
    """The cluster that checked parameters name."""
    return Cluster(
        parameters["ClusterName"], parameters["CertificateAuthority"], parameters["Endpoint"]
    )


def lists_of_texts(values: Mapping[str, Any], field: str) -> list[tuple[str, str]]:
    """``{"labelSelector": ["a", "b"]}`` as the pairs of a query. Raises ValueError."""
    pairs = []
    for name, many in values.items():
        if not isinstance(many, list):
            raise ValueError(f'The value for the field "{field}.{name}" must be an ARRAY')
        pairs += [(name, text_of(value)) for value in many]
    return pairs


def content_of(value: Any) -> bytes:
    """A text as it is, any other value as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode()


def _checked(
    parameters: Any, required: Mapping[str, type], optional: Mapping[str, type]
) -> dict[str, Any]:
    if not isinstance(parameters, dict):
        raise ValueError("They are not a JSON object")
    fields = {**required, **optional}
    for field in sorted(parameters.keys() - fields.keys()):
        raise ValueError(f'The field "{field}" is not supported by Step Functions')
    for field in required:
        if field not in parameters:
            raise ValueError(f'The field "{field}" is required but was missing')
    for field, kind in fields.items():
        if field in parameters and not isinstance(parameters[field], kind):
            raise ValueError(f'The value for the field "{field}" must be {_KINDS[kind]}')
    return parameters
