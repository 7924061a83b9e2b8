"""An execution and its state machine, read by one prepared statement.

What Django's query costs to build and to plan is most of what such a look costs, and clients look
often: ``DescribeExecution`` in a loop is how they wait for an end.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection, models

from executions.models import Execution
from studio.models import StateMachine

if TYPE_CHECKING:
    from collections.abc import Sequence

_LARGE = frozenset({"snapshot"})
"""What nobody who looks wants to have: it is read where it is used."""


def read_execution(state_machine: str, name: str, only: tuple[str, ...] = ()) -> Execution | None:
    """The execution ``name`` of the state machine of that name, its ``state_machine`` loaded.

    ``only`` names the columns that are wanted; others are read from the database when used.
    """
    statement, own, machines = _statement(only)
    with connection.wrap_database_errors:
        connection.ensure_connection()
        with psycopg.Cursor[tuple[Any, ...]](connection.connection) as cursor:
            row = cursor.execute(statement, (state_machine, name), prepare=True).fetchone()
    if row is None:
        return None
    execution = Execution.from_db(connection.alias, own, row[: len(own)])
    execution.state_machine = StateMachine.from_db(connection.alias, machines, row[len(own) :])
    return execution


@lru_cache(maxsize=16)
def _statement(only: tuple[str, ...]) -> tuple[str, Sequence[str], Sequence[str]]:
    """The SELECT and the attributes that its columns fill, of both models."""
    own, machines = _columns(Execution), _columns(StateMachine)
    if only:
        own = [name for name in own if name in {"id", "name", "state_machine_id", *only}]
        machines = [name for name in machines if name in {"id", "name"}]
    columns = [f"e.{name}" for name in own] + [f"m.{name}" for name in machines]
    statement = (
        f"SELECT {', '.join(columns)} FROM executions_execution e "
        "JOIN studio_statemachine m ON m.id = e.state_machine_id WHERE m.name = %s AND e.name = %s"
    )
    return statement, own, machines


def _columns(model: type[models.Model]) -> list[str]:
    """The columns that need no conversion, in the models' order."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if field.attname not in _LARGE and not isinstance(field, models.JSONField)
    ]
