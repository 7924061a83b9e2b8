"""Entries of the audit trail: found, the latest first, and given out in the order of the chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from studio.models import AuditEntry

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

SEARCHED: Final = 20_000
"""Entries among which one page looks for a text, which no index finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries; what is empty is not asked for.

    ``actor`` and ``action`` are whole, ``subject`` is the beginning of one, or the name of a state
    machine, execution and so on that it ends with; ``text`` stands anywhere in subject or details.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    text: str = ""
    after: datetime | None = None
    before: datetime | None = None
    workspace: str | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, the latest first. ``next_before`` is the id to go on below; None: that is all.

    ``searched_to`` says how far a search for a text has come, where it has not found a whole page.
    """

    entries: list[AuditEntry]
    next_before: int | None
    searched_to: datetime | None


def find_entries(wanted: AuditFilter, *, before: int | None, limit: int) -> AuditPage:
    """A page of entries with ids below ``before``."""
    found = _indexed(wanted).order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    if not wanted.text and not wanted.subject:
        entries = list(found[: limit + 1])
        more = len(entries) > limit
        return AuditPage(entries[:limit], entries[limit - 1].pk if more else None, None)
    # The last of those that this page looks at; None where it looks at all there are.
    last = found.values_list("pk", "at")[SEARCHED - 1 : SEARCHED].first()
    searched = found if last is None else found.filter(pk__gte=last[0])
    entries = list(searched.filter(_spelled(wanted))[: limit + 1])
    if len(entries) > limit:
        return AuditPage(entries[:limit], entries[limit - 1].pk, None)
    if last is None:
        return AuditPage(entries, None, None)
    return AuditPage(entries, last[0], last[1])


def sealed_entries(wanted: AuditFilter) -> QuerySet[AuditEntry]:
    """The entries that are in the chain, in its order."""
    found = _indexed(wanted).filter(_spelled(wanted)).exclude(sequence=None)
    return found.order_by("sequence")


def _indexed(wanted: AuditFilter) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.all()
    if wanted.actor:
        found = found.filter(actor=wanted.actor)
    if wanted.action:
        found = found.filter(action=wanted.action)
    if wanted.after is not None:
        found = found.filter(at__gte=wanted.after)
    if wanted.before is not None:
        found = found.filter(at__lt=wanted.before)
    if wanted.workspace is not None:
        found = found.filter(workspace=wanted.workspace)
    return found


def _spelled(wanted: AuditFilter) -> Q:
    conditions = Q()
    if wanted.subject:
        conditions &= Q(subject__startswith=wanted.subject) | Q(subject__endswith=wanted.subject)
    if wanted.text:
        conditions &= Q(subject__icontains=wanted.text) | Q(details__icontains=wanted.text)
    return conditions
