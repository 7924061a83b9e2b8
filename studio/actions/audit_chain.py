"""The chain of the audit trail: sealed a few seconds after the fact, and verified from the start.

An entry is inserted by the transaction of what it tells of, without a look at any other: actions
never wait for one another because of the trail. The sealer puts entries into the chain when they
have been committed: one process at a time, held by an advisory lock, gives each the next number
and the hash of itself and the hash before. A transaction that is rolled back leaves no entry, and
so no gap in the numbers; a sealer that is killed leaves its batch to the next one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction

from studio.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

BATCH: Final = 500
"""Entries that one commit seals."""
GENESIS: Final = "0" * 64
"""What stands for the hash before the first entry's."""

_LOCK: Final = 5_783_209_112_007
_SEAL: Final = """
UPDATE studio_auditentry e SET sequence = s.sequence, hash = s.hash
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS s(id, sequence, hash) WHERE e.id = s.id
"""


def canonical_text(entry: AuditEntry, sequence: int, previous: str) -> str:
    """What is hashed: a JSON array of everything an entry says, without white space.

    In this order: number in the chain, hash before, id, time (UTC, microseconds), kind of actor,
    actor, access key, action, subject, workspace, details (the text), address, request id.
    """
    values = [
        sequence,
        previous,
        entry.pk,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_kind,
        entry.actor,
        entry.access_key_id,
        entry.action,
        entry.subject,
        entry.workspace,
        entry.details,
        entry.address,
        entry.request_id,
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def entry_hash(entry: AuditEntry, sequence: int, previous: str) -> str:
    """The SHA-256 of the canonical text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_text(entry, sequence, previous).encode()).hexdigest()


def seal_entries(*, wait: bool = False) -> int:
    """Put what has been committed into the chain; how many entries that were.

    Where another process seals at this moment it is left to that one, or with ``wait`` waited for.
    """
    sealed = 0
    while True:
        with transaction.atomic():
            if not _lock(wait=wait):
                return sealed
            # The lock is held: what these statements see, nobody else adds to.
            number, previous = _head()
            batch = list(AuditEntry.objects.filter(sequence=None).order_by("pk")[:BATCH])
            if batch:
                _seal(batch, number, previous)
        sealed += len(batch)
        if len(batch) < BATCH:
            return sealed


def _lock(*, wait: bool) -> bool:
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        row = cursor.fetchone()
        return bool(row and row[0])


def _head() -> tuple[int, str]:
    sealed = AuditEntry.objects.exclude(sequence=None).order_by("-sequence")
    last = sealed.values_list("sequence", "hash").first()
    if last is None:
        return 0, GENESIS
    sequence, sealed_hash = last
    assert sequence is not None
    assert sealed_hash is not None
    return sequence, sealed_hash


def _seal(batch: Iterable[AuditEntry], number: int, previous: str) -> None:
    rows: list[tuple[int, int, str]] = []
    for entry in batch:
        number += 1
        previous = entry_hash(entry, number, previous)
        rows.append((entry.pk, number, previous))
    with connection.cursor() as cursor:
        cursor.execute(_SEAL, [list(column) for column in zip(*rows, strict=True)])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What looking through the whole chain has shown. ``problem`` is None where all is well."""

    entries: int
    head: str
    unsealed: int
    problem: str | None


def verify_chain(expected: tuple[int, str] | None = None) -> Verdict:
    """Look through the chain from its beginning, up to the first entry that is not as it was.

    ``expected`` is the number and hash of an entry that somebody noted before: without one nobody
    can tell that the latest entries have been removed, or that all was written anew.
    """
    count, previous, problem = 0, GENESIS, None
    if expected is not None and expected[0] == 0:
        expected = None
    for entry in AuditEntry.objects.exclude(sequence=None).order_by("sequence").iterator(2000):
        assert entry.sequence is not None
        if entry.sequence != count + 1:
            problem = f"Entry {count + 1} is missing: {count} is followed by {entry.sequence}."
            break
        wanted = entry_hash(entry, entry.sequence, previous)
        if entry.hash != wanted:
            problem = (
                f"Entry {entry.sequence} (id {entry.pk}) is not as it was sealed, or what stands "
                f"before it is not: {_told(entry)}"
            )
            break
        count, previous = entry.sequence, wanted
        if expected is not None and count == expected[0] and previous != expected[1]:
            problem = f"Entry {count} is another than the one with the hash {expected[1]}."
            break
    if problem is None and expected is not None and count < expected[0]:
        problem = f"Entry {expected[0]} is missing: the chain ends with {count}."
    unsealed = AuditEntry.objects.filter(sequence=None).count()
    return Verdict(count, f"{count}:{previous}", unsealed, problem)


def _told(entry: AuditEntry) -> dict[str, Any]:
    return {
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
    }
