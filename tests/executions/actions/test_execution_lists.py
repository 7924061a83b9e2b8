"""Lists of executions with filters: what they find, and how little they read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from executions.actions import execution_lists
from executions.actions.execution_lists import ExecutionFilter
from executions.models import Execution, PausedExecution
from studio.models import StateMachine
from tests.conftest import MakeMachine

pytestmark = [pytest.mark.django_db]

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MANY = 20_000

# One a minute: each hundredth failed, each thousandth runs, the others succeeded.
_FILL = """
INSERT INTO executions_execution (
    state_machine_id, revision_id, name, status, input, error, trace_header, started_at,
    stopped_at, version, last_event_id, snapshot, failed_turns, state_machine_alias)
SELECT %(machine)s, %(revision)s, 'order-' || n,
    CASE WHEN n %% 1000 = 0 THEN 'RUNNING' WHEN n %% 100 = 1 THEN 'FAILED' ELSE 'SUCCEEDED' END,
    '{"order": ' || n || '}',
    CASE WHEN n %% 100 = 1 THEN 'States.Timeout' END, '',
    %(begin)s + n * interval '1 minute',
    CASE WHEN n %% 1000 = 0 THEN NULL ELSE %(begin)s + n * interval '1 minute' END,
    1, 5, '', 0, CASE WHEN n %% 500 = 7 THEN 'live' END
FROM generate_series(1, %(many)s) n
"""


def fill(machine: StateMachine, many: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _FILL,
            {
                "machine": machine.pk,
                "revision": machine.current_id,
                "begin": BEGIN,
                "many": many,
            },
        )
        cursor.execute("ANALYZE executions_execution")


def names(wanted: ExecutionFilter, limit: int = 3) -> list[str]:
    """All names that a filter finds, page by page."""
    found: list[str] = []
    before = None
    while True:
        page = execution_lists.list_executions(wanted, before=before, limit=limit)
        found += [each.name for each in page.executions]
        if page.next_before is None:
            return found
        before = page.next_before


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"statuses": ("RUNNING",)}, [2000, 1000]),
        ({"statuses": ("RUNNING", "FAILED"), "name": "order-19"}, [1901]),
        ({"name": "ORDER-77"}, [779, 778, 777, 776, 775, 774, 773, 772, 771, 770, 77]),
        ({"name": "order_77"}, []),
        ({"alias": "live"}, [1507, 1007, 507, 7]),
        ({"error": "timeout", "name": "11"}, [1101]),
        ({"input": '"order": 42}'}, [42]),
        ({"input": '"ORDER"'}, []),
        (
            {
                "started_after": BEGIN + timedelta(minutes=500),
                "started_before": BEGIN + timedelta(minutes=503),
            },
            [502, 501, 500],
        ),
        ({"started_before": BEGIN}, []),
        ({"version": 3}, []),
    ],
)
def test_what_a_filter_finds(
    make_machine: MakeMachine, wanted: dict[str, Any], numbers: list[int]
) -> None:
    fill(make_machine(PASS), 2000)
    filters = ExecutionFilter(**wanted)
    assert names(filters) == [f"order-{n}" for n in numbers]
    if "statuses" not in wanted:
        counts = execution_lists.count_executions(filters)
        assert sum(counts.by_status.values()) == len(numbers)
        assert counts.complete


def test_a_search_looks_at_so_many_and_says_how_far(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(make_machine(PASS), 1000)
    monkeypatch.setattr(execution_lists, "SEARCHED_INPUTS", 300)
    wanted = ExecutionFilter(input='"order": 150}')

    page = execution_lists.list_executions(wanted, limit=50)
    assert page.executions == []
    assert page.searched_to == BEGIN + timedelta(minutes=701)
    assert not execution_lists.count_executions(wanted).complete

    assert names(wanted) == ["order-150"]


def test_counts(make_machine: MakeMachine) -> None:
    machine, other = make_machine(PASS), make_machine(PASS)
    fill(machine, 1000)
    assert execution_lists.count_executions(ExecutionFilter()).by_status == {
        "RUNNING": 1,
        "SUCCEEDED": 989,
        "FAILED": 10,
        "TIMED_OUT": 0,
        "ABORTED": 0,
    }
    of_other = execution_lists.count_executions(ExecutionFilter(state_machine_id=other.pk))
    assert set(of_other.by_status.values()) == {0}


def test_what_is_paused_and_by_whom(make_machine: MakeMachine) -> None:
    fill(make_machine(PASS), 5000)
    by_name = {each.name: each.pk for each in Execution.objects.filter(status="RUNNING")}
    for name, by in (("order-1000", "ada"), ("order-2000", "Ada_1"), ("order-3000", "bob")):
        PausedExecution.objects.create(
            execution_id=by_name[name], since=BEGIN, by=by, state="A", frames=1
        )
    assert names(ExecutionFilter(paused=True)) == ["order-3000", "order-2000", "order-1000"]
    assert names(ExecutionFilter(paused_by="ADA")) == ["order-2000", "order-1000"]
    assert names(ExecutionFilter(paused=True, paused_by="a_")) == ["order-2000"]
    assert names(ExecutionFilter(paused=True, name="order-10")) == ["order-1000"]

    counts = execution_lists.count_executions(ExecutionFilter())
    assert (counts.by_status["RUNNING"], counts.paused) == (5, 3)
    assert execution_lists.count_executions(ExecutionFilter(name="order-10")).paused == 1
    assert execution_lists.count_executions(ExecutionFilter(alias="live")).paused == 0


@pytest.mark.parametrize(
    ("of_one", "wanted"),
    [
        (False, {}),
        (True, {}),
        (False, {"statuses": ("RUNNING",)}),
        (False, {"statuses": ("RUNNING", "FAILED")}),
        (True, {"statuses": ("RUNNING", "FAILED")}),
        (False, {"started_before": BEGIN + timedelta(minutes=600)}),
        (True, {"statuses": ("FAILED",), "error": "Timeout"}),
        (False, {"name": "order-77"}),
    ],
)
def test_a_page_is_read_in_the_order_of_an_index(
    make_machine: MakeMachine, of_one: bool, wanted: dict[str, Any]
) -> None:
    """Nothing reads the whole table, and nothing is sorted."""
    machine = make_machine(PASS)
    fill(machine, MANY)
    filters = ExecutionFilter(state_machine_id=machine.pk if of_one else None, **wanted)
    with CaptureQueriesContext(connection) as queries:
        execution_lists.list_executions(filters, before=15_000_000, limit=50)
    statements = [each["sql"] for each in queries.captured_queries if "latest" in each["sql"]]
    assert statements
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan" not in plan, plan
            assert "Sort  (" not in plan, plan
