"""What a Task's Resource asks of the Task: a pattern that its service has, and its parameters.

Only what AWS is known to refuse is refused. What cannot be called here, but at AWS, is taken.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html, and what
``ValidateStateMachineDefinition`` answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.errors import InvalidExpression
from studio.asl.reading.query_language import is_jsonata
from studio.asl.reading.services import is_known
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from studio.asl.definition import QueryLanguage
    from studio.asl.reading.fields import Fields
    from studio.asl.resource import Resource

_NEVER_RUN_A_JOB: Final = frozenset(
    {
        "apigateway",
        "bedrockagentcore",
        "dynamodb",
        "events",
        "http",
        "lambda",
        "sns",
        "sqs",
    }
)
"""Services without ``.sync``."""

_NEVER_WAIT_FOR_A_TOKEN: Final = frozenset(
    {
        "athena",
        "batch",
        "bedrockagentcore",
        "codebuild",
        "databrew",
        "dynamodb",
        "elasticmapreduce",
        "emr-containers",
        "emr-serverless",
        "glue",
        "http",
        "mediaconvert",
        "sagemaker",
    }
)
"""Services without ``.waitForTaskToken``."""

_REQUIRED: Final = {
    ("approval", "request"): ("Title",),
    ("lambda", "invoke"): ("FunctionName",),
    ("sqs", "sendMessage"): ("QueueUrl", "MessageBody"),
    ("sns", "publish"): ("Message",),
    ("dynamodb", "putItem"): ("TableName", "Item"),
    ("dynamodb", "getItem"): ("TableName", "Key"),
    ("states", "startExecution"): ("StateMachineArn",),
    ("events", "putEvents"): ("Entries",),
    ("ecs", "runTask"): ("TaskDefinition",),
    ("glue", "startJobRun"): ("JobName",),
}
"""The parameters an action cannot do without."""


def read_resource(fields: Fields, language: QueryLanguage) -> str:
    """Read Resource, and check of the Task what depends on it."""
    fields.require("Resource")
    arn = fields.text("Resource")
    if arn is None:
        return ""
    if not arn.startswith("arn:"):
        fields.problem("Value is not a valid resource ARN", "Resource")
        return arn
    try:
        resource = parse_resource(arn)
    except InvalidExpression:
        resource = None
    if resource is None or not is_known(resource) or not _has_pattern(resource):
        fields.problem(
            f"The resource provided {arn} is not recognized. The value is not a valid resource "
            "ARN, or the resource is not available in this region.",
            "Resource",
        )
        return arn
    if resource.kind == "activity" and "Credentials" in fields:
        fields.problem("The field 'Credentials' is not supported for activities", "Credentials")
    if resource.kind in ("service", "aws-sdk") and resource.region is None:
        _check_parameters(fields, resource, "Arguments" if is_jsonata(language) else "Parameters")
    return arn


def _has_pattern(resource: Resource) -> bool:
    """Tell whether a service may have the pattern that its action is asked for in."""
    if resource.kind == "aws-sdk":
        return resource.pattern in ("", "waitForTaskToken")
    if resource.pattern == "sync:2":
        return resource.service == "states"
    if resource.pattern == "sync":
        return resource.service not in _NEVER_RUN_A_JOB
    if resource.pattern == "waitForTaskToken":
        return resource.service not in _NEVER_WAIT_FOR_A_TOKEN
    return True


def _check_parameters(fields: Fields, resource: Resource, field: str) -> None:
    if field not in fields:
        fields.problem(f"{field} field is required for resource ARN: {resource.arn}", "Resource")
        return
    given = fields.values[field]
    # What is an expression as a whole shows its members only when it is evaluated.
    if not isinstance(given, dict) or resource.kind == "aws-sdk":
        return
    for name in _REQUIRED.get((resource.service, resource.action), ()):
        if name not in given and f"{name}.$" not in given:
            fields.problem(f"The field '{name}' is required but was missing", field)
