"""``arn:aws:states:::bedrock:invokeModel``: a model's answer, with input and output of any size.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any, Final

from django.conf import settings

from executions.integration import Submitted, Succeeded, TaskOutcome, TaskRequest, unusable
from executions.integrations.aws import failures
from executions.integrations.aws.action import json_text
from executions.integrations.aws.calling import NotReached, Refused, call
from executions.integrations.aws.connections import Connections, connections, endpoint_variable
from executions.integrations.aws.optimized_services import OptimizedService
from executions.integrations.aws.parameters import UnusableParameters, arguments_of
from executions.integrations.aws.service_models import operation_model
from studio.asl.resource import parse_resource

LONGEST_BODY: Final = 25 * 1024**2
"""Bytes that a model takes and gives at most."""
_SERVICE: Final = OptimizedService(
    "bedrock-runtime", "Bedrock", "AmazonBedrock", "AmazonBedrockException", {}
)
_S3_URI: Final = re.compile(r"s3://([a-z0-9.-]{3,63})/(.+)", re.IGNORECASE | re.DOTALL)


class BedrockInvokeModel:
    """Asks the model once; ``Input`` and ``Output`` name objects of S3 instead of Body."""

    lost_error = "States.TaskFailed"

    def __init__(self, to_services: Connections | None = None) -> None:
        self._connections = to_services or connections()

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Fetch the input, ask the model, keep the output; Retry decides about a second time."""
        if not self._connections.is_configured(_SERVICE.model):
            return failures.not_configured("bedrock", endpoint_variable(_SERVICE.model))
        operation = operation_model(_SERVICE.model, "invokeModel")
        assert operation is not None
        try:
            parameters = json.loads(request.parameters)
            source, target = _places(parameters)
            arguments = arguments_of(operation, parameters, idempotency_key=request.idempotency_key)
            arguments.setdefault("contentType", "application/json")
            if source is not None:
                found = self._call(request, "s3", "GetObject", source)
                arguments["body"] = found["Body"]
                if "ContentType" not in parameters and found.get("ContentType"):
                    arguments["contentType"] = found["ContentType"]
            answer = self._call(request, _SERVICE.model, "InvokeModel", arguments)
            kind = str(answer.get("contentType", ""))
            if target is None:
                body = _body(answer["body"], kind)
            else:
                kept = {**target, "Body": answer["body"], "ContentType": kind}
                self._call(request, "s3", "PutObject", kept)
                body = f"s3://{target['Bucket']}/{target['Key']}"
        except UnusableParameters as problem:
            return unusable(request, problem)
        except Refused as refusal:
            return failures.optimized_failure(_SERVICE, refusal.response)
        except NotReached as error:
            return failures.not_reached(_SERVICE.errors, error)
        text = json_text({"Body": body, "ContentType": kind})
        return Submitted(text) if parse_resource(request.resource).pattern else Succeeded(text)

    def _call(
        self, request: TaskRequest, service: str, operation: str, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        region = parse_resource(request.resource).region or settings.AWS_REGION
        client = self._connections.client(service, region, request.deadline)
        return call(client, operation, arguments, longest=LONGEST_BODY)


def _places(parameters: Any) -> tuple[dict[str, str] | None, dict[str, str] | None]:
    """Take Input and Output out of the parameters: what they name, None where they are absent."""
    if not isinstance(parameters, dict):
        raise UnusableParameters("They are not a JSON object")
    places: list[dict[str, str] | None] = []
    for field in ("Input", "Output"):
        value = parameters.pop(field, None)
        if value is None:
            places.append(None)
            continue
        address = value.get("S3Uri") if isinstance(value, dict) and len(value) == 1 else None
        match = _S3_URI.fullmatch(address) if isinstance(address, str) else None
        if match is None:
            raise UnusableParameters(
                f'The value for the field "{field}" must be an OBJECT with an S3Uri '
                "(s3://bucket/key)"
            )
        places.append({"Bucket": match[1], "Key": match[2]})
    if "ModelId" not in parameters:
        raise UnusableParameters('The field "ModelId" is required but was missing')
    if (places[0] is None) == ("Body" not in parameters):
        raise UnusableParameters("Either Body or Input must be given, not both")
    return places[0], places[1]


def _body(content: bytes, kind: str) -> Any:
    """The model's answer as a JSON value: JSON as it is, a text, or else base64."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return base64.b64encode(content).decode()
    try:
        return json.loads(text) if "json" in kind else text
    except (ValueError, RecursionError):
        return text
