"""What must always be true of stored executions, as SQL that names the offenders.

Numbers are those of docs/explanation/invariants.md. Each query gives rows of (execution id, what is
wrong). They may run while work goes on: a turn commits all of its rows at once, and the checks of
some executions see one moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from executions.runtime.invariants import histories, map_runs, work
from executions.runtime.invariants.tables import SELECT_EXECUTIONS, TABLES, TAKE_APART
from executions.runtime.names import MACHINE
from studio import arns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BATCH = 500
"""Executions whose histories are looked at together."""
SHOWN = 100
"""Offenders named of each invariant, in each batch."""

INVARIANTS: dict[str, str] = {
    **histories.INVARIANTS,
    **work.INVARIANTS,
    **work.OF_ALL,
    **map_runs.OF_ALL,
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One execution that breaks one invariant. ``arn`` is None where it has been removed."""

    invariant: str
    execution_id: int
    detail: str
    arn: str | None = None

    def __str__(self) -> str:
        return f"{self.arn or f'execution {self.execution_id}'}: {self.invariant}: {self.detail}"


def check_invariants() -> list[Violation]:
    """Every violation found; an empty list is what to expect."""
    violations = [*_check(work.OF_ALL), *_check(map_runs.OF_ALL)]
    after: int | None = 0
    while after is not None:
        found, after = _check_some(after)
        violations += found
    return violations


def _check_some(after: int) -> tuple[list[Violation], int | None]:
    """Check the next executions after this id, as they are at one moment.

    Gives the last one's id, too; None where there may be no more.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(SELECT_EXECUTIONS, (after, BATCH))
        for statement in TAKE_APART:
            cursor.execute(statement)
        found = [*_check(histories.INVARIANTS), *_check(work.INVARIANTS)]
        cursor.execute("SELECT max(id), count(*) FROM checked_execution")
        last, count = cursor.fetchone() or (None, 0)
        # In a caller's transaction nothing else drops them.
        # sql: names of our own tables
        cursor.execute(f"DROP TABLE {', '.join(TABLES)}")
    return found, last if count == BATCH else None


def _check(invariants: Mapping[str, str]) -> Iterator[Violation]:
    with connection.cursor() as cursor:
        for invariant, query in invariants.items():
            # sql: a question of ours
            cursor.execute(f"SELECT * FROM ({query}) offender LIMIT {SHOWN}")
            found = cursor.fetchall()
            names = _arns({row[0] for row in found})
            for execution_id, detail in found:
                yield Violation(invariant, execution_id, detail, names.get(execution_id))


def _arns(executions: set[int]) -> dict[int, str]:
    if not executions:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.id, {MACHINE}, e.name FROM executions_execution e"
            " JOIN studio_statemachine m ON m.id = e.state_machine_id WHERE e.id = ANY(%s)",
            (list(executions),),
        )
        return {row[0]: arns.execution_arn(row[1], row[2]) for row in cursor.fetchall()}
