"""Whatever bytes arrive: an error of AWS's kind, never a 5xx, nothing stored."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from studio.aws.model import service_model
from studio.config.aws import application
from tests.wire.conftest import COMMITTED, Post, Server

pytestmark = COMMITTED

CREATE = "AWSStepFunctions.CreateStateMachine"
START = "AWSStepFunctions.StartExecution"
ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:x"


@pytest.fixture(autouse=True)
def _nothing_is_stored(server: Server) -> Iterator[None]:
    faults = server.log.read_text().count("fault of ours")
    yield
    with connection.cursor() as cursor:
        for table in ("studio_statemachine", "executions_execution", "executions_inboxmessage"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table
    assert server.log.read_text().count("fault of ours") == faults


BODIES = [
    (b"", "ValidationException"),
    (b"not json", "SerializationException"),
    (b'"text"', "SerializationException"),
    (b"[]", "SerializationException"),
    (b"null", "SerializationException"),
    (b"NaN", "SerializationException"),
    (b'{"name": NaN}', "SerializationException"),
    (b"\xff\xfe\x00", "SerializationException"),
    (b'{"name": "\xed\xa0\x80"}', "SerializationException"),
    (b'{"name": "\\ud800"}', "SerializationException"),
    (b"[" * 100_000 + b"]" * 100_000, "SerializationException"),
    (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "SerializationException"),
    (b'{"name": ' + b"9" * 100_000 + b"}", "SerializationException"),
    (b'{"name": 1}', "SerializationException"),
    (b'{"name": {"a": 1}}', "SerializationException"),
    (b'{"name": true}', "SerializationException"),
    (b'{"name": []}', "SerializationException"),
    (b'{"tags": {}}', "SerializationException"),
    (b'{"tags": [1]}', "SerializationException"),
    (b'{"publish": "yes"}', "SerializationException"),
    (b'{"loggingConfiguration": "ALL"}', "SerializationException"),
    (b"{}", "ValidationException"),
    (b'{"name": null, "definition": null, "roleArn": null}', "ValidationException"),
    (b'{"name": "", "definition": "", "roleArn": ""}', "ValidationException"),
    (b'{"name": "a", "definition": "{}", "roleArn": "x", "type": "FAST"}', "ValidationException"),
    (b'{"name": "a\\u0000", "definition": "{}", "roleArn": "arn:x"}', "InvalidName"),
    (b'{"name": "a", "definition": "{}", "roleArn": "x"}', "InvalidArn"),
    (b'{"name": "a", "definition": "{}", "roleArn": "arn:a:b:c:d:\\u0000"}', "InvalidArn"),
    (b'{"name": "a", "definition": "x", "roleArn": "arn:a:b:c:d:e"}', "InvalidDefinition"),
    (b'{"name": "a", "definition": "\\u0000", "roleArn": "arn:a:b:c:d:e"}', "InvalidDefinition"),
    (b'{"name": "a", "definition": "null", "roleArn": "arn:a:b:c:d:e"}', "InvalidDefinition"),
    (b'{"name": "a", "definition": "[]", "roleArn": "arn:a:b:c:d:e"}', "InvalidDefinition"),
]


def test_bodies(post: Post) -> None:
    # Loops, here and below: emptying the database costs more than all of these requests.
    for body, code in BODIES:
        began = time.monotonic()
        reply = post(CREATE, body)
        # None of them is worked at for long, however loaded the machine is.
        assert time.monotonic() - began < 20, body[:48]
        answer = json.loads(reply.body)
        assert (reply.status, answer["__type"]) == (400, code), (body[:48], answer)
        assert answer["message"]
        assert reply.headers["content-type"] == "application/x-amz-json-1.0"
        assert reply.headers["x-amzn-errortype"] == code
        assert len(reply.headers["x-amzn-requestid"]) == 36


NESTED = [
    (CREATE, "definition", "InvalidDefinition"),
    ("AWSStepFunctions.ValidateStateMachineDefinition", "definition", None),
    ("AWSStepFunctions.TestState", "definition", "InvalidDefinition"),
    ("AWSStepFunctions.TestState", "input", "InvalidExecutionInput"),
    ("AWSStepFunctions.TestState", "context", "ValidationException"),
    ("AWSStepFunctions.TestState", "variables", "ValidationException"),
    ("AWSStepFunctions.TestState", "mock", "ValidationException"),
    (START, "input", "InvalidExecutionInput"),
    ("AWSStepFunctions.StartSyncExecution", "input", "InvalidExecutionInput"),
    ("AWSStepFunctions.SendTaskSuccess", "output", "InvalidOutput"),
]


@pytest.mark.parametrize("levels", [1_000, 10_000])
def test_texts_that_are_nested_deeply(post: Post, levels: int) -> None:
    deep = '{"a":' * levels + "1" + "}" * levels
    state = {"Type": "Pass", "End": True}
    whole = {
        "definition": json.dumps(state),
        "name": "a",
        "roleArn": "arn:aws:iam::123456789012:role/r",
        "stateMachineArn": ARN,
        "taskToken": "x",
    }
    told = []
    for operation, member, _ in NESTED:
        value: Any = deep
        if member == "mock":
            value = {"result": deep}
        answer = json.loads(post(operation, json.dumps({**whole, member: value}).encode()).body)
        told.append((operation, member, answer.get("__type")))
    assert told == NESTED


def test_every_constraint_is_told_at_once(post: Post) -> None:
    reply = post(CREATE, b'{"name": "", "type": "FAST", "definition": "{}"}')
    assert json.loads(reply.body)["message"] == (
        "3 validation errors detected: "
        "Value '' at 'name' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1; "
        "Value null at 'roleArn' failed to satisfy constraint: Member must not be null; "
        "Value 'FAST' at 'type' failed to satisfy constraint: "
        "Member must satisfy enum value set: [EXPRESS, STANDARD]"
    )


def test_a_definition_that_is_too_large(post: Post) -> None:
    definition = json.dumps({"StartAt": "A", "Comment": "x" * 1024 * 1024, "States": {}})
    body = json.dumps({"name": "a", "definition": definition, "roleArn": "arn:a:b:c:d:e"})
    answer = json.loads(post(CREATE, body.encode()).body)
    assert answer == {
        "__type": "ValidationException",
        "message": "1 validation error detected: Value at 'definition' failed to satisfy "
        "constraint: Member must have length less than or equal to 1048576",
    }


def test_a_body_that_is_too_large(post: Post) -> None:
    reply = post(START, b" " * (5 * 1024 * 1024))
    assert reply.status == 413
    assert json.loads(reply.body)["__type"] == "RequestEntityTooLarge"


def test_targets_that_nobody_knows(post: Post) -> None:
    for target in (None, "", "X", "AWSStepFunctions.", "AWSStepFunctions.Fly", "SQS.ListQueues"):
        reply = post(target, b"{}")
        code = json.loads(reply.body)["__type"]
        assert (reply.status, code) == (400, "UnknownOperationException")


def test_every_operation_of_the_model_is_offered() -> None:
    offered = {name for name in application._operations if "." not in name}
    assert set(service_model().operation_names) == offered


def test_page_sizes(post: Post) -> None:
    for value in (-1, 1001, 2**31, 2**63, 2**80, 1.5, "1", True, [], {}):
        body = json.dumps({"stateMachineArn": ARN, "maxResults": value}).encode()
        answer = json.loads(post("AWSStepFunctions.ListExecutions", body).body)
        assert answer["__type"] in ("ValidationException", "SerializationException"), value


def test_tokens(post: Post) -> None:
    for token in ("x", "a:b:c", "ä", ".", "é" * 500, "\u0000", ":" * 1000):
        body = json.dumps({"nextToken": token}).encode()
        answer = json.loads(post("AWSStepFunctions.ListStateMachines", body).body)
        assert answer["__type"] == "InvalidToken", token


def test_arns(post: Post) -> None:
    for arn in (
        "arn:aws:states:us-east-1:123456789012:execution:a:b\u0000",
        "arn:aws:states:us-east-1:123456789012:execution:a:\ufffe",
        "arn:aws:states:us-east-1:123456789012:execution::",
        "arn:" + ":" * 200,
    ):
        body = json.dumps({"executionArn": arn}).encode()
        answer = json.loads(post("AWSStepFunctions.DescribeExecution", body).body)
        assert answer["__type"] in ("InvalidArn", "ExecutionDoesNotExist"), arn
