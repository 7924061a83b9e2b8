"""A request that comes again: refused, unless it is an honest client's."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from studio.actions.access_keys import revoke_access_key
from studio.aws import replays
from tests.wire.conftest import COMMITTED, Key, Server, start_server, stop_server

pytestmark = COMMITTED

BODY = b'{"name": "twice"}'
NUMBERS = {"amz-sdk-invocation-id": "5f8a", "amz-sdk-request": "attempt=1"}


def signed(key: Key, body: bytes = BODY, **headers: str) -> dict[str, str]:
    request = AWSRequest(
        "POST",
        "http://stepwell/",
        data=body,
        headers={
            "Host": "stepwell",
            "X-Amz-Target": "AWSStepFunctions.CreateActivity",
            "Content-Type": "application/x-amz-json-1.0",
            **headers,
        },
    )
    SigV4Auth(Credentials(key.id, key.secret), "states", "us-east-1").add_auth(request)
    return dict(request.headers.items())


def send(server: Server, headers: dict[str, str], body: bytes = BODY) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("POST", "/", body, headers)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer.get("message", "")


@pytest.fixture(scope="module")
def second_server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    server = start_server("uvicorn", tmp_path_factory.mktemp("second"))
    yield server
    stop_server(server)


def test_a_numbered_request_is_accepted_once_by_all_servers(
    server: Server, second_server: Server, key: Key
) -> None:
    headers = signed(key, **NUMBERS)
    assert send(server, headers)[0] == 200
    status, message = send(server, headers)
    assert status == 400
    assert message.startswith("Signature already used")
    # The other server is told a moment later.
    until = time.monotonic() + 20
    while time.monotonic() < until:
        headers = signed(key, **NUMBERS, marker=str(time.monotonic()))
        assert send(server, headers)[0] == 200
        time.sleep(0.3)
        if send(second_server, headers)[0] == 400:
            return
    raise AssertionError("the second server never heard of it")


def test_the_same_thing_twice_in_a_second_is_honest(server: Server, key: Key) -> None:
    # As curl does it, or a loop of a hand-made client: nothing tells the two apart.
    headers = signed(key)
    assert [send(server, headers)[0] for _ in range(3)] == [200, 200, 200]


def test_after_some_seconds_it_is_a_replay(
    server: Server, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = signed(key)
    assert send(server, headers)[0] == 200
    time.sleep(replays.GRACE_SECONDS + 0.5)
    assert send(server, headers)[0] == 400


def test_retries_of_an_sdk_are_not_replays(server: Server, key: Key) -> None:
    """The first two answers are lost on the way. boto3 tries again, often within the same second,
    and then with the same signature: it does not sign the number of an attempt.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    forwarded: list[bytes] = []

    def serve() -> None:
        for lost in (True, True, False):
            client, _ = listening.accept()
            with client, socket.create_connection(("127.0.0.1", server.port)) as there:
                request = _read_message(client)
                forwarded.append(request)
                there.sendall(request)
                answer = _read_message(there)
                if not lost:
                    client.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    client = boto3.client(
        "stepfunctions",
        endpoint_url=f"http://127.0.0.1:{listening.getsockname()[1]}",
        region_name="us-east-1",
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        config=Config(retries={"mode": "standard", "max_attempts": 5}),
    )
    made = client.create_activity(name="again")
    thread.join()
    listening.close()
    client.close()
    assert made["activityArn"].endswith(":activity:again")
    assert len(forwarded) == 3


def test_a_revoked_key_is_refused_by_every_server(
    server: Server, second_server: Server, key: Key
) -> None:
    servers = (server, second_server)

    def statuses() -> list[int]:
        return [send(each, signed(key, marker=str(time.monotonic())))[0] for each in servers]

    assert statuses() == [200, 200]
    revoke_access_key(key.row)
    revoked = time.monotonic()
    while statuses() != [400, 400]:
        # Five seconds, and what a loaded machine takes to ask.
        assert time.monotonic() - revoked < 8
        time.sleep(0.1)


def _read_message(connection: socket.socket) -> bytes:
    """One HTTP message with a Content-Length."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
