"""PostgreSQL's clock, turned by hand: ``now()`` says what the test says.

The runtime has no other clock than the database's ``now()``, and what has passed in the process
since it was told. A function of that name in a schema that connections search before PostgreSQL's
own takes its place, for every process that connects with ``OPTIONS``: an hour's Wait takes no time,
and everything computed from it is exact.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db import connection

from executions.runtime import moments

if TYPE_CHECKING:
    from collections.abc import Iterator

SEARCH_PATH = "hand_turned,pg_catalog,public"
OPTIONS = f"-c search_path={SEARCH_PATH}"
"""libpq's ``options`` for a connection that reads this clock."""


class Clock:
    """The moment it is for everybody who reads this clock, in seconds since the epoch."""

    def __init__(self, now: float) -> None:
        self.now = now
        moments.clock = lambda: self.now
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA IF EXISTS hand_turned CASCADE")
            cursor.execute("CREATE SCHEMA hand_turned")
            cursor.execute("CREATE TABLE hand_turned.clock AS SELECT now() AS moment")
            cursor.execute(
                "CREATE FUNCTION hand_turned.now() RETURNS timestamptz LANGUAGE sql STABLE"
                " AS 'SELECT moment FROM hand_turned.clock'"
            )
            cursor.execute(f"SET search_path TO {SEARCH_PATH}")
        self.turn(now)

    def turn(self, now: float) -> None:
        """Make it this moment."""
        self.now = now
        with connection.cursor() as cursor:
            # A text: to_timestamp(double) would lose the microsecond that makes a timer due.
            cursor.execute(
                "UPDATE hand_turned.clock SET moment = timestamptz 'epoch' + %s::interval",
                (f"{now:.6f} seconds",),
            )

    def remove(self) -> None:
        """Give this connection PostgreSQL's own clock back."""
        moments.clock = time.monotonic
        with connection.cursor() as cursor:
            cursor.execute("RESET search_path")
            cursor.execute("DROP SCHEMA hand_turned CASCADE")


def next_due() -> Iterator[float]:
    """When the next message becomes visible, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM visible_at)::float8 FROM executions_inboxmessage"
            " WHERE visible_at > now() ORDER BY visible_at LIMIT 1"
        )
        for (moment,) in cursor.fetchall():
            yield moment
