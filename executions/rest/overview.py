"""What the list of state machines says of their executions: two statements for a whole page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from executions.models import Execution
from studio.asl import json_text
from studio.models import StateMachineRevision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.models import StateMachine

COUNT_LIMIT = 10_000
"""Counting more would cost a page that is looked at every few seconds more than it tells."""
LATEST = 10
REMEMBERED_COMMENTS = 2000

_COUNTS = """
SELECT m.id, s.status, c.count
FROM unnest(%s::bigint[]) AS m(id) CROSS JOIN unnest(%s::text[]) AS s(status)
CROSS JOIN LATERAL (
    SELECT count(*) FROM (
        SELECT 1 FROM executions_execution e
        WHERE e.state_machine_id = m.id AND e.status = s.status AND e.map_run_id IS NULL
        LIMIT %s) counted
) c
"""
_LATEST = """
SELECT m.id, e.name, e.status, e.started_at
FROM unnest(%s::bigint[]) AS m(id)
CROSS JOIN LATERAL (
    SELECT id, name, status, started_at FROM executions_execution
    WHERE state_machine_id = m.id AND map_run_id IS NULL ORDER BY id DESC LIMIT %s
) e ORDER BY m.id, e.id DESC
"""

_comments: dict[int, str] = {}


@dataclass
class Overview:
    """A state machine and what its row in the list shows; other attributes are the machine's."""

    machine: StateMachine
    description: str
    execution_counts: dict[str, int]
    latest_executions: list[dict[str, Any]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.machine, name)


def overviews(machines: Sequence[StateMachine]) -> list[Overview]:
    """The rows for these state machines, in their order."""
    ids = [machine.pk for machine in machines]
    statuses = list(Execution.Status.values)
    texts = _descriptions(machines)
    rows = {
        machine.pk: Overview(
            machine, texts.get(machine.current_id or 0, ""), dict.fromkeys(statuses, 0), []
        )
        for machine in machines
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, (ids, statuses, COUNT_LIMIT))
        for machine_id, status, count in cursor.fetchall():
            rows[machine_id].execution_counts[status] = count
        cursor.execute(_LATEST, (ids, LATEST))
        for machine_id, name, status, started_at in cursor.fetchall():
            rows[machine_id].latest_executions.append(
                {"name": name, "status": status, "started_at": started_at}
            )
    return [rows[machine_id] for machine_id in ids]


def _descriptions(machines: Sequence[StateMachine]) -> dict[int, str]:
    """The Comments of current revisions, by revision: one never changes, so it is read once."""
    wanted = {machine.current_id for machine in machines if machine.current_id is not None}
    if len(_comments) > REMEMBERED_COMMENTS:
        _comments.clear()
    if missing := wanted - _comments.keys():
        revisions = StateMachineRevision.objects.filter(pk__in=missing)
        for pk, definition in revisions.values_list("pk", "definition"):
            _comments[pk] = _comment(definition)
    return {pk: _comments.get(pk, "") for pk in wanted}


def _comment(text: str) -> str:
    definition = json_text.loads(text)
    comment = definition.get("Comment") if isinstance(definition, dict) else None
    return comment if isinstance(comment, str) else ""
