"""Which permission each of AWS's operations needs. One that is not here is refused to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from studio.access.permissions import Permission
from studio.aws.model import EVENTS_PREFIX, signing_name
from studio.errors import AccessDenied

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studio.access.caller import Caller

PERMISSIONS: Final[Mapping[str, Permission]] = {
    "AWSEvents.PutEvents": Permission.RUN,
    "CreateActivity": Permission.PUBLISH,
    "CreateStateMachine": Permission.PUBLISH,
    "CreateStateMachineAlias": Permission.DEPLOY,
    "DeleteActivity": Permission.PUBLISH,
    "DeleteStateMachine": Permission.PUBLISH,
    "DeleteStateMachineAlias": Permission.DEPLOY,
    "DeleteStateMachineVersion": Permission.PUBLISH,
    "DescribeActivity": Permission.VIEW,
    "DescribeExecution": Permission.VIEW,
    "DescribeMapRun": Permission.VIEW,
    "DescribeStateMachine": Permission.VIEW,
    "DescribeStateMachineAlias": Permission.VIEW,
    "DescribeStateMachineForExecution": Permission.VIEW,
    "GetActivityTask": Permission.WORK,
    "GetExecutionHistory": Permission.VIEW,
    "ListActivities": Permission.VIEW,
    "ListExecutions": Permission.VIEW,
    "ListMapRuns": Permission.VIEW,
    "ListStateMachineAliases": Permission.VIEW,
    "ListStateMachineVersions": Permission.VIEW,
    "ListStateMachines": Permission.VIEW,
    "ListTagsForResource": Permission.VIEW,
    "PublishStateMachineVersion": Permission.PUBLISH,
    "RedriveExecution": Permission.RUN,
    "SendTaskFailure": Permission.WORK,
    "SendTaskHeartbeat": Permission.WORK,
    "SendTaskSuccess": Permission.WORK,
    "StartExecution": Permission.RUN,
    "StartSyncExecution": Permission.RUN,
    "StopExecution": Permission.RUN,
    "TagResource": Permission.PUBLISH,
    "TestState": Permission.RUN,
    "UntagResource": Permission.PUBLISH,
    "UpdateMapRun": Permission.RUN,
    "UpdateStateMachine": Permission.PUBLISH,
    "UpdateStateMachineAlias": Permission.DEPLOY,
    "ValidateStateMachineDefinition": Permission.VIEW,
}

_RESOURCES: Final = (
    "stateMachineArn",
    "stateMachineAliasArn",
    "stateMachineVersionArn",
    "executionArn",
    "mapRunArn",
    "activityArn",
    "resourceArn",
)
"""Members that name what an operation is about, where it is about one thing."""


def check_operation(caller: Caller, operation: str, members: Any) -> None:
    """Let the caller pass, or refuse the operation in AWS's words. Asks nobody.

    ``members`` is the request's JSON as it came: who may not call learns nothing about its form.

    Raises:
        AccessDenied: the caller's role, or the key's scopes, have not what it needs.
    """
    permission = PERMISSIONS.get(operation)
    if permission is not None and caller.may(permission):
        return
    account = caller.account_id or settings.AWS_ACCOUNT_ID
    action = f"{signing_name(operation)}:{operation.removeprefix(EVENTS_PREFIX)}"
    raise AccessDenied(
        message=f"User: arn:aws:iam::{account}:user/{caller.username} is not authorized to "
        f"perform: {action} on resource: {_resource(operation, members, account)} "
        f"because no identity-based policy allows the {action} action"
    )


def _resource(operation: str, members: Any, account: str) -> str:
    """The ARN that AWS names: the request's, or that of all things of the kind."""
    given = members if isinstance(members, dict) else {}
    for member in _RESOURCES:
        if isinstance(given.get(member), str):
            return str(given[member])
    kind = "activity" if "Activit" in operation else "stateMachine"
    name = given.get("name") if operation.startswith("Create") else None
    every = name if isinstance(name, str) and name else "*"
    return f"arn:aws:states:{settings.AWS_REGION}:{account}:{kind}:{every}"
