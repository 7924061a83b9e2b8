"""The optimized integrations: ``arn:aws:states:::sqs:sendMessage`` and the like.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
"""

from __future__ import annotations

import json
from typing import Any, Final

from django.conf import settings

from executions.integration import Failed, Submitted, Succeeded, TaskOutcome, TaskRequest
from executions.integrations.aws import failures
from executions.integrations.aws.calling import NotReached, Refused, call
from executions.integrations.aws.connections import Connections, connections, endpoint_variable
from executions.integrations.aws.optimized_services import SERVICES
from executions.integrations.aws.parameters import UnusableParameters, arguments_of, result_of
from executions.integrations.aws.service_models import operation_model
from studio.asl.resource import parse_resource

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


class OptimizedAction:
    """Calls the action that the Resource names of a service in SERVICES."""

    lost_error = "States.TaskFailed"
    lost_cause = (
        "The worker that called the service died before it answered; "
        "whether the call took effect is not known."
    )

    def __init__(self, to_services: Connections | None = None) -> None:
        self._connections = to_services or connections()

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Call once; for ``.waitForTaskToken`` the answer says only that the call was taken."""
        resource = parse_resource(request.resource)
        service = SERVICES[resource.service]
        operation = operation_model(service.model, resource.action)
        if operation is None or resource.action not in service.actions:
            return Failed(
                "States.Runtime",
                f"The resource '{request.resource}' names no action of {resource.service} that "
                f"Step Functions has; it has {', '.join(sorted(service.actions))}. Others are "
                f"called through arn:aws:states:::aws-sdk:{service.model}:ACTION.",
            )
        if not self._connections.is_configured(service.model):
            return failures.not_configured(resource.service, endpoint_variable(service.model))
        try:
            arguments = arguments_of(
                operation,
                json.loads(request.parameters),
                idempotency_key=request.idempotency_key,
                texts=service.actions[resource.action],
            )
            if operation.name == "PutEvents":
                _name_the_sender(arguments, request)
            client = self._connections.client(
                service.model, resource.region or settings.AWS_REGION, request.deadline
            )
            answer = call(client, operation.name, arguments)
        except UnusableParameters as problem:
            return failures.unusable(request.parameters, problem)
        except Refused as refusal:
            return failures.optimized_failure(service, refusal.response)
        except NotReached as error:
            return failures.not_reached(service.errors, error)
        output = result_of(operation.output_shape, answer, _capital)
        text = json.dumps(
            (output or {}) | (_http_metadata(answer) if service.shows_http else {}),
            ensure_ascii=False,
            separators=(",", ":"),
        )
        if operation.name == "PutEvents" and answer.get("FailedEntryCount"):
            return Failed("EventBridge.FailedEntry", text[: failures.LONGEST_CAUSE])
        return Submitted(text) if resource.pattern else Succeeded(text)


def _name_the_sender(arguments: dict[str, Any], request: TaskRequest) -> None:
    """AWS adds the execution and its machine to each event's resources."""
    for entry in arguments.get("Entries", []):
        entry["Resources"] = [
            *entry.get("Resources", []),
            request.execution_arn,
            request.state_machine_arn,
        ]


def _capital(name: str) -> str:
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
