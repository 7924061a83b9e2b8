"""APIs behind API Gateway, and models of Bedrock, played by a server of this machine."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import boto3
import pytest

from executions.integration import Failed, Submitted, Succeeded, TaskOutcome
from executions.integrations.aws.bedrock import BedrockInvokeModel
from executions.integrations.aws.connections import Connections
from executions.integrations.http.addresses import AllowList
from executions.integrations.http.api_gateway import ApiGatewayInvoke
from executions.integrations.http.exchange import Client
from tests.executions.integrations.conftest import request_of

RESOURCE = "arn:aws:states:::apigateway:invoke"


class Api(BaseHTTPRequestHandler):
    """Says what it was asked; a number in the path is the status it answers with."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        asked = {
            "method": self.command,
            "path": parts.path,
            "query": parse_qsl(parts.query, keep_blank_values=True),
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": body,
        }
        status = re.search(r"/(\d{3})$", parts.path)
        content = json.dumps(asked).encode()
        if "large" in parts.path:
            content = b"x" * 300_000
        self.send_response(int(status[1]) if status else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Twice", "one")
        self.send_header("X-Twice", "two")
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST  # noqa: N815


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def invoke(address: str, resource: str = RESOURCE, **parameters: Any) -> TaskOutcome:
    given = {"ApiEndpoint": address, "Method": "POST", **parameters}
    client = Client(AllowList.of(["127.0.0.1"]))
    try:
        return ApiGatewayInvoke(client).perform(request_of(resource, given))
    finally:
        client.close()


def result(outcome: TaskOutcome) -> Any:
    assert isinstance(outcome, Succeeded), outcome
    return json.loads(outcome.output)


def test_a_call_is_made_of_its_parts(address: str) -> None:
    answer = result(
        invoke(
            address,
            Stage="test",
            Path="/orders/a b",
            QueryParameters={"tag": ["x", "y"], "none": None, "n": 7},
            Headers={"X-Team": ["a", "b"]},
            RequestBody={"order": "é"},
        )
    )
    assert (answer["StatusCode"], answer["StatusText"]) == (200, "OK")
    assert answer["Headers"]["X-Twice"] == ["one", "two"]
    assert list(answer["Headers"]) == sorted(answer["Headers"], key=str.lower)
    asked = answer["ResponseBody"]
    assert (asked["method"], asked["path"]) == ("POST", "/test/orders/a%20b")
    assert asked["query"] == [["tag", "x"], ["tag", "y"], ["n", "7"]]
    assert asked["headers"]["x-team"] == "a,b"
    assert asked["headers"]["content-type"] == "application/json"
    assert "authorization" not in asked["headers"]
    assert json.loads(asked["body"]) == {"order": "é"}


def test_null_is_sent_where_it_is_allowed(address: str) -> None:
    asked = result(invoke(address, RequestBody=None))["ResponseBody"]
    assert asked["body"] == ""
    asked = result(
        invoke(address, RequestBody=None, AllowNullValues=True, QueryParameters={"q": None})
    )["ResponseBody"]
    assert (asked["body"], asked["query"]) == ("null", [["q", ""]])


@pytest.mark.parametrize("auth_type", ["IAM_ROLE", "RESOURCE_POLICY"])
def test_a_call_is_signed(address: str, auth_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    asked = result(invoke(address, AuthType=auth_type, RequestBody={"a": 1}))["ResponseBody"]
    assert re.match(
        r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/us-east-1/execute-api/aws4_request, ",
        asked["headers"]["authorization"],
    )


def test_the_token_goes_where_the_definition_puts_it(address: str) -> None:
    outcome = invoke(address, f"{RESOURCE}.waitForTaskToken", Headers={"TaskToken": ["t"]})
    assert isinstance(outcome, Submitted)
    assert json.loads(outcome.output)["ResponseBody"]["headers"]["tasktoken"] == "t"


@pytest.mark.parametrize("status", [304, 403, 500])
def test_a_status_is_the_errors_name(address: str, status: int) -> None:
    outcome = invoke(address, Path=f"orders/{status}")
    assert isinstance(outcome, Failed)
    assert outcome.error == f"ApiGateway.{status}"
    assert status == 304 or json.loads(outcome.cause)["path"] == f"/orders/{status}"


def test_no_answer_and_a_large_one(address: str) -> None:
    outcome = invoke("http://127.0.0.1:1")
    assert isinstance(outcome, Failed)
    assert outcome.error == "ApiGateway.ConnectError"
    outcome = invoke(address, Path="large")
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.DataLimitExceeded"


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"Method": "TRACE"}, '"Method" must be one of GET'),
        ({"AuthType": "BASIC"}, '"AuthType" must be one of NO_AUTH'),
        ({"Headers": {"Host": "x"}}, "The header 'Host' cannot be set"),
        ({"Headers": {"X-A": "a\r\nb"}}, "one line"),
        ({"QueryParameters": "a=b"}, '"QueryParameters" must be an OBJECT'),
        ({"Url": "x"}, '"Url" is not supported'),
        ({"ApiEndpoint": "http://169.254.169.254/latest"}, "not an https address"),
        ({"ApiEndpoint": "169.254.169.254"}, "169.254.169.254"),
    ],
)
def test_what_makes_no_call(address: str, parameters: dict[str, Any], problem: str) -> None:
    outcome = invoke(address, **parameters)
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Runtime"
    assert problem in outcome.cause


def ask(parameters: Any) -> TaskOutcome:
    request = request_of("arn:aws:states:::bedrock:invokeModel", parameters)
    return BedrockInvokeModel(Connections()).perform(request)


@pytest.fixture
def bedrock(address: str, aws: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Bedrock is the server of this file, S3 is moto's."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", address)
    s3 = boto3.resource("s3")
    bucket = s3.create_bucket(Bucket="prompts-and-answers")
    yield bucket
    bucket.objects.all().delete()


@pytest.mark.usefixtures("bedrock")
def test_a_models_answer_is_the_result() -> None:
    answer = result(ask({"ModelId": "titan", "Body": {"inputText": "Hi"}, "Accept": "*/*"}))
    assert answer["ContentType"] == "application/json"
    asked = answer["Body"]
    assert asked["path"] == "/model/titan/invoke"
    assert json.loads(asked["body"]) == {"inputText": "Hi"}
    assert asked["headers"]["content-type"] == "application/json"


def test_input_and_output_in_s3(bedrock: Any) -> None:
    prompt = json.dumps({"inputText": "x" * 300_000})
    bedrock.put_object(Key="in", Body=prompt.encode(), ContentType="application/json")
    answer = result(
        ask(
            {
                "ModelId": "titan",
                "Input": {"S3Uri": f"s3://{bedrock.name}/in"},
                "Output": {"S3Uri": f"s3://{bedrock.name}/out/1"},
            }
        )
    )
    assert answer == {"Body": f"s3://{bedrock.name}/out/1", "ContentType": "application/json"}
    kept = json.loads(bedrock.Object("out/1").get()["Body"].read())
    assert kept["body"] == prompt


@pytest.mark.usefixtures("bedrock")
@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"Body": {}}, '"ModelId" is required'),
        ({"ModelId": "m"}, "Either Body or Input"),
        ({"ModelId": "m", "Body": {}, "Input": {"S3Uri": "s3://bucket/k"}}, "Either Body or Input"),
        ({"ModelId": "m", "Input": {"S3Uri": "http://x"}}, '"Input" must be an OBJECT'),
        ({"ModelId": "m", "Body": {}, "Temperature": 1}, '"Temperature" is not supported'),
        ([], "not a JSON object"),
    ],
)
def test_what_asks_no_model(parameters: Any, problem: str) -> None:
    outcome = ask(parameters)
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Runtime"
    assert problem in outcome.cause


@pytest.mark.usefixtures("bedrock")
def test_an_input_that_is_not_there() -> None:
    outcome = ask({"ModelId": "m", "Input": {"S3Uri": "s3://prompts-and-answers/none"}})
    assert isinstance(outcome, Failed)
    assert outcome.error.startswith("Bedrock.")
    assert "The specified key does not exist." in outcome.cause
