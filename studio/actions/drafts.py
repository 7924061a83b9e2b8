"""Drafts: saved and discarded. The only place that writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from studio import arns
from studio.actions.names import check_name
from studio.errors import DraftChanged, DraftDoesNotExist
from studio.models import Draft

if TYPE_CHECKING:
    from uuid import UUID


def get_draft(owner_id: int, name: str) -> Draft:
    """The person's draft of the state machine ``name``.

    Raises:
        DraftDoesNotExist: there is none.
    """
    draft = Draft.objects.filter(owner_id=owner_id, name=name).first()
    if draft is None:
        raise DraftDoesNotExist(arns.short_name(name))
    return draft


def save_draft(
    owner_id: int,
    name: str,
    *,
    definition: str,
    format: str,  # noqa: A002 - the wire's name
    base_revision_id: UUID | None,
    follows: int,
    settings: dict[str, Any] | None = None,
) -> Draft:
    """Store what the person has written so far, whatever it is.

    ``follows`` is the sequence of the draft that it goes on from; 0 where there was none. A request
    that comes a second time, because its answer was lost, finds its text stored and is content.

    Raises:
        DraftChanged: another window has saved since.
        InvalidName: no state machine can have this name.
    """
    check_name(arns.short_name(name))
    values: dict[str, Any] = {
        "definition": definition,
        "format": format,
        "base_revision_id": base_revision_id,
        "settings": settings or {},
    }
    try:
        with transaction.atomic():
            return _save(owner_id, name, values, follows)
    except IntegrityError:
        # Two windows made the first draft at once: one of them was later.
        with transaction.atomic():
            return _save(owner_id, name, values, follows)


def _save(owner_id: int, name: str, values: dict[str, Any], follows: int) -> Draft:
    draft = Draft.objects.select_for_update().filter(owner_id=owner_id, name=name).first()
    if draft is None:
        # It may have been discarded or published in another window; what is written here is not
        # to be lost for that.
        return Draft.objects.create(
            owner_id=owner_id, name=name, sequence=1, updated_at=timezone.now(), **values
        )
    if all(getattr(draft, field) == value for field, value in values.items()):
        return draft
    if draft.sequence != follows:
        raise DraftChanged(arns.short_name(name))
    for field, value in values.items():
        setattr(draft, field, value)
    draft.sequence += 1
    draft.updated_at = timezone.now()
    draft.save()
    return draft


def end_draft(owner_id: int, name: str, *, definition: str, format: str) -> None:  # noqa: A002
    """Delete a draft that says nothing but this text: there is nothing left to publish of it."""
    Draft.objects.filter(
        owner_id=owner_id, name=name, definition=definition, format=format, settings={}
    ).delete()


def discard_draft(owner_id: int, name: str) -> None:
    """Delete a draft; one that does not exist is no error."""
    Draft.objects.filter(owner_id=owner_id, name=name).delete()
