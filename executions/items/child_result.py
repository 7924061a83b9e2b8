"""One child's result in the forms that a ResultWriter has for it.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from studio.asl import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from studio.asl.definition import Json

Transformation = Literal["NONE", "COMPACT", "FLATTEN"]

NOT_REDRIVABLE: Final = "NOT_REDRIVABLE"


@dataclass(frozen=True, slots=True)
class ChildResult:
    """A child execution of a Map Run. Texts are JSON texts, moments seconds since the epoch.

    ``status`` is SUCCEEDED, FAILED, TIMED_OUT, ABORTED, or PENDING for one that never began, which
    has no ``execution_arn`` and no moments.
    """

    status: str
    name: str | None
    state_machine_arn: str
    input: str
    execution_arn: str | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    start_date: float | None = None
    stop_date: float | None = None
    redrive_count: int = 0
    redrive_status: str = NOT_REDRIVABLE
    redrive_status_reason: str | None = None


def written(results: Iterable[ChildResult], transformation: Transformation) -> Iterator[str]:
    """The JSON texts that stand for the results.

    NONE: what is known of each child. COMPACT: its output. FLATTEN: its output, or where that is an
    array, its elements. A child that did not succeed is written as with NONE, whatever is asked.
    """
    for result in results:
        if transformation == "NONE" or result.status != "SUCCEEDED" or result.output is None:
            yield json_text.dumps(described(result))
        elif transformation == "FLATTEN" and result.output.lstrip().startswith("["):
            elements = json_text.loads(result.output, max_depth=json_text.MAX_WRITTEN_DEPTH)
            assert isinstance(elements, list)
            yield from map(json_text.dumps, elements)
        else:
            # Compact, and of one line whatever the text was that an execution began with.
            value = json_text.loads(result.output, max_depth=json_text.MAX_WRITTEN_DEPTH)
            yield json_text.dumps(value)


def described(result: ChildResult) -> dict[str, Json]:
    """What is known of a child, as Step Functions exports it. What has no value is left out."""
    members: dict[str, Json] = {
        "Cause": result.cause,
        "Error": result.error,
        "ExecutionArn": result.execution_arn,
        "Input": result.input,
        "InputDetails": {"Included": True},
        "Name": result.name,
        "Output": result.output,
        "OutputDetails": None if result.output is None else {"Included": True},
        "RedriveCount": result.redrive_count,
        "RedriveStatus": result.redrive_status,
        "RedriveStatusReason": result.redrive_status_reason,
        "StartDate": _iso(result.start_date),
        "StateMachineArn": result.state_machine_arn,
        "Status": result.status,
        "StopDate": _iso(result.stop_date),
    }
    return {name: value for name, value in members.items() if value is not None}


def _iso(moment: float | None) -> str | None:
    if moment is None:
        return None
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
