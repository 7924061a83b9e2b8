"""What a role does not allow is said before, and only where it is certain."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.asl.outline import outline
from studio.policies.advice import role_advice, suggested_policy
from studio.policies.needs import Place
from studio.policies.policy import read_policy

PLACE = Place("us-east-1", "123456789012")
SQS = "arn:aws:states:::sqs:sendMessage"
QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
ORDERS = "arn:aws:sqs:us-east-1:123456789012:orders"


def machine(**task: Any) -> dict[str, Any]:
    state = {"Type": "Task", "Resource": SQS, "End": True, **task}
    inner = {"StartAt": "B", "States": {"B": state}}
    outer = {"Type": "Parallel", "Branches": [inner], "End": True}
    return {"StartAt": "A", "States": {"A": outer}}


FIXED = machine(Parameters={"QueueUrl": QUEUE})
QUERIED = machine(Arguments={"QueueUrl": "{% $states.input.queue %}"})
ASSUMING = machine(Credentials={"RoleArn": "arn:aws:iam::1:role/x"})


def statement(effect: str, action: str, resource: str = "*") -> dict[str, str]:
    return {"Effect": effect, "Action": action, "Resource": resource}


@pytest.mark.parametrize(
    ("document", "statements", "said"),
    [
        (FIXED, [], "does not allow sqs:SendMessage of " + ORDERS),
        (FIXED, [statement("Allow", "sqs:*", "arn:aws:sqs:*:late")], "does not allow"),
        (FIXED, [statement("Allow", "sqs:*", ORDERS)], None),
        (FIXED, [statement("Allow", "*"), statement("Deny", "sqs:*")], "denies sqs:SendMessage"),
        (QUERIED, [], "does not allow sqs:SendMessage:"),
        (QUERIED, [statement("Allow", "sqs:*", ORDERS)], None),
        (QUERIED, [statement("Allow", "*"), statement("Deny", "sqs:*", ORDERS)], None),
        (QUERIED, [statement("Allow", "*"), statement("Deny", "sqs:*")], "denies"),
        (ASSUMING, [statement("Allow", "sqs:*")], "sts:AssumeRole of arn:aws:iam::1:role/x"),
        (ASSUMING, [statement("Allow", "sts:AssumeRole")], None),
        (machine(Resource=7), [], None),
        (machine(Resource="odd"), [], None),
    ],
)
def test_said(document: dict[str, Any], statements: list[Any], said: str | None) -> None:
    policy = read_policy(json.dumps({"Statement": statements}))
    found = list(role_advice(outline(document), policy, "orders", PLACE))
    if said is None:
        assert found == []
        return
    (one,) = found
    assert said in one.message
    assert (one.severity, one.location) == ("WARNING", "/States/A/Branches[0]/States/B/Resource")


READER = {
    "Resource": "arn:aws:states:::s3:getObject",
    "Parameters": {"Bucket": "b", "Key.$": "$.key"},
}
WRITER = {
    "Resource": "arn:aws:states:::s3:putObject",
    "Parameters": {"Bucket": "b", "Prefix": "out"},
}
MAP = {
    "StartAt": "A",
    "States": {"A": {"Type": "Map", "ItemReader": READER, "ResultWriter": WRITER, "End": True}},
}
READ = statement("Allow", "s3:GetObject", "arn:aws:s3:::b/in/*")
WRITE = statement("Allow", "s3:PutObject", "arn:aws:s3:::b/out/2026*")


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ([READ, WRITE], []),
        ([READ], [("ResultWriter", "does not allow s3:PutObject of arn:aws:s3:::b/out/*")]),
        ([WRITE], [("ItemReader", "does not allow s3:GetObject of arn:aws:s3:::b/*")]),
        (
            [statement("Allow", "s3:GetObject", "arn:aws:s3:::other/*"), WRITE],
            [("ItemReader", "does not allow")],
        ),
        (
            [statement("Allow", "*"), statement("Deny", "s3:PutObject", "arn:aws:s3:::b/*")],
            [("ResultWriter", "denies s3:PutObject")],
        ),
    ],
)
def test_said_of_a_distributed_map(statements: list[Any], said: list[tuple[str, str]]) -> None:
    policy = read_policy(json.dumps({"Statement": statements}))
    found = list(role_advice(outline(MAP), policy, "orders", PLACE))
    assert [each.location for each in found] == [f"/States/A/{field}" for field, _ in said]
    for each, (_, text) in zip(found, said, strict=True):
        assert text in each.message
        assert "the Map will fail" in each.message


@pytest.mark.parametrize("document", [FIXED, QUERIED, ASSUMING, MAP, machine(Resource="odd")])
def test_what_is_suggested_is_enough(document: dict[str, Any]) -> None:
    policy = read_policy(json.dumps(suggested_policy(document, PLACE)))
    assert list(role_advice(outline(document), policy, "orders", PLACE)) == []


def test_what_is_suggested_is_no_more_than_needed() -> None:
    assert suggested_policy(FIXED, PLACE)["Statement"] == [
        {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": [ORDERS]}
    ]
