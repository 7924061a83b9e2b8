"""Standard children: executions of their own, with a history, several to a commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.map_runs import child_name
from executions.runtime.first_turn import NewExecution, take_first_turns
from executions.runtime.inbox import stop_execution
from executions.runtime.map_runs.results import ended_child
from executions.runtime.programs import program_of_revision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

    from executions.items.child_result import ChildResult
    from executions.items.result_writer import Group
    from executions.runtime.map_runs.run import Run
    from executions.runtime.map_runs.source import ChildInput
    from executions.runtime.turn import Report

    Cursor = psycopg.Cursor[tuple[Any, ...]]

MOST_AT_ONCE: Final = 10_000
"""Children that run at once where MaxConcurrency does not say: AWS's number."""
STEP: Final = 400
"""Children begun or redriven in a commit: what one costs besides them is shared by so many. What
they work on is bounded by its size, too (``source.LARGEST_STEP``).
"""
STOPPED: Final = 500
"""Children stopped in a commit."""
PAGE: Final = 200
_UNSUCCESSFUL: Final = ("FAILED", "TIMED_OUT", "ABORTED")
_STATUSES: Final[Mapping[Group | None, list[str]]] = {
    None: ["SUCCEEDED", *_UNSUCCESSFUL],
    "SUCCEEDED": ["SUCCEEDED"],
    "FAILED": [*_UNSUCCESSFUL],
    # Standard children have begun, or are not there.
    "PENDING": [],
}

_START = """
INSERT INTO executions_execution (
    state_machine_id, revision_id, name, status, input, trace_header, started_at, version,
    last_event_id, snapshot, failed_turns, nesting, hops, map_run_id, map_label, map_number,
    item_count, scope)
SELECT %s, %s, v.name, 'RUNNING', v.input, '', now(), 0, 0, '', 0, %s, %s, %s, %s, v.number,
       v.items, %s
FROM unnest(%b::text[], %b::text[], %b::bigint[], %b::int[]) AS v(name, input, number, items)
RETURNING id, name, input, item_count, extract(epoch FROM now())::float8
"""
_STOP = """
WITH alive AS (
    SELECT id, map_number FROM executions_execution
    WHERE map_run_id = %s AND status = 'RUNNING' AND map_number > %s
    ORDER BY map_number LIMIT %s FOR KEY SHARE
), told AS (
    INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
    SELECT id, now(), %s, %s, %s FROM alive RETURNING 1
)
SELECT count(*), max(map_number) FROM alive
"""
# A child whose history is full, or that ended too long ago, stays as it ended.
_REDRIVE = """
WITH unsuccessful AS (
    SELECT id, map_number, status, item_count, redrivable_until > now() AS again
    FROM executions_execution
    WHERE map_run_id = %s AND map_number > %s AND map_number < %s
      AND status IN ('FAILED', 'TIMED_OUT', 'ABORTED')
    ORDER BY map_number LIMIT %s FOR NO KEY UPDATE
), redriven AS (
    UPDATE executions_execution e
    SET status = 'RUNNING', stopped_at = NULL, error = NULL, cause = NULL, redrivable_until = NULL,
        redrive_count = e.redrive_count + 1, redriven_at = date_trunc('milliseconds', now())
    FROM unsuccessful u WHERE e.id = u.id AND u.again RETURNING e.id, e.redriven_at
), told AS (
    INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
    SELECT id, redriven_at, 'RedriveExecution', '', extract(epoch FROM redriven_at)::text
    FROM redriven RETURNING 1
)
SELECT map_number, status, item_count, coalesce(again, false) FROM unsuccessful ORDER BY map_number
"""
_RECOUNT = """
SELECT status, count(*), coalesce(sum(item_count), 0)::bigint FROM executions_execution
WHERE map_run_id = %s AND status IN ('FAILED', 'TIMED_OUT', 'ABORTED') GROUP BY status
"""
_ENDED = """
SELECT map_number, name, status, input, output, error, cause,
       extract(epoch FROM started_at)::float8, extract(epoch FROM stopped_at)::float8,
       redrive_count, redrivable_until > now()
FROM executions_execution WHERE map_run_id = %s AND map_number > %s AND status = ANY(%s)
ORDER BY map_number LIMIT %s
"""


def room(run: Run) -> int:
    """How many more children may be begun in one commit."""
    limit = run.max_concurrency or MOST_AT_ONCE
    return min(max(min(limit, MOST_AT_ONCE) - run.slots, 0), STEP)


def start(cursor: Cursor, run: Run, children: Sequence[ChildInput]) -> Report:
    """Begin children in this transaction; each takes its first turn in it, as any execution."""
    first = run.children
    scope = _scope(run)
    cursor.execute(
        _START,
        (
            run.state_machine_id,
            run.revision,
            run.nesting,
            run.hops,
            run.id,
            run.label,
            scope,
            [child_name(run.uuid, first + place) for place in range(len(children))],
            [child.input for child in children],
            [first + place for place in range(len(children))],
            [child.item_count for child in children],
        ),
    )
    new = [
        NewExecution(
            row_id,
            run.revision,
            text,
            run.child_machine,
            name,
            run.role_arn,
            run.logging_configuration,
            now,
            scope=scope,
            map_run_id=run.id,
            item_count=items,
        )
        for row_id, name, text, items, now in cursor.fetchall()
    ]
    run.children += len(new)
    run.slots += len(new)
    return take_first_turns(cursor, new)


def stop(cursor: Cursor, run: Run) -> bool:
    """Have some of the children that run stopped; whether all of them have been told."""
    message = stop_execution(None, None)
    parameters = (run.id, run.stopped_after, STOPPED)
    cursor.execute(_STOP, (*parameters, message.command, message.key, message.body))
    count, last = cursor.fetchall()[0]
    if last is not None:
        run.stopped_after = last
    return bool(count < STOPPED)


def redrive(cursor: Cursor, run: Run, most: int) -> bool:
    """Redrive some of the children that a redrive has not looked at; whether any was redriven."""
    cursor.execute(_REDRIVE, (run.id, run.redrive_after, run.redrive_until, most))
    found = cursor.fetchall()
    for _, status, items, again in found:
        run.pending_redrive -= 1
        run.items_pending_redrive -= items
        if again:
            run.slots += 1
            continue
        name = status.lower()
        setattr(run, name, getattr(run, name) + 1)
        setattr(run, f"items_{name}", getattr(run, f"items_{name}") + items)
        run.not_redrivable += 1
        run.items_not_redrivable += items
    run.redrive_after = found[-1][0] if len(found) == most else run.redrive_until
    return any(again for *_, again in found)


def recount(cursor: Cursor, run: Run) -> None:
    """Count again how children ended without success."""
    cursor.execute(_RECOUNT, (run.id,))
    for status, count, items in cursor.fetchall():
        setattr(run, status.lower(), count)
        setattr(run, f"items_{status.lower()}", items)


def page_of_results(
    cursor: Cursor, run: Run, after: int, group: Group | None
) -> tuple[list[ChildResult], int | None]:
    """Some of a group's children, or of all (None), above the number ``after``, in the items'
    order, and after what to go on.
    """
    if not _STATUSES[group]:
        return [], None
    cursor.execute(_ENDED, (run.id, after, _STATUSES[group], PAGE))
    page = cursor.fetchall()
    found = [ended_child(run, "execution", *row[1:]) for row in page]
    return found, page[-1][0] if len(page) == PAGE else None


def _scope(run: Run) -> int:
    state = program_of_revision(run.revision).map_state(run.plan.scope, run.plan.state)
    return state.processor.number
