"""Pages of a history: contiguous whatever the chunks are like."""

from __future__ import annotations

import json
from unittest.mock import patch

import pytest

from executions.actions import history
from executions.models import Execution, HistoryChunk
from tests.conftest import MakeMachine, StartExecution

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}


@pytest.fixture
def execution_id(make_machine: MakeMachine, start: StartExecution) -> int:
    """An execution with 60 events in chunks of 1, 2, 3 … 10 and 5."""
    execution = start(make_machine(PASS))
    first = 1
    for length in (*range(1, 11), 5):
        events = [json.dumps({"id": number}) for number in range(first, first + length)]
        HistoryChunk.objects.create(
            execution_id=execution.pk,
            first_id=first,
            last_id=first + length - 1,
            events="\n".join(events),
        )
        first += length
    Execution.objects.filter(pk=execution.pk).update(last_event_id=60)
    # Somebody else's history is not ours.
    HistoryChunk.objects.create(
        execution_id=execution.pk + 1, first_id=1, last_id=1, events='{"id":1}'
    )
    return execution.pk


def ids(page: history.HistoryPage | None) -> list[int]:
    assert page is not None
    found = [json.loads(event)["id"] for event in page.events]
    assert page.last_id == (found[-1] if found else 0)
    return found


@pytest.mark.parametrize("limit", [1, 3, 7, 59, 60, 1000])
def test_every_page_is_contiguous(execution_id: int, limit: int) -> None:
    for after in range(62):
        page = history.read_events(execution_id, after=after, limit=limit)
        assert ids(page) == list(range(after + 1, min(after + limit, 60) + 1))
    for before in range(1, 62):
        page = history.read_events_before(execution_id, before=before, limit=limit)
        assert ids(page) == list(range(max(1, before - limit), before))


def test_pages_of_large_events_end_early_and_never_empty(execution_id: int) -> None:
    for size in (1, 30, 100):
        with patch.object(history, "MAX_PAGE_BYTES", size):
            found: list[int] = []
            while len(found) < 60:
                page = ids(history.read_events(execution_id, after=len(found)))
                assert page
                found += page
            assert found == list(range(1, 61))
            page = ids(history.read_events_before(execution_id, before=61, limit=20))
            assert page == list(range(41, 61))


def test_there_is_nothing_of_an_execution_that_does_not_exist(db: None) -> None:
    assert history.read_events(1, after=0) is None
    assert history.read_events_before(1, before=5, limit=2) is None
