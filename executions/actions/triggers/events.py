"""Events that somebody posts: each is stored, with what it starts, before it is answered."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from executions.actions.triggers.event import NewEvent
from executions.actions.triggers.routing import rules_that_may_match, starts_for, store_event
from executions.models import TriggeredStart
from studio.asl import json_text
from studio.errors import ValidationException

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ENTRIES: Final = 10
LONGEST_EVENT: Final = 256 * 1024
"""Bytes of one entry, as at AWS."""

_ID = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of an entry: ``starts`` executions, or nothing more where it was ``repeated``."""

    event_id: str
    repeated: bool
    starts: int


class InvalidEntry(ValueError):
    """An entry is no event; says what is wrong."""


def new_event(
    *,
    source: str,
    detail_type: str,
    detail: Any,
    resources: Sequence[str] = (),
    time: datetime | None = None,
    event_id: str | None = None,
) -> NewEvent:
    """Check an entry and give the event. Raises InvalidEntry."""
    if not 1 <= len(source) <= 256 or "\0" in source:
        raise InvalidEntry("Source is required and has at most 256 characters.")
    if source.startswith("aws."):
        raise InvalidEntry("Source must not begin with 'aws.': those are AWS's own events.")
    if not 1 <= len(detail_type) <= 128 or "\0" in detail_type:
        raise InvalidEntry("DetailType is required and has at most 128 characters.")
    if not isinstance(detail, dict):
        raise InvalidEntry("Detail is required and must be a JSON object.")
    if event_id is not None and not _ID.fullmatch(event_id):
        raise InvalidEntry("An event's id has 1 to 128 visible ASCII characters.")
    event = NewEvent(
        source,
        detail_type,
        detail,
        time or datetime.now(UTC),
        list(resources),
        str(uuid.uuid4()) if event_id is None else event_id,
    )
    text = json_text.dumps(event.members())
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_EVENT:
        raise InvalidEntry(f"The entry is larger than {LONGEST_EVENT} bytes.")
    if "\\u0000" in text:
        raise InvalidEntry("The entry has a NUL character.")
    return event


def accept_events(events: Sequence[NewEvent]) -> list[Accepted]:
    """Store events and what their rules start, in one commit; in the order they were given.

    An event whose id is known starts nothing again: a sender may repeat what was not answered.
    Raises ValidationException for none, or too many.
    """
    if not 1 <= len(events) <= MOST_ENTRIES:
        raise ValidationException(message=f"Send 1 to {MOST_ENTRIES} entries at once.")
    accepted = []
    with transaction.atomic():
        rules = rules_that_may_match(statuses=False)
        for event in events:
            row = store_event(event)
            starts = []
            if row is not None:
                starts = starts_for(rules, event.members())
                for start in starts:
                    start.event = row
                TriggeredStart.objects.bulk_create(starts)
            accepted.append(Accepted(event.id, row is None, len(starts)))
    return accepted
