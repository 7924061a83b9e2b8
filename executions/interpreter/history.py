"""History events as texts: the pieces of their details, and whole events in AWS's wire form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.payload import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.interpreter.messages import HistoryEvent

EVENT_LIMIT: Final = 25_000
"""Events a history may have; the last is kept for the failure this causes."""

new_event: Any = tuple.__new__
"""``new_event(HistoryEvent, (…))``: a NamedTuple's own constructor takes twice as long."""

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
        return "\n".join(
            [
                f'{start}{kind}","id":{number},"previousEventId":{previous},{details}}}'
                if details
                else f'{start}{kind}","id":{number},"previousEventId":{previous}}}'
                for number, previous, kind, _, details in events
            ]
        )
    return "\n".join(map(encode_event, events))
