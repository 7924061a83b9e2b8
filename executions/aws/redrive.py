"""AWS's operation that redrives executions."""

from __future__ import annotations

from executions.actions.redrive import redrive_execution as redrive
from studio.aws.protocol import Members, Operation


def redrive_execution(request: Members) -> Members:
    """RedriveExecution."""
    return {"redriveDate": redrive(request["executionArn"], request.get("clientToken"))}


OPERATIONS: dict[str, Operation] = {"RedriveExecution": redrive_execution}
