"""Calls of AWS's services, made to moto's server, which stands in for AWS over HTTP."""

import json
import socket
import threading
from pathlib import Path
from typing import Any

import boto3
import pytest

from executions.integration import Failed, Submitted, Succeeded, TaskOutcome
from executions.integrations.aws.caller import Caller, calling_as
from executions.integrations.aws.connections import Connections
from executions.integrations.aws.optimized import OptimizedAction
from executions.integrations.aws.sdk import SdkAction
from studio.config.embedded.ports import HOST, free_port
from tests.executions.integrations.conftest import request_of

MESSAGE = {"order": 7, "paid": True}


def break_off(listening: socket.socket) -> None:
    """Promise one caller a hundred bytes and hang up after three."""
    caller, _ = listening.accept()
    with caller:
        caller.recv(65_536)
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")


def sdk(action: str, parameters: Any) -> TaskOutcome:
    request = request_of(f"arn:aws:states:::aws-sdk:{action}", parameters)
    return SdkAction(Connections()).perform(request)


def optimized(action: str, parameters: Any) -> TaskOutcome:
    request = request_of(f"arn:aws:states:::{action}", parameters)
    return OptimizedAction(Connections()).perform(request)


def succeeded(outcome: TaskOutcome) -> Any:
    assert isinstance(outcome, Succeeded), outcome
    return json.loads(outcome.output)


def table(name: str) -> str:
    boto3.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


@pytest.mark.usefixtures("aws")
class TestSdk:
    def test_an_item_is_put_changed_and_read(self) -> None:
        name = table("sdk")
        item = {"id": {"S": "1"}, "data": {"S": "Hello"}, "Seen": {"Bool": True}}
        succeeded(sdk("dynamodb:putItem", {"TableName": name, "Item": item}))
        changed = sdk(
            "dynamodb:updateItem",
            {
                "TableName": name,
                "Key": {"id": {"S": "1"}},
                "UpdateExpression": "set S=:r",
                "ExpressionAttributeValues": {":r": {"S": "again"}},
                "ReturnValues": "UPDATED_NEW",
            },
        )
        assert succeeded(changed)["Attributes"] == {"S": {"S": "again"}}
        got = sdk("dynamodb:getItem", {"TableName": name, "Key": {"id": {"S": "1"}}})
        assert succeeded(got)["Item"] == item | {"S": {"S": "again"}}

    @pytest.mark.parametrize(
        ("body", "stored"),
        [("text", "text"), (False, "false"), ({"a": [1]}, '{"a":[1]}'), (0, "0"), ("", "")],
    )
    def test_an_object_is_put_and_read(self, body: Any, stored: str) -> None:
        boto3.client("s3").create_bucket(Bucket="things")
        put = sdk("s3:putObject", {"Bucket": "things", "Key": "k", "Body": body})
        assert "ETag" in succeeded(put)
        got = succeeded(sdk("s3:getObject", {"Bucket": "things", "Key": "k"}))
        assert got["Body"] == stored
        assert got["LastModified"].endswith("Z")
        assert "ResponseMetadata" not in got

    def test_what_is_no_text_comes_as_base64(self) -> None:
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="pictures")
        s3.put_object(Bucket="pictures", Key="k", Body=b"\xff\xd8\xff")
        got = succeeded(sdk("s3:getObject", {"Bucket": "pictures", "Key": "k"}))
        assert got["Body"] == "/9j/"

    def test_of_a_large_object_no_more_is_read_than_tells_that_it_is_too_large(self) -> None:
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="films")
        s3.put_object(Bucket="films", Key="k", Body=b"x" * 5_000_000)
        got = succeeded(sdk("s3:getObject", {"Bucket": "films", "Key": "k"}))
        assert len(got["Body"]) == 262_145

    def test_an_answer_that_breaks_off_is_no_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.create_server((HOST, 0)) as listening:
            address = f"http://{HOST}:{listening.getsockname()[1]}"
            monkeypatch.setenv("AWS_ENDPOINT_URL", address)
            breaking = threading.Thread(target=break_off, args=(listening,))
            breaking.start()
            outcome = sdk("s3:getObject", {"Bucket": "b", "Key": "k"})
            breaking.join()
        assert isinstance(outcome, Failed)
        assert outcome.error == "S3.SdkClientException"
        assert outcome.cause.startswith("Unable to execute HTTP request: ")

    def test_a_modelled_error_has_its_name(self) -> None:
        outcome = sdk("dynamodb:getItem", {"TableName": "none", "Key": {"id": {"S": "1"}}})
        assert isinstance(outcome, Failed)
        assert outcome.error == "DynamoDb.ResourceNotFoundException"
        assert "(Service: DynamoDb, Status Code: 400, Request ID: " in outcome.cause
        assert outcome.cause.endswith("(SDK Attempt Count: 1)")

    def test_an_error_named_without_exception_gets_the_word(self) -> None:
        boto3.client("s3").create_bucket(Bucket="empty")
        outcome = sdk("s3:getObject", {"Bucket": "empty", "Key": "none"})
        assert isinstance(outcome, Failed)
        assert outcome.error == "S3.NoSuchKeyException"

    def test_an_unmodelled_error_has_the_services(self) -> None:
        name = table("unmodelled")
        outcome = sdk("dynamodb:putItem", {"TableName": name, "Item": {}})
        assert isinstance(outcome, Failed)
        assert outcome.error == "DynamoDb.DynamoDbException"

    @pytest.mark.parametrize(
        ("parameters", "problem"),
        [
            ({"TableName": 3}, 'The value for the field "TableName" must be a STRING'),
            ({"Tabel": "x"}, 'The field "Tabel" is not supported by Step Functions'),
            (["x"], "They are not a JSON object"),
            ({"TableName": "x", "Key": "1"}, 'The value for the field "Key" must be an OBJECT'),
        ],
    )
    def test_unusable_parameters_name_the_field(self, parameters: Any, problem: str) -> None:
        outcome = sdk("dynamodb:getItem", parameters)
        assert isinstance(outcome, Failed)
        assert outcome.error == "States.Runtime"
        assert outcome.cause.endswith(f"could not be used to start the Task: [{problem}]")

    def test_an_operation_that_is_none(self) -> None:
        outcome = sdk("dynamodb:juggle", {})
        assert isinstance(outcome, Failed)
        assert "names no operation" in outcome.cause

    def test_a_service_with_another_folder_name(self) -> None:
        assert succeeded(sdk("secretsmanager:listSecrets", {})) == {"SecretList": []}
        assert "Rules" in succeeded(sdk("eventbridge:listRules", {}))


@pytest.mark.usefixtures("aws")
class TestOptimized:
    def test_a_message_may_be_any_json(self) -> None:
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        answer = succeeded(optimized("sqs:sendMessage", {"QueueUrl": url, "MessageBody": MESSAGE}))
        assert answer["SdkHttpMetadata"]["HttpStatusCode"] == 200
        assert set(answer) >= {"MD5OfMessageBody", "MessageId", "SdkResponseMetadata"}
        received = sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"]
        assert json.loads(received) == MESSAGE

    def test_with_a_token_the_answer_says_only_that_it_was_taken(self) -> None:
        url = boto3.client("sqs").create_queue(QueueName="tokens")["QueueUrl"]
        outcome = optimized(
            "sqs:sendMessage.waitForTaskToken", {"QueueUrl": url, "MessageBody": "t"}
        )
        assert isinstance(outcome, Submitted)
        assert "MessageId" in json.loads(outcome.output)

    def test_a_refusal_speaks_as_the_first_sdk(self) -> None:
        outcome = optimized("dynamodb:putItem", {"TableName": "none", "Item": {"id": {"S": "1"}}})
        assert isinstance(outcome, Failed)
        assert outcome.error == "DynamoDB.ResourceNotFoundException"
        assert (
            "(Service: AmazonDynamoDBv2; Status Code: 400; "
            "Error Code: ResourceNotFoundException; Request ID: "
        ) in outcome.cause
        assert outcome.cause.endswith("; Proxy: null)")

    def test_a_topic_that_is_not_there(self) -> None:
        topic = "arn:aws:sns:us-east-1:123456789012:none"
        outcome = optimized("sns:publish", {"TopicArn": topic, "Message": MESSAGE})
        assert isinstance(outcome, Failed)
        assert outcome.error == "SNS.NotFoundException"
        assert "(Service: AmazonSNS; Status Code: 404; Error Code: NotFound; " in outcome.cause

    def test_an_event_names_its_sender(self) -> None:
        sqs, events = boto3.client("sqs"), boto3.client("events")
        url = sqs.create_queue(QueueName="events")["QueueUrl"]
        events.put_rule(Name="all", EventPattern='{"source": ["shop"]}')
        arn = "arn:aws:sqs:us-east-1:123456789012:events"
        events.put_targets(Rule="all", Targets=[{"Id": "1", "Arn": arn}])
        entry = {"Source": "shop", "DetailType": "sold", "Detail": MESSAGE}
        answer = succeeded(optimized("events:putEvents", {"Entries": [entry]}))
        assert answer["FailedEntryCount"] == 0
        assert "SdkHttpMetadata" not in answer
        event = json.loads(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"])
        assert event["detail"] == MESSAGE
        assert "arn:aws:states:us-east-1:123456789012:execution:orders:one" in event["resources"]

    def test_an_action_that_step_functions_has_not(self) -> None:
        outcome = optimized("sqs:listQueues", {})
        assert isinstance(outcome, Failed)
        assert "it has sendMessage" in outcome.cause


def test_nothing_configured_names_the_setting() -> None:
    outcome = sdk("secretsmanager:listSecrets", {})
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Permissions"
    assert "AWS_ENDPOINT_URL_SECRETS_MANAGER" in outcome.cause
    assert "AWS_ACCESS_KEY_ID" in outcome.cause


def test_nobody_at_the_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{HOST}:{free_port()}")
    outcome = optimized("sqs:sendMessage", {"QueueUrl": "q", "MessageBody": "m"})
    assert isinstance(outcome, Failed)
    assert outcome.error == "SQS.SdkClientException"


def test_a_repeated_delivery_is_known_by_its_token() -> None:
    from executions.integrations.aws.parameters import arguments_of
    from executions.integrations.aws.service_models import operation_model

    operation = operation_model("ecs", "runTask")
    assert operation is not None
    first, again, other = (
        arguments_of(operation, {"TaskDefinition": "t"}, idempotency_key=key)["clientToken"]
        for key in ("7:3", "7:3", "7:4")
    )
    assert first == again != other


ROLE = "arn:aws:iam::210987654321:role/orders"


@pytest.mark.usefixtures("aws")
def test_services_are_called_with_the_credentials_of_a_role() -> None:
    integration = SdkAction(Connections())
    asked = request_of("arn:aws:states:::aws-sdk:sts:getCallerIdentity", {})
    assert "assumed-role" not in succeeded(integration.perform(asked))["Arn"]
    with calling_as(Caller(role_arn=ROLE)):
        identity = succeeded(integration.perform(asked))
    assert identity["Arn"] == "arn:aws:sts::210987654321:assumed-role/orders/stepwell"
    assert identity["Account"] == "210987654321"
    assert "assumed-role" not in succeeded(integration.perform(asked))["Arn"]


@pytest.mark.usefixtures("aws")
def test_services_are_called_with_the_credentials_of_a_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text("[profile shop]\naws_access_key_id=AKIASHOP\naws_secret_access_key=x\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    found = Connections()
    own = found.credentials().access_key
    with calling_as(Caller(profile="shop")):
        assert found.is_configured("s3")
        assert found.credentials().access_key == "AKIASHOP"
        client = found.client("s3", "us-east-1", None)
        assert client._request_signer._credentials.access_key == "AKIASHOP"
    assert found.credentials().access_key == own
    assert found.client("s3", "us-east-1", None) is not client
