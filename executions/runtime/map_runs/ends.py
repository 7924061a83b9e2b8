"""The end of a run: its result collected or written, and the execution told, in one commit."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.map_runs import THRESHOLD_EXCEEDED
from executions.interpreter.payload import SIZE_LIMIT, Payload
from executions.interpreter.retry import Failure
from executions.items.child_result import written
from executions.items.problems import ItemsProblem
from executions.items.result_writer import ResultWriter, write_results, write_test_manifest
from executions.runtime.connection import transaction
from executions.runtime.inbox import map_run_failed, map_run_succeeded
from executions.runtime.map_runs import express, standard
from executions.runtime.map_runs.permitted_store import store_of
from executions.runtime.map_runs.results import pending_child
from executions.runtime.map_runs.run import TELL, prolong
from executions.runtime.map_runs.source import read_rest
from studio.asl import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    import psycopg

    from executions.items.child_result import ChildResult
    from executions.items.result_writer import Group
    from executions.runtime.inbox import Message
    from executions.runtime.map_runs.run import Lease, Run

    Cursor = psycopg.Cursor[tuple[Any, ...]]


_STRETCH: Final = 1000
"""Items that are read before the lease is looked at again."""


def kind_of(run: Run) -> ModuleType:
    """The module that knows the run's kind of children."""
    return standard if run.execution_type == "STANDARD" else express


def writer_of(run: Run) -> ResultWriter:
    """What the run's ResultWriter says; raises ResultWriterFailed where it says what cannot be."""
    given = run.plan.writer or {}
    arguments = given.get("Parameters", given.get("Arguments"))
    return ResultWriter.of(arguments, given.get("WriterConfig"))


def check_writer(run: Run) -> None:
    """Make sure that the results can be written, before the first child begins.

    Done again it writes the same object. Raises ItemsProblem.
    """
    writer = writer_of(run)
    if writer.bucket is not None:
        write_test_manifest(writer, store_of(run), run.arn)


def collect(cursor: Cursor, run: Run) -> str | Failure:
    """Put the state's output together from the children's outputs; a Failure where it is too large.

    Only outputs that may fit are read: their bytes were counted when the children ended.
    """
    too_large = Failure.of_size(run.plan.state)
    # FLATTEN leaves out brackets.
    if run.output_bytes > SIZE_LIMIT + 2 * run.succeeded:
        return too_large
    texts: list[str] = []
    size = 2
    try:
        transformation = writer_of(run).transformation
    except ItemsProblem as problem:
        return Failure.told(problem.error, problem.cause)
    for text in written(_all_results(cursor, run), transformation):
        size += len(text) + 1
        if size > SIZE_LIMIT + 1:
            return too_large
        texts.append(text)
    output = Payload.of_text(f"[{','.join(texts)}]")
    return too_large if output.exceeds_limit() else output.text


def export(run: Run, lease: Lease) -> str | Failure:
    """Write the results where ResultWriter says, as they are now, and give the state's output.

    Takes as long as it takes, outside of any transaction. Done again it writes the same objects.
    Raises LeaseLost where somebody else has the run meanwhile.
    """
    groups: dict[Group, Iterator[ChildResult]] = {
        "SUCCEEDED": _some(run, lease, "SUCCEEDED"),
        "FAILED": _some(run, lease, "FAILED"),
        "PENDING": chain(_some(run, lease, "PENDING"), _not_begun(run, lease)),
    }
    try:
        output = write_results(writer_of(run), store_of(run), run.arn, groups)
    except ItemsProblem as problem:
        return Failure.told(problem.error, problem.cause)
    return json_text.dumps(output)


class LeaseLost(Exception):
    """Somebody else works at the run."""


def _some(run: Run, lease: Lease, group: Group) -> Iterator[ChildResult]:
    after: int | None = -1
    while after is not None:
        if not prolong(lease):
            raise LeaseLost
        with transaction() as cursor:
            page, after = kind_of(run).page_of_results(cursor, run, after, group)
        yield from page


def _not_begun(run: Run, lease: Lease) -> Iterator[ChildResult]:
    """The children of items that a run which failed or was stopped never came to."""
    if run.is_read:
        return
    for number, text in enumerate(read_rest(run)):
        if number % _STRETCH == 0 and not prolong(lease):
            raise LeaseLost
        yield pending_child(run, text)


def _all_results(cursor: Cursor, run: Run) -> Iterator[ChildResult]:
    after: int | None = -1
    while after is not None:
        page, after = kind_of(run).page_of_results(cursor, run, after, None)
        yield from page


def exports(run: Run) -> bool:
    """Whether the run's results are written somewhere, now that it ends or has ended."""
    if (run.plan.writer or {}).get("Resource") is None or not run.children:
        return False
    return run.status != "FAILED" or run.error == THRESHOLD_EXCEEDED.error


def finish(cursor: Cursor, run: Run, output: str | Failure) -> None:
    """End a run whose children have ended: with this output, or because that cannot be had."""
    if isinstance(output, Failure):
        fail(cursor, run, output)
        return
    run.status = "SUCCEEDED"
    run.is_settled = True
    run.pending_redrive = run.items_pending_redrive = 0
    _end(run)
    if exports(run):
        _count_results(run)
    _tell(cursor, run, map_run_succeeded(run.event, output))


def fail(cursor: Cursor, run: Run, failure: Failure) -> None:
    """Fail the run at once; children that still run are stopped afterwards."""
    run.status = "FAILED"
    run.error, run.cause = failure.error, failure.cause
    run.is_stopping = True
    run.stopped_after = -1
    _end(run)
    _tell(cursor, run, map_run_failed(run.event, failure.error, failure.cause))


def settle(cursor: Cursor, run: Run, output: str | Failure | None) -> None:
    """Close the books of a run that ended before its children did."""
    run.is_settled = True
    if run.pending_redrive:
        # What no redrive came to is as it was.
        run.pending_redrive = run.items_pending_redrive = 0
        run.failed = run.timed_out = run.aborted = 0
        run.items_failed = run.items_timed_out = run.items_aborted = 0
        kind_of(run).recount(cursor, run)
    if isinstance(output, str):
        _count_results(run)


def _count_results(run: Run) -> None:
    run.results_written = run.succeeded + run.failed + run.timed_out + run.aborted
    run.items_written = run.items_succeeded + run.items_ended + run.items_aborted


def _end(run: Run) -> None:
    run.stopped_at = run.now
    run.is_redriving = False


def _tell(cursor: Cursor, run: Run, message: Message) -> None:
    cursor.execute(TELL, (run.execution_id, message.command, message.key, message.body))
