"""How PostgreSQL finds the rows of statements that go with every step."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from executions.runtime import batch_statements, statements

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        batch_statements.END_ATTEMPTS,
        statements.ACCEPT_OUTCOMES,
        statements.ACCEPT_SUBMISSIONS,
        statements.PROLONG_LEASES,
    ],
)
def test_an_attempt_is_found_by_its_id(statement: str) -> None:
    """Not in the index of what is started, where what has gone stays until the next vacuum."""
    numbers = iter(range(1, 10))
    text = re.sub("%[bs]", lambda _: f"${next(numbers)}", statement)
    with connection.cursor() as cursor:
        # A table of no rows is read as a whole, whatever indexes there are.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (GENERIC_PLAN) {text}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "executions_task_pkey" in plan
    assert "task_leased" not in plan
