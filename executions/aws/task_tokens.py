"""AWS's operations for those who hold a task's token. A dict at the end names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.actions import task_tokens

if TYPE_CHECKING:
    from studio.aws.protocol import Members, Operation


def send_task_success(request: Members) -> Members:
    """SendTaskSuccess."""
    task_tokens.send_task_success(request["taskToken"], request["output"])
    return {}


def send_task_failure(request: Members) -> Members:
    """SendTaskFailure."""
    task_tokens.send_task_failure(request["taskToken"], request.get("error"), request.get("cause"))
    return {}


def send_task_heartbeat(request: Members) -> Members:
    """SendTaskHeartbeat."""
    task_tokens.send_task_heartbeat(request["taskToken"])
    return {}


OPERATIONS: dict[str, Operation] = {
    "SendTaskSuccess": send_task_success,
    "SendTaskFailure": send_task_failure,
    "SendTaskHeartbeat": send_task_heartbeat,
}
