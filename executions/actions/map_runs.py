"""Map Runs: looked at and changed from outside."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Count, Q, Sum

from executions.models import Execution, MapRun, MapRunPart, MapRunTally
from executions.runtime import hints
from studio import arns
from studio.actions.audit import record
from studio.actions.names import check_characters, invalid_arn
from studio.errors import ResourceNotFound, ValidationException
from studio.models import AuditAction

if TYPE_CHECKING:
    from django.db.models import QuerySet

_UPDATE = """
UPDATE executions_maprun SET max_concurrency = coalesce(%s, max_concurrency),
    tolerated_failure_count = coalesce(%s, tolerated_failure_count),
    tolerated_failure_percentage = coalesce(%s, tolerated_failure_percentage),
    due_at = now()
WHERE id = %s AND status = 'RUNNING'
"""
_TALLIED = (
    "slots",
    *("succeeded", "failed", "timed_out", "aborted"),
    *("items_succeeded", "items_failed", "items_timed_out", "items_aborted"),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many children, or their items, are in which state."""

    pending: int
    running: int
    succeeded: int
    failed: int
    timed_out: int
    aborted: int
    total: int
    results_written: int
    failures_not_redrivable: int
    pending_redrive: int


def get_map_run(arn: str) -> MapRun:
    """The Map Run with this ARN.

    Raises:
        InvalidArn: it is no ARN of a Map Run.
        ResourceNotFound: there is none.
    """
    try:
        names = arns.parse_map_run_arn(arn)
    except arns.InvalidStatesArn:
        raise invalid_arn(arn, "mapRun") from None
    check_characters(arn)
    if not arns.is_local(arn):
        raise ResourceNotFound(arn)
    try:
        number = uuid.UUID(names.run)
    except ValueError:
        raise ResourceNotFound(arn) from None
    run = MapRun.objects.filter(uuid=number, label=names.label, is_orphaned=False).first()
    if run is None or arn_of(run, execution_of(run)) != arn:
        raise ResourceNotFound(arn)
    return run


def execution_of(run: MapRun) -> Execution:
    """The execution that the run is a part of, its state machine loaded."""
    found = Execution.objects.select_related("state_machine").defer("snapshot", "input", "output")
    execution = found.filter(pk=run.execution_id).first()
    if execution is None:
        raise ResourceNotFound(str(run.uuid))
    return execution


def arn_of(run: MapRun, execution: Execution) -> str:
    """The run's ARN."""
    return arns.map_run_arn(execution.state_machine.name, run.label, str(run.uuid))


def map_runs_of(execution: Execution) -> QuerySet[MapRun]:
    """The runs of an execution."""
    return MapRun.objects.filter(execution_id=execution.pk).defer("plan")


def update_map_run(
    run: MapRun,
    max_concurrency: int | None = None,
    tolerated_failure_count: int | None = None,
    tolerated_failure_percentage: float | None = None,
) -> None:
    """Change what a run that goes on works by, from its next step on; None leaves it as it is.

    Raises ValidationException where the run has ended, or nothing is to be changed.
    """
    wanted = (max_concurrency, tolerated_failure_count, tolerated_failure_percentage)
    if wanted == (None, None, None):
        raise ValidationException(
            message="Either maxConcurrency, toleratedFailureCount or toleratedFailurePercentage "
            "must be specified"
        )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_UPDATE, (*wanted, run.pk))
        if not cursor.rowcount:
            raise ValidationException(message="Map Run is not in RUNNING status")
        names = ("maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage")
        changed = {
            name: value for name, value in zip(names, wanted, strict=True) if value is not None
        }
        record(AuditAction.UPDATE_MAP_RUN, arn_of(run, execution_of(run)), changed)
    transaction.on_commit(hints.map_runs_ready)


def counts_of(run: MapRun) -> tuple[Counts, Counts]:
    """The counts of a run's items and of its children, as they are at this moment."""
    with transaction.atomic():
        run.refresh_from_db(from_queryset=MapRun.objects.defer("plan"))
        sums = MapRunTally.objects.filter(map_run_id=run.pk).aggregate(
            **{name: Sum(name, default=0) for name in _TALLIED}
        )
        running, items_running = _running(run)

    def ended(name: str) -> int:
        return int(getattr(run, name) + sums[name])

    items = {name: ended(f"items_{name}") for name in _TALLIED[1:5]}
    children = {name: ended(name) for name in _TALLIED[1:5]}
    # Without batches each item is a child's; with them nobody knows how many will follow.
    total = max(run.total, run.children) if run.position == run.children else run.children
    return (
        Counts(
            pending=max(
                run.total - sum(items.values()) - items_running - run.items_pending_redrive, 0
            ),
            running=items_running,
            total=run.total,
            results_written=run.items_written,
            failures_not_redrivable=run.items_not_redrivable,
            pending_redrive=run.items_pending_redrive,
            **items,
        ),
        Counts(
            pending=max(total - sum(children.values()) - running - run.pending_redrive, 0),
            running=running,
            total=total,
            results_written=run.results_written,
            failures_not_redrivable=run.not_redrivable,
            pending_redrive=run.pending_redrive,
            **children,
        ),
    )


def children_of_run(
    run: MapRun, status: str | None = None, *, redriven: bool | None = None
) -> QuerySet[Execution]:
    """The Standard children of a run; ``status`` may be PENDING_REDRIVE, too."""
    found = Execution.objects.filter(map_run_id=run.pk)
    waiting = Q(
        status__in=("FAILED", "TIMED_OUT", "ABORTED"),
        map_number__gt=run.redrive_after,
        map_number__lt=run.redrive_until,
    )
    is_redriven = run.status == MapRun.Status.RUNNING and run.pending_redrive > 0
    if status == "PENDING_REDRIVE":
        found = found.filter(waiting) if is_redriven else found.none()
    elif status is not None:
        found = found.filter(status=status)
        if is_redriven and status != "RUNNING":
            found = found.exclude(waiting)
    if redriven is not None:
        found = found.filter(redrive_count__gt=0) if redriven else found.filter(redrive_count=0)
    return found


def _running(run: MapRun) -> tuple[int, int]:
    """How many children run, and how many items they have."""
    if run.execution_type == "STANDARD":
        alive = Execution.objects.filter(map_run_id=run.pk, status="RUNNING")
        found: dict[str, Any] = alive.aggregate(
            children=Count("pk"), items=Sum("item_count", default=0)
        )
        return found["children"], found["items"]
    # A part that a worker has: how many of its children have ended is known when all have.
    parts = MapRunPart.objects.filter(map_run_id=run.pk, status="STARTED")
    running = parts.aggregate(children=Sum("children", default=0))["children"]
    items = running if run.position == run.children else 0
    return running, items
