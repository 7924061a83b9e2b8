"""Instances of a cluster of EMR that are named: their ids are looked up when the Task runs.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from executions.integrations.aws.calling import Refused, call
from executions.integrations.aws.optimized import OptimizedAction
from executions.integrations.aws.parameters import UnusableParameters

if TYPE_CHECKING:
    from botocore.model import OperationModel

    from executions.integration import TaskRequest
    from studio.asl.resource import Resource


@dataclass(frozen=True, slots=True)
class _Kind:
    """Fleets, or groups: the parameter with the name, the one with the changes, and how to list."""

    words: str
    name: str
    changes: str
    list_operation: str
    id: str


_KINDS: Final = {
    "modifyInstanceFleetByName": _Kind(
        "instance fleet",
        "InstanceFleetName",
        "InstanceFleet",
        "ListInstanceFleets",
        "InstanceFleetId",
    ),
    "modifyInstanceGroupByName": _Kind(
        "instance group",
        "InstanceGroupName",
        "InstanceGroup",
        "ListInstanceGroups",
        "InstanceGroupId",
    ),
}
_OF_OPERATION: Final = {
    "ModifyInstanceFleet": _KINDS["modifyInstanceFleetByName"],
    "ModifyInstanceGroups": _KINDS["modifyInstanceGroupByName"],
}


class ModifyInstancesByName(OptimizedAction):
    """Changes the fleet or group of that name. A second time it changes nothing more."""

    lost_error = None

    def _parameters(self, resource: Resource, parameters: Any) -> Any:
        """Until the id is known the name stands in its place."""
        kind = _KINDS[resource.action]
        if not isinstance(parameters, dict):
            return parameters
        for field in ("ClusterId", kind.name, kind.changes):
            if field not in parameters:
                raise UnusableParameters(f'The field "{field}" is required but was missing')
        for field, words, type_ in (
            (kind.name, "a STRING", str),
            (kind.changes, "an OBJECT", dict),
        ):
            if not isinstance(parameters[field], type_):
                raise UnusableParameters(f'The value for the field "{field}" must be {words}')
        named = super()._parameters(resource, parameters)
        changes = parameters[kind.changes] | {kind.id: named.pop(kind.name)}
        plural = f"{kind.changes}s"
        return named | ({plural: [changes]} if plural in named else {kind.changes: changes})

    def _completed(
        self,
        operation: OperationModel,
        arguments: dict[str, Any],
        _request: TaskRequest,
        client: Any,
    ) -> dict[str, Any]:
        kind = _OF_OPERATION[operation.name]
        changes = arguments.get(kind.changes) or arguments[f"{kind.changes}s"][0]
        changes[kind.id] = _id_of(client, kind, arguments["ClusterId"], changes[kind.id])
        return arguments


def _id_of(client: Any, kind: _Kind, cluster: str, name: str) -> str:
    listed: list[dict[str, Any]] = []
    asked = {"ClusterId": cluster}
    while True:
        answer = call(client, kind.list_operation, asked)
        listed += answer.get(f"{kind.changes}s", [])
        if not answer.get("Marker"):
            break
        asked["Marker"] = answer["Marker"]
    ids = [each["Id"] for each in listed if each.get("Name") == name]
    if len(ids) == 1:
        return str(ids[0])
    names = ", ".join(sorted({repr(each["Name"]) for each in listed if each.get("Name")})) or "none"
    problem = f"{len(ids)} {kind.words}s" if ids else f"no {kind.words}"
    raise Refused(
        {
            "Error": {
                "Code": "InvalidRequestException",
                "Message": f"Cluster {cluster} has {problem} named {name!r}; it has {names}.",
            },
            "ResponseMetadata": {**answer.get("ResponseMetadata", {}), "HTTPStatusCode": 400},
        }
    )
