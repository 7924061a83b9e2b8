"""A secret that is put in everywhere comes out nowhere but where it may."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from websockets.sync.client import connect

from executions.actions.triggers import status_events
from executions.actions.triggers.webhooks import PURPOSE
from executions.models import Event, Webhook
from executions.runtime import drain, event_log
from studio.actions.access_keys import create_access_key
from studio.actions.members import default_workspace, set_role
from studio.actions.sensitive_fields import set_sensitive_fields
from studio.encryption import encrypt
from studio.models import StateMachine
from tests.wire.conftest import (
    COMMITTED,
    ROLE,
    Key,
    Server,
    boto3_client,
    start_server,
    stop_server,
)

pytestmark = COMMITTED

INPUT = "canary-of-an-input-0c7d"
KEPT = "canary-of-a-connection-91ab"
SENT = "canary-of-a-header-5e2f"
DEFINITION = {
    "StartAt": "Keep",
    "States": {
        "Keep": {"Type": "Pass", "Assign": {"seen.$": "$"}, "Next": "Odd"},
        "Odd": {"Type": "Fail", "Error": "Odd", "CausePath": "States.JsonToString($)"},
    },
}
CONNECTIONS: dict[str, dict[str, Any]] = {
    "API_KEY": {"ApiKeyAuthParameters": {"ApiKeyName": "x", "ApiKeyValue": KEPT}},
    "BASIC": {"BasicAuthParameters": {"Username": "u", "Password": KEPT}},
    "OAUTH_CLIENT_CREDENTIALS": {
        "OAuthParameters": {
            "AuthorizationEndpoint": "https://example.org/token",
            "HttpMethod": "POST",
            "ClientParameters": {"ClientID": "c", "ClientSecret": KEPT},
        },
        "InvocationHttpParameters": {
            "HeaderParameters": [{"Key": "X-Key", "Value": KEPT, "IsValueSecret": True}]
        },
    },
}


@pytest.fixture(scope="module")
def canary_server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """uvicorn, as talkative as it can be."""
    server = start_server(
        "uvicorn",
        tmp_path_factory.mktemp("canary"),
        STEPWELL_SENSITIVE="cardNumber, PIN",
        STEPWELL_LOG_LEVEL="DEBUG",
    )
    yield server
    stop_server(server)


@pytest.fixture
def events(tmp_path: Path, settings: Any) -> Path:
    """The folder of log events; this process takes the turns, and writes them."""
    settings.SENSITIVE = frozenset({"cardnumber", "pin"})
    settings.EVENT_LOG = str(tmp_path / "events")
    return tmp_path / "events"


def viewer() -> tuple[Key, Client]:
    user = get_user_model().objects.create_user("eve")
    set_role(default_workspace(), user, "viewer")
    row, secret = create_access_key(user, default_workspace().pk)
    client = Client()
    client.force_login(user)
    return Key(row.access_key_id, secret, user, row), client


def listen(caplog: pytest.LogCaptureFixture) -> None:
    """To everything that Stepwell says in this process; boto3 here is a client, and says more."""
    for name in ("studio", "executions", "django", "axes", "celery", "channels"):
        caplog.set_level("DEBUG", logger=name)


def begin(sfn: Any) -> str:
    """An execution with the canary in keys that are sensitive, at every depth."""
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/canary:*"
    machine = sfn.create_state_machine(
        name="cards",
        definition=json.dumps(DEFINITION),
        roleArn=ROLE,
        loggingConfiguration={
            "level": "ALL",
            "includeExecutionData": True,
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}],
        },
    )["stateMachineArn"]
    within = json.dumps({"pin": INPUT})
    given = {"cardNumber": INPUT, "list": [{"CARDNUMBER": {"a": INPUT}}], "text": within, "n": 1}
    started = sfn.start_execution(stateMachineArn=machine, name="one", input=json.dumps(given))
    drain.drain_executions()
    return str(started["executionArn"])


def answers_of(sfn: Any, arn: str) -> str:
    machine = arn.replace(":execution:", ":stateMachine:").rsplit(":", 1)[0]
    return str(
        [
            sfn.describe_execution(executionArn=arn),
            sfn.get_execution_history(executionArn=arn),
            sfn.get_execution_history(executionArn=arn, reverseOrder=True),
            sfn.list_executions(stateMachineArn=machine),
            sfn.describe_state_machine(stateMachineArn=machine),
            sfn.describe_state_machine_for_execution(executionArn=arn),
        ]
    )


PAGES = (
    "/api/executions/cards/one/",
    "/api/executions/cards/one/events/",
    "/api/executions/cards/one/debugger/",
    "/api/executions/cards/one/children/?task=1",
    "/api/executions/",
    "/api/executions/?error=Odd",
    "/api/state-machines/cards/",
    "/api/state-machines/cards/executions/",
)


def pages_of(client: Client) -> str:
    found = []
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 200, (page, answer.content)
        found.append(answer.content.decode())
    return "\n".join(found)


def stream_of(server: Server, client: Client, arn: str) -> str:
    name = settings.SESSION_COOKIE_NAME
    cookie = f"{name}={client.cookies[name].value}"
    with connect(
        f"ws://127.0.0.1:{server.port}/stream/",
        origin=server.address,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookie},
    ) as socket:
        socket.send(json.dumps({"type": "watch", "execution": arn, "after": 0}))
        return str(socket.recv(timeout=60))


def over_the_wire(server: Server, client: Client, path: str) -> str:
    """The same page from the server itself, where the views run in threads of their own."""
    name = settings.SESSION_COOKIE_NAME
    request = urllib.request.Request(
        server.address + path, headers={"Cookie": f"{name}={client.cookies[name].value}"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read().decode())


def test_what_is_sensitive_is_seen_by_those_who_may(
    canary_server: Server, key: Key, events: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listen(caplog)
    sfn = boto3_client(canary_server, key)
    arn = begin(sfn)
    owner = Client()
    owner.force_login(key.user)
    eves_key, eve = viewer()
    eves = boto3_client(canary_server, eves_key)

    # Whoever may see it sees it: the canary is there to be found.
    for text in (
        answers_of(sfn, arn),
        pages_of(owner),
        stream_of(canary_server, owner, arn),
        over_the_wire(canary_server, owner, PAGES[1]),
    ):
        assert INPUT in text
    for text in (
        answers_of(eves, arn),
        pages_of(eve),
        stream_of(canary_server, eve, arn),
        *(over_the_wire(canary_server, eve, page) for page in PAGES),
    ):
        assert INPUT not in text
    described = eves.describe_execution(executionArn=arn)
    assert json.loads(described["input"]) == {
        "cardNumber": "********",
        "list": [{"CARDNUMBER": "********"}],
        "text": '{"pin":"********"}',
        "n": 1,
    }

    while event_log.deliver():
        pass
    written = "".join(path.read_text() for path in events.rglob("*.jsonl"))
    assert "********" in written
    for text in (written, canary_server.log.read_text(), caplog.text):
        assert INPUT not in text


MARKED = "canary-of-a-marked-field-4b8e"
MARKS = ["$.card.number", "secretToken", "$.items[*].code"]


def begin_marked(sfn: Any) -> str:
    """An execution of a machine with marks; everything marked has the canary."""
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/canary:*"
    arn = sfn.create_state_machine(
        name="wallets",
        definition=json.dumps(DEFINITION),
        roleArn=ROLE,
        loggingConfiguration={
            "level": "ALL",
            "includeExecutionData": True,
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}],
        },
    )["stateMachineArn"]
    machine = StateMachine.objects.get(name="wallets")
    set_sensitive_fields(machine, MARKS)
    secret = encrypt("whsec_c2VjcmV0", PURPOSE)
    Webhook.objects.create(state_machine=machine, url="https://x.example", encrypted_secret=secret)
    given = {
        "order": {"card": {"Number": MARKED, "name": "shown"}},
        "items": [{"code": MARKED}],
        "text": json.dumps({"secretToken": MARKED}),
        "number": "shown",
    }
    started = sfn.start_execution(stateMachineArn=arn, name="one", input=json.dumps(given))
    # The same keys of a machine that marks nothing.
    plain = sfn.create_state_machine(name="plain", definition=json.dumps(DEFINITION), roleArn=ROLE)[
        "stateMachineArn"
    ]
    sfn.start_execution(stateMachineArn=plain, name="one", input=json.dumps(given))
    drain.drain_executions()
    return str(started["executionArn"])


def test_what_a_machine_marks_is_seen_by_those_who_may(
    canary_server: Server, key: Key, events: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listen(caplog)
    sfn = boto3_client(canary_server, key)
    arn = begin_marked(sfn)
    owner = Client()
    owner.force_login(key.user)
    eves_key, eve = viewer()
    eves = boto3_client(canary_server, eves_key)
    pages = [page.replace("/cards/", "/wallets/") for page in PAGES]

    def seen_by(client: Client) -> list[str]:
        return [over_the_wire(canary_server, client, page) for page in pages]

    assert json.loads(sfn.describe_execution(executionArn=arn)["input"])["items"] == [
        {"code": MARKED}
    ]
    assert "sensitive" not in str(sfn.describe_state_machine(stateMachineArn=_machine_of(arn)))
    for text in (
        answers_of(sfn, arn),
        "".join(seen_by(owner)),
        stream_of(canary_server, owner, arn),
    ):
        assert MARKED in text
    for text in (answers_of(eves, arn), *seen_by(eve), stream_of(canary_server, eve, arn)):
        assert MARKED not in text
    assert json.loads(eves.describe_execution(executionArn=arn)["input"]) == {
        "order": {"card": {"Number": "********", "name": "shown"}},
        "items": [{"code": "********"}],
        "text": '{"secretToken":"********"}',
        "number": "shown",
    }
    other = arn.replace(":wallets:", ":plain:")
    assert eves.describe_execution(executionArn=other)["input"].count(MARKED) == 3

    while event_log.deliver() or status_events.publish():
        pass
    written = "".join(path.read_text() for path in events.rglob("*.jsonl"))
    told = "".join(Event.objects.filter(text__contains=arn).values_list("text", flat=True))
    assert told.count("********") >= 3
    for text in (written, told, canary_server.log.read_text(), caplog.text):
        assert MARKED not in text


def _machine_of(arn: str) -> str:
    return arn.replace(":execution:", ":stateMachine:").rpartition(":")[0]


def dump() -> dict[str, str]:
    """Everything that is stored, by table."""
    with connection.cursor() as cursor:
        texts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            texts[table] = "\n".join(row[0] for row in cursor.fetchall())
    return texts


def test_credentials_are_neither_stored_nor_told_nor_logged(
    canary_server: Server, key: Key, caplog: pytest.LogCaptureFixture
) -> None:
    listen(caplog)
    owner = Client()
    owner.force_login(key.user)
    told = []
    for kind, parameters in CONNECTIONS.items():
        body = {"name": kind, "authorizationType": kind, "authParameters": parameters}
        made = owner.post("/api/connections/", body, content_type="application/json")
        assert made.status_code == 201, made.content
        told += [made.content, owner.get("/api/connections/").content]
    wrong = {"name": "x", "authorizationType": "BASIC", "authParameters": CONNECTIONS["API_KEY"]}
    refused = owner.post("/api/connections/", wrong, content_type="application/json")
    assert refused.status_code == 400
    told += [refused.content, owner.get("/api/audit/").content]
    assert KEPT not in str(told)

    headers = {
        "Authorization": f"Bearer {SENT}",
        "Cookie": f"x={SENT}",
        "X-Api-Key": SENT,
        "X-Amz-Target": "AWSStepFunctions.ListStateMachines",
        "X-Amz-Security-Token": SENT,
    }
    for method, path in (("POST", "/"), ("GET", "/api/session/"), ("GET", "/none")):
        data = b"{}" if method == "POST" else None
        request = urllib.request.Request(
            canary_server.address + path, data=data, headers=headers, method=method
        )
        try:
            answered = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            answered = error
        with answered:
            assert SENT not in answered.read().decode()
    stored = dump()
    assert stored["executions_connection"].count("BASIC") >= 1
    for secret in (KEPT, SENT, key.secret):
        assert [table for table, text in stored.items() if secret in text] == []
        assert secret not in canary_server.log.read_text()
        assert secret not in caplog.text
