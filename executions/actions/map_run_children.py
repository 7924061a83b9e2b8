"""The children of a Map Run, a page at a time, whatever their kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db.models import F

from executions.actions.map_runs import execution_of
from executions.interpreter.map_runs import child_name
from executions.models import Execution, MapRunPart
from executions.runtime.map_runs.lines import Result, decode_inputs, decode_results
from studio import arns

if TYPE_CHECKING:
    from executions.models import MapRun

SHOWN = 2000
"""Characters of a payload."""
PARTS = 20
"""Parts that one page looks into."""


@dataclass(frozen=True, slots=True)
class Child:
    """A child of a run. ``status`` is None for one that has not begun, or not ended in its part."""

    number: int
    name: str
    executionArn: str  # noqa: N815 - as it is on the wire
    status: str | None
    item_count: int
    started_at: datetime | None
    stopped_at: datetime | None
    input: str
    output: str | None
    error: str | None
    cause: str | None


def list_children(
    run: MapRun, *, after: int, limit: int, status: str | None = None
) -> tuple[list[Child], int | None]:
    """Children with numbers above ``after`` in their order, and after which to go on.

    None: there are no more. With a ``status`` a page of Express children may have few of them.
    """
    parent = execution_of(run)
    machine = arns.labelled(parent.state_machine.name, run.label)
    if run.execution_type == "STANDARD":
        return _standard(run, machine, after, limit, status)
    return _express(run, machine, after, limit, status)


def _standard(
    run: MapRun, machine: str, after: int, limit: int, status: str | None
) -> tuple[list[Child], int | None]:
    found = Execution.objects.filter(map_run_id=run.pk, map_number__gt=after)
    if status is not None:
        found = found.filter(status=status)
    page = list(found.defer("snapshot").order_by("map_number")[: limit + 1])
    children = [
        Child(
            each.map_number or 0,
            each.name,
            arns.execution_arn(machine, each.name),
            each.status,
            each.item_count or 0,
            each.started_at,
            each.stopped_at,
            each.input[:SHOWN],
            None if each.output is None else each.output[:SHOWN],
            each.error,
            each.cause,
        )
        for each in page[:limit]
    ]
    return children, children[-1].number if len(page) > limit else None


def _express(
    run: MapRun, machine: str, after: int, limit: int, status: str | None
) -> tuple[list[Child], int | None]:
    parts = MapRunPart.objects.filter(map_run_id=run.pk)
    parts = parts.alias(end=F("number") + F("children")).filter(end__gt=after + 1)
    page = list(parts.order_by("number")[:PARTS])
    children: list[Child] = []
    for part in page:
        results = decode_results(part.results, part.children)
        for place, ((items, text), result) in enumerate(
            zip(decode_inputs(part.inputs), results, strict=True)
        ):
            number = part.number + place
            if number <= after or (status is not None and _status(result) != status):
                continue
            if len(children) == limit:
                return children, children[-1].number
            children.append(_ended(run, machine, number, items, text, result))
    last = page[-1].number + page[-1].children - 1 if len(page) == PARTS else None
    return children, last


def _status(result: Result | None) -> str | None:
    return None if result is None else result.status


def _ended(
    run: MapRun, machine: str, number: int, items: int, text: str, result: Result | None
) -> Child:
    name = child_name(str(run.uuid), number)
    arn = arns.express_execution_arn(machine, name, name)
    if result is None:
        none = (None, None, text[:SHOWN], None, None, None)
        return Child(number, name, arn, None, items, *none)
    return Child(
        number,
        name,
        arn,
        result.status,
        items,
        datetime.fromtimestamp(result.started_at, UTC),
        datetime.fromtimestamp(result.stopped_at, UTC),
        text[:SHOWN],
        None if result.output is None else result.output[:SHOWN],
        result.error,
        result.cause,
    )
