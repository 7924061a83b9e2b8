"""Bringing stored secrets to the newest key, a few at a time, while everything else goes on.

A model says which of its columns are encrypted: ``encrypted_columns``, purposes by names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.apps import apps
from django.db import transaction

from studio.actions.audit import record
from studio.encryption import UnreadableSecret, decrypt, encrypt, is_current
from studio.models import AuditAction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db import models

BATCH: Final = 200
"""Rows that one commit changes; what a killed rotation had done it need not do again."""


@dataclass(slots=True)
class Rotated:
    """What became of one column: how many secrets are new, were so already, or cannot be read."""

    column: str
    new: int = 0
    current: int = 0
    unreadable: int = 0


def encrypted_columns() -> Iterator[tuple[type[models.Model], str, str]]:
    """Every column with secrets: its model, its name and its purpose."""
    for model in apps.get_models():
        for column, purpose in getattr(model, "encrypted_columns", {}).items():
            yield model, column, purpose


def rotate_secrets(after_batch: Callable[[Rotated], None] = lambda _: None) -> list[Rotated]:
    """Encrypt with the newest key what an older one encrypted; what cannot be read stays.

    May be ended at any moment and run again: it goes by what is stored. ``after_batch`` hears after
    each commit how far a column is.
    """
    results = []
    for model, column, purpose in encrypted_columns():
        rotated = Rotated(f"{model._meta.db_table}.{column}")
        last = 0
        while (last := _rotate_batch(model, column, purpose, last, rotated)) > 0:
            after_batch(rotated)
        results.append(rotated)
    told = {each.column: {"new": each.new, "unreadable": each.unreadable} for each in results}
    record(AuditAction.ROTATE_SECRETS, "secrets", told)
    return results


@transaction.atomic
def _rotate_batch(
    model: type[models.Model], column: str, purpose: str, after: int, rotated: Rotated
) -> int:
    """Look at the rows behind ``after``; the last of them, or 0 when there are none."""
    rows = model._default_manager.filter(pk__gt=after).order_by("pk")
    found = list(rows.select_for_update(no_key=True).values_list("pk", column)[:BATCH])
    for pk, encrypted in found:
        if not encrypted or is_current(encrypted, purpose):
            rotated.current += 1
            continue
        try:
            text = decrypt(encrypted, purpose)
        except UnreadableSecret:
            rotated.unreadable += 1
            continue
        model._default_manager.filter(pk=pk).update(**{column: encrypt(text, purpose)})
        rotated.new += 1
    return found[-1][0] if found else 0
