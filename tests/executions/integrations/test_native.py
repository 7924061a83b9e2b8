"""Databases, mail and Celery, with real servers of this machine."""

import email
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from email.message import Message
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from executions.integration import (
    Failed,
    JobNotSeen,
    Submitted,
    Succeeded,
    TaskOutcome,
    TaskRequest,
)
from executions.integrations import registry
from executions.integrations.native.celery_task import CeleryTask
from executions.integrations.native.email import EmailSend
from executions.integrations.native.sql import SqlQuery
from studio.asl.reading import services
from studio.asl.resource import parse_resource
from studio.config.embedded.ports import free_port
from tests.executions.integrations.conftest import request_of

Declare = Callable[[str], None]
PATIENCE = 60.0


@pytest.fixture
def declare(tmp_path: Path, settings: Any) -> Declare:
    """Writes integrations.toml."""
    file = tmp_path / "integrations.toml"
    settings.INTEGRATIONS_FILE = str(file)
    return lambda text: (file.write_text(text), None)[1]


def result(outcome: TaskOutcome) -> Any:
    assert isinstance(outcome, Succeeded), outcome
    return json.loads(outcome.output)


def failed(outcome: TaskOutcome, error: str) -> str:
    assert isinstance(outcome, Failed), outcome
    assert outcome.error == error, outcome
    return outcome.cause


# --- sql ---

QUERIES = """
[sql.databases.default]
url_env = "TEST_SQL_URL"

[sql.databases.away]
url = "postgresql://nobody@127.0.0.1:1/none"

[sql.queries.sum]
sql = "SELECT %(a)s::int + %(b)s::int AS sum, now() AS at, 1.5::numeric AS half, NULL AS none"

[sql.queries.tags]
sql = "SELECT jsonb_array_elements_text(%(tags)s::jsonb) AS tag"
max_rows = 3

[sql.queries.sleep]
sql = "SELECT pg_sleep(60)"
seconds = 0.2

[sql.queries.store]
sql = "CREATE TABLE IF NOT EXISTS stepwell_test_orders AS SELECT %(id)s::int AS id"
writes = true

[sql.queries.sneak]
sql = "CREATE TABLE stepwell_test_sneaked (id int)"

[sql.queries.once]
sql = "INSERT INTO stepwell_test_orders VALUES (%(id)s) RETURNING id"
writes = true

[sql.queries.broken]
sql = "SELEC 1"

[sql.queries.away]
database = "away"
sql = "SELECT 1"
seconds = 1

[sql.queries.lost]
database = "nowhere"
sql = "SELECT 1"
"""


@pytest.fixture
def sql(declare: Declare, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlQuery]:
    parameters = connection.get_connection_params()
    monkeypatch.setenv(
        "TEST_SQL_URL",
        " ".join(f"{n}={parameters[n]}" for n in ("host", "dbname", "user") if parameters.get(n)),
    )
    declare(QUERIES)
    query = SqlQuery()
    yield query
    for pool in query._pools.values():
        pool.close()


def ask(sql: SqlQuery, name: str, **parameters: Any) -> TaskOutcome:
    given: dict[str, Any] = {"Query": name}
    if parameters:
        given["Parameters"] = parameters
    return sql.perform(request_of("arn:aws:states:::sql:query", given))


def test_a_query_gives_its_rows(sql: SqlQuery) -> None:
    answer = result(ask(sql, "sum", a=2, b=5))
    assert answer["RowCount"] == 1
    (row,) = answer["Rows"]
    assert (row["sum"], row["half"], row["none"]) == (7, 1.5, None)
    assert row["at"].startswith("20")
    tags = result(ask(sql, "tags", tags=["a", "'; DROP TABLE x; --"]))
    assert [row["tag"] for row in tags["Rows"]] == ["a", "'; DROP TABLE x; --"]


def test_a_query_is_bounded(sql: SqlQuery) -> None:
    assert "more than 3 rows" in failed(ask(sql, "tags", tags=list("abcd")), "Sql.TooManyRows")
    assert "0.2 s" in failed(ask(sql, "sleep"), "Sql.QueryCanceled")


def test_only_what_says_so_writes(sql: SqlQuery) -> None:
    try:
        assert result(ask(sql, "store", id=1))["Rows"] == []
        assert result(ask(sql, "once", id=2)) == {"RowCount": 1, "Rows": [{"id": 2}]}
        failed(ask(sql, "sneak"), "Sql.ReadOnlySqlTransaction")
    finally:
        with next(iter(sql._pools.values())).connection() as other:
            other.read_only = False
            other.execute("DROP TABLE IF EXISTS stepwell_test_orders, stepwell_test_sneaked")


def test_what_is_wrong_with_a_query_is_said(sql: SqlQuery) -> None:
    assert "SELEC" in failed(ask(sql, "broken"), "Sql.SyntaxError")
    assert "[sql.queries.none]" in failed(ask(sql, "none"), "Sql.NotConfigured")
    assert "[sql.databases.nowhere]" in failed(ask(sql, "lost"), "Sql.NotConfigured")
    failed(ask(sql, "away"), "Sql.ConnectionFailed")
    assert "b" in failed(ask(sql, "sum", a=1), "Sql.ProgrammingError")
    outcome = sql.perform(request_of("arn:aws:states:::sql:query", {"Query": "sum", "Sql": "x"}))
    assert '"Sql" is not supported' in failed(outcome, "States.Runtime")


def test_without_a_file(tmp_path: Path, settings: Any) -> None:
    settings.INTEGRATIONS_FILE = str(tmp_path / "none.toml")
    assert "not there yet" in failed(ask(SqlQuery(), "sum"), "Sql.NotConfigured")
    Path(settings.INTEGRATIONS_FILE).write_text("[sql")
    assert "cannot be read" in failed(ask(SqlQuery(), "sum"), "Sql.NotConfigured")


# --- email ---


class Mails:
    def __init__(self) -> None:
        self.received: list[tuple[list[str], Message]] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _: Any, __: Any, envelope: Any, address: str, ___: Any
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        if b"explode" in envelope.content:
            return "554 not that"
        self.received.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content)))
        return "250 OK"


@pytest.fixture
def mails(declare: Declare) -> Iterator[Mails]:
    mails = Mails()
    port = free_port()
    controller = Controller(mails, hostname="127.0.0.1", port=port)
    controller.start()
    declare(
        f'[email]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        'from = "Shop <shop@example.org>"\nrecipients = ["*@example.org"]\n'
    )
    yield mails
    controller.stop()


def send(pattern: str = "", **parameters: Any) -> TaskOutcome:
    given = {"To": "a@example.org", "Subject": "Hello", "Text": "Hi", **parameters}
    return EmailSend().perform(request_of(f"arn:aws:states:::email:send{pattern}", given))


def test_a_mail_is_sent(mails: Mails) -> None:
    answer = result(
        send(
            To=["Ann <a@example.org>"],
            Cc="c@example.org",
            Bcc=["b@example.org"],
            Subject="Größe",
            Text="plain",
            Html="<b>rich</b>",
        )
    )
    assert answer["Recipients"] == 3
    ((recipients, message),) = mails.received
    assert sorted(recipients) == ["a@example.org", "b@example.org", "c@example.org"]
    assert message["Message-ID"] == answer["MessageId"]
    assert str(message["From"]) == "Shop <shop@example.org>"
    assert "Bcc" not in message
    parts = [part.get_content_type() for part in message.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]


def test_a_mail_may_carry_a_token(mails: Mails) -> None:
    assert isinstance(send(".waitForTaskToken", Text="answer with TOKEN"), Submitted)
    assert "TOKEN" in mails.received[0][1].get_payload()


@pytest.mark.parametrize(
    ("parameters", "error", "cause"),
    [
        ({"To": "nobody@example.org"}, "Email.RecipientsRefused", "no such person"),
        ({"Text": "explode"}, "Email.DataError", "554 not that"),
        ({"To": "x@elsewhere.org"}, "States.Runtime", "sends no mail to x@elsewhere.org"),
        ({"Subject": "a\nBcc: x@y.z"}, "States.Runtime", "newlines"),
        ({"To": []}, "States.Runtime", "must name somebody"),
        ({"To": ["you"]}, "States.Runtime", "no address: you"),
        ({"To": 7}, "States.Runtime", "must be a STRING or an ARRAY"),
        ({"From": "x@y.z"}, "States.Runtime", '"From" is not supported'),
    ],
)
def test_a_mail_that_is_not_sent(
    mails: Mails, parameters: dict[str, Any], error: str, cause: str
) -> None:
    assert cause in failed(send(**parameters), error)
    assert mails.received == []


def test_a_mail_server_that_is_away(declare: Declare) -> None:
    declare('[email]\nhost = "127.0.0.1"\nport = 1\nfrom = "a@b.c"\n')
    failed(send(), "Email.ConnectionFailed")


# --- celery ---


SHOP = """
from celery import Celery

app = Celery("shop", broker={url!r}, backend={url!r})
app.conf.update(task_default_queue={queue!r}, accept_content=["json"])

@app.task(name="shop.add")
def add(a, b):
    return a + b

@app.task(name="shop.fail")
def fail():
    raise ValueError("no money")
"""


@pytest.fixture
def shop(declare: Declare, settings: Any, tmp_path: Path) -> Iterator[None]:
    """A Celery application of somebody's, with a worker."""
    url, queue = settings.CELERY_BROKER_URL, f"shop-{uuid.uuid4().hex}"
    (tmp_path / "somebodys_shop.py").write_text(SHOP.format(url=url, queue=queue))
    declare(
        f'[celery.apps.default]\nbroker = "{url}"\nbackend = "{url}"\n'
        f'tasks = ["shop.*"]\nqueue = "{queue}"\n'
        f'[celery.apps.blind]\nbroker = "{url}"\ntasks = ["*"]\n'
        '[celery.apps.away]\nbroker = "redis://127.0.0.1:1"\ntasks = ["*"]\n'
    )
    # In a process of its own: in this one it would be a worker of Stepwell's, too.
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "somebodys_shop", "worker", "-P", "solo"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path), "C_FORCE_ROOT": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    worker.kill()
    worker.wait()


def celery(pattern: str = "", **parameters: Any) -> TaskOutcome:
    resource = f"arn:aws:states:::celery:sendTask{pattern}"
    key = parameters.pop("key", uuid.uuid4().hex)
    return CeleryTask().perform(request_of(resource, parameters, idempotency_key=key))


def ended(outcome: TaskOutcome) -> TaskOutcome:
    assert isinstance(outcome, Submitted), outcome
    assert outcome.job is not None
    until = time.monotonic() + PATIENCE
    while (end := CeleryTask().look("arn:aws:states:::celery:sendTask.sync", outcome.job)) is None:
        assert time.monotonic() < until
        time.sleep(0.05)
    return end


def test_a_celery_task_is_waited_for(shop: None) -> None:
    first = celery(".sync", Task="shop.add", Args=[2], Kwargs={"b": 5})
    assert ended(first) == Succeeded("7")
    assert "no money" in failed(ended(celery(".sync", Task="shop.fail")), "ValueError")


def test_a_celery_task_is_only_sent(shop: None) -> None:
    sent = result(celery(Task="shop.add", Args=[1, 2]))
    assert len(sent["TaskId"]) == 36
    again = [celery(Task="shop.add", Args=[1, 2], key="an attempt") for _ in range(2)]
    assert again[0] == again[1]
    assert isinstance(celery(".waitForTaskToken", Task="shop.add", Args=[1, 2]), Submitted)


def test_a_celery_task_is_stopped(shop: None) -> None:
    assert ended(celery(".sync", Task="shop.add", Args=[1, 2])) == Succeeded("3")
    # Now the worker is there and hears that another task is to be stopped.
    waiting = celery(".sync", Task="shop.add", Args=[1, 2], Queue="nobody-listens")
    assert isinstance(waiting, Submitted)
    job = waiting.job or ""
    assert CeleryTask().look("arn:aws:states:::celery:sendTask.sync", job) is None
    CeleryTask().stop("arn:aws:states:::celery:sendTask.sync", job)
    assert ended(waiting) == Failed("Celery.TaskRevoked", "The task was revoked")


def test_a_celery_task_that_is_not_sent(shop: None) -> None:
    assert "does not name 'other.task'" in failed(celery(Task="other.task"), "States.Runtime")
    assert "no backend" in failed(celery(".sync", Task="x", App="blind"), "Celery.NotConfigured")
    failed(celery(Task="x", App="away"), "Celery.ConnectionFailed")
    assert "[celery.apps.none]" in failed(celery(Task="x", App="none"), "Celery.NotConfigured")
    with pytest.raises(JobNotSeen) as problem:
        CeleryTask().look("", '{"app":"none","task":"t"}')
    assert problem.value.lasting


# --- one's own ---


class Charge:
    """An integration of somebody's package."""

    lost_error = "States.TaskFailed"

    def perform(self, request: TaskRequest) -> TaskOutcome:
        return Succeeded(request.parameters)


def test_a_package_adds_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint("shop:charge", f"{__name__}:Charge", services.ENTRY_POINTS),
        EntryPoint("shop:charge.waitForTaskToken", f"{__name__}:Charge", services.ENTRY_POINTS),
        EntryPoint("sqs:sendMessage", f"{__name__}:Charge", services.ENTRY_POINTS),
        EntryPoint("sql:query", f"{__name__}:Charge", services.ENTRY_POINTS),
    ]
    monkeypatch.setattr(services, "entry_points", lambda group: points)
    services.installed_actions.cache_clear()
    try:
        added = services.installed_actions()
        assert sorted(added) == ["shop:charge", "shop:charge.waitForTaskToken"]
        for ending, known in (("", True), (".waitForTaskToken", True), (".sync", False)):
            resource = parse_resource(f"arn:aws:states:::shop:charge{ending}")
            assert services.is_known(resource) is known
        assert not services.is_known(parse_resource("arn:aws:states:::shop:refund"))
        monkeypatch.setitem(registry.REGISTRY, "service:shop:charge", added["shop:charge"])
        integration = registry._integration(added["shop:charge"])
        assert integration.perform(request_of("arn:aws:states:::shop:charge", {"a": 1})) == (
            Succeeded('{"a": 1}')
        )
        assert ("shop", "charge") in {(a.service, a.action) for a in registry.available_actions()}
    finally:
        services.installed_actions.cache_clear()


@pytest.mark.parametrize(
    ("action", "known"),
    [
        ("sql:query", True),
        ("sql:query.sync", False),
        ("sql:drop", False),
        ("email:send.waitForTaskToken", True),
        ("celery:sendTask.sync", True),
    ],
)
def test_what_a_definition_may_name(action: str, known: bool) -> None:
    assert services.is_known(parse_resource(f"arn:aws:states:::{action}")) is known
