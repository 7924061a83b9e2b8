"""AWS's operations on Express executions. A dict at the end names them."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from executions.actions import express
from executions.runtime.express.execution import run
from executions.runtime.express.processes import TooManyExecutions
from executions.runtime.gathering import TooManyWait
from studio import arns
from studio.actions.names import qualified_name
from studio.aws.errors import ThrottlingException
from studio.aws.protocol import Members, Operation, Prompt
from studio.errors import ValidationException

if TYPE_CHECKING:
    from executions.runtime.express.execution import ExpressEnd, ExpressStart

BILLED_MILLISECONDS = 100
"""Durations are billed in steps of so many."""
BILLED_MEGABYTES = 64
"""The smallest step of memory; a definition and payloads within the limits fit into it."""


async def start_sync_execution(request: Members) -> Members:
    """StartSyncExecution: a thread is needed for a moment only, to look up the state machine."""
    machine, qualifier = _checked_names(request)
    try:
        start = await express.prepare_sync_execution_together(
            machine, qualifier=qualifier, input=request.get("input"), name=request.get("name")
        )
        end = await express.run_sync_execution(start)
    except (TooManyExecutions, TooManyWait):
        raise ThrottlingException from None
    return _answer(start, end, request)


def sync_execution_on_this_thread(request: Members, hops: int) -> Members:
    """StartSyncExecution for a Task: run by the thread that performs it, five minutes at most.

    ``hops`` are those of the Task's execution: see ``models.Execution``.
    """
    machine, qualifier = _checked_names(request)
    start = express.prepare_sync_execution(
        machine,
        qualifier=qualifier,
        input=request.get("input"),
        name=request.get("name"),
        hops=hops,
    )
    return _answer(start, run(start), request)


def _checked_names(request: Members) -> tuple[str, str | None]:
    """The state machine and the qualifier, of a request with nothing else against it here."""
    if "\0" in request.get("traceHeader", ""):
        raise ValidationException(message="Invalid trace header")
    return qualified_name(request["stateMachineArn"])


def _answer(start: ExpressStart, end: ExpressEnd, request: Members) -> Members:
    answer: Members = {
        "executionArn": start.arn,
        "stateMachineArn": arns.state_machine_arn(start.state_machine),
        "name": start.name,
        "startDate": datetime.fromtimestamp(end.started_at, UTC),
        "stopDate": datetime.fromtimestamp(end.stopped_at, UTC),
        "status": end.status,
        "error": end.error,
        "cause": end.cause,
        "traceHeader": request.get("traceHeader") or None,
        "billingDetails": _billed(end),
    }
    if request.get("includedData") != "METADATA_ONLY":
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


OPERATIONS: dict[str, Operation] = {
    "StartSyncExecution": Prompt(start_sync_execution, is_short=False)
}
