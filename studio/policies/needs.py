"""What a Task needs to be allowed: the action it performs, in IAM's words, and on which resource.

Actions have IAM's names, so that a policy written for AWS means the same here. The services that
are this installation's own have names in the same form: ``sql:Query`` of
``arn:aws:sql:REGION:ACCOUNT:query/NAME``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from studio.asl.errors import InvalidExpression
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from studio.asl.resource import Resource

ANY: Final = "*"

_FUNCTION = re.compile(
    r"(?:arn:aws[\w-]*:lambda:(?P<region>[\w-]*):)?(?:(?P<account>\d{12}):)?(?:function:)?"
    r"(?P<name>[\w-]+)(?::[\w$-]+)?",
    re.ASCII,
)

_CONNECTION = re.compile(
    r"arn:aws[\w-]*:events:[\w-]*:\d*:connection/([\w.-]{1,64})(?:/[\w-]+)?", re.ASCII
)
_S3_URI = re.compile(r"s3://([^/]+)/(.+)", re.DOTALL)

_PREFIXES: Final = {
    "sfn": "states",
    "eventbridge": "events",
    "cloudwatchevents": "events",
    "cloudwatchlogs": "logs",
    "sesv2": "ses",
    "apigatewayv2": "apigateway",
    "elasticloadbalancingv2": "elasticloadbalancing",
    "emrserverless": "emr-serverless",
    "emr": "elasticmapreduce",
    "efs": "elasticfilesystem",
    "bedrockagentcore": "bedrock-agentcore",
    "bedrockruntime": "bedrock",
    "sagemakerruntime": "sagemaker",
    "rdsdata": "rds-data",
    "redshiftdata": "redshift-data",
    "costexplorer": "ce",
    "scheduler": "scheduler",
}
"""Services that IAM calls by another name than Resources do."""

_RENAMED: Final = {
    "eks:Call": "eks:AccessKubernetesApi",
    "eks:RunJob": "eks:AccessKubernetesApi",
    "elasticmapreduce:AddStep": "elasticmapreduce:AddJobFlowSteps",
    "elasticmapreduce:CancelStep": "elasticmapreduce:CancelSteps",
    "elasticmapreduce:CreateCluster": "elasticmapreduce:RunJobFlow",
    "elasticmapreduce:ModifyInstanceFleetByName": "elasticmapreduce:ModifyInstanceFleet",
    "elasticmapreduce:ModifyInstanceGroupByName": "elasticmapreduce:ModifyInstanceGroups",
    "elasticmapreduce:SetClusterTerminationProtection": "elasticmapreduce:SetTerminationProtection",
    "elasticmapreduce:TerminateCluster": "elasticmapreduce:TerminateJobFlows",
    "lambda:Invoke": "lambda:InvokeFunction",
    "http:Invoke": "states:InvokeHTTPEndpoint",
    "apigateway:Invoke": "execute-api:Invoke",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListObjects": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
}
"""Actions that IAM calls by another name than the operation's."""

_ALSO: Final = {
    "bedrock-agentcore:InvokeHarness": "bedrock-agentcore:InvokeAgentRuntime",
    "elasticmapreduce:ModifyInstanceFleet": "elasticmapreduce:ListInstanceFleets",
    "elasticmapreduce:ModifyInstanceGroups": "elasticmapreduce:ListInstanceGroups",
}
"""What an action does of the same resource on its way, as AWS's documentation asks for it."""


class Need(NamedTuple):
    """An action on a resource; ``*`` for one that has no resource in particular."""

    action: str
    resource: str


class Place(NamedTuple):
    """Where this installation says it is, for ARNs that are made of names."""

    region: str
    account: str


def need_of(resource: str, parameters: Any, place: Place) -> Need | None:
    """Give what a Task needs; None for an activity, whose workers come by themselves.

    ``parameters`` are those of the attempt, or of the definition as far as they are fixed there:
    what cannot be told from them makes the resource ``*``. Never raises, whatever they are.
    """
    try:
        parsed = parse_resource(resource)
    except InvalidExpression:
        return Need(ANY, ANY)
    if parsed.kind == "activity":
        return None
    if parsed.kind == "lambda":
        return Need("lambda:InvokeFunction", _function(parsed.arn, place))
    prefix = _PREFIXES.get(parsed.service, parsed.service)
    operation = parsed.action[:1].upper() + parsed.action[1:]
    action = f"{prefix}:{operation}"
    action = _RENAMED.get(action, action)
    given = parameters if isinstance(parameters, dict) else {}
    return Need(action, _resource(parsed, action, given, place))


def needs_of(resource: str, parameters: Any, place: Place) -> list[Need]:
    """Give all that a Task needs: its own action first, then what it reads and writes on the way.

    A connection of ``http:invoke``, the objects of ``bedrock:invokeModel``. Never raises.
    """
    own = need_of(resource, parameters, place)
    if own is None:
        return []
    given = parameters if isinstance(parameters, dict) else {}
    if own.action == "states:InvokeHTTPEndpoint":
        return [own, *_connection_needs(given, place)]
    if own.action == "bedrock:InvokeModel":
        return [own, *_object_needs(given)]
    if own.action in _ALSO:
        return [own, Need(_ALSO[own.action], own.resource)]
    return [own]


def object_need(action: str, bucket: str, key: str) -> Need:
    """Give the need of an action on an object of S3, or on the bucket where there is no key."""
    return Need(action, f"arn:aws:s3:::{bucket}" + (f"/{key}" if key else ""))


def _connection_needs(given: Mapping[str, Any], place: Place) -> Iterator[Need]:
    """What HttpInvoke takes from a connection, which a policy names without the UUID at its end."""
    for member in ("Authentication", "InvocationConfig"):
        named = given.get(member)
        if not isinstance(named, dict) or not named:
            continue
        found = _CONNECTION.fullmatch(_text(named, "ConnectionArn"))
        on = ANY
        if found is not None:
            on = f"arn:aws:events:{place.region}:{place.account}:connection/{found[1]}"
        yield Need("events:RetrieveConnectionCredentials", on)


def _object_needs(given: Mapping[str, Any]) -> Iterator[Need]:
    for member, action in (("Input", "s3:GetObject"), ("Output", "s3:PutObject")):
        if member not in given:
            continue
        named = given[member]
        found = _S3_URI.fullmatch(_text(named, "S3Uri") if isinstance(named, dict) else "")
        yield Need(action, ANY) if found is None else object_need(action, found[1], found[2])


def _resource(parsed: Resource, action: str, given: Mapping[str, Any], place: Place) -> str:
    if _text(given, "StateMachineArn"):
        # A version or an alias comes after a seventh colon.
        return ":".join(_text(given, "StateMachineArn").split(":")[:7])
    for member in ("TopicArn", "TargetArn"):
        if _text(given, member).startswith("arn:"):
            return _text(given, member)
    service = action.partition(":")[0]
    if service == "states":
        for member in ("ExecutionArn", "MapRunArn", "ActivityArn"):
            if _text(given, member).startswith("arn:"):
                return _text(given, member)
    own = f"arn:aws:{service}:{place.region}:{place.account}"
    made: dict[str, tuple[str, str]] = {
        "dynamodb": ("TableName", "table/"),
        "elasticmapreduce": ("ClusterId", "cluster/"),
        "sql": ("Query", "query/"),
        "celery": ("Task", "task/"),
    }
    if action == "eks:AccessKubernetesApi":
        made["eks"] = ("ClusterName", "cluster/")
    if service == "bedrock-agentcore" and _text(given, "HarnessArn").startswith("arn:"):
        return _text(given, "HarnessArn")
    if service == "lambda":
        return _function(_text(given, "FunctionName"), place)
    if service in made:
        member, kind = made[service]
        name = _text(given, member)
        if name.startswith("arn:"):
            return name
        return f"{own}:{kind}{name}" if name else ANY
    if service == "sqs":
        parts = urlsplit(_text(given, "QueueUrl")).path.strip("/").split("/")
        if len(parts) == 2 and all(parts):
            return f"arn:aws:sqs:{place.region}:{parts[0]}:{parts[1]}"
        return ANY
    if service == "s3":
        bucket, key = _text(given, "Bucket"), _text(given, "Key")
        if not bucket:
            return ANY
        return object_need(action, bucket, "" if action == "s3:ListBucket" else key).resource
    if parsed.service == "http":
        return _host(_text(given, "ApiEndpoint"))
    return ANY


def _function(name: str, place: Place) -> str:
    """Give the ARN of a function that is named in any of Lambda's ways, its qualifier left out."""
    found = _FUNCTION.fullmatch(name)
    if found is None:
        return ANY
    region, account = found["region"] or place.region, found["account"] or place.account
    return f"arn:aws:lambda:{region}:{account}:function:{found['name']}"


def _host(endpoint: str) -> str:
    """Give what stands for the host of an endpoint: a path can be written in many ways."""
    try:
        host = urlsplit(endpoint).hostname
    except ValueError:
        return ANY
    return f"arn:aws:http:::{host}" if host else ANY


def _text(given: Mapping[str, Any], member: str) -> str:
    value = given.get(member)
    return value if isinstance(value, str) and not value.startswith("{%") else ""
