"""A real server in a process of its own, and boto3 in front of it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from studio.actions.access_keys import create_access_key
from studio.actions.members import default_workspace
from tests.wire.answers import check_answer, check_body

# What a test changes is committed, so that the server sees it. Naming the applications makes Django
# empty the tables without filling in permissions again: a tenth of the time.
COMMITTED = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
PASS_END = {"Type": "Pass", "End": True}
_SESSION = boto3.Session()  # Loads botocore's models once.
ROLE = "arn:aws:iam::123456789012:role/tests"


@dataclass
class Server:
    """A running web server and, after a request, what it answered."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path = field(default_factory=Path)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def start_server(
    kind: str, folder: Path, *, options: str = "", first_turn_events: int = 0, **more: str
) -> Server:
    """Start Daphne or uvicorn on the test database and wait until it answers.

    ``options`` are libpq's, for the server's connections. Unless ``first_turn_events`` says
    otherwise the test takes every turn itself, so that it sees what is before the first. The server
    has ``more`` in its environment.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"{url}&port={database['PORT'] or 5432}"
        + (f"&options={quote(options)}" if options else ""),
        "DJANGO_SETTINGS_MODULE": "studio.config.settings",
        "STEPWELL_PROCESS": "web",
        "STEPWELL_WEB_CONNECTIONS": "12",
        "STEPWELL_FIRST_TURN_EVENTS": str(first_turn_events),
        "PORT": "8000",
        **more,
    }
    application = "studio.config.asgi:application"
    commands = {
        "daphne": ["daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port), application],
        "uvicorn": ["uvicorn", application, "--port", str(port), "--no-access-log"],
    }
    log = folder / f"{kind}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *commands[kind]],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=Path(__file__).parents[2],
        )
    server = Server(port, process, log)
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return server
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise RuntimeError(f"{kind} did not start: {log.read_text()}")


def stop_server(server: Server) -> None:
    server.process.send_signal(signal.SIGTERM)
    try:
        server.process.wait(timeout=3)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


@pytest.fixture(scope="session")
def running_server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Daphne, once for all tests of a process."""
    server = start_server("daphne", tmp_path_factory.mktemp("daphne"))
    yield server
    stop_server(server)


@pytest.fixture
def server(running_server: Server, transactional_db: None) -> Server:
    """The server with an empty database."""
    assert running_server.process.poll() is None
    return running_server


@dataclass(frozen=True)
class Key:
    """An access key and its owner."""

    id: str
    secret: str
    user: Any
    row: Any


@pytest.fixture
def key(transactional_db: None) -> Key:
    user = get_user_model().objects.create_user("ada", password="difference engine")
    row, secret = create_access_key(user, default_workspace().pk)
    return Key(row.access_key_id, secret, user, row)


def boto3_client(server: Server, key: Key, *, parameter_validation: bool = False) -> Any:
    client = _SESSION.client(
        "stepfunctions",
        endpoint_url=server.address,
        region_name="us-east-1",
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        config=Config(
            # What the client would refuse by itself must reach the server.
            parameter_validation=parameter_validation,
            retries={"total_max_attempts": 1},
            # Some operations have a host of their own at AWS: "sync-127.0.0.1" is nobody's name.
            inject_host_prefix=False,
        ),
    )
    client.meta.events.register("before-parse.stepfunctions", check_body)
    client.meta.events.register("after-call.stepfunctions", check_answer)
    return client


@pytest.fixture
def sfn(server: Server, key: Key) -> Iterator[Any]:
    """boto3's client. Every answer is held against botocore's model."""
    client = boto3_client(server, key)
    yield client
    client.close()


@dataclass(frozen=True)
class Reply:
    """A raw answer."""

    status: int
    headers: dict[str, str]
    body: bytes


Post = Callable[..., Reply]


@pytest.fixture
def post(server: Server, key: Key) -> Post:
    """Sends bytes to ``POST /``, signed unless told otherwise."""

    def send(
        target: str | None,
        body: bytes,
        *,
        signed: bool = True,
        change: Callable[[dict[str, str]], object] = lambda headers: None,
        sent_body: bytes | None = None,
    ) -> Reply:
        headers = {"Host": f"127.0.0.1:{server.port}", "Content-Type": "application/x-amz-json-1.0"}
        if target is not None:
            headers["X-Amz-Target"] = target
        if signed:
            request = AWSRequest("POST", f"{server.address}/", data=body, headers=headers)
            SigV4Auth(Credentials(key.id, key.secret), "states", "us-east-1").add_auth(request)
            headers = dict(request.headers.items())
        change(headers)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        try:
            connection.request("POST", "/", body if sent_body is None else sent_body, headers)
            response = connection.getresponse()
            reply_headers = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, reply_headers, response.read())
        finally:
            connection.close()

    return send


@pytest.fixture
def machine_arn(sfn: Any) -> str:
    """The ARN of a state machine with one Pass state."""
    return create(sfn, "pass-only", {"Hello": PASS_END})


def create(sfn: Any, name: str, states: dict[str, Any]) -> str:
    """Create a state machine that starts at the first of ``states``."""
    definition = json.dumps({"StartAt": next(iter(states)), "States": states})
    answer = sfn.create_state_machine(name=name, definition=definition, roleArn=ROLE)
    return str(answer["stateMachineArn"])
