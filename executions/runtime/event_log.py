"""Log events: written to a file for each log group, after the commit that made them history.

A turn puts down which of its events are to be logged, in its own commit. Every process writes
what it finds put down and removes it then: one that is killed in between leaves events that the
next one writes again. So log events come at least once, and none is lost.

A file is opened for each batch and appended to in one write: processes may share it, and whoever
renames it to rotate it loses nothing.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from django.conf import settings

from executions.interpreter.history import decode_event
from executions.interpreter.log_events import LogLevel, log_events
from executions.runtime.connection import transaction
from executions.runtime.names import MACHINE
from studio import arns
from studio.actions.configurations import log_group_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BATCH = 200
"""Turns whose events are written at once."""

_TAKE = """
DELETE FROM executions_logdelivery WHERE id IN (
    SELECT id FROM executions_logdelivery ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, execution_id, first_id, redrive_count
"""
_READ = f"""
SELECT {MACHINE}, e.name, m.logging_configuration, w.redrive_count, c.events
FROM unnest(%b::bigint[], %b::bigint[], %b::int[], %b::int[])
  AS w(id, execution_id, first_id, redrive_count)
JOIN executions_historychunk c ON c.execution_id = w.execution_id AND c.first_id = w.first_id
JOIN executions_execution e ON e.id = w.execution_id
JOIN studio_statemachine m ON m.id = e.state_machine_id
ORDER BY w.id
"""


@dataclass(frozen=True, slots=True)
class Log:
    """A state machine's loggingConfiguration, read: what is logged, and to which log group."""

    level: LogLevel
    group: str

    @property
    def is_on(self) -> bool:
        """Whether anything is logged at all."""
        return self.level.level != "OFF" and self.group != ""


@lru_cache(maxsize=1024)
def log_of(configuration: str) -> Log:
    """Read a stored loggingConfiguration, "" included."""
    given = orjson.loads(configuration) if configuration else {}
    level = LogLevel(given.get("level", "OFF"), given.get("includeExecutionData", False))
    return Log(level, log_group_of(given) or "")


def deliver() -> int:
    """Write the log events that turns have put down; how many turns' events were taken.

    Written before the removal commits, so that a process that dies in between repeats them.
    """
    delivered = 0
    while True:
        with transaction() as cursor:
            cursor.execute(_TAKE, (BATCH,))
            taken = cursor.fetchall()
            if taken:
                cursor.execute(_READ, [list(column) for column in zip(*taken, strict=True)])
                lines: dict[str, list[str]] = defaultdict(list)
                for machine, execution, configuration, redrive_count, text in cursor.fetchall():
                    log = log_of(configuration)
                    if log.is_on:
                        lines[log.group] += log_events(
                            map(decode_event, text.split("\n")),
                            log.level,
                            arns.execution_arn(machine, execution),
                            redrive_count,
                        )
                write(lines)
        delivered += len(taken)
        if len(taken) < BATCH:
            return delivered


def write(lines: Mapping[str, Sequence[str]]) -> None:
    """Append log events, by log group, to where ``settings.EVENT_LOG`` says.

    Raises OSError where that cannot be written; nothing is removed then.
    """
    for group, events in lines.items():
        if not events:
            continue
        data = "".join(f"{event}\n" for event in events).encode("utf-8", "replace")
        if settings.EVENT_LOG == "-":
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            continue
        path = file_of(group)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as file:
            while data:
                data = data[file.write(data) :]


def file_of(group: str) -> Path:
    """The file of a log group: its name's parts as folders, none of which leads elsewhere."""
    parts = [part for part in group.split("/") if part not in ("", ".", "..")]
    return Path(settings.EVENT_LOG).joinpath(*parts[:-1], f"{parts[-1] if parts else 'log'}.jsonl")
