"""Lists of executions, the latest first, with filters. A request looks at so many and no more.

The machine, the status and the place in the list are read from indexes. What no index serves (a
part of a name, a text in the input) is looked for among the latest ``SEARCHED`` that are left; a
page says how far it has looked, and the next one goes on from there. So a filter that matches
nothing among millions costs a page no more than one that matches everything, and executions pay
for no index over their payloads.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection

from executions.models import Execution
from studio import arns
from studio.models import StateMachine, Workspace

SEARCHED: Final = 20_000
"""Executions that one request looks at."""
SEARCHED_INPUTS: Final = 5_000
"""The same where inputs are read, which may be large."""
COUNT_LIMIT: Final = 10_000
"""Counting more would cost a page that is looked at every few seconds more than it tells."""
CLOCK_SLACK: Final = timedelta(minutes=10)
"""By how much the order of ids and that of starts may differ: transactions last, clocks are set."""

_WITH_ERRORS: Final = ("FAILED", "TIMED_OUT", "ABORTED")

_COLUMNS = (
    "id, state_machine_id, name, status, started_at, stopped_at, last_event_id, error, "
    "state_machine_version, state_machine_alias, redrive_count, map_label"
)


@dataclass(frozen=True, slots=True)
class ExecutionFilter:
    """Which executions are asked for; everything that is given must be so.

    ``name``, ``error``, ``input`` and ``paused_by`` are parts of texts. Cases of letters do not
    matter in names and errors; in inputs they do. ``paused_by`` is of what is paused alone.
    """

    state_machine_id: int | None = None
    statuses: tuple[str, ...] = ()
    started_after: datetime | None = None
    started_before: datetime | None = None
    name: str = ""
    version: int | None = None
    alias: str = ""
    error: str = ""
    input: str = ""
    paused: bool = False
    paused_by: str = ""


@dataclass(frozen=True, slots=True)
class ExecutionPage:
    """Executions with the highest ids first, their state machines loaded.

    ``next_before`` is what the next page's ids are below; None where there is nothing more.
    ``searched_to`` is set where the page ended because enough had been looked at, not because it
    was full: the start of the last execution that was looked at.
    """

    executions: list[Execution]
    next_before: int | None
    searched_to: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Executions by status, and how many of the running ones are paused.

    ``complete`` is False where there may be more of a status than was counted.
    """

    by_status: dict[str, int]
    paused: int
    complete: bool


@dataclass
class _Conditions:
    """Parts of a WHERE and their values."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, part: str, *values: Any) -> None:
        self.parts.append(part)
        self.values += values

    @property
    def sql(self) -> str:
        return " AND ".join(self.parts) or "true"


def list_executions(
    wanted: ExecutionFilter, *, before: int | None = None, limit: int
) -> ExecutionPage:
    """A page of the executions that a filter lets through."""
    indexed, searched = _indexed(wanted, before), _searched(wanted)
    most = _most(wanted) if searched.parts else limit + 1
    source, values = _latest(indexed, _statuses(wanted), most)
    found = list(
        # sql: clauses of ours, whose values are parameters
        Execution.objects.raw(
            f"SELECT {_COLUMNS} FROM ({source}) latest WHERE {searched.sql} "
            "ORDER BY id DESC LIMIT %s",
            [*values, *searched.values, limit + 1],
        ).prefetch_related("state_machine")
    )
    if len(found) > limit:
        return ExecutionPage(found[:limit], found[limit - 1].pk, None)
    if not searched.parts:
        return ExecutionPage(found, None, None)
    with connection.cursor() as cursor:
        # sql: a clause of ours, whose values are parameters
        cursor.execute(
            f"SELECT id, started_at FROM ({source}) latest ORDER BY id DESC OFFSET %s LIMIT 1",
            [*values, most - 1],
        )
        last = cursor.fetchone()
    if last is None:
        return ExecutionPage(found, None, None)
    return ExecutionPage(found, last[0], last[1])


def count_executions(wanted: ExecutionFilter) -> Counts:
    """How many executions of each status a filter lets through, whatever status it names."""
    wanted = replace(wanted, statuses=())
    paused = _count_paused(wanted)
    indexed, searched = _indexed(wanted, None), _searched(wanted)
    counts = dict.fromkeys(map(str, Execution.Status.values), 0)
    with connection.cursor() as cursor:
        if not searched.parts:
            for status in counts:
                # sql: a clause of ours, whose values are parameters
                cursor.execute(
                    "SELECT count(*) FROM (SELECT FROM executions_execution "
                    f"WHERE {indexed.sql} AND status = %s LIMIT %s) counted",
                    [*indexed.values, status, COUNT_LIMIT],
                )
                counts[status] = cursor.fetchone()[0]
            return Counts(counts, paused, max(counts.values()) < COUNT_LIMIT)
        most = _most(wanted)
        source, values = _latest(indexed, _statuses(wanted), most)
        # sql: clauses of ours, whose values are parameters
        cursor.execute(
            "SELECT status, count(*) FILTER (WHERE matches), count(*) FROM "
            f"(SELECT status, {searched.sql} AS matches FROM ({source}) latest) looked "
            "GROUP BY status",
            [*searched.values, *values],
        )
        looked = 0
        for status, matching, seen in cursor.fetchall():
            counts[status] = matching
            looked += seen
    return Counts(counts, paused, looked < most)


def _count_paused(wanted: ExecutionFilter) -> int:
    """How many of them are paused: read from the list of what is, which is short."""
    indexed, searched = _indexed(replace(wanted, paused=True), None), _searched(wanted)
    with connection.cursor() as cursor:
        # sql: clauses of ours, whose values are parameters
        cursor.execute(
            "SELECT count(*) FROM executions_execution "
            f"WHERE {indexed.sql} AND status = 'RUNNING' AND {searched.sql}",
            [*indexed.values, *searched.values],
        )
        return int(cursor.fetchone()[0])


def _statuses(wanted: ExecutionFilter) -> tuple[str, ...]:
    """The statuses to read by: an error is looked for among those that may have one."""
    if wanted.error and not wanted.statuses:
        return _WITH_ERRORS
    return wanted.statuses


def _most(wanted: ExecutionFilter) -> int:
    return SEARCHED_INPUTS if wanted.input else SEARCHED


def _latest(indexed: _Conditions, statuses: tuple[str, ...], most: int) -> tuple[str, list[Any]]:
    """The latest executions under conditions that indexes serve; one branch a status.

    Each branch comes in the order of an index, and they are merged as they are read: whoever
    takes fifty reads little more than fifty.
    """
    branches: list[str] = []
    values: list[Any] = []
    for status in statuses or (None,):
        and_status = "" if status is None else " AND status = %s"
        branches.append(
            f"(SELECT {_COLUMNS}, input FROM executions_execution "
            f"WHERE {indexed.sql}{and_status} ORDER BY id DESC LIMIT {most})"
        )
        values += [*indexed.values, *(() if status is None else (status,))]
    if len(branches) == 1:
        return branches[0], values
    return f"{' UNION ALL '.join(branches)} ORDER BY id DESC LIMIT {most}", values


def _indexed(wanted: ExecutionFilter, before: int | None) -> _Conditions:
    conditions = _Conditions()
    # A map run's children are listed with their run.
    conditions.add("map_run_id IS NULL")
    if wanted.state_machine_id is not None:
        conditions.add("state_machine_id = %s", wanted.state_machine_id)
    elif _sees_part():
        own = list(StateMachine.objects.values_list("id", flat=True))
        conditions.add("state_machine_id = ANY(%s)", own)
    if before is not None:
        conditions.add("id < %s", before)
    if wanted.started_after is not None:
        conditions.add("id >= %s", _first_started(wanted.started_after - CLOCK_SLACK))
    if wanted.started_before is not None:
        conditions.add("id < %s", _first_started(wanted.started_before + CLOCK_SLACK))
    if wanted.paused or wanted.paused_by:
        by = f"%{_literally(wanted.paused_by)}%"
        conditions.add(
            "id = ANY(ARRAY(SELECT execution_id FROM executions_pausedexecution "
            "WHERE by ILIKE %s ORDER BY 1 DESC LIMIT %s))",
            by,
            SEARCHED,
        )
    return conditions


def _sees_part() -> bool:
    """Whether there is anything that the caller must not see."""
    account = arns.acting_account()
    if account is None:
        return False
    return account != settings.AWS_ACCOUNT_ID or Workspace.objects.count() > 1


def _searched(wanted: ExecutionFilter) -> _Conditions:
    conditions = _Conditions()
    if wanted.started_after is not None:
        conditions.add("started_at >= %s", wanted.started_after)
    if wanted.started_before is not None:
        conditions.add("started_at < %s", wanted.started_before)
    if wanted.name:
        conditions.add("name ILIKE %s", f"%{_literally(wanted.name)}%")
    if wanted.version is not None:
        conditions.add("state_machine_version = %s", wanted.version)
    if wanted.alias:
        conditions.add("state_machine_alias = %s", wanted.alias)
    if wanted.error:
        conditions.add("error ILIKE %s", f"%{_literally(wanted.error)}%")
    if wanted.input:
        conditions.add("strpos(input, %s) > 0", wanted.input)
    return conditions


def _literally(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _first_started(moment: datetime) -> int:
    """The id that executions started at this time begin with: ids grow as time does.

    Found by halving, in some twenty reads of the primary key, so that starting an execution need
    not write an index for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM executions_execution")
        low, high = cursor.fetchone()
        if low is None:
            return 0
        high += 1
        while low < high:
            middle = (low + high) // 2
            # Removed ones leave holes: the next that is there stands for them.
            cursor.execute(
                "SELECT id, started_at FROM executions_execution WHERE id >= %s "
                "ORDER BY id LIMIT 1",
                [middle],
            )
            row = cursor.fetchone()
            if row is None or row[1] >= moment:
                high = middle
            else:
                low = int(row[0]) + 1
        return int(low)
