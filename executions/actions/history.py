"""Reads pages of a history: lines of JSON as they are stored, cut where lines end, never parsed.

The state of the execution is read in the same statement, so that "ended, and this was all" can be
told from "ended, and more has come meanwhile".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from datetime import datetime

MAX_EVENTS = 1000
"""Events in a page: AWS's limit."""
MAX_PAGE_BYTES = 4 * 1024 * 1024
"""A page ends early where its events are this large: a thousand may be 256 KiB each."""

# Chunks are found through their primary key alone: the one that holds the event after %(after)s
# begins at or before it. octet_length reads no toasted text.
_AFTER = """
SELECT e.status, e.stopped_at, e.last_event_id, c.first_id, c.events
FROM executions_execution e LEFT JOIN LATERAL (
    SELECT first_id, events FROM (
        SELECT first_id, events,
               sum(octet_length(events)) OVER (ORDER BY first_id) - octet_length(events) AS before
        FROM executions_historychunk
        WHERE execution_id = e.id AND first_id <= %(after)s::bigint + %(limit)s
        AND first_id >= coalesce((
            SELECT max(first_id) FROM executions_historychunk
            WHERE execution_id = e.id AND first_id <= %(after)s::bigint + 1), 0)
    ) chunks WHERE before < %(bytes)s
) c ON true
WHERE e.id = %(execution)s ORDER BY c.first_id
"""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Events ``first_id``… in ascending order, one JSON text each, and the execution as it was.

    ``first_id`` is 0 where there are none. ``last_event_id`` is the execution's, not the page's.
    """

    events: list[str]
    first_id: int
    status: str
    stopped_at: datetime | None
    last_event_id: int

    @property
    def last_id(self) -> int:
        """The id of the page's last event; 0 where there are none."""
        return self.first_id + len(self.events) - 1 if self.events else 0

    @property
    def is_final(self) -> bool:
        """Whether the execution has ended and nothing comes after this page."""
        return self.status != "RUNNING" and self.last_id in (0, self.last_event_id)


def read_events(execution_id: int, *, after: int, limit: int = MAX_EVENTS) -> HistoryPage | None:
    """The events with ids above ``after``, at most ``limit``; None where no such execution is.

    Fewer than ``limit`` may come although there are more: ask again after the last one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _AFTER,
            {
                "execution": execution_id,
                "after": after,
                "limit": limit,
                "bytes": MAX_PAGE_BYTES,
            },
        )
        rows = cursor.fetchall()
    if not rows:
        return None
    status, stopped_at, last_event_id, *_ = rows[0]
    events: list[str] = []
    size = 0
    for _, _, _, first_id, text in rows:
        if first_id is None:
            break
        # Everything of a chunk before ``after`` was read before.
        for line in text.split("\n")[max(0, after + 1 - first_id) :]:
            size += len(line)
            if len(events) == limit or (events and size > MAX_PAGE_BYTES):
                break
            events.append(line)
        else:
            continue
        break
    first = after + 1 if events else 0
    return HistoryPage(events, first, status, stopped_at, last_event_id)


def read_events_before(execution_id: int, *, before: int, limit: int) -> HistoryPage | None:
    """The ``limit`` events with the highest ids below ``before``; fewer only at the beginning."""
    after = max(0, before - 1 - limit)
    page = read_events(execution_id, after=after, limit=before - 1 - after)
    if page is None or page.last_id in (0, before - 1):
        return page
    # Large events: what is nearest to ``before`` counts, so go on from where the page was cut.
    events = list(page.events)
    while page is not None and page.events and page.last_id < before - 1:
        page = read_events(execution_id, after=page.last_id, limit=before - 1 - page.last_id)
        if page is not None:
            events += page.events
    if page is None:
        return None
    return HistoryPage(events, after + 1, page.status, page.stopped_at, page.last_event_id)
