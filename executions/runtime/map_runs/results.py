"""How children ended, as a ResultWriter and the Map state's output have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.items.child_result import ChildResult
from studio import arns

if TYPE_CHECKING:
    from executions.runtime.map_runs.run import Run


def pending_child(run: Run, text: str) -> ChildResult:
    """What is known of a child that never began: its input."""
    return ChildResult("PENDING", None, arns.state_machine_arn(run.child_machine), text)


def ended_child(
    run: Run,
    kind: str,
    name: str,
    status: str,
    text: str,
    output: str | None,
    error: str | None,
    cause: str | None,
    started_at: float,
    stopped_at: float | None,
    redrive_count: int,
    is_redrivable: bool | None,
) -> ChildResult:
    """Put a child's result together. ``kind`` is the word in its ARN: execution or express."""
    machine = run.child_machine
    arn = arns.execution_arn(machine, name)
    if kind == "express":
        arn = arns.express_execution_arn(machine, name, name)
    reason = f"Execution is {status} and cannot be redriven" if status == "SUCCEEDED" else None
    return ChildResult(
        status=status,
        name=name,
        state_machine_arn=arns.state_machine_arn(machine),
        input=text,
        execution_arn=arn,
        output=output,
        error=error,
        cause=cause,
        start_date=started_at,
        stop_date=stopped_at,
        redrive_count=redrive_count,
        redrive_status="REDRIVABLE_BY_MAP_RUN" if is_redrivable else "NOT_REDRIVABLE",
        redrive_status_reason=reason,
    )
