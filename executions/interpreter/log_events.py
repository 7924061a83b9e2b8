"""History events as log events: what Step Functions sends to a machine's log group.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html, and what
the service was seen to write. A log event says the same as its history event, with every number a
text, the details under one name, and the execution it belongs to.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import orjson

from executions.interpreter.payload import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from executions.interpreter.messages import HistoryEvent

Level = Literal["ALL", "ERROR", "FATAL", "OFF"]

EXECUTION_DATA: Final = frozenset(
    {
        "input",
        "inputDetails",
        "output",
        "outputDetails",
        "parameters",
        "assignedVariables",
        "assignedVariablesDetails",
    }
)
"""Members of details that show payloads; left out unless execution data is to be included."""

PAYLOAD_LIMIT: Final = 253_952
"""Bytes an input or output may have in a log event, escaped as it stands there: 248 KiB."""

_FATAL: Final = frozenset({"ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut"})
_ERROR_ENDINGS: Final = ("Failed", "TimedOut", "Aborted")


@dataclass(frozen=True, slots=True)
class LogLevel:
    """What of a history is logged: events up to ``level``, with or without their payloads."""

    level: Level = "OFF"
    include_execution_data: bool = False

    def takes(self, event_type: str) -> bool:
        """Whether events of this type are logged."""
        match self.level:
            case "ALL":
                return True
            case "ERROR":
                return event_type.endswith(_ERROR_ENDINGS) or event_type == "FailStateEntered"
            case "FATAL":
                return event_type in _FATAL
            case "OFF":
                return False


def log_events(
    events: Iterable[HistoryEvent], level: LogLevel, execution_arn: str, redrive_count: int
) -> list[str]:
    """The log events of these history events, each one line of JSON, in AWS's order of members."""
    ending = f'"execution_arn":{quote(execution_arn)},"redrive_count":"{redrive_count}"}}'
    return [
        f'{{"id":"{number}","type":"{kind}","details":'
        f"{_details(details, level.include_execution_data)},"
        f'"previous_event_id":"{previous}","event_timestamp":"{timestamp * 1000:.0f}",{ending}'
        for number, previous, kind, timestamp, details in events
        if level.takes(kind)
    ]


def _details(details: str, include_execution_data: bool) -> str:
    if not details:
        return "{}"
    # ``details`` is a member with its name, which a log event does not repeat.
    text = details[details.index(":") + 1 :]
    if include_execution_data:
        # No character takes more than 4 bytes: most need no counting.
        return text if len(text) * 4 <= PAYLOAD_LIMIT else _shortened(text)
    kept = {k: v for k, v in orjson.loads(text).items() if k not in EXECUTION_DATA}
    return orjson.dumps(kept).decode()


def _shortened(text: str) -> str:
    """Cut an input or output that is too long for a log event, and say so beside it."""
    members = orjson.loads(text)
    for name in ("input", "output"):
        payload = members.get(name, "")
        if _escaped_size(payload) > PAYLOAD_LIMIT:
            members[name] = _beginning(payload)
            members[f"{name}Details"] = {"truncated": True}
            return orjson.dumps(members).decode()
    return text


def _beginning(payload: str) -> str:
    """Give as many characters as the limit lets through; no escape is cut apart."""

    def size(count: int) -> int:
        return _escaped_size(payload[:count])

    return payload[: bisect_right(range(len(payload)), PAYLOAD_LIMIT, key=size) - 1]


def _escaped_size(payload: str) -> int:
    return len(orjson.dumps(payload)) - 2
