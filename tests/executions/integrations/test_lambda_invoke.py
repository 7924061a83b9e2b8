"""``lambda:invoke`` takes Invoke's parameters and answers in Invoke's envelope."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from executions.integration import Failed, Succeeded
from tests.executions.integrations.conftest import Perform, write


@pytest.fixture(autouse=True)
def functions(folder: Path) -> None:
    write(folder, "echo.py", "def handler(event, context): return event")
    write(
        folder,
        "client.py",
        """
        def handler(event, context):
            client = context.client_context
            return [client.custom, client.env, client.client.app_title]
        """,
    )
    write(folder, "bad.py", "def handler(event, context):\n    print('hm'); raise ValueError('x')")


def answer(outcome: object) -> Any:
    assert isinstance(outcome, Succeeded), outcome
    return json.loads(outcome.output)


def test_the_envelope(invoke: Perform) -> None:
    result = answer(invoke({"FunctionName": "echo", "Payload": {"a": "é"}}))
    request_id = result["SdkResponseMetadata"]["RequestId"]
    headers = result["SdkHttpMetadata"]["HttpHeaders"]
    every = result["SdkHttpMetadata"]["AllHttpHeaders"]
    assert list(result) == [
        "ExecutedVersion",
        "Payload",
        "SdkHttpMetadata",
        "SdkResponseMetadata",
        "StatusCode",
    ]
    assert result["ExecutedVersion"] == "$LATEST"
    assert result["Payload"] == {"a": "é"}
    assert result["StatusCode"] == result["SdkHttpMetadata"]["HttpStatusCode"] == 200
    assert list(every) == [
        "X-Amz-Executed-Version",
        "x-amzn-Remapped-Content-Length",
        "Connection",
        "x-amzn-RequestId",
        "Content-Length",
        "Date",
        "X-Amzn-Trace-Id",
        "Content-Type",
    ]
    assert every == {name: [value] for name, value in headers.items()}
    assert list(headers) == sorted(headers, key=str.lower)
    assert headers["x-amzn-RequestId"] == request_id
    assert headers["Content-Length"] == str(len('{"a": "é"}'.encode()))


@pytest.mark.parametrize(
    ("payload", "event"),
    [
        (None, {}),
        ("0", 0),
        ("[]", []),
        ("Hello", "Hello"),
        ('"quoted"', "quoted"),
        ([1], [1]),
        ("[" * 5000 + "]" * 5000, "[" * 5000 + "]" * 5000),
    ],
)
def test_how_a_payload_reaches_the_function(invoke: Perform, payload: Any, event: Any) -> None:
    result = answer(invoke({"FunctionName": "echo", "Payload": payload}))
    assert result["Payload"] == event


def test_no_payload_is_an_empty_event(invoke: Perform) -> None:
    assert answer(invoke({"FunctionName": "echo"}))["Payload"] == {}


def test_the_client_context_is_taken_apart(invoke: Perform) -> None:
    text = json.dumps({"custom": {"a": 1}, "env": {"e": 2}, "client": {"app_title": "t", "x": 1}})
    encoded = base64.b64encode(text.encode()).decode()
    result = answer(invoke({"FunctionName": "client", "ClientContext": encoded}))
    assert result["Payload"] == [{"a": 1}, {"e": 2}, "t"]


def test_the_end_of_the_log_comes_along_when_asked_for(invoke: Perform) -> None:
    result = answer(invoke({"FunctionName": "echo", "LogType": "Tail", "Payload": 1}))
    log = base64.b64decode(result["LogResult"]).decode()
    assert log.startswith("START RequestId: ")
    assert result["SdkHttpMetadata"]["HttpHeaders"]["X-Amz-Log-Result"] == result["LogResult"]


@pytest.mark.parametrize(("kind", "status"), [("Event", 202), ("DryRun", 204)])
def test_other_invocation_types_do_not_wait_for_a_result(
    invoke: Perform, kind: str, status: int
) -> None:
    result = answer(invoke({"FunctionName": "bad", "InvocationType": kind}))
    assert (result["StatusCode"], result["Payload"]) == (status, "")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, 'The field "FunctionName" is required but was missing'),
        ({"FunctionName": 7}, 'The value for the field "FunctionName" must be a STRING'),
        ({"FunctionName": "echo", "Fast": True}, 'The field "Fast" is not supported'),
        ({"FunctionName": "echo", "InvocationType": "Later"}, '"InvocationType" must be one of'),
        ({"FunctionName": "echo", "ClientContext": "%%%"}, '"ClientContext" must be'),
        ([], "They are not a JSON object"),
    ],
)
def test_parameters_that_cannot_be_used(invoke: Perform, parameters: Any, said: str) -> None:
    outcome = invoke(parameters)
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Runtime"
    assert said in outcome.cause
