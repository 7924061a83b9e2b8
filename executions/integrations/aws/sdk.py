"""``arn:aws:states:::aws-sdk:SERVICE:ACTION``: every operation of every service botocore knows.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from executions.integrations.aws import failures
from executions.integrations.aws.action import ServiceAction
from executions.integrations.aws.parameters import result_of
from executions.integrations.aws.service_models import operation_model, sdk_name, shown

if TYPE_CHECKING:
    from botocore.model import OperationModel

    from executions.integration import Failed
    from studio.asl.resource import Resource


class SdkAction(ServiceAction):
    """Calls the operation that the Resource names and gives its answer."""

    def _operation(self, resource: Resource) -> OperationModel | None:
        return operation_model(resource.service, resource.action)

    def _unknown(self, named: str, _resource: Resource) -> str:
        return (
            f"The resource '{named}' names no operation that this installation's botocore knows. "
            "Look for its name in the service's API reference, or update botocore."
        )

    def _result(
        self,
        _resource: Resource,
        operation: OperationModel,
        _arguments: dict[str, Any],
        answer: dict[str, Any],
    ) -> Any:
        return result_of(operation.output_shape, answer, shown)

    def _refused(self, resource: Resource, response: dict[str, Any]) -> Failed:
        return failures.sdk_failure(resource.service, response)

    def _error_prefix(self, resource: Resource) -> str:
        return sdk_name(resource.service)
