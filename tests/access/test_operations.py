"""Every operation of AWS's API, called by everybody with a key of theirs."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import orjson
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from django.conf import settings

from studio.actions.access_keys import create_access_key
from studio.actions.members import default_workspace, remove_member, set_role
from studio.aws.permissions import PERMISSIONS
from studio.aws.protocol import AwsProtocol
from studio.config.aws import OPERATIONS
from tests.access.matrix import ANONYMOUS, EVERYBODY, read_matrix
from tests.access.people import one_of_each_role

COMMITTED = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
MACHINE: Final = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"


def ask(
    protocol: AwsProtocol,
    operation: str,
    key: tuple[str, str] | None,
    body: dict[str, Any] | None = None,
) -> tuple[int, dict[str, Any]]:
    """Call an operation over ASGI: the status and the answer."""
    content = orjson.dumps(body or {})
    is_of_events = operation.startswith("AWSEvents.")
    target = operation if is_of_events else f"AWSStepFunctions.{operation}"
    headers = {"Host": "here", "X-Amz-Target": target}
    if key is not None:
        request = AWSRequest("POST", "http://here/", data=content, headers=headers)
        service = "events" if is_of_events else "states"
        SigV4Auth(Credentials(*key), service, settings.AWS_REGION).add_auth(request)
        headers = dict(request.headers.items())
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(n.lower().encode(), str(v).encode()) for n, v in headers.items()],
    }
    sent: list[dict[str, Any]] = []

    coming = [{"type": "http.request", "body": content}]

    async def receive() -> dict[str, Any]:
        if not coming:
            await asyncio.Event().wait()  # The client stays.
        return coming.pop()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(protocol(scope, receive, send))
    return sent[0]["status"], orjson.loads(sent[1]["body"])


def is_refused(answer: dict[str, Any]) -> bool:
    return answer.get("__type") in ("AccessDeniedException", "MissingAuthenticationTokenException")


def test_every_operation_has_a_row_and_a_permission() -> None:
    assert sorted(OPERATIONS) == sorted(read_matrix()["Operations of AWS"]) == sorted(PERMISSIONS)


@COMMITTED
def test_each_cell() -> None:
    expected = read_matrix()["Operations of AWS"]
    people = one_of_each_role()
    wrong = []
    protocol = AwsProtocol(OPERATIONS)
    for who in EVERYBODY:
        key = None
        if who != ANONYMOUS:
            row, secret = create_access_key(people[who], default_workspace().pk)
            key = (row.access_key_id, secret)
        for operation, allowed in expected.items():
            status, answer = ask(protocol, operation, key)
            if is_refused(answer) is (who in allowed) or status >= 500:
                wrong.append((operation, who, answer))
    protocol.close()
    assert wrong == []


@COMMITTED
def test_aws_words_and_a_role_that_is_withdrawn() -> None:
    people = one_of_each_role()
    row, secret = create_access_key(people["viewer"], default_workspace().pk)
    key = (row.access_key_id, secret)
    protocol = AwsProtocol(OPERATIONS)
    assert ask(protocol, "StartExecution", key, {"stateMachineArn": MACHINE}) == (
        400,
        {
            "__type": "AccessDeniedException",
            "message": "User: arn:aws:iam::123456789012:user/viewer is not authorized to perform: "
            f"states:StartExecution on resource: {MACHINE} because no identity-based policy "
            "allows the states:StartExecution action",
        },
    )
    # The key is remembered, also for the fast path; a new role counts at once where it was given.
    set_role(default_workspace(), people["viewer"], "operator")
    status, answer = ask(protocol, "StartExecution", key, {"stateMachineArn": MACHINE})
    assert answer["__type"] == "StateMachineDoesNotExist", status
    remove_member(default_workspace(), people["viewer"])
    for operation, kind in (("ListStateMachines", "stateMachine"), ("ListActivities", "activity")):
        status, answer = ask(protocol, operation, key)
        assert f"on resource: arn:aws:states:us-east-1:123456789012:{kind}:* " in answer["message"]
    protocol.close()
