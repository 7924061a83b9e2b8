"""The audit trail: written with the change, chained, and not to be changed."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from studio.actions.audit import SYSTEM, Actor, acting, record
from studio.actions.audit_chain import BATCH, GENESIS, entry_hash, seal_entries, verify_chain
from studio.models import ActorKind, AuditAction, AuditEntry

TAG = AuditAction.TAG
ADA = Actor(
    kind=ActorKind.USER,
    name="ada",
    workspace="123456789012",
    address="192.0.2.7",
    request_id="r-1",
)


def fill(number: int) -> None:
    for index in range(number):
        record(TAG, f"thing-{index}", {"index": index})


def without_triggers(statement: str) -> None:
    """What somebody who owns the database can do all the same."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE studio_auditentry DISABLE TRIGGER audit_rows_stay")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE studio_auditentry ENABLE TRIGGER audit_rows_stay")


def test_an_entry_says_who_did_what_and_from_where(db: None) -> None:
    with acting(lambda: ADA):
        record(TAG, "arn:x", {"tags": {"a": "é"}})
    record(TAG, "arn:y")
    first, second = AuditEntry.objects.all()
    assert (first.actor_kind, first.actor, first.address, first.request_id) == (
        "USER",
        "ada",
        "192.0.2.7",
        "r-1",
    )
    assert (first.action, first.subject, first.workspace) == (
        "resource.tag",
        "arn:x",
        "123456789012",
    )
    assert first.details == '{"tags":{"a":"é"}}'
    assert (second.actor_kind, second.actor, second.details) == ("SYSTEM", "system", "{}")
    assert SYSTEM.name == "system"


def test_an_entry_stays_or_goes_with_its_change(db: None) -> None:
    with transaction.atomic():
        record(TAG, "gone")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE studio_auditentry SET subject = 'another'",
        "UPDATE studio_auditentry SET sequence = 1",
        "UPDATE studio_auditentry SET sequence = 1, hash = 'x', actor = 'eve'",
        "DELETE FROM studio_auditentry",
        "TRUNCATE studio_auditentry",
    ],
)
@pytest.mark.parametrize("sealed", [False, True])
def test_nothing_is_changed_or_removed(db: None, statement: str, sealed: bool) -> None:
    fill(1)
    if sealed:
        seal_entries()
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().subject == "thing-0"


def test_a_sealed_entry_is_not_sealed_again(db: None) -> None:
    fill(1)
    seal_entries()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.update(sequence=2, hash="0" * 64)


def test_the_chain_goes_on_where_it_was(db: None) -> None:
    fill(BATCH + 3)
    assert seal_entries() == BATCH + 3
    assert seal_entries() == 0
    fill(2)
    assert seal_entries() == 2
    entries = list(AuditEntry.objects.order_by("sequence"))
    assert [entry.sequence for entry in entries] == list(range(1, BATCH + 6))
    assert entries[0].hash == entry_hash(entries[0], 1, GENESIS)
    verdict = verify_chain()
    assert verdict.problem is None
    assert verdict.head == f"{BATCH + 5}:{entries[-1].hash}"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE studio_auditentry SET details = '{}' WHERE sequence = 2", "Entry 2 (id"),
        ("UPDATE studio_auditentry SET at = at + interval '1 s' WHERE sequence = 3", "Entry 3 (id"),
        ("DELETE FROM studio_auditentry WHERE sequence = 2", "Entry 2 is missing"),
        ("DELETE FROM studio_auditentry WHERE sequence = 1", "Entry 1 is missing"),
    ],
)
def test_the_first_entry_that_is_not_as_it_was_is_named(
    db: None, statement: str, told: str
) -> None:
    fill(4)
    seal_entries()
    without_triggers(statement)
    with pytest.raises(CommandError) as refusal:
        call_command("verify_audit")
    assert str(refusal.value).startswith(told)


def test_a_noted_head_shows_that_the_end_is_missing_or_all_was_written_anew(db: None) -> None:
    fill(3)
    output = StringIO()
    call_command("verify_audit", stdout=output)
    head = output.getvalue().split("head ")[1].strip()
    assert head.startswith("3:")
    fill(1)
    call_command("verify_audit", f"--expect={head}", stdout=output)
    without_triggers("DELETE FROM studio_auditentry WHERE sequence >= 3")
    call_command("verify_audit", stdout=output)  # By itself it is whole.
    with pytest.raises(CommandError, match="Entry 3 is missing"):
        call_command("verify_audit", f"--expect={head}")
    fill(1)
    with pytest.raises(CommandError, match="Entry 3 is another"):
        call_command("verify_audit", f"--expect={head}")
    with pytest.raises(CommandError, match="NUMBER:HASH"):
        call_command("verify_audit", "--expect=3")


@pytest.mark.django_db(transaction=True)
def test_what_commits_later_comes_later() -> None:
    """The chain has the order of commits: nobody waits for a transaction that takes long."""
    other: Any = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                "INSERT INTO studio_auditentry (at, actor_kind, actor, access_key_id, action, "
                "subject, details, address, request_id) "
                "VALUES (now(), 'SYSTEM', 'system', '', 'resource.tag', 'slow', '{}', '', '')"
            )
        fill(1)
        assert seal_entries() == 1
        other.commit()
        assert seal_entries() == 1
    finally:
        other.close()
    assert list(AuditEntry.objects.order_by("sequence").values_list("subject", flat=True)) == [
        "thing-0",
        "slow",
    ]
    assert verify_chain().problem is None


@pytest.mark.django_db(transaction=True)
def test_one_seals_at_a_time_and_a_killed_one_leaves_its_batch() -> None:
    fill(2)
    sealing: Any = connections.create_connection("default")
    try:
        sealing.set_autocommit(False)
        with sealing.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(5783209112007), pg_backend_pid()")
            process = cursor.fetchone()[1]
            cursor.execute("UPDATE studio_auditentry SET sequence = id, hash = 'half'")
        assert seal_entries() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 20000)", [process])
            assert cursor.fetchone() == (True,)
    finally:
        sealing.connection.close()
    assert seal_entries(wait=True) == 2
    assert verify_chain().problem is None
