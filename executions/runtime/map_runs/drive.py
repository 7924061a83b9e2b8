"""Working at runs: one step a commit, as long as there is something to do at once.

What happens outside of a commit, reading items and writing results, counts for nothing until the
commit that stores it. Whoever is killed leaves a lease that runs out; the next one goes on from
the row.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from executions.interpreter.map_runs import THRESHOLD_EXCEEDED
from executions.interpreter.retry import RUNTIME, Failure
from executions.items.problems import ItemsProblem
from executions.runtime import after_commit, hints
from executions.runtime.connection import DATABASE_AWAY, transaction
from executions.runtime.map_runs import ends
from executions.runtime.map_runs.ends import kind_of
from executions.runtime.map_runs.moves import Move, next_move
from executions.runtime.map_runs.run import Run, claim, lock, store
from executions.runtime.map_runs.source import CannotRead, read_children
from executions.runtime.turn import Report

if TYPE_CHECKING:
    from typing import Any

    import psycopg

    from executions.runtime.map_runs.run import Lease
    from executions.runtime.map_runs.source import ChildInput

    Cursor = psycopg.Cursor[tuple[Any, ...]]

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Prepared:
    """What was made outside of a commit for ``move`` of a run that stood at ``position``.

    ``children`` are the next ones and ``is_all`` says that no items follow; ``failure`` why they
    cannot be read, or what they will give not be written; ``output`` is what writing the results
    gave, or why it failed.
    """

    move: Move
    position: int
    children: list[ChildInput] = field(default_factory=list)
    is_all: bool = False
    failure: Failure | None = None
    output: str | Failure | None = None


def drive_runs(queue: str, until: float) -> int:
    """Work at runs of this queue until none is due or it is ``until`` (monotonic); how many."""
    driven = 0
    while (lease := claim(queue)) is not None:
        driven += 1
        try:
            _drive(lease, until)
        except DATABASE_AWAY:
            raise
        except ends.LeaseLost:
            continue
        except Exception:  # noqa: BLE001 - a fault of ours in one must not hold up the others
            # Its lease runs out; then somebody tries again.
            _log.exception("map run %s could not go on", lease.run)
        if time.monotonic() > until:
            hints.map_runs_ready()
            break
    return driven


def _drive(lease: Lease, until: float) -> None:
    """Make step after step, until the run waits for something or time is up."""
    prepared: Prepared | None = None
    while True:
        run, move = _step(lease, prepared, is_last=time.monotonic() > until)
        if run is None or run.lease_until is None:
            return
        prepared = _prepare(run, lease, move)


def _step(lease: Lease, prepared: Prepared | None, *, is_last: bool) -> tuple[Run | None, Move]:
    """Make one step and commit it: the run afterwards, and what comes next.

    The run is let go where nothing comes next, or with the last step: it is due again at once then.
    """
    report = Report()
    with transaction() as cursor:
        run = lock(cursor, lease)
        if run is None:
            return None, Move.WAIT
        kind = kind_of(run)
        move = next_move(run, kind.room(run))
        if not _needs_preparation(run, move):
            report = _make(cursor, run, move, None)
        elif prepared is not None and _fits(run, move, prepared):
            report = _make(cursor, run, move, prepared)
        move = next_move(run, kind.room(run))
        run.due_at = None if move is Move.WAIT else run.now
        if is_last or move is Move.WAIT:
            run.lease_until = None
        else:
            # The next step adds them up: nobody else needs to come and look.
            report.children_ended = False
        store(cursor, run)
    after_commit.tell(report)
    return run, move


def _fits(run: Run, move: Move, prepared: Prepared) -> bool:
    return prepared.move is move and prepared.position == run.position


def _needs_preparation(run: Run, move: Move) -> bool:
    """Whether the move reads items or writes results, which no commit should wait for."""
    if move is Move.READ:
        return True
    return move in (Move.FINISH, Move.SETTLE) and ends.exports(run)


def _prepare(run: Run, lease: Lease, move: Move) -> Prepared | None:
    """Do what the next step needs."""
    if not _needs_preparation(run, move):
        return None
    if move is not Move.READ:
        return Prepared(move, run.position, output=ends.export(run, lease))
    try:
        children, is_all = read_children(run, kind_of(run).room(run))
        if children and not run.children:
            ends.check_writer(run)
    except CannotRead as problem:
        return Prepared(move, run.position, failure=problem.failure)
    except ItemsProblem as problem:
        return Prepared(move, run.position, failure=Failure.told(problem.error, problem.cause))
    except Exception as fault:  # noqa: BLE001 - told to the workflow, as for a Task
        _log.exception("the items of %s cannot be read", run.arn)
        cause = f"Stepwell could not read the items: {fault!r}"
        return Prepared(move, run.position, failure=Failure(RUNTIME, cause))
    return Prepared(move, run.position, children, is_all)


def _make(cursor: Cursor, run: Run, move: Move, prepared: Prepared | None) -> Report:
    """Do what the move says, in this transaction; what that leaves to do."""
    kind = kind_of(run)
    output = None if prepared is None else prepared.output
    report = Report(more=True)
    match move:
        case Move.FAIL:
            ends.fail(cursor, run, THRESHOLD_EXCEEDED)
        case Move.STOP:
            run.is_stopping = not kind.stop(cursor, run)
        case Move.BEGIN_REDRIVE:
            run.is_redriving = False
            run.reset_ends()
            run.redrive_after, run.redrive_until = -1, run.children
        case Move.REDRIVE:
            kind.redrive(cursor, run, kind.room(run))
            report.map_runs = True
        case Move.READ:
            assert prepared is not None
            report = _begin(cursor, run, prepared)
        case Move.FINISH:
            ends.finish(cursor, run, ends.collect(cursor, run) if output is None else output)
        case Move.SETTLE:
            ends.settle(cursor, run, output)
        case Move.WAIT:
            report.more = False
    return report


def _begin(cursor: Cursor, run: Run, prepared: Prepared) -> Report:
    """Begin the children that were read, or fail where nothing can be read."""
    if prepared.failure is not None:
        ends.fail(cursor, run, prepared.failure)
        return Report(more=True)
    run.is_read = prepared.is_all
    if not prepared.children:
        return Report()
    last = prepared.children[-1]
    run.position, run.reading = last.position, last.reading
    if run.plan.items is None:
        run.total = run.position
    report: Report = kind_of(run).start(cursor, run, prepared.children)
    return report
