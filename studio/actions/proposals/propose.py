"""Proposals begun, pushed to, described anew, and cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from studio import arns
from studio.actions.audit import record
from studio.actions.people import people_named
from studio.actions.proposals.anchors import carry_threads
from studio.actions.proposals.checks import ask_checks
from studio.actions.proposals.content import Content, checked_base
from studio.actions.proposals.notifications import tell
from studio.actions.versions import lock_state_machine
from studio.asl import json_text
from studio.errors import (
    ProposalChanged,
    ProposalClosed,
    ProposalDoesNotExist,
    ValidationException,
)
from studio.models import Proposal, ProposalPush
from studio.models.audit_entry import AuditAction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.models import StateMachineRevision

MAX_REVIEWERS = 20
MAX_PUSHES = 500
"""Pushes of one proposal; more than that is another change."""


def get_proposal(state_machine: str, number: int) -> Proposal:
    """A proposal of a state machine, its state machine loaded. Raises ProposalDoesNotExist."""
    found = Proposal.objects.select_related("state_machine__current", "author", "closed_by")
    proposal = found.filter(state_machine__name=state_machine, number=number).first()
    if proposal is None:
        raise ProposalDoesNotExist(f"{arns.short_name(state_machine)} #{number}")
    return proposal


def lock_open(proposal: Proposal, push: int | None = None) -> tuple[Proposal, ProposalPush]:
    """The proposal and its latest push, locked until the transaction ends.

    ``push`` is the number of the push that the person has seen.

    Raises:
        ProposalClosed: it is published or cancelled.
        ProposalChanged: there is a later push than the one that was seen.
    """
    locked = Proposal.objects.select_for_update().select_related(None).get(pk=proposal.pk)
    locked.state_machine = proposal.state_machine
    if locked.status != Proposal.Status.OPEN:
        raise ProposalClosed(
            message=f"The proposal #{locked.number} is {locked.status.lower()} already."
        )
    latest = latest_push(locked)
    if push is not None and latest.number != push:
        raise ProposalChanged(
            message=f"The proposal #{locked.number} has been changed: its latest push is "
            f"{latest.number}, not {push}. Look at what changed, and decide again."
        )
    return locked, latest


def latest_push(proposal: Proposal) -> ProposalPush:
    """What the proposal proposes now; there is always one."""
    pushes = ProposalPush.objects.filter(proposal=proposal).select_related("base", "author")
    push = pushes.order_by("-number").first()
    assert push is not None
    return push


@transaction.atomic
def propose(
    state_machine: str,
    content: Content,
    *,
    author_id: int,
    title: str,
    description: str = "",
    reviewers: Sequence[str] = (),
) -> Proposal:
    """Propose a change. The same once more, because its answer was lost, gives the first.

    Raises:
        InvalidDefinition: with every diagnostic.
        ValidationException, RevisionDoesNotExist: as ``checked_base`` does; or a reviewer is
            nobody.
        StateMachineDoesNotExist, StateMachineDeleting: as their names say.
    """
    machine = lock_state_machine(state_machine)
    base = checked_base(machine, content)
    _check_title(title)
    for known in Proposal.objects.filter(
        state_machine=machine, author_id=author_id, title=title, status=Proposal.Status.OPEN
    ):
        if latest_push(known).content_hash == content.hash:
            return known
    now = timezone.now()
    last = Proposal.objects.filter(state_machine=machine).aggregate(last=Max("number"))["last"]
    proposal = Proposal.objects.create(
        state_machine=machine,
        number=(last or 0) + 1,
        title=title,
        description=description,
        author_id=author_id,
        created_at=now,
        updated_at=now,
    )
    _set_reviewers(proposal, reviewers)
    add_push(proposal, content, base, author_id, 1)
    record(AuditAction.PROPOSE, machine.arn, {"proposal": proposal.number, "push": content.hash})
    tell(proposal, "REVIEW_REQUESTED", author_id)
    return proposal


@transaction.atomic
def push(
    proposal: Proposal, content: Content, *, author_id: int, follows: int, message: str = ""
) -> ProposalPush:
    """Change what is proposed. What was pushed before is kept; approvals of it are void.

    ``follows`` is the number of the push it goes on from. What is proposed already is not pushed
    again.

    Raises:
        ProposalChanged, ProposalClosed: as ``lock_open`` says.
        As ``propose`` does.
    """
    proposal, latest = lock_open(proposal)
    if latest.content_hash == content.hash:
        return latest
    proposal, latest = lock_open(proposal, follows)
    if latest.number >= MAX_PUSHES:
        raise ValidationException(
            message=f"A proposal has {MAX_PUSHES} pushes at most. Begin another one."
        )
    base = checked_base(proposal.state_machine, content)
    pushed = add_push(proposal, content, base, author_id, latest.number + 1, message)
    carry_threads(proposal, pushed)
    tell(proposal, "PUSHED", author_id)
    return pushed


def add_push(
    proposal: Proposal,
    content: Content,
    base: StateMachineRevision,
    author_id: int,
    number: int,
    message: str = "",
) -> ProposalPush:
    """Store a push and have its checks made. Needs the proposal locked, or new."""
    now = timezone.now()
    pushed = ProposalPush.objects.create(
        proposal=proposal,
        number=number,
        base=base,
        definition=content.definition,
        source=content.source,
        configuration=json_text.dumps(content.configuration) if content.configuration else "",
        content_hash=content.hash,
        message=message,
        author_id=author_id,
        created_at=now,
    )
    touch(proposal)
    ask_checks(pushed)
    if number > 1:
        told = {"proposal": proposal.number, "number": number, "push": content.hash}
        record(AuditAction.PUSH_PROPOSAL, proposal.state_machine.arn, told)
    return pushed


@transaction.atomic
def describe(
    proposal: Proposal,
    *,
    by: int,
    title: str | None = None,
    description: str | None = None,
    reviewers: Sequence[str] | None = None,
) -> Proposal:
    """Change a proposal's title or text, or who is asked to look at it; None leaves it.

    Raises ProposalClosed, ValidationException.
    """
    proposal, _ = lock_open(proposal)
    if title is not None:
        _check_title(title)
        proposal.title = title
    if description is not None:
        proposal.description = description
    proposal.updated_at = timezone.now()
    proposal.save(update_fields=["title", "description", "updated_at"])
    if reviewers is not None:
        before = set(proposal.reviewers.values_list("pk", flat=True))
        _set_reviewers(proposal, reviewers)
        added = set(proposal.reviewers.values_list("pk", flat=True)) - before
        if added:
            tell(proposal, "REVIEW_REQUESTED", by, only=added)
    return proposal


@transaction.atomic
def cancel(proposal: Proposal, by: int) -> Proposal:
    """Give a proposal up; it stays to be read. Raises ProposalClosed."""
    proposal, _ = lock_open(proposal)
    close(proposal, Proposal.Status.CANCELLED, by)
    told = {"proposal": proposal.number}
    record(AuditAction.CANCEL_PROPOSAL, proposal.state_machine.arn, told)
    tell(proposal, "CANCELLED", by)
    return proposal


def close(proposal: Proposal, status: str, by: int, version: int | None = None) -> None:
    """Say how a proposal ended. Needs it locked."""
    proposal.status = status
    proposal.version = version
    proposal.closed_by_id = by
    proposal.closed_at = proposal.updated_at = timezone.now()
    proposal.save(update_fields=["status", "version", "closed_by", "closed_at", "updated_at"])


def touch(proposal: Proposal) -> None:
    """Something happened to it now: lists have it first."""
    proposal.updated_at = timezone.now()
    proposal.save(update_fields=["updated_at"])


def _set_reviewers(proposal: Proposal, names: Sequence[str]) -> None:
    if len(set(names)) > MAX_REVIEWERS:
        raise ValidationException(message=f"{MAX_REVIEWERS} reviewers at most.")
    proposal.reviewers.set(
        person for person in people_named(names) if person.pk != proposal.author_id
    )


def _check_title(title: str) -> None:
    if not title.strip():
        raise ValidationException(message="A proposal needs a title: what does it change, or why?")
