"""What a Task needs to be allowed, in IAM's words."""

from __future__ import annotations

from typing import Any

import pytest

from studio.policies.map_needs import reader_needs, writer_needs
from studio.policies.needs import Need, Place, need_of, needs_of

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
        (
            "eks:runJob.sync",
            {"ClusterName": "c"},
            "eks:AccessKubernetesApi",
            OWN.format("eks") + "cluster/c",
        ),
        ("eks:call", {"ClusterName": "{% $c %}"}, "eks:AccessKubernetesApi", "*"),
        ("eks:createCluster", {"Name": "c"}, "eks:CreateCluster", "*"),
        ("elasticmapreduce:createCluster.sync", {}, "elasticmapreduce:RunJobFlow", "*"),
        (
            "elasticmapreduce:addStep.sync",
            {"ClusterId": "j-1"},
            "elasticmapreduce:AddJobFlowSteps",
            OWN.format("elasticmapreduce") + "cluster/j-1",
        ),
        (
            "bedrockagentcore:invokeHarness",
            {"HarnessArn": "arn:aws:bedrock-agentcore:x:1:harness/h"},
            "bedrock-agentcore:InvokeHarness",
            "arn:aws:bedrock-agentcore:x:1:harness/h",
        ),
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
        (
            "aws-sdk:sfn:describeExecution",
            {"ExecutionArn": OWN.format("states") + "execution:ship:one"},
            "states:DescribeExecution",
            OWN.format("states") + "execution:ship:one",
        ),
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


OBJECT = "arn:aws:s3:::b/a/c"
CONNECTION = OWN.format("events") + "connection/shop"


@pytest.mark.parametrize(
    ("resource", "parameters", "further"),
    [
        ("http:invoke", {"Authentication": {"ConnectionArn": CONNECTION}}, [("C", CONNECTION)]),
        (
            "http:invoke",
            {"InvocationConfig": {"ConnectionArn": f"{CONNECTION}/0f2b-1"}},
            [("C", CONNECTION)],
        ),
        ("http:invoke", {"Authentication": {"ConnectionArn": "{% $c %}"}}, [("C", "*")]),
        ("http:invoke", {"Authentication": "odd"}, []),
        ("bedrock:invokeModel", {"ModelId": "m", "Body": {}}, []),
        ("bedrock:invokeModel", {"Input": {"S3Uri": "s3://b/a/c"}}, [("s3:GetObject", OBJECT)]),
        (
            "bedrock:invokeModel",
            {"Input": {"S3Uri.$": "$.a"}, "Output": {"S3Uri": "s3://b/a/c"}},
            [("s3:GetObject", "*"), ("s3:PutObject", OBJECT)],
        ),
        ("bedrock:invokeModel", {"Input": ["odd"]}, [("s3:GetObject", "*")]),
    ],
)
def test_what_a_task_reads_and_writes_on_the_way(
    resource: str, parameters: Any, further: list[tuple[str, str]]
) -> None:
    actions = {"C": "events:RetrieveConnectionCredentials"}
    assert needs_of(f"arn:aws:states:::{resource}", parameters, PLACE)[1:] == [
        Need(actions.get(action, action), on) for action, on in further
    ]


S3 = "arn:aws:states:::s3:"


@pytest.mark.parametrize(
    ("field", "needs"),
    [
        (
            {"Resource": S3 + "getObject", "Parameters": {"Bucket": "b", "Key": "a/c"}},
            [("s3:GetObject", OBJECT)],
        ),
        (
            {"Resource": S3 + "getObject", "Arguments": {"Bucket": "b", "Key": "{% $k %}"}},
            [("s3:GetObject", "arn:aws:s3:::b/*")],
        ),
        (
            {"Resource": S3 + "getObject", "Parameters": {"Bucket.$": "$.b", "Key": "a"}},
            [("s3:GetObject", "*")],
        ),
        (
            {
                "Resource": S3 + "getObject",
                "Parameters": {"Bucket": "b", "Key": "a/c", "VersionId": "1"},
            },
            [("s3:GetObjectVersion", OBJECT)],
        ),
        (
            {
                "Resource": S3 + "getObject",
                "Parameters": {"Bucket": "b", "Key": "a/c"},
                "ReaderConfig": {"InputType": "MANIFEST"},
            },
            [("s3:GetObject", OBJECT), ("s3:GetObject", "*")],
        ),
        (
            {"Resource": S3 + "listObjectsV2", "Parameters": {"Bucket": "b", "Prefix": "a"}},
            [("s3:ListBucket", "arn:aws:s3:::b")],
        ),
        (
            {
                "Resource": S3 + "listObjectsV2",
                "Parameters": {"Bucket": "b", "Prefix": "a"},
                "ReaderConfig": {"Transformation": "LOAD_AND_FLATTEN", "InputType": "JSON"},
            },
            [("s3:ListBucket", "arn:aws:s3:::b"), ("s3:GetObject", "arn:aws:s3:::b/a*")],
        ),
        ({"Resource": 7, "Parameters": []}, [("s3:GetObject", "*")]),
        ("odd", []),
        (None, []),
    ],
)
def test_what_a_reader_needs(field: Any, needs: list[tuple[str, str]]) -> None:
    assert list(reader_needs(field)) == [Need(*each) for each in needs]


@pytest.mark.parametrize(
    ("field", "needs"),
    [
        (
            {"Resource": S3 + "putObject", "Parameters": {"Bucket": "b", "Prefix": "out"}},
            ["arn:aws:s3:::b/out/*"],
        ),
        ({"Resource": S3 + "putObject", "Arguments": {"Bucket": "b"}}, ["arn:aws:s3:::b/*"]),
        ({"Resource": S3 + "putObject", "Parameters": {"Bucket.$": "$.b"}}, ["*"]),
        ({"WriterConfig": {"Transformation": "COMPACT"}}, []),
        (None, []),
    ],
)
def test_what_a_writer_needs(field: Any, needs: list[str]) -> None:
    assert list(writer_needs(field)) == [Need("s3:PutObject", each) for each in needs]


@pytest.mark.parametrize(
    ("resource", "parameters", "also"),
    [
        (
            "elasticmapreduce:modifyInstanceFleetByName",
            {"ClusterId": "j-1"},
            "elasticmapreduce:ListInstanceFleets",
        ),
        (
            "elasticmapreduce:modifyInstanceGroupByName",
            {"ClusterId": "j-1"},
            "elasticmapreduce:ListInstanceGroups",
        ),
        (
            "bedrockagentcore:invokeHarness",
            {"HarnessArn": "arn:aws:bedrock-agentcore:x:1:harness/h"},
            "bedrock-agentcore:InvokeAgentRuntime",
        ),
    ],
)
def test_what_an_action_does_on_its_way(resource: str, parameters: Any, also: str) -> None:
    own, second = needs_of(f"arn:aws:states:::{resource}", parameters, PLACE)
    assert second == Need(also, own.resource)
