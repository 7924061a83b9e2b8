"""Resource ARNs."""

from __future__ import annotations

import pytest

from studio.asl.errors import InvalidExpression
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
