"""``arn:aws:states:::sql:query``: a query that the operator has declared, with parameters.

The definition names the query; its SQL and the database are in ``integrations.toml``. Parameters
are sent beside the SQL and never become a part of it.
"""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any, Final, LiteralString, cast

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from executions.integration import (
    LONGEST_CAUSE,
    Failed,
    Succeeded,
    TaskOutcome,
    TaskRequest,
    unusable,
)
from executions.integrations.native.configuration import NotConfigured, declared, secret
from executions.integrations.native.json_values import json_value
from executions.integrations.native.parameters import UnusableParameters, parameters_of

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_SECONDS: Final = 60.0
"""How long a query may take where neither it nor the state says."""
MOST_ROWS: Final = 1_000
"""Rows of a result, unless the query's ``max_rows`` says."""
CONNECTIONS: Final = 4
"""Connections of this process to one database, unless its ``connections`` says."""


class SqlQuery:
    """Runs a declared query in a transaction of its own."""

    lost_error = "States.TaskFailed"

    def __init__(self) -> None:
        self._pools: dict[str, ConnectionPool[psycopg.Connection[dict[str, Any]]]] = {}
        self._lock = threading.Lock()

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Run it once; the definition's Retry decides about a second time."""
        try:
            given = parameters_of(request, {"Query": (str,), "Parameters": (dict,)}, ("Query",))
            query = declared("sql.queries", given["Query"])
            database = declared("sql.databases", str(query.get("database", "default")))
            return self._run(query, database, given.get("Parameters", {}), request.deadline)
        except UnusableParameters as problem:
            return unusable(request, problem)
        except NotConfigured as problem:
            return Failed("Sql.NotConfigured", str(problem))

    def _run(
        self,
        query: dict[str, Any],
        database: dict[str, Any],
        parameters: Mapping[str, Any],
        deadline: float | None,
    ) -> TaskOutcome:
        seconds = float(query.get("seconds", LONGEST_SECONDS))
        if deadline is not None:
            seconds = min(seconds, max(deadline - time.time(), 0.1))
        most = int(query.get("max_rows", MOST_ROWS))
        values = {name: _sent(value) for name, value in parameters.items()}
        try:
            with self._pool(database).connection(timeout=seconds) as connection:
                connection.read_only = not query.get("writes", False)
                # sql: SET takes no parameters; this is a number of ours.
                connection.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
                sql = cast("LiteralString", query.get("sql", ""))
                cursor = connection.execute(sql, values or None)
                rows = cursor.fetchmany(most + 1) if cursor.description else []
                count = cursor.rowcount
                if len(rows) > most:
                    # Nothing that was written stays: the definition sees a failure.
                    connection.rollback()
                    return Failed(
                        "Sql.TooManyRows",
                        f"The query gives more than {most} rows: limit it, or raise its max_rows",
                    )
        except (PoolTimeout, psycopg.OperationalError) as error:
            if isinstance(error, psycopg.errors.QueryCanceled):
                return Failed("Sql.QueryCanceled", f"The query took longer than {seconds:g} s")
            name = type(error).__name__ if error_code(error) else "ConnectionFailed"
            return Failed(f"Sql.{name}", str(error)[:LONGEST_CAUSE])
        except (psycopg.Error, KeyError, TypeError) as error:
            # A parameter that the SQL names and the Task does not give is a KeyError's text.
            return Failed(f"Sql.{type(error).__name__}", str(error)[:LONGEST_CAUSE])
        output = {"RowCount": count, "Rows": [json_value(row) for row in rows]}
        return Succeeded(json.dumps(output, ensure_ascii=False, separators=(",", ":")))

    def _pool(self, database: dict[str, Any]) -> ConnectionPool[psycopg.Connection[dict[str, Any]]]:
        url = secret(database, "url")
        with self._lock:
            if url not in self._pools:
                self._pools[url] = ConnectionPool(
                    url,
                    min_size=0,
                    max_size=int(database.get("connections", CONNECTIONS)),
                    kwargs={"row_factory": dict_row},
                    check=ConnectionPool.check_connection,
                    open=True,
                )
            return self._pools[url]


def error_code(error: Exception) -> str | None:
    """The SQLSTATE that the database gave, None where it gave no answer."""
    return getattr(error, "sqlstate", None)


def _sent(value: Any) -> Any:
    """A parameter as the database takes it: objects and arrays as JSON texts."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
