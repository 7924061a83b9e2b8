"""The same application under uvicorn, and a server whose database goes away and comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connection

from tests.wire.conftest import (
    COMMITTED,
    PASS_END,
    Key,
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
    finally:
        client.close()
        stop_server(server)
    assert "Traceback" not in server.log.read_text()


def test_lost_connections_are_replaced(sfn: Any) -> None:
    create(sfn, "orders", {"A": PASS_END})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    codes = []
    for _ in range(12):
        try:
            sfn.list_state_machines()
        except sfn.exceptions.ClientError as error:
            codes.append(error.response["ResponseMetadata"]["HTTPStatusCode"])
    # What is told in between is "try again", which boto3 does by itself.
    assert set(codes) <= {503}
    assert len(sfn.list_state_machines()["stateMachines"]) == 1
