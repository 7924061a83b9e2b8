"""Who may speak: signed requests with a key in force, unchanged on their way."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.actions.access_keys import create_access_key, revoke_access_key
from studio.actions.members import default_workspace
from studio.aws.errors import InvalidSignatureException
from studio.aws.signature import verify
from tests.wire.conftest import COMMITTED, Key, Post, Server, boto3_client

pytestmark = COMMITTED

LIST = "AWSStepFunctions.ListStateMachines"


def _replace(name: str, old: str, new: str) -> Callable[[dict[str, str]], None]:
    def change(headers: dict[str, str]) -> None:
        assert old in headers[name]
        headers[name] = headers[name].replace(old, new)

    return change


def _set(name: str, value: str) -> Callable[[dict[str, str]], None]:
    def change(headers: dict[str, str]) -> None:
        headers[name] = value

    return change


CHANGES = [
    (_set("Authorization", ""), "MissingAuthenticationTokenException"),
    (_set("Authorization", "Bearer x"), "MissingAuthenticationTokenException"),
    (_set("Authorization", "AWS4-HMAC-SHA256"), "IncompleteSignatureException"),
    (_set("Authorization", "AWS4-HMAC-SHA256 x, y"), "IncompleteSignatureException"),
    (_set("Authorization", "AWS4-HMAC-SHA256 Credential=a/b"), "IncompleteSignatureException"),
    (
        _replace("Authorization", "Credential=AKIA", "Credential=AKIB"),
        "UnrecognizedClientException",
    ),
    (_replace("Authorization", "us-east-1", "eu-west-1"), "InvalidSignatureException"),
    (_replace("Authorization", "/states/", "/s3/"), "InvalidSignatureException"),
    (_replace("Authorization", "Signature=", "Signature=0"), "InvalidSignatureException"),
    (_replace("Authorization", "host;", ""), "InvalidSignatureException"),
    (_replace("Authorization", ";x-amz-target", ""), "InvalidSignatureException"),
    (_replace("Authorization", "x-amz-date;", ""), "InvalidSignatureException"),
    (_set("X-Amz-Date", "yesterday"), "IncompleteSignatureException"),
    (_set("X-Amz-Date", "20200101T000000Z"), "InvalidSignatureException"),
    (_set("X-Amz-Target", "AWSStepFunctions.ListActivities"), "InvalidSignatureException"),
    (_set("Content-Type", "application/x-amz-json-1.1"), "InvalidSignatureException"),
    (_set("X-Amz-Content-SHA256", "0" * 64), "InvalidSignatureException"),
    (_set("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"), "InvalidSignatureException"),
]


def test_changed_headers(post: Post) -> None:
    for number, (change, code) in enumerate(CHANGES):
        reply = post(LIST, b"{}", change=change)
        assert (reply.status, json.loads(reply.body)["__type"]) == (400, code), number


def test_unsigned(post: Post) -> None:
    reply = post(LIST, b"{}", signed=False)
    assert json.loads(reply.body) == {
        "__type": "MissingAuthenticationTokenException",
        "message": "Missing Authentication Token",
    }


def test_a_changed_body(post: Post) -> None:
    answer = json.loads(post(LIST, b'{"maxResults": 1}', sent_body=b'{"maxResults": 2}').body)
    assert answer["__type"] == "InvalidSignatureException"
    assert answer["message"].startswith("The request signature we calculated does not match")


def test_an_extra_unsigned_header_does_no_harm(post: Post) -> None:
    assert post(LIST, b"{}", change=_set("X-Forwarded-For", "10.0.0.1")).status == 200


def test_a_wrong_secret(server: Server, key: Key) -> None:
    client = boto3_client(server, Key(key.id, key.secret + "x", key.user, key.row))
    with pytest.raises(ClientError) as error:
        client.list_state_machines()
    client.close()
    assert error.value.response["Error"]["Code"] == "InvalidSignatureException"


def test_a_revoked_key_and_one_of_somebody_who_has_left(server: Server, key: Key) -> None:
    revoke_access_key(key.row)
    row, secret = create_access_key(key.user, default_workspace().pk)
    key.user.is_active = False
    key.user.save()
    for each in (key, Key(row.access_key_id, secret, key.user, row)):
        client = boto3_client(server, each)
        with pytest.raises(ClientError) as error:
            client.list_state_machines()
        client.close()
        assert error.value.response["Error"] == {
            "Code": "UnrecognizedClientException",
            "Message": "The security token included in the request is invalid.",
        }


def _signed(headers: dict[str, str]) -> dict[str, str]:
    request = AWSRequest("POST", "http://here/", data=b"{}", headers=headers)
    SigV4Auth(Credentials("AKIA", "secret"), "states", "us-east-1").add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


HEADERS = {"Host": "here", "X-Amz-Target": LIST}


def _secret(_: Any) -> str:
    return "secret"


@pytest.mark.parametrize(
    ("minutes", "told"), [(6, "Signature expired: "), (-6, "Signature not yet current: ")]
)
def test_clocks_may_differ_by_five_minutes(minutes: int, told: str) -> None:
    headers = _signed(HEADERS)
    now = datetime.now(UTC)
    near = timedelta(minutes=4 if minutes > 0 else -4)
    assert verify(headers, "", b"{}", _secret, now + near).access_key_id == "AKIA"
    with pytest.raises(InvalidSignatureException, match=told):
        verify(headers, "", b"{}", _secret, now + timedelta(minutes=minutes))


def test_headers_are_compared_in_their_canonical_form() -> None:
    headers = _signed({**HEADERS, "X-Amz-Meta": "a   b"})
    assert verify({**headers, "x-amz-meta": " a b "}, "", b"{}", _secret).access_key_id == "AKIA"


_VISIBLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
_QUERY = st.text("abcAB=&%20+-_.~", max_size=20)


@settings(max_examples=100, deadline=None)
@given(
    values=st.dictionaries(st.from_regex(r"[a-zA-Z][a-zA-Z0-9-]{0,8}", fullmatch=True), _VISIBLE),
    query=_QUERY,
)
def test_what_botocore_signs_is_taken(values: dict[str, str], query: str) -> None:
    named = {f"X-{name}": value for name, value in values.items()}
    request = AWSRequest("POST", f"http://here/?{query}", data=b"{}", headers={**HEADERS, **named})
    SigV4Auth(Credentials("AKIA", "secret"), "states", "us-east-1").add_auth(request)
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        lower = name.lower()
        headers[lower] = f"{headers[lower]},{value}" if lower in headers else value
    assert verify(headers, query, b"{}", _secret).access_key_id == "AKIA"
    with pytest.raises(InvalidSignatureException):
        verify(headers, query + "&c", b"{}", _secret)


def test_a_presigned_address_is_not_taken(server: Server, key: Key) -> None:
    """Step Functions has no presigned requests: what is in the query signs nothing."""
    request = AWSRequest("POST", f"{server.address}/", data=b"{}", headers={"X-Amz-Target": LIST})
    SigV4QueryAuth(Credentials(key.id, key.secret), "states", "us-east-1").add_auth(request)
    prepared = request.prepare()
    assert "X-Amz-Signature=" in prepared.url
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    target = prepared.url.removeprefix(server.address)
    connection.request("POST", target, b"{}", {"X-Amz-Target": LIST})
    answer = json.loads(connection.getresponse().read())
    connection.close()
    assert answer["__type"] == "MissingAuthenticationTokenException"


def test_a_query_is_part_of_what_is_signed() -> None:
    with pytest.raises(InvalidSignatureException):
        verify(_signed(HEADERS), "a=b", b"{}", _secret)
