"""A mocked result of a service, held against that service's model as botocore has it.

Messages are AWS's, as recorded. Members are named as Step Functions shows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from executions.integrations.aws.service_models import operation_model, shown
from studio.errors import ValidationException

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.asl.resource import Resource

_POLLED: Final = {
    "athena:startQueryExecution": "GetQueryExecution",
    "batch:submitJob": "DescribeJobs",
    "databrew:startJobRun": "DescribeJobRun",
    "emr-containers:startJobRun": "DescribeJobRun",
    "emr-serverless:startJobRun": "GetJobRun",
    "glue:startJobRun": "GetJobRun",
    "mediaconvert:createJob": "GetJob",
    "sagemaker:createHyperParameterTuningJob": "DescribeHyperParameterTuningJob",
    "sagemaker:createLabelingJob": "DescribeLabelingJob",
    "sagemaker:createProcessingJob": "DescribeProcessingJob",
    "sagemaker:createTrainingJob": "DescribeTrainingJob",
    "sagemaker:createTransformJob": "DescribeTransformJob",
    "states:startExecution": "DescribeExecution",
}
"""What ``.sync`` answers with: the answer of the call that asks for the end. Others are not held
against anything."""
_KINDS: Final[dict[str, tuple[str, type | tuple[type, ...]]]] = {
    "list": ("an array", list),
    "structure": ("an object", dict),
    "map": ("an object", dict),
    "boolean": ("a boolean", bool),
    "integer": ("a number", (int, float)),
    "long": ("a number", (int, float)),
    "float": ("a number", (int, float)),
    "double": ("a number", (int, float)),
}
_OWN_MAXIMA: Final = {"MemorySize": 10_240}
"""Recorded: the copy of Lambda's model that the real service holds mocks against is older than
botocore's, which knows larger functions."""


def check_fields(resource: Resource, result: Json, mode: str) -> None:
    """Refuse a ``result`` that the service would not answer with, with ValidationException.

    ``mode`` STRICT asks for required members, too; PRESENT looks at the members that are there,
    NONE at nothing. Members that the model does not know pass.
    """
    operation = None if mode == "NONE" else _operation(resource)
    if operation is None or operation.output_shape is None or not isinstance(result, dict):
        return
    _check_members(operation.output_shape, result, strict=mode == "STRICT")


def _operation(resource: Resource) -> OperationModel | None:
    if resource.event_family != "Task" or resource.pattern == "waitForTaskToken":
        return None
    action = resource.action
    if resource.pattern:
        action = _POLLED.get(f"{resource.service}:{resource.action}", "")
    return operation_model(resource.service, action)


def _check_members(shape: StructureShape, value: dict[str, Any], *, strict: bool) -> None:
    for name, member in shape.members.items():
        title = shown(name)
        if title in value:
            _check(member, value[title], title, strict=strict)
        elif strict and name in shape.required_members:
            _refuse(f"Required field '{title}' is missing")


def _check(shape: Shape, value: Any, name: str, *, strict: bool) -> None:
    kind, types = _KINDS.get(shape.type_name, ("a string", str))
    if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
        _refuse(f"Field '{name}' must be {kind}")
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if shape.name in _OWN_MAXIMA:
        most = _OWN_MAXIMA[shape.name]
    if isinstance(value, int | float):
        if least is not None and value < least:
            _refuse(f"Field '{name}' is less than the minimum value")
        if most is not None and value > most:
            _refuse(f"Field '{name}' exceeds the maximum value")
    elif least is not None and len(value) < least:
        _refuse(f"Field '{name}' is smaller than the minimum length")
    elif most is not None and len(value) > most:
        # A guess at AWS's words, after those for numbers.
        _refuse(f"Field '{name}' exceeds the maximum length")
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        _refuse(f"Field '{name}' is not an expected value")
    if isinstance(shape, StructureShape):
        _check_members(shape, value, strict=strict)
    elif isinstance(shape, ListShape):
        for item in value:
            _check(shape.member, item, name, strict=strict)
    elif isinstance(shape, MapShape):
        for each in value.values():
            _check(shape.value, each, name, strict=strict)


def _refuse(problem: str) -> None:
    raise ValidationException(message=f"Mock result schema validation error: {problem}")
