"""Log events: written to where the installation keeps them, after they have become history.

A turn puts down which of its events are to be logged, in its own commit. Every process writes
what it finds put down and removes it then: one that is killed in between leaves events that the
next one writes again. So log events come at least once, and none is lost.

Files and standard output are written here, at once. CloudWatch Logs may be slow, or away:
``log_shipping`` sends there, beside everything else.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import orjson
from django.conf import settings

from executions.interpreter.history import decode_event
from executions.interpreter.log_events import LogLevel, log_events
from executions.runtime import express_log, log_files
from executions.runtime.connection import transaction
from executions.runtime.names import MACHINE
from studio import arns
from studio.actions.configurations import LogGroup, log_group_of
from studio.redaction import hide_text
from studio.sensitive_fields import NONE, marks_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import psycopg

    from studio.sensitive_fields import Marks

BATCH = 200
"""Turns whose events are written at once."""
CLOUDWATCH: Final = "cloudwatch"
"""What ``settings.EVENT_LOG`` says where log events go to CloudWatch Logs."""
STANDARD_OUTPUT: Final = "-"

_TAKE = """
DELETE FROM executions_logdelivery WHERE id IN (
    SELECT id FROM executions_logdelivery ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, execution_id, first_id, redrive_count
"""
_READ = f"""
SELECT w.id, {MACHINE}, e.name, m.logging_configuration, m.sensitive_fields, w.redrive_count,
  c.events
FROM unnest(%b::bigint[], %b::bigint[], %b::int[], %b::int[])
  AS w(id, execution_id, first_id, redrive_count)
JOIN executions_historychunk c ON c.execution_id = w.execution_id AND c.first_id = w.first_id
JOIN executions_execution e ON e.id = w.execution_id
JOIN studio_statemachine m ON m.id = e.state_machine_id
ORDER BY w.id
"""
_NOWHERE = LogGroup("", "")


@dataclass(frozen=True, slots=True)
class Log:
    """A state machine's loggingConfiguration, read: what is logged, and to which log group."""

    level: LogLevel
    group: LogGroup

    @property
    def is_on(self) -> bool:
        """Whether anything is logged at all."""
        return self.level.level != "OFF" and self.group.name != ""


@dataclass(frozen=True, slots=True)
class Logged:
    """The log events of one turn: the row that put them down, and one line of JSON each."""

    row: int
    group: LogGroup
    lines: list[str]


@lru_cache(maxsize=1024)
def log_of(configuration: str) -> Log:
    """Read a stored loggingConfiguration, "" included."""
    given = orjson.loads(configuration) if configuration else {}
    level = LogLevel(given.get("level", "OFF"), given.get("includeExecutionData", False))
    return Log(level, log_group_of(given) or _NOWHERE)


def deliver() -> int:
    """Write the log events that turns have put down; how many turns' events were taken.

    Written before the removal commits, so that a process that dies in between repeats them.
    """
    delivered = 0
    while True:
        with transaction() as cursor:
            cursor.execute(_TAKE, (BATCH,))
            taken = cursor.fetchall()
            lines: dict[LogGroup, list[str]] = defaultdict(list)
            for logged in read(cursor, taken):
                lines[logged.group] += logged.lines
            for group, events in lines.items():
                write(group, events)
        delivered += len(taken)
        if len(taken) < BATCH:
            return delivered


def read(cursor: psycopg.Cursor[tuple[Any, ...]], rows: Sequence[tuple[Any, ...]]) -> list[Logged]:
    """The log events of deliveries: rows of id, execution, first event and redrive count.

    What has no history any more, or is not to be logged any more, is left out.
    """
    if not rows:
        return []
    cursor.execute(_READ, [list(column) for column in zip(*rows, strict=True)])
    found = []
    for row, machine, execution, configuration, marked, redrive_count, text in cursor.fetchall():
        log = log_of(configuration)
        if log.is_on:
            events = map(decode_event, text.split("\n"))
            arn = arns.execution_arn(machine, execution)
            written = log_events(events, log.level, arn, redrive_count)
            marks = marks_of(marked)
            lines = [hide_text(line, marks) for line in written]
            if lines:
                found.append(Logged(row, log.group, lines))
    return found


def write(group: LogGroup, events: Sequence[str], marks: Marks = NONE) -> None:
    """Write log events of a group to where ``settings.EVENT_LOG`` says, without what ``marks`` and
    the installation's names hide.

    For CloudWatch Logs they are only handed over: see ``express_log``. Raises OSError where they
    cannot be written.
    """
    if not events:
        return
    if settings.EVENT_LOG == CLOUDWATCH:
        express_log.hand_over(group, [hide_text(event, marks) for event in events])
        return
    data = "".join(f"{hide_text(event, marks)}\n" for event in events).encode("utf-8", "replace")
    if settings.EVENT_LOG == STANDARD_OUTPUT:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        log_files.append(group.name, data)
