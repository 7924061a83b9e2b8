"""What a Task's Resource names: a function, an activity, or an action of a service.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from studio.asl.errors import InvalidExpression

Kind = Literal["lambda", "service", "aws-sdk", "activity"]
EventFamily = Literal["LambdaFunction", "Task", "Activity"]
Pattern = Literal["", "sync", "sync:2", "waitForTaskToken"]

_ARN = re.compile(r"arn:(aws[\w-]*):([\w-]+):([\w-]*):([\w-]*):(\S+)", re.ASCII)
_FUNCTION = re.compile(r"function:([\w-]+)(?::([\w$-]+))?", re.ASCII)
_ACTION = re.compile(r"(aws-sdk:)?([\w-]+):([\w-]+)(?:\.(sync|sync:2|waitForTaskToken))?", re.ASCII)
_ACTIVITY = re.compile(r"activity:([^\s:]{1,80})")
_PATTERNS: Final[dict[str | None, Pattern]] = {
    None: "",
    "sync": "sync",
    "sync:2": "sync:2",
    "waitForTaskToken": "waitForTaskToken",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """A Resource, taken apart.

    ``event_family`` begins its history events' types (``TaskScheduled``,
    ``LambdaFunctionScheduled``, ``ActivityScheduled``). For family Task, ``resource_type`` and
    ``resource`` are what those events say: ``lambda`` and ``invoke.waitForTaskToken``, or
    ``aws-sdk:s3`` and ``listBuckets``; for the others ``resource`` is the ARN itself.
    ``pattern`` is the part after the action: the attempt ends with the call's answer (""), when
    the started work ends (sync), or when a token comes back.
    """

    arn: str
    kind: Kind
    event_family: EventFamily
    resource_type: str
    resource: str
    service: str
    action: str
    pattern: Pattern = ""
    function_name: str | None = None
    qualifier: str | None = None
    region: str | None = None
    account: str | None = None


def parse_resource(arn: str) -> Resource:
    """Take a Resource ARN apart. Raises InvalidExpression where it is none that a Task can use."""
    match = _ARN.fullmatch(arn)
    if match is None:
        raise InvalidExpression(f"Not an ARN: {arn}")
    _, service, region, account, rest = match.groups()
    if service == "lambda" and (function := _FUNCTION.fullmatch(rest)):
        name, qualifier = function.groups()
        return Resource(
            arn,
            kind="lambda",
            event_family="LambdaFunction",
            resource_type="lambda",
            resource=arn,
            service="lambda",
            action="invoke",
            function_name=name,
            qualifier=qualifier,
            region=region or None,
            account=account or None,
        )
    if service == "states" and (activity := _ACTIVITY.fullmatch(rest)):
        return Resource(
            arn,
            kind="activity",
            event_family="Activity",
            resource_type="activity",
            resource=arn,
            service="activity",
            action=activity.group(1),
            region=region or None,
            account=account or None,
        )
    if service == "states" and (action := _ACTION.fullmatch(rest)):
        sdk, name, verb, suffix = action.groups()
        return Resource(
            arn,
            kind="aws-sdk" if sdk else "service",
            event_family="Task",
            resource_type=(sdk or "") + name,
            resource=f"{verb}.{suffix}" if suffix else verb,
            service=name,
            action=verb,
            pattern=_PATTERNS[suffix],
            region=region or None,
            account=account or None,
        )
    raise InvalidExpression(f"Not a resource a Task can use: {arn}")
