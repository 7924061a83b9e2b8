"""For each operation and each error that the model gives it: the request that brings the error
here, or why nothing can.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from executions.interpreter.task_token import TokenSubject, make_task_token
from tests.contract.story import ACCOUNT, NO_MAP_RUN, ROLE, definition

Members = dict[str, Any]


@dataclass(frozen=True)
class World:
    """What is there before each request; all of it by its ARN, but the tokens."""

    machine: str
    """With version 1, which the alias ``live`` stands for, and 50 tags."""
    full: str
    """With as many versions and aliases as there may be."""
    express: str
    deleting: str
    running: str
    ended: str
    activity: str
    waiting_token: str
    """Of a task that a worker has."""
    late_token: str
    """Of a task that is over."""

    @property
    def alias(self) -> str:
        return f"{self.machine}:live"


@dataclass(frozen=True)
class Never:
    """Why the error cannot come."""

    reason: str


Request = Members | Callable[[World], Members]
PASS: Final = definition(Pass={"Type": "Pass", "End": True})
NO_ARN: Final = "no ARN"
NO_MACHINE: Final = f"{ACCOUNT}:stateMachine:nobody"
NO_EXECUTION: Final = f"{ACCOUNT}:execution:nobody:nothing"
NO_ACTIVITY: Final = f"{ACCOUNT}:activity:nobody"
NEVER_GIVEN: Final = make_task_token(TokenSubject(NO_EXECUTION, 5), b"x" * 32)
TOO_MANY_TAGS: Final = [{"key": f"k{number}", "value": "v"} for number in range(51)]
OTHER_KEY: Final = {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "mine"}
MAP_STATE: Final = f"{ACCOUNT}:stateMachine:nobody/Each"

NO_KEYS: Final = Never(
    "There is no key service: a key of one's own is refused with InvalidEncryptionConfiguration."
)
IN_TURN: Final = Never("Of two changes at once the second one waits for the first and then counts.")
NO_LIMIT: Final = Never(
    "There is no limit unless STEPWELL_QUOTAS sets one: see the tests of quotas over the wire."
)
BY_MODEL: Final = Never("The model's own constraints refuse it first, with ValidationException.")
KMS: Final[dict[str, Never]] = dict.fromkeys(
    ("KmsAccessDeniedException", "KmsInvalidStateException", "KmsThrottlingException"), NO_KEYS
)
KMS_OF_A_CHANGE: Final = {name: KMS[name] for name in KMS if name != "KmsInvalidStateException"}


def _create(**members: Any) -> Members:
    return {"name": "new", "definition": PASS, "roleArn": ROLE, **members}


def _routes(version: str) -> list[Members]:
    return [{"stateMachineVersionArn": version, "weight": 100}]


ERRORS: Final[dict[str, dict[str, Request | Never]]] = {
    "CreateActivity": {
        "ActivityLimitExceeded": {"name": "one-more"},
        "ActivityAlreadyExists": Never(
            "It tells encryption configurations apart, and there is only one; an activity of this "
            "name is given as it is."
        ),
        "InvalidName": {"name": "a b"},
        "TooManyTags": {"name": "new", "tags": TOO_MANY_TAGS},
        "InvalidEncryptionConfiguration": {"name": "new", "encryptionConfiguration": OTHER_KEY},
        **KMS_OF_A_CHANGE,
    },
    "CreateStateMachine": {
        "InvalidArn": _create(roleArn=NO_ARN),
        "InvalidDefinition": _create(definition="{}"),
        "InvalidName": _create(name="a b"),
        "InvalidLoggingConfiguration": _create(loggingConfiguration={"level": "ALL"}),
        "InvalidTracingConfiguration": _create(tracingConfiguration={}),
        "StateMachineAlreadyExists": lambda world: _create(name=world.machine.split(":")[-1]),
        "StateMachineDeleting": lambda world: _create(name=world.deleting.split(":")[-1]),
        "StateMachineLimitExceeded": _create(name="one-more"),
        "StateMachineTypeNotSupported": Never(
            "Both types of the model are supported; the model's own constraints refuse others."
        ),
        "TooManyTags": _create(tags=TOO_MANY_TAGS),
        "ValidationException": _create(versionDescription="of nothing"),
        "ConflictException": IN_TURN,
        "InvalidEncryptionConfiguration": _create(encryptionConfiguration=OTHER_KEY),
        **KMS_OF_A_CHANGE,
    },
    "CreateStateMachineAlias": {
        "InvalidArn": Never(
            "Its ARNs are routes: a wrong one is a ValidationException, as at AWS."
        ),
        "InvalidName": BY_MODEL,
        "ValidationException": lambda world: {
            "name": "new",
            "routingConfiguration": _routes(world.machine),
        },
        "StateMachineDeleting": lambda world: {
            "name": "new",
            "routingConfiguration": _routes(f"{world.deleting}:1"),
        },
        "ResourceNotFound": {"name": "new", "routingConfiguration": _routes(f"{NO_MACHINE}:1")},
        "ConflictException": lambda world: {
            "name": "live",
            "description": "another",
            "routingConfiguration": _routes(f"{world.machine}:1"),
        },
        "ServiceQuotaExceededException": lambda world: {
            "name": "one-more",
            "routingConfiguration": _routes(f"{world.full}:2"),
        },
    },
    "DeleteActivity": {"InvalidArn": {"activityArn": NO_ARN}},
    "DeleteStateMachine": {
        "InvalidArn": {"stateMachineArn": NO_ARN},
        "ValidationException": {"stateMachineArn": MAP_STATE},
    },
    "DeleteStateMachineAlias": {
        "ValidationException": {"stateMachineAliasArn": ""},
        "InvalidArn": {"stateMachineAliasArn": NO_ARN},
        "ResourceNotFound": Never("To delete what is not there is no error, as at AWS."),
        "ConflictException": IN_TURN,
    },
    "DeleteStateMachineVersion": {
        "ValidationException": {"stateMachineVersionArn": ""},
        "InvalidArn": {"stateMachineVersionArn": NO_ARN},
        "ConflictException": lambda world: {"stateMachineVersionArn": f"{world.machine}:1"},
    },
    "DescribeActivity": {
        "ActivityDoesNotExist": {"activityArn": NO_ACTIVITY},
        "InvalidArn": {"activityArn": NO_ARN},
    },
    "DescribeExecution": {
        "ExecutionDoesNotExist": {"executionArn": NO_EXECUTION},
        "InvalidArn": {"executionArn": NO_ARN},
        **KMS,
    },
    "DescribeMapRun": {
        "ResourceNotFound": {"mapRunArn": NO_MAP_RUN},
        "InvalidArn": {"mapRunArn": NO_ARN},
    },
    "DescribeStateMachine": {
        "InvalidArn": {"stateMachineArn": NO_ARN},
        "StateMachineDoesNotExist": {"stateMachineArn": NO_MACHINE},
        **KMS,
    },
    "DescribeStateMachineAlias": {
        "ValidationException": {"stateMachineAliasArn": ""},
        "InvalidArn": {"stateMachineAliasArn": NO_ARN},
        "ResourceNotFound": {"stateMachineAliasArn": f"{NO_MACHINE}:live"},
    },
    "DescribeStateMachineForExecution": {
        "ExecutionDoesNotExist": {"executionArn": NO_EXECUTION},
        "InvalidArn": {"executionArn": NO_ARN},
        **KMS,
    },
    "GetActivityTask": {
        "ActivityDoesNotExist": {"activityArn": NO_ACTIVITY},
        "ActivityWorkerLimitExceeded": Never(
            "It takes a thousand workers that wait at once: see the tests of activities."
        ),
        "InvalidArn": {"activityArn": NO_ARN},
        **KMS,
    },
    "GetExecutionHistory": {
        "ExecutionDoesNotExist": {"executionArn": NO_EXECUTION},
        "InvalidArn": {"executionArn": NO_ARN},
        "InvalidToken": lambda world: {"executionArn": world.ended, "nextToken": "x"},
        **KMS,
    },
    "ListActivities": {"InvalidToken": {"nextToken": "x"}},
    "ListExecutions": {
        "InvalidArn": {"stateMachineArn": NO_ARN},
        "InvalidToken": lambda world: {"stateMachineArn": world.machine, "nextToken": "x"},
        "StateMachineDoesNotExist": {"stateMachineArn": NO_MACHINE},
        "StateMachineTypeNotSupported": lambda world: {"stateMachineArn": world.express},
        "ValidationException": {},
        "ResourceNotFound": {"mapRunArn": NO_MAP_RUN},
    },
    "ListMapRuns": {
        "ExecutionDoesNotExist": {"executionArn": NO_EXECUTION},
        "InvalidArn": {"executionArn": NO_ARN},
        "InvalidToken": lambda world: {"executionArn": world.ended, "nextToken": "x"},
    },
    "ListStateMachineAliases": {
        "InvalidArn": {"stateMachineArn": NO_ARN},
        "InvalidToken": lambda world: {"stateMachineArn": world.machine, "nextToken": "x"},
        "ResourceNotFound": lambda world: {"stateMachineArn": f"{world.machine}:99"},
        "StateMachineDoesNotExist": {"stateMachineArn": NO_MACHINE},
        "StateMachineDeleting": lambda world: {"stateMachineArn": world.deleting},
    },
    "ListStateMachineVersions": {
        "ValidationException": {"stateMachineArn": MAP_STATE},
        "InvalidArn": {"stateMachineArn": NO_ARN},
        "InvalidToken": lambda world: {"stateMachineArn": world.machine, "nextToken": "x"},
    },
    "ListStateMachines": {"InvalidToken": {"nextToken": "x"}},
    "ListTagsForResource": {
        "InvalidArn": {"resourceArn": NO_ARN},
        "ResourceNotFound": {"resourceArn": NO_MACHINE},
    },
    "PublishStateMachineVersion": {
        "ValidationException": {"stateMachineArn": MAP_STATE},
        "StateMachineDeleting": lambda world: {"stateMachineArn": world.deleting},
        "StateMachineDoesNotExist": {"stateMachineArn": NO_MACHINE},
        "ServiceQuotaExceededException": lambda world: {"stateMachineArn": world.full},
        "ConflictException": lambda world: {
            "stateMachineArn": world.machine,
            "revisionId": "another",
        },
        "InvalidArn": {"stateMachineArn": NO_ARN},
    },
    "RedriveExecution": {
        "ExecutionDoesNotExist": {"executionArn": NO_EXECUTION},
        "ExecutionNotRedrivable": lambda world: {"executionArn": world.running},
        "ExecutionLimitExceeded": NO_LIMIT,
        "InvalidArn": {"executionArn": NO_ARN},
        "ValidationException": {"executionArn": ""},
    },
    "SendTaskFailure": {
        "TaskDoesNotExist": {"taskToken": NEVER_GIVEN},
        "InvalidToken": {"taskToken": "made up"},
        "TaskTimedOut": lambda world: {"taskToken": world.late_token},
        **KMS,
    },
    "SendTaskHeartbeat": {
        "TaskDoesNotExist": {"taskToken": NEVER_GIVEN},
        "InvalidToken": {"taskToken": "made up"},
        "TaskTimedOut": lambda world: {"taskToken": world.late_token},
    },
    "SendTaskSuccess": {
        "TaskDoesNotExist": {"taskToken": NEVER_GIVEN, "output": "1"},
        "InvalidOutput": lambda world: {"taskToken": world.waiting_token, "output": "{"},
        "InvalidToken": {"taskToken": "made up", "output": "1"},
        "TaskTimedOut": lambda world: {"taskToken": world.late_token, "output": "1"},
        **KMS,
    },
    "StartExecution": {
        "ExecutionLimitExceeded": NO_LIMIT,
        "ExecutionAlreadyExists": lambda world: {
            "stateMachineArn": world.machine,
            "name": world.ended.split(":")[-1],
        },
        "InvalidArn": {"stateMachineArn": NO_ARN},
        "InvalidExecutionInput": lambda world: {"stateMachineArn": world.machine, "input": "{"},
        "InvalidName": lambda world: {"stateMachineArn": world.machine, "name": "a b"},
        "StateMachineDoesNotExist": {"stateMachineArn": NO_MACHINE},
        "StateMachineDeleting": lambda world: {"stateMachineArn": world.deleting},
        "ValidationException": {"stateMachineArn": MAP_STATE},
        **KMS,
    },
    "StartSyncExecution": {
        "InvalidArn": {"stateMachineArn": NO_ARN},
        "InvalidExecutionInput": lambda world: {"stateMachineArn": world.express, "input": "{"},
        "InvalidName": lambda world: {"stateMachineArn": world.express, "name": "a b"},
        "StateMachineDoesNotExist": {"stateMachineArn": NO_MACHINE},
        "StateMachineDeleting": Never(
            "An Express state machine without asynchronous executions is gone at once; with them "
            "see test_deleting_waits_for_asynchronous_executions."
        ),
        "StateMachineTypeNotSupported": lambda world: {"stateMachineArn": world.machine},
        **KMS,
    },
    "StopExecution": {
        "ExecutionDoesNotExist": {"executionArn": NO_EXECUTION},
        "InvalidArn": {"executionArn": NO_ARN},
        "ValidationException": {"executionArn": ""},
        **KMS,
    },
    "TagResource": {
        "InvalidArn": {"resourceArn": NO_ARN, "tags": []},
        "ResourceNotFound": {"resourceArn": NO_MACHINE, "tags": []},
        "TooManyTags": lambda world: {
            "resourceArn": world.machine,
            "tags": [{"key": "one more", "value": ""}],
        },
    },
    "TestState": {
        "InvalidArn": {"definition": '{"Type": "Succeed"}', "roleArn": NO_ARN},
        "InvalidDefinition": {"definition": "{}", "roleArn": ROLE},
        "InvalidExecutionInput": {"definition": '{"Type": "Succeed"}', "input": "{"},
        "ValidationException": {"definition": '{"Type": "Succeed"}', "context": "{"},
    },
    "UntagResource": {
        "InvalidArn": {"resourceArn": NO_ARN, "tagKeys": []},
        "ResourceNotFound": {"resourceArn": NO_MACHINE, "tagKeys": []},
    },
    "UpdateMapRun": {
        "ResourceNotFound": {"mapRunArn": NO_MAP_RUN},
        "InvalidArn": {"mapRunArn": NO_ARN},
        "ValidationException": {"mapRunArn": NO_MAP_RUN, "toleratedFailurePercentage": 101.0},
    },
    "UpdateStateMachine": {
        "InvalidArn": {"stateMachineArn": NO_ARN, "roleArn": ROLE},
        "InvalidDefinition": lambda world: {"stateMachineArn": world.machine, "definition": "{}"},
        "InvalidLoggingConfiguration": lambda world: {
            "stateMachineArn": world.machine,
            "loggingConfiguration": {"level": "ALL"},
        },
        "InvalidTracingConfiguration": lambda world: {
            "stateMachineArn": world.machine,
            "tracingConfiguration": {},
        },
        "MissingRequiredParameter": lambda world: {"stateMachineArn": world.machine},
        "StateMachineDeleting": lambda world: {"stateMachineArn": world.deleting, "roleArn": ROLE},
        "StateMachineDoesNotExist": {"stateMachineArn": NO_MACHINE, "roleArn": ROLE},
        "ServiceQuotaExceededException": lambda world: {
            "stateMachineArn": world.full,
            "roleArn": ROLE + "-new",
            "publish": True,
        },
        "ConflictException": IN_TURN,
        "ValidationException": lambda world: {
            "stateMachineArn": world.machine,
            "roleArn": ROLE,
            "versionDescription": "of nothing",
        },
        "InvalidEncryptionConfiguration": lambda world: {
            "stateMachineArn": world.machine,
            "encryptionConfiguration": OTHER_KEY,
        },
        **KMS_OF_A_CHANGE,
    },
    "UpdateStateMachineAlias": {
        "ValidationException": lambda world: {"stateMachineAliasArn": world.alias},
        "InvalidArn": {"stateMachineAliasArn": NO_ARN, "description": "x"},
        "ResourceNotFound": {"stateMachineAliasArn": f"{NO_MACHINE}:live", "description": "x"},
        "ConflictException": IN_TURN,
        "StateMachineDeleting": lambda world: {
            "stateMachineAliasArn": f"{world.deleting}:live",
            "description": "x",
        },
    },
    "ValidateStateMachineDefinition": {"ValidationException": {"definition": ""}},
}
