"""Statements of a turn that go as one: each costs the server, and whoever sends it, its own look.

Parts have names, by which others can refer to them, and these say what is checked and answered.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Sequence

Part = tuple[str, str, "Sequence[Any]"]
"""The name, the text and the parameters of a statement among others."""
KEPT_COLUMNS = 4
"""A row's columns that are about a task of the part ``tasks``: that all is as it was taken for
granted, the task's id, execution and number. Those of the part ``found`` follow, after how many of
``waiting`` there were."""
_COUNTED = ("started", "updated", "ended")
_PLACEHOLDER = re.compile("%[sb]")


def send(
    cursor: psycopg.Cursor[tuple[Any, ...]], parts: Sequence[Part], counts: Sequence[int] = ()
) -> psycopg.RawCursor[tuple[Any, ...]]:
    """Send parts as one statement.

    ``counts`` are the rows that the parts ``started``, ``updated`` and ``ended`` are to have,
    of those that there are, in this order: an execution that could not be created, a version that
    is not the one that was read, an attempt that is not the turn's own any more undo the whole.

    Raises:
        psycopg.errors.DivisionByZero: some part has another number of rows.
    """
    text = _joined(tuple((name, part) for name, part, _ in parts))
    sending = psycopg.RawCursor[tuple[Any, ...]](cursor.connection)
    return sending.execute(text, [*(each for _, _, values in parts for each in values), *counts])


@lru_cache(maxsize=256)
def _joined(parts: tuple[tuple[str, str], ...]) -> bytes:
    """The statement, with PostgreSQL's own placeholders: psycopg would look for its own in all of a
    long one each time.
    """
    names = {name for name, _ in parts}
    counted = [f"(SELECT count(*) FROM {name}) = %s" for name in _COUNTED if name in names]
    columns = [f"1 / ({' AND '.join(counted)})::int" if counted else "1"]
    rows = ["(VALUES (1)) AS one"]
    if "found" in names:
        # Tasks that are kept and tasks that were found have rows of their own.
        rows = ["(VALUES ('tasks'), ('found')) AS one(kind)"]
    if "tasks" in names:
        columns.append("tasks.id, tasks.execution_id, tasks.task")
        own = " AND one.kind = 'tasks'" if "found" in names else ""
        rows.append(f"LEFT JOIN tasks ON tasks.status = 'STARTED'{own}")
    elif "found" in names:
        columns.append("NULL, NULL, NULL")
    if "found" in names:
        columns.append("(SELECT count(*) FROM waiting), found.*")
        rows.append("LEFT JOIN found ON one.kind = 'found'")
    bodies = ", ".join(f"{name} AS ({text})" for name, text in parts)
    text = f"WITH {bodies} SELECT {', '.join(columns)} FROM {' '.join(rows)}"
    numbers = itertools.count(1)
    return _PLACEHOLDER.sub(lambda _: f"${next(numbers)}", text).encode()
