"""What a Task needs to be allowed, in IAM's words."""

from __future__ import annotations

from typing import Any

import pytest

from studio.policies.needs import Need, Place, need_of

PLACE = Place("eu-west-1", "123456789012")
OWN = "arn:aws:{}:eu-west-1:123456789012:"
FUNCTION = OWN.format("lambda") + "function:pay"
MACHINE = OWN.format("states") + "stateMachine:ship"


@pytest.mark.parametrize(
    ("resource", "parameters", "action", "on"),
    [
        (FUNCTION, None, "lambda:InvokeFunction", FUNCTION),
        (f"{FUNCTION}:live", None, "lambda:InvokeFunction", FUNCTION),
        ("lambda:invoke", {"FunctionName": "pay"}, "lambda:InvokeFunction", FUNCTION),
        ("lambda:invoke", {"FunctionName": "pay:live"}, "lambda:InvokeFunction", FUNCTION),
        ("lambda:invoke", {"FunctionName": FUNCTION}, "lambda:InvokeFunction", FUNCTION),
        (
            "lambda:invoke.waitForTaskToken",
            {"FunctionName": "123456789012:function:pay"},
            "lambda:InvokeFunction",
            FUNCTION,
        ),
        ("lambda:invoke", {"FunctionName": "{% $name %}"}, "lambda:InvokeFunction", "*"),
        ("aws-sdk:lambda:invoke", {"FunctionName": "pay"}, "lambda:InvokeFunction", FUNCTION),
        ("states:startExecution", {"StateMachineArn": MACHINE}, "states:StartExecution", MACHINE),
        (
            "states:startExecution.sync:2",
            {"StateMachineArn": f"{MACHINE}:live"},
            "states:StartExecution",
            MACHINE,
        ),
        (
            "aws-sdk:sfn:startSyncExecution",
            {"StateMachineArn": MACHINE},
            "states:StartSyncExecution",
            MACHINE,
        ),
        (
            "sqs:sendMessage",
            {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"},
            "sqs:SendMessage",
            OWN.format("sqs") + "orders",
        ),
        ("sqs:sendMessage", {"QueueUrl": ["odd"]}, "sqs:SendMessage", "*"),
        ("sns:publish", {"TopicArn": "arn:aws:sns:x:1:t"}, "sns:Publish", "arn:aws:sns:x:1:t"),
        (
            "dynamodb:putItem",
            {"TableName": "t"},
            "dynamodb:PutItem",
            OWN.format("dynamodb") + "table/t",
        ),
        (
            "aws-sdk:s3:getObject",
            {"Bucket": "b", "Key": "a/b"},
            "s3:GetObject",
            "arn:aws:s3:::b/a/b",
        ),
        ("aws-sdk:s3:listObjectsV2", {"Bucket": "b"}, "s3:ListBucket", "arn:aws:s3:::b"),
        ("events:putEvents", {"Entries": []}, "events:PutEvents", "*"),
        ("aws-sdk:eventbridge:putEvents", {}, "events:PutEvents", "*"),
        (
            "http:invoke",
            {"ApiEndpoint": "https://shop.example:8443/a/../b"},
            "states:InvokeHTTPEndpoint",
            "arn:aws:http:::shop.example",
        ),
        ("http:invoke", {"ApiEndpoint": "https://[odd"}, "states:InvokeHTTPEndpoint", "*"),
        ("sql:query", {"Query": "late"}, "sql:Query", OWN.format("sql") + "query/late"),
        (
            "celery:sendTask.sync",
            {"Task": "a.b"},
            "celery:SendTask",
            OWN.format("celery") + "task/a.b",
        ),
        ("email:send", {}, "email:Send", "*"),
        ("no resource at all", {}, "*", "*"),
    ],
)
def test_needs(resource: str, parameters: Any, action: str, on: str) -> None:
    if not resource.startswith(("arn:", "no ")):
        resource = f"arn:aws:states:::{resource}"
    assert need_of(resource, parameters, PLACE) == Need(action, on)


def test_an_activity_needs_nothing() -> None:
    assert need_of(OWN.format("states") + "activity:print", {}, PLACE) is None
