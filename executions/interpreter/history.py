"""History events as texts: the pieces of their details, and whole events in AWS's wire form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.messages import HistoryEvent
from executions.interpreter.payload import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

EVENT_LIMIT: Final = 25_000
"""Events a history may have; the last is kept for the failure this causes."""

new_event: Any = tuple.__new__
"""``new_event(HistoryEvent, (…))``: a NamedTuple's own constructor takes twice as long."""

_EVENT = re.compile(
    r'\{"timestamp":([0-9.]+),"type":"(\w+)","id":(\d+),"previousEventId":(\d+)(?:,(.*))?\}',
    re.DOTALL,
)

INPUT_END: Final = ',"inputDetails":{"truncated":false}}'
OUTPUT_END: Final = ',"outputDetails":{"truncated":false}}'


def error_details(member: str, error: str | None, cause: str | None, rest: str = "") -> str:
    """Write the details of a failure. What is absent is left out; ``rest`` is further members."""
    parts = []
    if error is not None:
        parts.append(f'"error":{quote(error)}')
    if cause is not None:
        parts.append(f'"cause":{quote(cause)}')
    if rest:
        parts.append(rest)
    return f'"{member}":{{{",".join(parts)}}}'


def encode_event(event: HistoryEvent) -> str:
    """Write one event as AWS's JSON object; its timestamp is in seconds with three decimals."""
    number, previous, kind, timestamp, details = event
    rest = f",{details}" if details else ""
    return (
        f'{{"timestamp":{timestamp:.3f},"type":"{kind}","id":{number},'
        f'"previousEventId":{previous}{rest}}}'
    )


def encode_events(events: Sequence[HistoryEvent]) -> str:
    """Write events as lines, each AWS's JSON object, without a line break at the end."""
    if not events:
        return ""
    first = events[0].timestamp
    if first == events[-1].timestamp:
        # All of one turn, for time never runs backwards: the usual case, and worth a quick way.
        start = f'{{"timestamp":{first:.3f},"type":"'
        lines: list[str] = []
        add = lines.append
        before, text = 0, "0"
        for number, previous, kind, _, details in events:
            # Most events follow the one before, whose id is written already.
            follows = text if previous == before else previous
            before, text = number, str(number)
            add(
                f'{start}{kind}","id":{text},"previousEventId":{follows},{details}}}'
                if details
                else f'{start}{kind}","id":{text},"previousEventId":{follows}}}'
            )
        return "\n".join(lines)
    return "\n".join(map(encode_event, events))


def decode_event(line: str) -> HistoryEvent:
    """Read an event that ``encode_event`` wrote; its details are not parsed."""
    match = _EVENT.fullmatch(line)
    if match is None:
        raise ValueError(f"This is no stored event: {line[:200]}")
    timestamp, kind, number, previous, details = match.groups()
    return HistoryEvent(int(number), int(previous), kind, float(timestamp), details or "")
