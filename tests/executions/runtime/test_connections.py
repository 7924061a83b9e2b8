"""A worker's slot keeps its connection from hint to hint, and replaces one that died."""

from __future__ import annotations

import psycopg
import pytest
from celery.fixups.django import DjangoWorkerFixup
from django.db import connection

from executions.runtime.connection import DATABASE_AWAY, forget_broken_connection
from executions.tasks import drain_executions, drain_map_runs, drain_tasks
from studio.config.celery import app
from tests.conftest import MakeMachine, StartExecution, database_url

pytestmark = pytest.mark.django_db(transaction=True)

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


def backend() -> int:
    """The process that serves this thread's connection."""
    connection.ensure_connection()
    assert connection.connection is not None
    number: int = connection.connection.info.backend_pid
    return number


def test_a_hint_leaves_the_connection_open() -> None:
    fixup, before = DjangoWorkerFixup(app), backend()
    for _ in range(3):
        fixup.close_database()
    assert connection.connection is not None
    assert backend() == before


def test_a_connection_that_died_is_replaced(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(make_machine(PASS))
    for number, look in enumerate((drain_executions, drain_map_runs, drain_tasks)):
        before = backend()
        with psycopg.connect(database_url(), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", (before,))
        look("turns" if number < 2 else "tasks")
        assert backend() != before
    execution.refresh_from_db()
    assert execution.status == "SUCCEEDED"


@pytest.mark.parametrize("below_django", [True, False])
def test_a_cursor_whose_connection_went_says_that_the_database_is_away(below_django: bool) -> None:
    connection.ensure_connection()
    assert connection.connection is not None
    look = connection.connection.cursor() if below_django else connection.cursor()
    look.close()
    with pytest.raises(DATABASE_AWAY):
        look.execute("SELECT 1")
    forget_broken_connection()
