"""Quick tasks that wait, taken up in the transaction of a chain's report: see ``looks``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings

from executions.runtime import statements
from executions.runtime.arrays import Texts
from executions.runtime.claimed import Claimed
from executions.runtime.outcomes import StartedTask
from executions.runtime.read_states import MOST_BYTES, keep_state

if TYPE_CHECKING:
    from collections.abc import Sequence

_OF_TASK = 11
"""The columns of a row that are the task's; those of its execution follow."""


class TakingUp:
    """Tasks of ``queue`` that are to be taken up, ``most`` at most, of these resources."""

    def __init__(self, queue: str, resources: Sequence[str], most: int) -> None:
        self._parameters = (
            Texts(resources),
            queue,
            most + 1,
            most,
            settings.TASK_LEASE_SECONDS,
            MOST_BYTES,
        )
        self._asking: psycopg.Cursor[tuple[Any, ...]] | None = None
        self.found: list[StartedTask] | None = None
        """What was taken up; None until that is known."""
        self.others_wait = False
        """Whether some were left, for others to claim."""

    def send(self, cursor: psycopg.Cursor[tuple[Any, ...]]) -> None:
        """Ask in the transaction's pipeline."""
        asking = psycopg.Cursor(cursor.connection)
        self._asking = asking.execute(statements.TAKE_UP, self._parameters)

    def started(self) -> list[StartedTask]:
        """What was taken up. Only when the transaction has been committed.

        The executions' states are kept, unless one is so large that reading it is not worth it.
        """
        if self._asking is None:
            return []
        started = []
        waited = 0
        for waited, *row in self._asking.fetchall():  # noqa: B007 - the same in each row
            if row[0] is None:
                continue
            task, roles = row[: _OF_TASK - 2], row[_OF_TASK - 2 : _OF_TASK]
            now, *columns = row[_OF_TASK:]
            execution = Claimed(*columns)
            names = (execution.machine_name, execution.name)
            started.append(StartedTask(*(*task, *names, *roles)))
            keep_state(float(now), execution)
        started.sort(key=lambda each: each.id)
        self.found = started
        self.others_wait = waited > len(started)
        return started
