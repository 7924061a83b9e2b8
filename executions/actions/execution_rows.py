"""An execution and its state machine, read by one prepared statement.

What Django's query costs to build and to plan is most of what such a look costs, and clients look
often: ``DescribeExecution`` in a loop is how they wait for an end.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection, models

from executions.errors import ExecutionDoesNotExist
from executions.models import Execution
from executions.runtime.names import MACHINE
from studio import arns
from studio.models import StateMachine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from executions.integration import TaskRequest

_LARGE = frozenset({"snapshot"})
"""What nobody who looks wants to have: it is read where it is used."""


def read_execution(state_machine: str, name: str, only: tuple[str, ...] = ()) -> Execution | None:
    """The execution ``name`` of the state machine of that name, its ``state_machine`` loaded.

    ``only`` names the columns that are wanted; others are read from the database when used.
    """
    return read_executions([(state_machine, name)], only).get((state_machine, name))


def read_executions(
    wanted: Sequence[tuple[str, str]], only: tuple[str, ...] = ()
) -> dict[tuple[str, str], Execution]:
    """Those that there are, by the names of their state machines and their own."""
    statement, own, machines = _statement(only)
    names = [list(column) for column in zip(*wanted, strict=True)]
    found = {}
    with connection.wrap_database_errors:
        connection.ensure_connection()
        with psycopg.Cursor[tuple[Any, ...]](connection.connection) as cursor:
            cursor.execute(statement, names, prepare=True)
            rows = cursor.fetchall()
    for row in rows:
        execution = Execution.from_db(connection.alias, own, row[: len(own)])
        execution.state_machine = StateMachine.from_db(
            connection.alias, machines, row[len(own) : -1]
        )
        execution.map_run_uuid = row[-1]
        found[execution.machine_name, execution.name] = execution
    return found


def hops_of(request: TaskRequest) -> int:
    """The ``hops`` of the execution whose Task this is: see ``models.Execution``."""
    if request.execution_id is None:
        return request.hops
    found = Execution.objects.filter(pk=request.execution_id).values_list("hops", flat=True)
    return found.first() or 0


def answer_lookups(
    wanted: list[tuple[str, str]], tell: Callable[[dict[int, Execution | Exception]], None]
) -> None:
    """Answer a ``Gathering`` of such names: the executions, or ExecutionDoesNotExist."""
    found = read_executions(wanted)
    tell(
        {
            place: found.get(names) or ExecutionDoesNotExist(arns.execution_arn(*names))
            for place, names in enumerate(wanted)
        }
    )


@lru_cache(maxsize=16)
def _statement(only: tuple[str, ...]) -> tuple[str, Sequence[str], Sequence[str]]:
    """The SELECT and the attributes that its columns fill, of both models."""
    own, machines = _columns(Execution), _columns(StateMachine)
    if only:
        own = [
            name for name in own if name in {"id", "name", "map_label", "state_machine_id", *only}
        ]
        machines = [name for name in machines if name in {"id", "name"}]
    columns = [f"e.{name}" for name in own] + [f"m.{name}" for name in machines]
    # LIMIT, so that each is found by its index whatever the planner believes of the tables.
    statement = f"""
        SELECT {", ".join(columns)}, r.uuid
        FROM (SELECT DISTINCT * FROM unnest(%b::text[], %b::text[]) AS u(machine, name)) w
        JOIN studio_statemachine m ON m.name = split_part(w.machine, '/', 1),
        LATERAL (SELECT * FROM executions_execution e
                 WHERE e.state_machine_id = m.id AND e.name = w.name LIMIT 1) e
        LEFT JOIN executions_maprun r ON r.id = e.map_run_id
        WHERE {MACHINE} = w.machine
    """
    return statement, own, machines


def _columns(model: type[models.Model]) -> list[str]:
    """The columns that need no conversion, in the models' order."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if field.attname not in _LARGE and not isinstance(field, models.JSONField)
    ]
