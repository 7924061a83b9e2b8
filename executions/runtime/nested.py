"""Nested executions: what a parent's Task hears of the execution it started.

A Task that waits (``.sync``) is a row that no worker holds. The turn that ends the child removes
that row and leaves the outcome in the parent's inbox, in one commit: so the outcome is reported
once, whoever dies when. A parent that gives a Task up removes the row the same way and leaves the
child a message to stop.

The texts are those of the AWS SDK for Java, as recorded: members in Pascal case and alphabetical
order, moments in milliseconds.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Final

from executions.integration import LONGEST_CAUSE
from executions.interpreter.history import EVENT_LIMIT
from executions.runtime.inbox import (
    Message,
    stop_execution,
    task_failed,
    task_submitted,
    task_succeeded,
)
from studio import arns
from studio.asl import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

    from executions.interpreter.state import ExecutionState
    from executions.runtime.claimed import Advanced

_NAMESPACE: Final = uuid.UUID("5bd5b7c2-5d43-4c52-9b2c-0d9d7f4a3c11")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_READ_ENDED = """
SELECT id, input, started_at, redrive_count, redriven_at
FROM executions_execution WHERE id = ANY(%b)
"""


@dataclass(frozen=True, slots=True)
class Parent:
    """The attempt that started an execution: ``task`` of the execution with the row ``id``.

    ``form`` is ``sync`` or ``sync:2`` where the attempt ends when the child does, else nothing.
    """

    id: int
    task: int
    form: str


def derived_name(idempotency_key: str) -> str:
    """The name of a child that is given none: the same each time the attempt is performed."""
    return str(uuid.uuid5(_NAMESPACE, idempotency_key))


def stop_child(parent_arn: str) -> Message:
    """The message to a child whose parent does not wait any more."""
    return stop_execution(
        None,
        f"The Task state in AWS Step Functions execution [{parent_arn}] which was managing this "
        "resource was aborted",
    )


def start_answer(arn: str, started_at: datetime, idempotency_key: str) -> str:
    """StartExecution's answer as JSON text: the same each time the attempt is performed."""
    moment = started_at.timestamp()
    date = formatdate(moment, usegmt=True)
    request_id = str(uuid.uuid5(_NAMESPACE, f"request {idempotency_key}"))
    length = str(len(f'{{"executionArn":"{arn}","startDate":{moment:.3f}}}'))
    headers = {
        "x-amzn-RequestId": request_id,
        "connection": "keep-alive",
        "Content-Length": length,
        "Date": date,
        "Content-Type": "application/x-amz-json-1.0",
    }
    return json_text.dumps(
        {
            "ExecutionArn": arn,
            "SdkHttpMetadata": {
                "AllHttpHeaders": {name: [value] for name, value in headers.items()},
                "HttpHeaders": {name: headers[name] for name in sorted(headers, key=str.lower)},
                "HttpStatusCode": 200,
            },
            "SdkResponseMetadata": {"RequestId": request_id},
            "StartDate": _milliseconds(started_at),
        }
    )


def outcomes(
    cursor: psycopg.Cursor[Any], advanced: Iterable[Advanced], now: float
) -> list[tuple[Parent, list[Message]]]:
    """What parents are told of those that have ended at ``now``, and in what order.

    The answer to the start comes first: the child may end before the worker that started it could
    report that. A parent that has heard of it takes no notice.
    """
    ended = {
        each.execution.id: each
        for each in advanced
        if each.execution.parent_form and each.state.status != "RUNNING"
    }
    if not ended:
        return []
    cursor.execute(_READ_ENDED, (list(ended),))
    told = []
    for row_id, text, started_at, redrive_count, redriven_at in cursor.fetchall():
        child, state = ended[row_id].execution, ended[row_id].state
        assert child.parent_id is not None
        assert child.parent_task is not None
        parent = Parent(child.parent_id, child.parent_task, child.parent_form)
        arn = arns.execution_arn(child.machine_name, child.name)
        envelope: dict[str, Any] = {
            "ExecutionArn": arn,
            "Input": text,
            "InputDetails": {"Included": True},
            "Name": child.name,
            "RedriveCount": redrive_count,
            "RedriveDate": None if redriven_at is None else _milliseconds(redriven_at),
            **_redrive_status(state),
            "StartDate": _milliseconds(started_at),
            "StateMachineAliasArn": arns.optional_qualified_arn(
                child.machine_name, child.state_machine_alias
            ),
            "StateMachineArn": arns.state_machine_arn(child.machine_name),
            "StateMachineVersionArn": arns.optional_qualified_arn(
                child.machine_name, child.state_machine_version
            ),
            "Status": state.status,
            "StopDate": round(now * 1000),
        }
        if state.status == "SUCCEEDED":
            envelope["Output"] = state.output
            envelope["OutputDetails"] = {"Included": True}
            end = task_succeeded(parent.task, _text(envelope, parent.form))
        else:
            # A time-out has no error, as in DescribeExecution.
            envelope["Error"] = None if state.status == "TIMED_OUT" else state.error
            envelope["Cause"] = state.cause
            end = task_failed(parent.task, "States.TaskFailed", _cause(envelope, parent.form))
        answer = start_answer(arn, started_at, f"{parent.id}:{parent.task}")
        told.append((parent, [task_submitted(parent.task, answer), end]))
    return told


def _redrive_status(state: ExecutionState) -> dict[str, str]:
    reason = None
    if state.status == "SUCCEEDED":
        reason = "Execution is SUCCEEDED and cannot be redriven"
    elif state.last_event_id >= EVENT_LIMIT - 1:
        reason = "Execution history event limit exceeded"
    if reason is None:
        return {"RedriveStatus": "REDRIVABLE"}
    return {"RedriveStatus": "NOT_REDRIVABLE", "RedriveStatusReason": reason}


def _cause(envelope: dict[str, Any], form: str) -> str:
    """A failed child as a cause. One that would be too long leaves the input out, not the end."""
    text = _text(envelope, form)
    if len(text) > LONGEST_CAUSE:
        text = _text({**envelope, "Input": None, "InputDetails": {"Included": False}}, form)
    return text[:LONGEST_CAUSE]


def _text(envelope: dict[str, Any], form: str) -> str:
    """The members that are there in alphabetical order; ``.sync:2`` has payloads as values."""
    members = {name: envelope[name] for name in sorted(envelope) if envelope[name] is not None}
    texts = {}
    for name, value in members.items():
        if form == "sync:2" and name == "Input":
            texts[name] = json_text.dumps(json_text.loads(value))
        elif form == "sync:2" and name == "Output":
            texts[name] = value  # compact already
        else:
            texts[name] = json_text.dumps(value)
    return "{" + ",".join(f'"{name}":{text}' for name, text in texts.items()) + "}"


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
