"""Columns of rows, as PostgreSQL reads them."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from executions.runtime.arrays import BigInts, columns

pytestmark = pytest.mark.django_db

STATEMENT = """
SELECT big, small, real, yes, words, bytes
FROM unnest(%b::bigint[], %b::int[], %b::float8[], %b::bool[], %b::text[], %b::bytea[])
  WITH ORDINALITY AS v(big, small, real, yes, words, bytes, place) ORDER BY place
"""
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.integers(-(2**31), 2**31 - 1),
        st.none() | st.floats(allow_nan=False),
        st.none() | st.booleans(),
        st.none() | st.text(st.characters(exclude_characters="\0", codec="utf-8")),
        st.none() | st.binary(),
    ),
    min_size=1,
    max_size=5,
)


def read(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    connection.ensure_connection()
    # Not Django's cursor, which writes values into the text.
    return psycopg.Cursor(connection.connection).execute(statement, values).fetchall()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ROWS)
def test_rows_arrive_as_they_are(rows: list[tuple[Any, ...]]) -> None:
    assert read(STATEMENT, *columns(STATEMENT, rows)) == rows


def test_rows_that_are_all_the_same() -> None:
    rows = [(1, None, 0.5, True, "word", b"bytes"), (None, 2, None, None, None, None)]
    for row in rows:
        assert read(STATEMENT, *columns(STATEMENT, [row] * 3)) == [row] * 3


def test_an_array_of_nothing() -> None:
    assert read("SELECT cardinality(%b::bigint[])", BigInts()) == [(0,)]


def test_a_statement_is_the_same_whatever_the_numbers() -> None:
    types = "SELECT pg_typeof(%b)::text"
    assert {read(types, BigInts([number]))[0] for number in (1, 2**20, 2**40)} == {("bigint[]",)}


def test_a_row_that_does_not_fit_its_statement() -> None:
    with pytest.raises(ValueError, match="zip"):
        columns(STATEMENT, [(1, 2)])
