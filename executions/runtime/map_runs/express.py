"""Express children, from the run's side: put into parts, which workers run in memory.

A part is a row of consecutive children: written when they are to be run, and once more with how
they ended. Nothing else is stored of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.map_runs import child_name
from executions.interpreter.states.choice_state import CompiledChoice
from executions.interpreter.states.fail_state import CompiledFail
from executions.interpreter.states.pass_state import CompiledPass
from executions.interpreter.states.succeed_state import CompiledSucceed
from executions.runtime.map_runs.lines import decode_inputs, decode_results, encode_inputs
from executions.runtime.map_runs.results import ended_child, pending_child
from executions.runtime.map_runs.writes import TASKS, TURNS
from executions.runtime.programs import program_of_revision
from executions.runtime.turn import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from executions.items.child_result import ChildResult
    from executions.items.result_writer import Group
    from executions.runtime.map_runs.lines import Result
    from executions.runtime.map_runs.run import Run
    from executions.runtime.map_runs.source import ChildInput

    Cursor = psycopg.Cursor[tuple[Any, ...]]

QUICK_CHILDREN: Final = 250
"""Children in a part that only compute: one worker runs them one after the other."""
SLOW_CHILDREN: Final = 64
"""Children in a part that wait for something outside, or for a moment."""
SIDE_BY_SIDE: Final = 16
"""Of these, how many run at once in a part."""
OPEN_PARTS: Final = 16
"""Parts of one run that wait for a worker or have one: reading goes no further ahead."""
PAGE: Final = 20

_QUICK = (CompiledPass, CompiledChoice, CompiledFail, CompiledSucceed)

_ADD = """
INSERT INTO executions_maprunpart (
    map_run_id, number, children, queue, status, concurrency, unsuccessful, unstarted, inputs,
    results, fence)
VALUES (%s, %s, %s, %s, 'QUEUED', %s, 0, 0, %s, '', 0)
"""
_STOP = """
UPDATE executions_maprunpart SET status = 'DONE', unstarted = unstarted + CASE
       WHEN unsuccessful + unstarted > 0 THEN 0 ELSE children END
WHERE map_run_id = %s AND status = 'QUEUED' RETURNING concurrency
"""
_REDRIVE = """
WITH unsuccessful AS (
    SELECT id FROM executions_maprunpart
    WHERE map_run_id = %s AND number > %s AND number < %s AND status = 'DONE'
      AND unsuccessful + unstarted > 0
    ORDER BY number LIMIT %s)
UPDATE executions_maprunpart p SET status = 'QUEUED', concurrency = least(p.concurrency, %s)
FROM unsuccessful u WHERE p.id = u.id
RETURNING p.number, p.concurrency, p.inputs, p.results, p.children
"""
_PARTS = """
SELECT number, children, inputs, results FROM executions_maprunpart
WHERE map_run_id = %s AND number > %s ORDER BY number LIMIT %s
"""


def is_quick(run: Run) -> bool:
    """Whether the children only compute."""
    program = program_of_revision(run.revision)
    scope = program.map_state(run.plan.scope, run.plan.state).processor
    return all(isinstance(state, _QUICK) for state in scope.states.values())


def side_by_side(run: Run) -> int:
    """How many children of a part run at once, so that several workers can have parts."""
    if is_quick(run):
        return 1
    limit = run.max_concurrency
    return SIDE_BY_SIDE if not limit else max(1, min(SIDE_BY_SIDE, limit // 4))


def room(run: Run) -> int:
    """How many more children may be put into a part."""
    each = side_by_side(run)
    limit = OPEN_PARTS * each
    if run.max_concurrency:
        limit = min(limit, run.max_concurrency)
    if run.slots + each > limit:
        return 0
    return QUICK_CHILDREN if is_quick(run) else SLOW_CHILDREN


def start(cursor: Cursor, run: Run, children: Sequence[ChildInput]) -> Report:
    """Put children into a part that waits for a worker."""
    each = side_by_side(run)
    inputs = encode_inputs((child.item_count, child.input) for child in children)
    queue = TURNS if is_quick(run) else TASKS
    cursor.execute(_ADD, (run.id, run.children, len(children), queue, each, inputs))
    run.children += len(children)
    run.slots += each
    return Report(map_runs=True)


def stop(cursor: Cursor, run: Run) -> bool:
    """Take back the parts that wait; those that workers have end by themselves. Always done."""
    cursor.execute(_STOP, (run.id,))
    run.slots -= sum(row[0] for row in cursor.fetchall())
    return True


def redrive(cursor: Cursor, run: Run, most: int) -> bool:
    """Have children that did not succeed run again; whether there were any."""
    del most
    each = side_by_side(run)
    cursor.execute(_REDRIVE, (run.id, run.redrive_after, run.redrive_until, 1, each))
    found = cursor.fetchall()
    if not found:
        run.redrive_after = run.redrive_until
        return False
    for number, concurrency, inputs, results, count in found:
        run.redrive_after = number
        run.slots += concurrency
        ended = decode_results(results, count)
        for (items, _), result in zip(decode_inputs(inputs), ended, strict=True):
            if result is not None and result.status != "SUCCEEDED":
                run.pending_redrive -= 1
                run.items_pending_redrive -= items
    return True


def recount(cursor: Cursor, run: Run) -> None:
    """Count again how children ended without success."""
    after: int | None = -1
    while after is not None:
        lines, after = _lines(cursor, run, after)
        for _, items, _, result in lines:
            if result is not None and result.status != "SUCCEEDED":
                name = result.status.lower()
                setattr(run, name, getattr(run, name) + 1)
                setattr(run, f"items_{name}", getattr(run, f"items_{name}") + items)


def page_of_results(
    cursor: Cursor, run: Run, after: int, group: Group | None
) -> tuple[list[ChildResult], int | None]:
    """Some of a group's children, or of all (None), above the number ``after``, in the items'
    order, and after what to go on.
    """
    found: list[ChildResult] = []
    lines, last = _lines(cursor, run, after)
    for number, _, text, result in lines:
        if group is not None and _group_of(result) != group:
            continue
        if result is None:
            found.append(pending_child(run, text))
            continue
        name = child_name(run.uuid, number)
        moments = (result.started_at, result.stopped_at)
        end = (result.status, text, result.output, result.error, result.cause, *moments)
        found.append(ended_child(run, "express", name, *end, 0, is_redrivable=False))
    return found, last


def _group_of(result: Result | None) -> Group:
    if result is None:
        return "PENDING"
    return "SUCCEEDED" if result.status == "SUCCEEDED" else "FAILED"


def _lines(
    cursor: Cursor, run: Run, after: int
) -> tuple[list[tuple[int, int, str, Result | None]], int | None]:
    """Children's numbers, how many items each has, its input and how it ended; after what part to
    go on."""
    cursor.execute(_PARTS, (run.id, after, PAGE))
    page = cursor.fetchall()
    found: list[tuple[int, int, str, Result | None]] = []
    for number, count, inputs, texts in page:
        ends = decode_results(texts, count)
        for place, (given, end) in enumerate(zip(decode_inputs(inputs), ends, strict=True)):
            found.append((number + place, *given, end))
    return found, page[-1][0] if len(page) == PAGE else None
