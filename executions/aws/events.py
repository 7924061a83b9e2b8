"""EventBridge's PutEvents: what clients of EventBridge send here starts executions.

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

from __future__ import annotations

from executions.actions.triggers.events import (
    MOST_ENTRIES,
    InvalidEntry,
    accept_events,
    new_event,
)
from studio.asl import json_text
from studio.aws.model import EVENTS_PREFIX
from studio.aws.protocol import Members, Operation
from studio.errors import ValidationException


def put_events(request: Members) -> Members:
    """PutEvents: entries that are events are stored together; the others say what is wrong.

    There is one bus: whatever EventBusName names.
    """
    given = request["Entries"]
    if len(given) > MOST_ENTRIES:
        raise ValidationException(
            message="1 validation error detected: Value at 'entries' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MOST_ENTRIES}"
        )
    answers: list[Members] = [{} for _ in given]
    events, places = [], []
    for place, entry in enumerate(given):
        try:
            events.append(
                new_event(
                    source=entry.get("Source", ""),
                    detail_type=entry.get("DetailType", ""),
                    detail=_detail(entry.get("Detail", "")),
                    resources=entry.get("Resources") or (),
                    time=entry.get("Time"),
                )
            )
            places.append(place)
        except InvalidEntry as problem:
            answers[place] = {"ErrorCode": "InvalidArgument", "ErrorMessage": str(problem)}
    if events:
        for place, accepted in zip(places, accept_events(events), strict=True):
            answers[place] = {"EventId": accepted.event_id}
    return {"FailedEntryCount": len(given) - len(places), "Entries": answers}


def _detail(text: str) -> object:
    try:
        return json_text.loads(text)
    except json_text.InvalidJson as fault:
        raise InvalidEntry(f"Detail is malformed: {fault}") from None


OPERATIONS: dict[str, Operation] = {f"{EVENTS_PREFIX}PutEvents": put_events}
