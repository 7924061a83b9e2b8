"""The optimized integrations: ``arn:aws:states:::sqs:sendMessage`` and the like.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from executions.integration import LONGEST_CAUSE, Failed
from executions.integrations.aws import failures
from executions.integrations.aws.action import ServiceAction, json_text
from executions.integrations.aws.optimized_services import SERVICES
from executions.integrations.aws.parameters import result_of
from executions.integrations.aws.renamed_actions import RENAMED
from executions.integrations.aws.service_models import operation_model

if TYPE_CHECKING:
    from botocore.model import OperationModel

    from executions.integration import TaskRequest
    from studio.asl.resource import Resource

_HEADERS: Final = {
    name.lower(): name
    for name in (
        "Connection",
        "Content-Length",
        "Content-Type",
        "Date",
        "Server",
        "x-amz-crc32",
        "x-amzn-RequestId",
    )
}
"""Headers as services write them; botocore has them in small letters."""


class OptimizedAction(ServiceAction):
    """Calls the action that the Resource names of a service in SERVICES."""

    def _operation(self, resource: Resource) -> OperationModel | None:
        service = SERVICES[resource.service]
        if resource.action not in service.actions:
            return None
        renamed = RENAMED.get((resource.service, resource.action))
        return operation_model(service.model, renamed.operation if renamed else resource.action)

    def _unknown(self, named: str, resource: Resource) -> str:
        service = SERVICES[resource.service]
        return (
            f"The resource '{named}' names no action of {resource.service} that Step Functions "
            f"has; it has {', '.join(sorted(service.actions))}. Others are called through "
            f"arn:aws:states:::aws-sdk:{service.model}:ACTION."
        )

    def _parameters(self, resource: Resource, parameters: Any) -> Any:
        renamed = RENAMED.get((resource.service, resource.action))
        return parameters if renamed is None else renamed.parameters(parameters)

    def _texts(self, resource: Resource) -> frozenset[str]:
        return SERVICES[resource.service].actions[resource.action]

    def _completed(
        self,
        operation: OperationModel,
        arguments: dict[str, Any],
        request: TaskRequest,
        _client: Any,
    ) -> dict[str, Any]:
        if operation.name != "PutEvents":
            return arguments
        return arguments | {"Entries": _from_sender(arguments.get("Entries", []), request)}

    def _result(
        self,
        resource: Resource,
        operation: OperationModel,
        arguments: dict[str, Any],
        answer: dict[str, Any],
    ) -> Any:
        output = result_of(operation.output_shape, answer, capital) or {}
        renamed = RENAMED.get((resource.service, resource.action))
        if renamed is not None:
            output = renamed.result(output, arguments)
        if operation.name == "PutEvents" and answer.get("FailedEntryCount"):
            return Failed("EventBridge.FailedEntry", json_text(output)[:LONGEST_CAUSE])
        return output | (_http_metadata(answer) if SERVICES[resource.service].shows_http else {})

    def _refused(self, resource: Resource, response: dict[str, Any]) -> Failed:
        return failures.optimized_failure(SERVICES[resource.service], response)

    def _error_prefix(self, resource: Resource) -> str:
        return SERVICES[resource.service].errors


def _from_sender(entries: list[dict[str, Any]], request: TaskRequest) -> list[dict[str, Any]]:
    """AWS adds the execution and its machine to each event's resources."""
    sender = [request.execution_arn, request.state_machine_arn]
    return [entry | {"Resources": [*entry.get("Resources", []), *sender]} for entry in entries]


def capital(name: str) -> str:
    """A member's name as the optimized integrations show it."""
    return name[:1].upper() + name[1:]


def _http_metadata(answer: dict[str, Any]) -> dict[str, Any]:
    metadata = answer.get("ResponseMetadata", {})
    headers = {
        _HEADERS.get(name.lower(), name): str(value)
        for name, value in metadata.get("HTTPHeaders", {}).items()
    }
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": dict(sorted(headers.items(), key=lambda header: header[0].lower())),
            "HttpStatusCode": metadata.get("HTTPStatusCode", 200),
        },
        "SdkResponseMetadata": {"RequestId": metadata.get("RequestId", "")},
    }
