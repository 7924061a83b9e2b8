"""Whatever comes over the wire: no 5xx, no long wait, and nothing stored by what was refused.

STEPWELL_FUZZ_REQUESTS says how many requests (100000 is the long form, some minutes), and
STEPWELL_FUZZ_SEED which ones.
"""

from __future__ import annotations

import asyncio
import os
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.fuzz.requests import Fuzzer
from tests.fuzz.sending import send_again, send_all
from tests.wire.conftest import COMMITTED, Key, Server, start_server, stop_server

pytestmark = COMMITTED

REQUESTS = int(os.environ.get("STEPWELL_FUZZ_REQUESTS", "3000"))
SEED = int(os.environ.get("STEPWELL_FUZZ_SEED", "1"))
STORED = {
    "studio_statemachine": "CreateStateMachine",
    "studio_activity": "CreateActivity",
    "studio_statemachineversion": "CreateStateMachine",
    "studio_statemachinealias": None,
    "executions_execution": None,
    "executions_expressexecution": None,
    "executions_inboxmessage": None,
    "executions_historychunk": None,
    "executions_task": None,
}
"""Tables, and the operation that may fill each after all, where a change did no harm."""


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def fuzzed_server(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    server = start_server(request.param, tmp_path_factory.mktemp(request.param))
    yield server
    stop_server(server)


def test_malformed_requests(fuzzed_server: Server, transactional_db: None, key: Key) -> None:
    # The first page builds all of Django's views: no request's own time.
    urllib.request.urlopen(f"{fuzzed_server.address}/sign-in/").close()
    fuzzer = Fuzzer(SEED, key.id, key.secret)
    report = asyncio.run(send_all(fuzzed_server.port, fuzzer, REQUESTS // 2))
    print(
        f"\n{REQUESTS // 2} requests in {report.seconds:.0f} s, slowest {report.slowest:.2f} s: "
        f"{sorted(report.statuses.items())}, {len(report.slow)} slow"
    )
    assert report.errors == []
    assert "fault of ours" not in fuzzed_server.log.read_text()
    # It is what reaches the operations that counts, not what the HTTP server refuses.
    assert report.statuses[400] > REQUESTS // 2 * 0.6
    with connection.cursor() as cursor:
        for table, operation in STORED.items():
            cursor.execute(f"SELECT count(*) FROM {table}")
            (count,) = cursor.fetchone()
            assert count <= (report.accepted[operation] if operation else 0), table
    assert fuzzed_server.process.poll() is None
    again = Fuzzer(SEED, key.id, key.secret)
    assert asyncio.run(send_again(fuzzed_server.port, again, report.slow)) == []
