"""AWS's operations on Map Runs. A dict at the end names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.actions.executions import get_execution
from executions.actions.map_runs import get_map_run
from studio.aws.page_tokens import read_position

if TYPE_CHECKING:
    from studio.aws.protocol import Members, Operation


def list_map_runs(request: Members) -> Members:
    """ListMapRuns: of an execution that exists, none."""
    get_execution(request["executionArn"], only=("id",))
    read_position("ListMapRuns", request)
    return {"mapRuns": []}


def describe_map_run(request: Members) -> Members:
    """DescribeMapRun."""
    get_map_run(request["mapRunArn"])


def update_map_run(request: Members) -> Members:
    """UpdateMapRun."""
    get_map_run(request["mapRunArn"])


OPERATIONS: dict[str, Operation] = {
    "ListMapRuns": list_map_runs,
    "DescribeMapRun": describe_map_run,
    "UpdateMapRun": update_map_run,
}
