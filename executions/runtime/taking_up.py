"""Quick tasks that wait, taken up by the statement of a chain's report: see ``looks``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from executions.runtime.arrays import Texts
from executions.runtime.claimed import Claimed
from executions.runtime.one_statement import KEPT_COLUMNS, send
from executions.runtime.outcomes import StartedTask
from executions.runtime.read_states import MOST_BYTES, keep_state
from executions.runtime.statements import TAKE_UP, TAKEN, WAITING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import psycopg

    from executions.runtime.one_statement import Part

_OF_TASK = 11
"""The columns of a row that are the task's; those of its execution follow."""


class TakingUp:
    """Tasks of ``queue`` that are to be taken up, ``most`` at most, of these resources.

    ``parts`` are those of the statement that does it, ``found`` what it took up; None until that
    is known. ``others_wait``: some were left, for others to claim.
    """

    def __init__(self, queue: str, resources: Sequence[str], most: int) -> None:
        lease = settings.TASK_LEASE_SECONDS
        self.parts: list[Part] = [
            ("waiting", WAITING, (Texts(resources), queue, most + 1)),
            ("taken", TAKEN, (most,)),
            ("found", TAKE_UP, (lease, MOST_BYTES)),
        ]
        self.found: list[StartedTask] | None = None
        self.others_wait = False

    def take(self, cursor: psycopg.Cursor[tuple[Any, ...]]) -> list[StartedTask]:
        """Take them up, in a statement of its own that is a transaction by itself."""
        rows = send(cursor, self.parts).fetchall()
        return self.read(row[KEPT_COLUMNS:] for row in rows)

    def read(self, rows: Iterable[tuple[Any, ...]]) -> list[StartedTask]:
        """Read what was found, how many waited first in each row. When it has been committed.

        The executions' states are kept, unless one is so large that reading it is not worth it.
        """
        started = []
        waited = 0
        for waited, *row in rows:  # noqa: B007 - the same in each row
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
