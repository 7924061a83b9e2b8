"""An agent of Bedrock AgentCore, played by a server that streams as the service does."""

import json
import struct
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from executions.integration import Failed, Succeeded, TaskOutcome
from executions.integrations.aws import agentcore
from executions.integrations.aws.agentcore import AgentCoreInvokeHarness
from executions.integrations.aws.connections import Connections
from tests.executions.integrations.conftest import request_of

RESOURCE = "arn:aws:states:::bedrockagentcore:invokeHarness"
HARNESS = "arn:aws:bedrock-agentcore:us-east-1:123456789012:harness/clerk-abcdefghij"
ASKED = {
    "HarnessArn": HARNESS,
    "RuntimeSessionId": "s" * 33,
    "Messages": [{"Role": "user", "Content": [{"Text": "Where is order 7?"}]}],
}


def event(kind: str, content: Any, *, message: str = "event") -> bytes:
    """One message in the AWS event stream's encoding."""
    names = {":message-type": message, ":content-type": "application/json"}
    names[":exception-type" if message == "exception" else ":event-type"] = kind
    headers = b"".join(
        bytes([len(name)])
        + name.encode()
        + b"\x07"
        + struct.pack("!H", len(value))
        + value.encode()
        for name, value in names.items()
    )
    body = json.dumps(content).encode()
    prelude = struct.pack("!II", len(headers) + len(body) + 16, len(headers))
    message_ = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + body
    return message_ + struct.pack("!I", zlib.crc32(message_))


def said(index: int, text: str) -> bytes:
    return event("contentBlockDelta", {"contentBlockIndex": index, "delta": {"text": text}})


def figures(tokens: int, milliseconds: int) -> bytes:
    usage = {"inputTokens": tokens, "outputTokens": 1, "totalTokens": tokens + 1}
    return event("metadata", {"usage": usage, "metrics": {"latencyMs": milliseconds}})


class Service(BaseHTTPRequestHandler):
    """Streams ``events``, or refuses with ``refusal``."""

    protocol_version = "HTTP/1.1"
    events: list[bytes]
    refusal: tuple[int, str] | None
    asked: dict[str, Any]

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        Service.asked = {
            "path": self.path,
            "session": self.headers["X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"],
            "body": json.loads(body),
        }
        content = b"".join(self.events)
        self.send_response(200 if self.refusal is None else self.refusal[0])
        if self.refusal is None:
            self.send_header("Content-Type", "application/vnd.amazon.eventstream")
        else:
            self.send_header("x-amzn-ErrorType", self.refusal[1])
            content = b'{"message": "no"}'
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(autouse=True)
def _service(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Service.events, Service.refusal = [], None
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def invoke(*events: bytes, **changed: Any) -> TaskOutcome:
    Service.events = list(events)
    given = {name: value for name, value in (ASKED | changed).items() if value is not None}
    return AgentCoreInvokeHarness(Connections()).perform(request_of(RESOURCE, given))


def test_the_last_message_of_the_agent_is_the_result() -> None:
    outcome = invoke(
        event("messageStart", {"role": "assistant"}),
        said(0, "Let me look."),
        event("contentBlockDelta", {"contentBlockIndex": 1, "delta": {"toolUse": {"input": "{}"}}}),
        event("messageStop", {"stopReason": "tool_use"}),
        figures(10, 100),
        event("messageStart", {"role": "user"}),
        said(0, "what a tool gave"),
        event("messageStop", {"stopReason": "tool_result"}),
        event("messageStart", {"role": "assistant"}),
        said(0, "It is "),
        said(0, "on its way."),
        said(1, "Anything else?"),
        event("messageStop", {"stopReason": "end_turn"}),
        figures(20, 250),
    )
    assert isinstance(outcome, Succeeded), outcome
    assert json.loads(outcome.output) == {
        "Output": {
            "Message": {
                "Role": "assistant",
                "Content": [{"Text": "It is on its way."}, {"Text": "Anything else?"}],
            }
        },
        "StopReason": "end_turn",
        "Usage": {"InputTokens": 30, "OutputTokens": 2, "TotalTokens": 32},
        "Metrics": {"LatencyMs": 350},
    }
    assert Service.asked["path"].startswith("/harnesses/invoke?harnessArn=arn")
    assert Service.asked["session"] == "s" * 33
    assert Service.asked["body"] == {
        "messages": [{"role": "user", "content": [{"text": "Where is order 7?"}]}]
    }


def test_who_names_no_session_has_one_of_the_attempt() -> None:
    invoke(RuntimeSessionId=None)
    first = Service.asked["session"]
    invoke(RuntimeSessionId=None)
    assert Service.asked["session"] == first
    assert len(first) == 36


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "ResourceNotFoundException"), (429, "ThrottlingException")],
)
def test_a_refusal(status: int, code: str) -> None:
    Service.refusal = (status, code)
    outcome = invoke()
    assert isinstance(outcome, Failed)
    assert outcome.error == f"BedrockAgentCore.{code}"
    assert "Service: BedrockAgentCore" in outcome.cause


def test_an_error_in_the_middle_of_an_answer() -> None:
    outcome = invoke(
        event("messageStart", {"role": "assistant"}),
        event("validationException", {"message": "no such model"}, message="exception"),
    )
    assert isinstance(outcome, Failed)
    assert outcome.error == "BedrockAgentCore.ValidationException"
    assert "no such model" in outcome.cause


def test_an_answer_that_breaks_off() -> None:
    outcome = invoke(event("messageStart", {"role": "assistant"}) + b"\x00" * 16)
    assert isinstance(outcome, Failed)
    assert outcome.error == "BedrockAgentCore.SdkClientException"


def test_an_answer_that_is_too_large() -> None:
    outcome = invoke(event("messageStart", {"role": "assistant"}), *[said(0, "x" * 60_000)] * 5)
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.DataLimitExceeded"


def test_an_agent_that_goes_on_for_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agentcore, "LONGEST_SECONDS", 0.0)
    outcome = invoke(event("messageStart", {"role": "assistant"}), said(0, "and"))
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Timeout"


def test_a_field_that_there_is_not() -> None:
    outcome = invoke(Prompt="x")
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Runtime"
    assert 'The field "Prompt" is not supported by Step Functions' in outcome.cause


def test_nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name)
    outcome = invoke()
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Permissions"
    assert "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE" in outcome.cause
