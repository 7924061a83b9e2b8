"""Who is told of what happens to a proposal: in the page, by mail, by webhook.

Everything is a row of the transaction that it tells of; workers send mails and call webhooks.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from studio import arns
from studio.actions.people import members_of, name_of
from studio.asl import json_text
from studio.models import MailChoices, Notification, OutgoingMessage, ReviewWebhook
from studio.models.accounts import in_sight
from studio.models.proposal_thread import ProposalComment

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from studio.models import Proposal

KEPT = 500
"""Notifications that are shown to one person; older ones are removed as new ones come."""

_SENTENCES: Final = {
    "REVIEW_REQUESTED": "{actor} asks you to review {what}",
    "PUSHED": "{actor} changed {what}",
    "COMMENTED": "{actor} commented on {what}",
    "APPROVED": "{actor} approved {what}",
    "CHANGES_REQUESTED": "{actor} asks for changes of {what}",
    "REVIEWED": "{actor} looked at {what}",
    "PUBLISHED": "{actor} published {what}",
    "CANCELLED": "{actor} cancelled {what}",
    "CHECK_FAILED": "A check of {what} failed",
}
EVENTS: Final = tuple(_SENTENCES)
"""Everything that people and programs are told of."""


def tell(
    proposal: Proposal, event: str, actor_id: int | None, *, only: Collection[int] | None = None
) -> None:
    """Tell all who have to do with a proposal, or ``only`` these people, but not who did it.

    Webhooks are told of everything. Call it within the transaction it tells of.
    """
    people = get_user_model()._default_manager
    actor = people.filter(pk=actor_id).first() if actor_id is not None else None
    machine = proposal.state_machine.short_name
    sentence = _SENTENCES[event].format(
        actor=name_of(actor) or "Somebody", what=f"{machine} #{proposal.number} {proposal.title}"
    )[:400]
    ids = set(_participants(proposal) if only is None else only) - {actor_id}
    # Who has left the workspace is told no more.
    account = arns.account_of(proposal.state_machine.name)
    recipients = list(people.filter(members_of(account), pk__in=ids, is_active=True))
    Notification.objects.bulk_create(
        Notification(recipient=person, proposal=proposal, event=event, sentence=sentence)
        for person in recipients
    )
    address = address_of(proposal)
    unwilling = _unwilling(ids, event)
    messages = [
        OutgoingMessage(
            identity=uuid.uuid4(),
            address=mail,
            subject=f"[Stepwell] {machine} #{proposal.number} {proposal.title}"[:250],
            text=f"{sentence}\n\n{address}\n",
        )
        for person in recipients
        if settings.MAIL_FROM and person.pk not in unwilling and (mail := mail_of(person))
    ]
    body = {
        "event": event,
        "accountId": account,
        "stateMachine": machine,
        "number": proposal.number,
        "title": proposal.title,
        "status": proposal.status,
        "version": proposal.version,
        "actor": name_of(actor),
        "sentence": sentence,
        "address": address,
        "date": timezone.now().isoformat(timespec="milliseconds"),
    }
    if only is None or event == "REVIEW_REQUESTED":
        messages += [
            _of_webhook(webhook, body)
            for webhook in ReviewWebhook.objects.filter(
                state_machine=proposal.state_machine_id, is_enabled=True
            )
        ]
    if messages:
        OutgoingMessage.objects.bulk_create(messages)
        transaction.on_commit(import_string(settings.REVIEW_WORK_WAITS))


def address_of(proposal: Proposal) -> str:
    """Where the proposal's page is; without a host where the operator has named none.

    It names the workspace: the session of whoever follows it may be in another one. The page says
    so then, see ``frontend/src/app/linked-workspace.tsx``.
    """
    machine = quote(proposal.state_machine.short_name, safe="")
    account = arns.account_of(proposal.state_machine.name)
    path = f"/state-machines/{machine}/proposals/{proposal.number}"
    return f"{settings.PUBLIC_URL}{path}?workspace={account}"


def _of_webhook(webhook: ReviewWebhook, body: dict[str, Any]) -> OutgoingMessage:
    identity = uuid.uuid4()
    text = json_text.dumps({"id": str(identity), **body})
    return OutgoingMessage(identity=identity, webhook=webhook, text=text)


def _participants(proposal: Proposal) -> set[int]:
    """The author, those asked to review, and everybody who pushed, reviewed or said something."""
    comments = ProposalComment.objects.filter(thread__proposal=proposal)
    ids = {
        proposal.author_id,
        *proposal.reviewers.values_list("pk", flat=True),
        *proposal.pushes.values_list("author_id", flat=True),
        *proposal.reviews.values_list("reviewer_id", flat=True),
        *comments.values_list("author_id", flat=True),
    }
    return {each for each in ids if each is not None}


def mail_of(person: AbstractBaseUser) -> str:
    """Somebody's address; "" where the account has none."""
    return str(getattr(person, person.get_email_field_name(), "") or "")


def _unwilling(ids: Collection[int], event: str) -> set[int]:
    """Those of these people who do not want mails of this event."""
    chosen = MailChoices.objects.filter(person_id__in=ids).values_list("person_id", "unwanted")
    return {person_id for person_id, unwanted in chosen if event in unwanted}


def unwanted_mails(person_id: int) -> set[str]:
    """The events of which somebody wants no mails."""
    chosen = MailChoices.objects.filter(pk=person_id).first()
    return set(chosen.unwanted) if chosen is not None else set()


def choose_mails(person_id: int, unwanted: Collection[str]) -> None:
    """Say of which events somebody wants no mails. What has been written already is sent."""
    known = [event for event in EVENTS if event in unwanted]
    MailChoices.objects.update_or_create(pk=person_id, defaults={"unwanted": known})


def unread(person_id: int) -> int:
    """How many notifications a person has not read, of the workspace they are in."""
    return _unread(person_id).count()


def _unread(person_id: int) -> QuerySet[Notification]:
    own = in_sight("proposal__state_machine__name")
    return Notification.objects.filter(own, recipient_id=person_id, read_at=None)


def mark_read(person_id: int, ids: Collection[int] | None) -> None:
    """Mark a person's notifications as read: these, or all."""
    found = _unread(person_id)
    if ids is not None:
        found = found.filter(pk__in=ids)
    found.update(read_at=timezone.now())
    old = Notification.objects.filter(recipient_id=person_id).values_list("pk", flat=True)[KEPT:]
    Notification.objects.filter(pk__in=list(old)).delete()
