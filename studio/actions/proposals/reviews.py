"""What people say of a push as a whole, and what that comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from studio.actions.audit import record
from studio.actions.people import who_may_review
from studio.actions.proposals.notifications import tell
from studio.actions.proposals.propose import lock_open, touch
from studio.errors import OwnProposal
from studio.models import ProposalReview
from studio.models.audit_entry import AuditAction

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from studio.actions.review_rules import Rules
    from studio.models import Proposal, ProposalPush

Verdict = ProposalReview.Verdict
_EVENTS = {
    Verdict.APPROVED: "APPROVED",
    Verdict.CHANGES_REQUESTED: "CHANGES_REQUESTED",
    Verdict.COMMENTED: "REVIEWED",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the reviews of a proposal come to. ``latest`` has each person's last word.

    ``approvals`` are those that count for the latest push; ``objections`` hold until the same
    person takes them back.
    """

    latest: tuple[ProposalReview, ...]
    approvals: tuple[ProposalReview, ...]
    objections: tuple[ProposalReview, ...]


def authors_of(proposal: Proposal) -> set[int]:
    """Whoever wrote something of what is proposed."""
    ids = {proposal.author_id, *proposal.pushes.values_list("author_id", flat=True)}
    return {each for each in ids if each is not None}


@transaction.atomic
def review(
    proposal: Proposal, reviewer: AbstractBaseUser, *, push: int, verdict: str, message: str = ""
) -> ProposalReview:
    """Approve the latest push, ask for changes, or say neither. ``push`` is what was looked at.

    Raises:
        OwnProposal: who approves wrote some of it.
        ProposalChanged, ProposalClosed: as ``lock_open`` says.
    """
    proposal, latest = lock_open(proposal, push)
    if verdict == Verdict.APPROVED and reviewer.pk in authors_of(proposal):
        raise OwnProposal(
            message="You have written some of what is proposed. Somebody else has to approve it."
        )
    said = ProposalReview.objects.create(
        proposal=proposal,
        push=latest,
        reviewer_id=reviewer.pk,
        verdict=verdict,
        message=message,
        content_hash=latest.content_hash,
        created_at=timezone.now(),
    )
    touch(proposal)
    told = {
        "proposal": proposal.number,
        "number": latest.number,
        "verdict": verdict,
        "push": latest.content_hash,
    }
    record(AuditAction.REVIEW_PROPOSAL, proposal.state_machine.arn, told)
    tell(proposal, _EVENTS[Verdict(verdict)], reviewer.pk)
    return said


def standing(proposal: Proposal, push: ProposalPush, rules: Rules) -> Standing:
    """What the reviews come to for ``push``, the latest one.

    An approval counts that is of this push and its very content, by somebody who still may review,
    wrote none of it, and is one of the approvers where the rules name any.
    """
    latest: dict[int, ProposalReview] = {}
    for each in proposal.reviews.select_related("reviewer", "push").order_by("id"):
        latest[each.reviewer_id] = each
    authors = authors_of(proposal)
    reviewers = who_may_review(latest)
    active = [each for each in latest.values() if each.reviewer_id in reviewers]
    approvals = [
        each
        for each in active
        if each.verdict == Verdict.APPROVED
        and each.push_id == push.pk
        and each.content_hash == push.content_hash
        and each.reviewer_id not in authors
        and (not rules.approvers or each.reviewer_id in rules.approvers)
    ]
    objections = [each for each in active if each.verdict == Verdict.CHANGES_REQUESTED]
    return Standing(tuple(latest.values()), tuple(approvals), tuple(objections))
