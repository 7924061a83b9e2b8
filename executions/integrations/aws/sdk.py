"""``arn:aws:states:::aws-sdk:SERVICE:ACTION``: every operation of every service botocore knows.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import json

from django.conf import settings

from executions.integration import Failed, Submitted, Succeeded, TaskOutcome, TaskRequest
from executions.integrations.aws import failures
from executions.integrations.aws.calling import NotReached, Refused, call
from executions.integrations.aws.connections import Connections, connections, endpoint_variable
from executions.integrations.aws.parameters import UnusableParameters, arguments_of, result_of
from executions.integrations.aws.service_models import operation_model, sdk_name, shown
from studio.asl.resource import parse_resource


class SdkAction:
    """Calls the operation that the Resource names and gives its answer."""

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
        service = resource.service
        operation = operation_model(service, resource.action)
        if operation is None:
            return Failed(
                "States.Runtime",
                f"The resource '{request.resource}' names no operation that this installation's "
                "botocore knows. Look for its name in the service's API reference, or update "
                "botocore.",
            )
        model_name = operation.service_model.service_name
        if not self._connections.is_configured(model_name):
            return failures.not_configured(service, endpoint_variable(service))
        try:
            arguments = arguments_of(
                operation,
                json.loads(request.parameters),
                idempotency_key=request.idempotency_key,
            )
            client = self._connections.client(
                model_name, resource.region or settings.AWS_REGION, request.deadline
            )
            answer = call(client, operation.name, arguments)
            output = result_of(operation.output_shape, answer, shown)
        except UnusableParameters as problem:
            return failures.unusable(request.parameters, problem)
        except Refused as refusal:
            return failures.sdk_failure(service, refusal.response)
        except NotReached as error:
            return failures.not_reached(sdk_name(service), error)
        text = json.dumps(output, ensure_ascii=False, separators=(",", ":"))
        return Submitted(text) if resource.pattern else Succeeded(text)
