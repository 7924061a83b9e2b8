"""AWS's operations on Express executions. A dict at the end names them."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from executions.actions import express
from executions.runtime.express.processes import TooManyExecutions
from studio import arns
from studio.actions.names import state_machine_name
from studio.aws.errors import ThrottlingException
from studio.aws.protocol import Members, Operation
from studio.errors import ValidationException

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from executions.runtime.express.execution import ExpressEnd, ExpressStart

BILLED_MILLISECONDS = 100
"""Durations are billed in steps of so many."""
BILLED_MEGABYTES = 64
"""The smallest step of memory; a definition and payloads within the limits fit into it."""


def start_sync_execution(request: Members) -> Coroutine[Any, Any, Members]:
    """StartSyncExecution: checked here, run on the event loop's time."""
    trace_header = request.get("traceHeader", "")
    if "\0" in trace_header:
        raise ValidationException(message="Invalid trace header")
    start = express.prepare_sync_execution(
        state_machine_name(request["stateMachineArn"]),
        input=request.get("input"),
        name=request.get("name"),
    )
    return _run(start, trace_header, request.get("includedData") != "METADATA_ONLY")


async def _run(start: ExpressStart, trace_header: str, with_data: bool) -> Members:
    try:
        end = await express.run_sync_execution(start)
    except TooManyExecutions:
        raise ThrottlingException from None
    answer: Members = {
        "executionArn": start.arn,
        "stateMachineArn": arns.state_machine_arn(start.state_machine),
        "name": start.name,
        "startDate": datetime.fromtimestamp(end.started_at, UTC),
        "stopDate": datetime.fromtimestamp(end.stopped_at, UTC),
        "status": end.status,
        "error": end.error,
        "cause": end.cause,
        "traceHeader": trace_header or None,
        "billingDetails": _billed(end),
    }
    if with_data:
        # Both details are there even where a failure leaves no output, as at AWS.
        answer["input"] = start.input
        answer["inputDetails"] = answer["outputDetails"] = {"included": True}
        answer["output"] = end.output
    return answer


def _billed(end: ExpressEnd) -> Members:
    milliseconds = round((end.stopped_at - end.started_at) * 1000)
    steps = max(1, math.ceil(milliseconds / BILLED_MILLISECONDS))
    return {
        "billedMemoryUsedInMB": BILLED_MEGABYTES,
        "billedDurationInMilliseconds": steps * BILLED_MILLISECONDS,
    }


OPERATIONS: dict[str, Operation] = {"StartSyncExecution": start_sync_execution}
