"""A name that no folder holds is invoked at whatever answers for AWS Lambda.

AWS is outside this machine, so a small HTTP server answers here; boto3 is the real one.
"""

import base64
import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import pytest

from executions.integration import Failed, Succeeded
from tests.executions.integrations.conftest import Perform

SLOW = 3
"""Seconds that the function named slow takes."""


class Endpoint(BaseHTTPRequestHandler):
    """Answers Invoke; what it does follows from the function's name."""

    protocol_version = "HTTP/1.1"
    seen: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name = unquote(self.path.split("/")[3]).rpartition(":")[2]
        type(self).seen.append(
            {
                "path": self.path,
                "body": body.decode(),
                "type": self.headers.get("X-Amz-Invocation-Type"),
                "context": self.headers.get("X-Amz-Client-Context"),
                "authorization": self.headers.get("Authorization", ""),
            }
        )
        if name == "slow":
            time.sleep(SLOW)
        status, headers, answer = {
            "missing": (404, {"x-amzn-ErrorType": "ResourceNotFoundException"}, {"Message": "No."}),
            "busy": (429, {"x-amzn-ErrorType": "TooManyRequestsException"}, {"Message": "Rate."}),
            "ill": (500, {"x-amzn-ErrorType": "ServiceException"}, {"Message": "Oh."}),
            "denied": (
                403,
                {"x-amzn-ErrorType": "AccessDeniedException"},
                {"Message": "You may not"},
            ),
            "raises": (
                200,
                {"X-Amz-Function-Error": "Unhandled"},
                {"errorMessage": "m", "errorType": "Declined", "trace": ["a"]},
            ),
            "killed": (200, {"X-Amz-Function-Error": "Unhandled"}, {"errorMessage": "killed"}),
        }.get(name, (200, {}, {"got": json.loads(body or b"null")}))
        text = (
            json.dumps(answer).encode()
            if self.headers.get("X-Amz-Invocation-Type") != "Event"
            else b""
        )
        self.send_response(202 if not text else status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("X-Amz-Executed-Version", "7")
        self.send_header("x-amzn-RequestId", "the-request")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        with contextlib.suppress(OSError):  # the client may have had no more patience
            self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    handler = type("ThisEndpoint", (Endpoint,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", f"http://127.0.0.1:{server.server_port}")
    yield handler.seen  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_function_elsewhere_answers(
    endpoint: list[dict[str, Any]], call: Perform, invoke: Perform
) -> None:
    assert call("far", {"é": 1}) == Succeeded('{"got": {"\\u00e9": 1}}')
    context = base64.b64encode(b'{"custom": 1}').decode()
    outcome = invoke({"FunctionName": "far:live", "Payload": None, "ClientContext": context})
    assert isinstance(outcome, Succeeded)
    result = json.loads(outcome.output)
    assert (result["Payload"], result["ExecutedVersion"]) == ({"got": {}}, "7")
    assert result["SdkResponseMetadata"]["RequestId"] == "the-request"
    assert endpoint[1]["path"].endswith("/functions/far/invocations?Qualifier=live")
    assert endpoint[1]["context"] == context
    assert endpoint[1]["authorization"] == "", "nobody's credentials are needed for one's own"
    event = invoke({"FunctionName": "far", "InvocationType": "Event"})
    assert isinstance(event, Succeeded)
    assert json.loads(event.output)["StatusCode"] == 202


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        (
            "missing",
            "Lambda.ResourceNotFoundException",
            "No. (Service: AWSLambda; Status Code: 404",
        ),
        ("busy", "Lambda.TooManyRequestsException", "Error Code: TooManyRequestsException"),
        ("ill", "Lambda.ServiceException", "Request ID: the-request; Proxy: null)"),
        ("denied", "Lambda.AWSLambdaException", "Error Code: AccessDeniedException"),
        ("raises", "Declined", '{"errorMessage": "m", "errorType": "Declined", "trace": ["a"]}'),
        ("killed", "Lambda.Unknown", "killed"),
    ],
)
def test_its_errors_have_step_functions_names(
    endpoint: list[dict[str, Any]], call: Perform, name: str, error: str, said: str
) -> None:
    outcome = call(name)
    assert isinstance(outcome, Failed)
    assert outcome.error == error
    assert said in outcome.cause
    assert len(endpoint) == 1, "the SDK must not retry: the definition's Retry decides"


def test_the_deadline_bounds_the_wait(endpoint: list[dict[str, Any]], call: Perform) -> None:
    call("far", deadline=time.time() + 0.5)  # boto3 takes its time to come up, once.
    began = time.monotonic()
    outcome = call("slow", deadline=time.time() + 0.5)
    assert isinstance(outcome, Failed)
    assert outcome.error == "Lambda.SdkClientException"
    assert time.monotonic() - began < SLOW - 0.5
    assert len(endpoint) == 2


def test_nobody_answers(call: Perform, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", f"http://127.0.0.1:{port}")
    outcome = call("far")
    assert isinstance(outcome, Failed)
    assert outcome.error == "Lambda.SdkClientException"
    assert "Unable to execute HTTP request" in outcome.cause


def test_boto3_is_not_imported_before_it_is_needed() -> None:
    code = (
        "import sys, os; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'studio.config.settings');"
        "from executions.integrations.registry import integration_for;"
        "integration_for('arn:aws:states:::lambda:invoke');"
        "sys.exit('boto3' in sys.modules or 'botocore' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
