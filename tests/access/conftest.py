"""What tests of sockets share."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from executions.stream import consumer


@pytest.fixture
def idle_readers(transactional_db: None) -> Iterator[None]:
    """After a test no thread of the websockets reads any more: the tables are emptied then."""
    yield
    count = consumer._READERS._max_workers
    together = threading.Barrier(count + 1)
    for _ in range(count):
        consumer._READERS.submit(together.wait, 60)
    together.wait(60)
