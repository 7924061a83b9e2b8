"""The audit trail as text, a piece at a time: JSON Lines, and CSV for spreadsheets.

A line of JSON Lines has everything that its hash is made of, so whoever has the whole file can
verify the chain without this installation.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Final

from asgiref.sync import sync_to_async
from django.db import connection

from studio.actions.audit_chain import seal_entries
from studio.actions.audit_search import AuditFilter, sealed_entries

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from studio.models import AuditEntry

PIECE: Final = 1000
"""Entries that are read at once; nothing is held between two reads."""
COLUMNS: Final = (
    "sequence",
    "id",
    "at",
    "actorKind",
    "actor",
    "accessKeyId",
    "action",
    "subject",
    "workspace",
    "details",
    "address",
    "requestId",
    "hash",
)
FORMATS: Final = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
"""Content types by the names of formats."""
# With one of these a spreadsheet believes that a cell is a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


async def export(wanted: AuditFilter, form: str) -> AsyncIterator[bytes]:
    """Everything that had been committed when this began and that is wanted, oldest first."""
    if form == "csv":
        yield _csv([COLUMNS])
    last = await sync_to_async(_seal, thread_sensitive=False)()
    after = 0
    while True:
        read = sync_to_async(_read, thread_sensitive=False)
        entries = await read(wanted, after, last)
        if entries:
            yield as_text(entries, form)
        if len(entries) < PIECE:
            return
        assert entries[-1].sequence is not None
        after = entries[-1].sequence


def as_text(entries: Sequence[AuditEntry], form: str) -> bytes:
    """These entries as lines of ``form``, one of ``FORMATS``."""
    if form == "csv":
        return _csv([[_cell(value) for value in _values(entry)] for entry in entries])
    lines = (
        json.dumps(dict(zip(COLUMNS, _values(entry), strict=True)), ensure_ascii=False)
        for entry in entries
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _seal() -> int:
    """Seal what is there; the number of the last entry."""
    try:
        seal_entries(wait=True)
        last = sealed_entries(AuditFilter()).last()
        return 0 if last is None or last.sequence is None else last.sequence
    finally:
        # A thread of its own each time: its connection would be nobody's.
        connection.close()


def _read(wanted: AuditFilter, after: int, last: int) -> list[AuditEntry]:
    try:
        found = sealed_entries(wanted).filter(sequence__gt=after, sequence__lte=last)
        return list(found[:PIECE])
    finally:
        connection.close()


def _values(entry: AuditEntry) -> tuple[str | int | None, ...]:
    return (
        entry.sequence,
        entry.pk,
        entry.at.isoformat(timespec="microseconds"),
        entry.actor_kind,
        entry.actor,
        entry.access_key_id,
        entry.action,
        entry.subject,
        entry.workspace,
        entry.details,
        entry.address,
        entry.request_id,
        entry.hash,
    )


def _cell(value: str | int | None) -> str | int | None:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _csv(rows: Sequence[Sequence[str | int | None]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
