"""The same application under uvicorn, and a server whose database goes away and comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.wire.conftest import (
    COMMITTED,
    PASS_END,
    Key,
    Server,
    boto3_client,
    create,
    start_server,
    stop_server,
)

pytestmark = COMMITTED


def test_uvicorn_serves_the_same(transactional_db: None, key: Key, tmp_path: Path) -> None:
    server = start_server("uvicorn", tmp_path)
    client = boto3_client(server, key)
    try:
        arn = create(client, "orders", {"A": PASS_END})
        execution = client.start_execution(stateMachineArn=arn)["executionArn"]
        assert client.describe_execution(executionArn=execution)["status"] == "RUNNING"
        only_its_own_pages_hear_it(server, key)
    finally:
        client.close()
        stop_server(server)
    assert "Traceback" not in server.log.read_text()


def only_its_own_pages_hear_it(server: Server, key: Key) -> None:
    """A page of another origin gets no socket, though the browser would send the cookie along."""
    browser = Client()
    browser.force_login(key.user)
    name = settings.SESSION_COOKIE_NAME
    headers = {"Cookie": f"{name}={browser.cookies[name].value}"}
    address = f"ws://127.0.0.1:{server.port}/stream/"
    for origin in ("http://evil.example", f"http://127.0.0.1:{server.port + 1}", "null", None):
        with pytest.raises(InvalidStatus) as refused:
            connect(address, origin=origin, additional_headers=headers)  # type: ignore[arg-type]
        assert refused.value.response.status_code == 403
    with connect(address, origin=server.address, additional_headers=headers) as socket:  # type: ignore[arg-type]
        socket.send('{"type": "fly"}')
        assert "InvalidMessage" in str(socket.recv(timeout=60))


def test_lost_connections_are_replaced(transactional_db: None, key: Key, tmp_path: Path) -> None:
    # Of a server of its own: one that others use, too, would tell one of them to try again.
    others = {pid for (pid,) in rows("SELECT pid FROM pg_stat_activity")}
    server = start_server("daphne", tmp_path)
    sfn = boto3_client(server, key)
    try:
        create(sfn, "orders", {"A": PASS_END})
        lost = rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> ALL(%s)",
            [list(others)],
        )
        assert (True,) in lost
        codes = []
        for _ in range(12):
            try:
                sfn.list_state_machines()
            except sfn.exceptions.ClientError as error:
                codes.append(error.response["ResponseMetadata"]["HTTPStatusCode"])
        # What is told in between is "try again", which boto3 does by itself.
        assert set(codes) <= {503}
        assert len(sfn.list_state_machines()["stateMachines"]) == 1
    finally:
        sfn.close()
        stop_server(server)


def rows(statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """What a statement gives; this process's own connection is among those that it sees."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
