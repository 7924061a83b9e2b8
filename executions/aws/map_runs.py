"""AWS's operations on Map Runs. A dict at the end names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.actions import map_runs
from executions.actions.executions import get_execution
from studio.aws.page_tokens import read_page

if TYPE_CHECKING:
    from executions.actions.map_runs import Counts
    from studio.aws.protocol import Members, Operation


def list_map_runs(request: Members) -> Members:
    """ListMapRuns, the latest first."""
    execution = get_execution(request["executionArn"], only=("id",))
    page, more = read_page("ListMapRuns", request, map_runs.map_runs_of(execution), "-id")
    shown = [
        {
            "executionArn": execution.arn,
            "mapRunArn": map_runs.arn_of(run, execution),
            "stateMachineArn": execution.state_machine_arn,
            "startDate": run.started_at,
            "stopDate": run.stopped_at,
        }
        for run in page
    ]
    return {"mapRuns": shown, **more}


def describe_map_run(request: Members) -> Members:
    """DescribeMapRun."""
    run = map_runs.get_map_run(request["mapRunArn"])
    items, children = map_runs.counts_of(run)
    return {
        "mapRunArn": request["mapRunArn"],
        "executionArn": map_runs.execution_of(run).arn,
        "status": run.status,
        "startDate": run.started_at,
        "stopDate": run.stopped_at,
        "maxConcurrency": run.max_concurrency,
        "toleratedFailurePercentage": run.tolerated_failure_percentage or 0.0,
        "toleratedFailureCount": run.tolerated_failure_count or 0,
        "itemCounts": _shown(items),
        "executionCounts": _shown(children),
        "redriveCount": run.redrive_count,
        "redriveDate": run.redriven_at,
    }


def update_map_run(request: Members) -> Members:
    """UpdateMapRun."""
    map_runs.update_map_run(
        map_runs.get_map_run(request["mapRunArn"]),
        request.get("maxConcurrency"),
        request.get("toleratedFailureCount"),
        request.get("toleratedFailurePercentage"),
    )
    return {}


def _shown(counts: Counts) -> Members:
    return {
        "pending": counts.pending,
        "running": counts.running,
        "succeeded": counts.succeeded,
        "failed": counts.failed,
        "timedOut": counts.timed_out,
        "aborted": counts.aborted,
        "total": counts.total,
        "resultsWritten": counts.results_written,
        "failuresNotRedrivable": counts.failures_not_redrivable,
        "pendingRedrive": counts.pending_redrive,
    }


OPERATIONS: dict[str, Operation] = {
    "ListMapRuns": list_map_runs,
    "DescribeMapRun": describe_map_run,
    "UpdateMapRun": update_map_run,
}
