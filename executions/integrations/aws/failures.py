"""A service's refusal as a Task's error and cause, in the two forms that Step Functions has.

``aws-sdk:`` speaks as the AWS SDK for Java 2 does (``DynamoDb.ResourceNotFoundException``), the
optimized integrations as its first version (``DynamoDB.AmazonDynamoDBException``). Both recorded.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from executions.integration import LONGEST_CAUSE, Failed
from executions.integrations.aws.service_models import sdk_name, service_model

if TYPE_CHECKING:
    from executions.integrations.aws.optimized_services import OptimizedService


def sdk_failure(service: str, response: dict[str, Any]) -> Failed:
    """The refusal of a call of ``aws-sdk:service``; ``response`` is botocore's ClientError's."""
    code, message, status, request_id = _parts(response)
    name = sdk_name(service)
    extended = response.get("ResponseMetadata", {}).get("HostId")
    more = f", Extended Request ID: {extended}" if extended else ""
    return Failed(
        f"{name}.{modelled_errors(service).get(code) or f'{name}Exception'}",
        f"{message} (Service: {name}, Status Code: {status}, Request ID: {request_id}{more}) "
        "(SDK Attempt Count: 1)"[:LONGEST_CAUSE],
    )


def optimized_failure(service: OptimizedService, response: dict[str, Any]) -> Failed:
    """The refusal of a call of an optimized integration."""
    code, message, status, request_id = _parts(response)
    return Failed(
        f"{service.errors}.{modelled_errors(service.model).get(code) or service.base_exception}",
        f"{message} (Service: {service.label}; Status Code: {status}; Error Code: {code}; "
        f"Request ID: {request_id}; Proxy: null)"[:LONGEST_CAUSE],
    )


def not_reached(prefix: str, error: Exception) -> Failed:
    """A call that no answer came to: whether it took effect is not known."""
    return Failed(f"{prefix}.SdkClientException", f"Unable to execute HTTP request: {error}")


def not_configured(service: str, variable: str) -> Failed:
    """A call that cannot be made for want of an endpoint and credentials."""
    return Failed(
        "States.Permissions",
        f"The call of {service} was not made: this installation has neither AWS credentials nor an "
        f"endpoint for it. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or AWS_PROFILE) in the "
        f"environment of the workers, or {variable} where a service of your own stands in for it.",
    )


def _parts(response: dict[str, Any]) -> tuple[str, str, int, str]:
    error = response.get("Error", {})
    metadata = response.get("ResponseMetadata", {})
    return (
        str(error.get("Code") or "Unknown"),
        str(error.get("Message") or error.get("message") or ""),
        int(metadata.get("HTTPStatusCode", 0)),
        str(metadata.get("RequestId", "")),
    )


@lru_cache(maxsize=64)
def modelled_errors(service: str) -> dict[str, str]:
    """From each error code that the service's model knows to its exception's name in Java."""
    model = service_model(service)
    names: dict[str, str] = {}
    for shape in model.error_shapes if model is not None else ():
        name = f"{shape.name.removesuffix('Fault').removesuffix('Exception')}Exception"
        names[shape.name] = name
        names[str(shape.metadata.get("error", {}).get("code") or shape.name)] = name
    return names
