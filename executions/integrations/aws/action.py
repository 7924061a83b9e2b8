"""What both families of AWS actions do: one call, and an outcome of whatever comes of it."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from django.conf import settings

from executions.integration import Failed, Submitted, Succeeded, TaskOutcome, TaskRequest, unusable
from executions.integrations.aws import failures
from executions.integrations.aws.calling import NotReached, Refused, call
from executions.integrations.aws.connections import Connections, connections, endpoint_variable
from executions.integrations.aws.parameters import UnusableParameters, arguments_of
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from botocore.model import OperationModel

    from studio.asl.resource import Resource


class ServiceAction(ABC):
    """Makes the call that the Resource names, once: the definition's Retry decides about a second.

    A family says which operation that is, and how Step Functions speaks of its service.
    """

    lost_error: str | None = "States.TaskFailed"
    lost_cause = (
        "The worker that called the service died before it answered; "
        "whether the call took effect is not known."
    )

    def __init__(self, to_services: Connections | None = None) -> None:
        self._connections = to_services or connections()

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Call once; for ``.waitForTaskToken`` the answer says only that the call was taken."""
        resource = parse_resource(request.resource)
        operation = self._operation(resource)
        if operation is None:
            return Failed("States.Runtime", self._unknown(request.resource, resource))
        model = operation.service_model.service_name
        if not self._connections.is_configured(model):
            return failures.not_configured(resource.service, endpoint_variable(model))
        try:
            arguments = arguments_of(
                operation,
                self._parameters(resource, json.loads(request.parameters)),
                idempotency_key=request.idempotency_key,
                texts=self._texts(resource),
            )
            client = self._connections.client(
                model, resource.region or settings.AWS_REGION, request.deadline
            )
            completed = self._completed(operation, arguments, request, client)
            answer = call(client, operation.name, completed)
        except UnusableParameters as problem:
            return unusable(request, problem)
        except Refused as refusal:
            return self._refused(resource, refusal.response)
        except NotReached as error:
            return failures.not_reached(self._error_prefix(resource), error)
        result = self._result(resource, operation, arguments, answer)
        if isinstance(result, Failed):
            return result
        return self._outcome(resource, arguments, answer, json_text(result))

    def _outcome(
        self, resource: Resource, _arguments: dict[str, Any], _answer: dict[str, Any], text: str
    ) -> TaskOutcome:
        """What the answered call means for the attempt; ``text`` is its result."""
        return Submitted(text) if resource.pattern else Succeeded(text)

    @abstractmethod
    def _operation(self, resource: Resource) -> OperationModel | None:
        """The operation that the Resource names, or None where the family has no such."""

    @abstractmethod
    def _unknown(self, named: str, resource: Resource) -> str:
        """What is said of a Resource that names no operation, and what to do about it."""

    def _parameters(self, _resource: Resource, parameters: Any) -> Any:
        """The Task's parameters with the operation's own names."""
        return parameters

    def _texts(self, _resource: Resource) -> frozenset[str]:
        """Members that are texts for the service and may be any JSON in the definition."""
        return frozenset()

    def _completed(
        self,
        _operation: OperationModel,
        arguments: dict[str, Any],
        _request: TaskRequest,
        _client: Any,
    ) -> dict[str, Any]:
        """The arguments and what Step Functions adds to them, which ``_client`` may be asked for.

        Raises UnusableParameters, Refused and NotReached.
        """
        return arguments

    @abstractmethod
    def _result(
        self,
        resource: Resource,
        operation: OperationModel,
        arguments: dict[str, Any],
        answer: dict[str, Any],
    ) -> Any:
        """The Task's result as JSON values, or the failure that the answer tells."""

    @abstractmethod
    def _refused(self, resource: Resource, response: dict[str, Any]) -> Failed:
        """The service's refusal; ``response`` is botocore's ClientError's."""

    @abstractmethod
    def _error_prefix(self, resource: Resource) -> str:
        """What the service's error names begin with."""


def json_text(value: Any) -> str:
    """A result as the text that Step Functions keeps."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
