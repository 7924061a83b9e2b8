"""``/hooks/TOKEN/``: who may call, what the execution gets, what the caller gets."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client

from executions.actions.triggers import endpoint_calls, endpoints
from executions.actions.triggers.endpoint_calls import Call, input_of, reply_of
from executions.models import Execution
from executions.rest import hooks
from executions.runtime.express.execution import ExpressEnd, ExpressStart, run
from studio.models import StateMachine
from tests.conftest import MakeMachine

pytestmark = pytest.mark.django_db(transaction=True)

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
SECRET = "a-secret-of-the-caller"


def endpoint_of(machine: StateMachine, **given: Any) -> str:
    endpoint, secret = endpoints.create_endpoint(machine, "BEARER", SECRET, given)
    assert secret == SECRET
    assert SECRET not in endpoint.encrypted_secret
    return f"/hooks/{endpoint.token}/"


def call(path: str, body: Any = None, secret: str = SECRET, **headers: str) -> Any:
    return Client(enforce_csrf_checks=True).post(
        path,
        json.dumps({} if body is None else body),
        content_type="application/json",
        headers={"authorization": f"Bearer {secret}", **headers},
    )


def express(machine: StateMachine, monkeypatch: pytest.MonkeyPatch) -> StateMachine:
    """Make it an Express one, whose executions run in this process."""
    machine.type = StateMachine.Type.EXPRESS
    machine.save()

    async def run_here(start: ExpressStart) -> ExpressEnd:
        return run(start)

    monkeypatch.setattr(hooks.express, "run_sync_execution", run_here)
    return machine


def test_a_call_starts_an_execution(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    answer = call(f"{endpoint_of(machine)}orders/7?a=1&b=", {"total": 3}, **{"x-own": "yes"})
    assert answer.status_code == 202
    execution = Execution.objects.get(state_machine=machine)
    assert answer.json()["executionArn"] == execution.arn
    given = json.loads(execution.input)
    assert given["method"] == "POST"
    assert given["path"] == "/orders/7"
    assert given["query"] == {"a": "1", "b": ""}
    assert given["body"] == {"total": 3}
    assert given["headers"]["x-own"] == "yes"
    assert SECRET not in execution.input


def test_nobody_else_may_call(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    path = endpoint_of(machine)
    assert call(path, secret="other").status_code == 401
    assert call("/hooks/unknown/").status_code == 404
    assert call(endpoint_of(machine, is_enabled=False)).status_code == 404
    assert Execution.objects.count() == 0


def test_an_idempotency_key_is_the_executions_name(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    path = endpoint_of(machine)
    headers = {"idempotency-key": "order-7"}
    first, second = call(path, {"n": 1}, **headers), call(path, {"n": 2}, **headers)
    assert first.json() == second.json()
    assert Execution.objects.get().name == "order-7"
    assert call(path, **{"idempotency-key": "a key/with: all"}).status_code == 202
    assert Execution.objects.count() == 2


def test_a_large_body_is_refused(make_machine: MakeMachine) -> None:
    answer = call(endpoint_of(make_machine(PASS)), "x" * 300_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "RequestTooLarge")


def test_calls_have_a_rate(make_machine: MakeMachine, settings: Any) -> None:
    settings.ENDPOINT_RATE = "2/0.001"
    path = endpoint_of(make_machine(PASS))
    answers = [call(path) for _ in range(4)]
    assert [answer.status_code for answer in answers][-1] == 429
    assert int(answers[-1]["Retry-After"]) > 1


def test_an_express_execution_answers(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = {"statusCode": 201, "headers": {"X-Order": 7}, "body": {"made": True}}
    definition = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": result, "End": True}}}
    machine = express(make_machine(definition), monkeypatch)
    answer = call(endpoint_of(machine))
    assert answer.status_code == 201
    assert answer["X-Order"] == "7"
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {"made": True}


def test_what_an_express_execution_answers_is_no_page(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = {
        "statusCode": 200,
        "headers": {
            "Content-Type": "text/html",
            "Set-Cookie": "a=b",
            "Content-Security-Policy": "default-src *",
        },
        "body": "<script>alert(1)</script>",
    }
    definition = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": result, "End": True}}}
    answer = call(endpoint_of(express(make_machine(definition), monkeypatch)))
    assert not answer.cookies
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def end(status: str, output: str | None = None, error: str | None = None) -> ExpressEnd:
    return ExpressEnd(status, output, error, "a cause with secrets", 0.0, 1.0)


@pytest.mark.parametrize(
    ("ended", "status", "body"),
    [
        (end("SUCCEEDED", '{"a":1}'), 200, b'{"a":1}'),
        (end("SUCCEEDED", '"text"'), 200, b'"text"'),
        (end("SUCCEEDED", "[" * 250 + "]" * 250), 200, b"[" * 250 + b"]" * 250),
        (end("SUCCEEDED", '{"statusCode":204,"body":"x"}'), 204, b""),
        (end("SUCCEEDED", '{"statusCode":"201"}'), 201, b""),
        (end("SUCCEEDED", '{"statusCode":200,"body":"plain"}'), 200, b"plain"),
        (
            end("SUCCEEDED", '{"statusCode":200,"body":"AAE=","isBase64Encoded":true}'),
            200,
            b"\x00\x01",
        ),
    ],
)
def test_what_is_answered(ended: ExpressEnd, status: int, body: bytes) -> None:
    reply = reply_of(ended)
    assert (reply.status, reply.body) == (status, body)


@pytest.mark.parametrize(
    ("ended", "status", "code"),
    [
        (end("FAILED", None, "Own.Error"), 502, "Own.Error"),
        (end("TIMED_OUT", None, "States.Timeout"), 504, "States.Timeout"),
        (end("SUCCEEDED", '{"statusCode":99}'), 502, "InvalidOutput"),
        (end("SUCCEEDED", '{"statusCode":true}'), 502, "InvalidOutput"),
        (end("SUCCEEDED", '{"statusCode":200,"headers":{"a b":"c"}}'), 502, "InvalidOutput"),
        (end("SUCCEEDED", '{"statusCode":200,"headers":{"a":"c\\nd: e"}}'), 502, "InvalidOutput"),
        (
            end("SUCCEEDED", '{"statusCode":200,"body":"?","isBase64Encoded":true}'),
            502,
            "InvalidOutput",
        ),
    ],
)
def test_what_goes_wrong_is_told_without_its_cause(
    ended: ExpressEnd, status: int, code: str
) -> None:
    reply = reply_of(ended)
    assert reply.status == status
    assert json.loads(reply.body)["code"] == code
    assert b"secrets" not in reply.body


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("application/json", b'{"a": 1}', {"a": 1}),
        ("application/cloudevents+json; charset=utf-8", b"[1]", [1]),
        ("", b'"x"', "x"),
        ("text/plain", b"a=b", "a=b"),
        ("application/json", b"", None),
    ],
)
def test_bodies(kind: str, body: bytes, expected: Any) -> None:
    given = json.loads(input_of(Call("POST", "/", "", {"content-type": kind}, body)))
    assert (given["body"], given["isBase64Encoded"]) == (expected, False)


@pytest.mark.parametrize(("kind", "body"), [("image/png", b"\x89PNG\xff"), ("a/b+json", b"{")])
def test_bodies_that_are_no_text_are_base64(kind: str, body: bytes) -> None:
    given = json.loads(input_of(Call("POST", "/", "", {"content-type": kind}, body)))
    assert given["isBase64Encoded"]
    assert base64.b64decode(given["body"]) == body


def test_no_header_that_authorizes_is_in_the_input() -> None:
    headers = {"authorization": "Bearer x", "cookie": "a=b", "accept": "y"}
    given = json.loads(input_of(Call("GET", "/", "", headers, b"")))
    assert given["headers"] == {"accept": "y"}
    assert endpoint_calls.IDEMPOTENCY_KEY == "idempotency-key"
