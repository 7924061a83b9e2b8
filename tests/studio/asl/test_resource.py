"""Resource ARNs."""

from __future__ import annotations

import pytest
from botocore.loaders import Loader

from executions.integrations.aws.optimized_services import SERVICES
from studio.asl.errors import InvalidExpression
from studio.asl.reading.services import SDK_SERVICES, is_known
from studio.asl.resource import parse_resource

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:Pay"
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:paint"


@pytest.mark.parametrize(
    ("arn", "kind", "family", "resource_type", "resource", "pattern"),
    [
        (FUNCTION, "lambda", "LambdaFunction", "lambda", FUNCTION, ""),
        (ACTIVITY, "activity", "Activity", "activity", ACTIVITY, ""),
        ("arn:aws:states:::lambda:invoke", "service", "Task", "lambda", "invoke", ""),
        (
            "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "service",
            "Task",
            "lambda",
            "invoke.waitForTaskToken",
            "waitForTaskToken",
        ),
        (
            "arn:aws:states:::states:startExecution.sync:2",
            "service",
            "Task",
            "states",
            "startExecution.sync:2",
            "sync:2",
        ),
        ("arn:aws:states:::ecs:runTask.sync", "service", "Task", "ecs", "runTask.sync", "sync"),
        ("arn:aws-cn:states:::sqs:sendMessage", "service", "Task", "sqs", "sendMessage", ""),
        (
            "arn:aws:states:::aws-sdk:s3:listBuckets",
            "aws-sdk",
            "Task",
            "aws-sdk:s3",
            "listBuckets",
            "",
        ),
    ],
)
def test_takes_apart(
    arn: str, kind: str, family: str, resource_type: str, resource: str, pattern: str
) -> None:
    parsed = parse_resource(arn)
    assert (parsed.kind, parsed.event_family) == (kind, family)
    assert (parsed.resource_type, parsed.resource) == (resource_type, resource)
    assert parsed.pattern == pattern
    assert parsed.arn == arn


def test_names_the_function_and_its_qualifier() -> None:
    assert parse_resource(FUNCTION).function_name == "Pay"
    qualified = parse_resource(f"{FUNCTION}:$LATEST")
    assert (qualified.function_name, qualified.qualifier) == ("Pay", "$LATEST")
    assert (qualified.region, qualified.account) == ("us-east-1", "123456789012")


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "Pay",
        "arn:aws:lambda:us-east-1:123456789012:layer:x",
        "arn:aws:s3:::bucket",
        "arn:aws:states:::lambda",
        "arn:aws:states:::lambda:invoke.sync:3",
        "arn:aws:states:us-east-1:123456789012:activity:",
        "arn:aws:lambda:us-east-1:123456789012:function:",
        "arn:aws:states:::lambda:invoke\n",
    ],
)
def test_refuses(arn: str) -> None:
    with pytest.raises(InvalidExpression):
        parse_resource(arn)


def test_every_service_of_botocore_is_known() -> None:
    loader = Loader()
    unknown = set()
    for folder in loader.list_available_services("service-2"):
        metadata = loader.load_service_model(folder, "service-2")["metadata"]
        names = {folder.replace("-", ""), metadata["serviceId"].replace(" ", "").lower()}
        unknown |= {name for name in names if name.replace("-", "") not in SDK_SERVICES}
    assert unknown == set(), "add them to SDK_SERVICES"


@pytest.mark.parametrize(
    "resource",
    [
        *(
            f"arn:aws:states:::{service}:{action}"
            for service, actions in SERVICES.items()
            for action in actions.actions
        ),
        "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:::http:invoke",
        "arn:aws:states:::bedrock:invokeModel",
        "arn:aws:states:::eks:runJob.sync",
        "arn:aws:states:::aws-sdk:sfn:startSyncExecution",
        "arn:aws:states:::aws-sdk:cognitoidentityprovider:adminGetUser",
        FUNCTION,
        ACTIVITY,
    ],
)
def test_what_can_be_called_here_is_known(resource: str) -> None:
    assert is_known(parse_resource(resource))
