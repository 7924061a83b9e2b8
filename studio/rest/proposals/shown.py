"""Proposals as the answers have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Prefetch

from studio.actions.people import name_of
from studio.actions.proposals.content import document_of
from studio.actions.proposals.propose import latest_push
from studio.actions.proposals.publishing import blockers
from studio.actions.proposals.reviews import authors_of, standing
from studio.actions.review_rules import Rules, rules_of
from studio.asl import json_text
from studio.asl.changes.anchors import anchor_at, value_at
from studio.models import Draft, Proposal, ProposalComment, ProposalPush, ProposalThread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from studio.asl.definition import Json


def shown_summary(proposal: Proposal) -> dict[str, Any]:
    """A proposal in a list; needs its state machine and author loaded."""
    push = latest_push(proposal)
    said = standing(proposal, push, rules_of(proposal.state_machine))
    return {
        "stateMachine": proposal.state_machine.short_name,
        "number": proposal.number,
        "title": proposal.title,
        "status": proposal.status,
        "author": name_of(proposal.author),
        "creationDate": proposal.created_at,
        "updateDate": proposal.updated_at,
        "push": push.number,
        "version": proposal.version,
        "openThreads": proposal.threads.filter(resolved_at=None).count(),
        "approvals": len(said.approvals),
        "changesRequested": bool(said.objections),
        "checks": {check.kind: check.status for check in push.checks.all()},
    }


def shown_proposal(proposal: Proposal) -> dict[str, Any]:
    """A proposal with all that is said of it; needs its state machine loaded."""
    machine = proposal.state_machine
    pushes = list(proposal.pushes.select_related("author", "base").defer("definition", "source"))
    push = latest_push(proposal)
    rules = rules_of(machine)
    said = standing(proposal, push, rules)
    counting = {each.pk for each in said.approvals}
    is_open = proposal.status == Proposal.Status.OPEN
    return {
        **shown_summary(proposal),
        "description": proposal.description,
        "reviewers": [name_of(each) for each in proposal.reviewers.order_by("username")],
        "closedBy": name_of(proposal.closed_by),
        "closeDate": proposal.closed_at,
        "baseMoved": is_open and machine.current_id != push.base_id,
        "authors": names_of(authors_of(proposal)),
        "pushes": [
            {
                "number": each.number,
                "author": name_of(each.author),
                "message": each.message,
                "creationDate": each.created_at,
                "baseRevisionId": each.base.revision_id,
            }
            for each in pushes
        ],
        "reviews": [
            {
                "reviewer": name_of(each.reviewer),
                "verdict": each.verdict,
                "message": each.message,
                "push": each.push.number,
                "counts": each.pk in counting,
                "creationDate": each.created_at,
            }
            for each in said.latest
        ],
        "threads": shown_threads(proposal, push),
        "checkResults": [
            {
                "kind": check.kind,
                "status": check.status,
                "answer": json_text.loads(check.answer or check.memo or "{}"),
                "endDate": check.ended_at,
            }
            for check in push.checks.all()
        ],
        "rules": shown_rules(rules),
        "blockers": [
            {"code": each.code, "message": each.message}
            for each in (blockers(proposal, push, machine, rules) if is_open else ())
        ],
        "format": Draft.Format.YAML if push.source else Draft.Format.JSON,
    }


def shown_threads(proposal: Proposal, latest: ProposalPush) -> list[dict[str, Any]]:
    """Every thread with its comments, the oldest first."""
    comments = ProposalComment.objects.select_related("author", "applied_in")
    threads = ProposalThread.objects.filter(proposal=proposal).select_related(
        "anchor_push", "resolved_by"
    )
    documents: dict[int, Json] = {}
    shown = []
    for thread in threads.prefetch_related(Prefetch("comments", queryset=comments)):
        push = thread.anchor_push
        if push.pk not in documents:
            documents[push.pk] = document_of(push)
        document = documents[push.pk]
        anchor = anchor_at(document, thread.pointer)
        value = json_text.canonical(value_at(document, thread.pointer)) if anchor else None
        is_gone = push.pk != latest.pk
        may_apply = not is_gone and proposal.status == Proposal.Status.OPEN
        shown.append(
            {
                "id": thread.pk,
                "pointer": thread.pointer,
                "anchorPush": push.number,
                "isGone": is_gone,
                "state": thread.state or None,
                "stateIsGone": thread.state_is_gone,
                "value": value if anchor is not None and anchor.path else None,
                "resolvedBy": name_of(thread.resolved_by),
                "resolvedDate": thread.resolved_at,
                "comments": [
                    {
                        "id": each.pk,
                        "author": name_of(each.author),
                        "text": each.text,
                        "creationDate": each.created_at,
                        "suggestion": each.suggestion,
                        "suggestedFor": each.suggested_for,
                        "appliedIn": each.applied_in and each.applied_in.number,
                        "fits": may_apply
                        and each.suggestion is not None
                        and each.applied_in is None
                        and each.suggested_for == value,
                    }
                    for each in thread.comments.all()
                ],
            }
        )
    return shown


def shown_rules(rules: Rules) -> dict[str, Any]:
    """Rules with people by their names."""
    return {
        "isRequired": rules.is_required,
        "bindsPrograms": rules.binds_programs,
        "approvals": rules.approvals,
        "approvers": names_of(rules.approvers),
        "testsMustPass": rules.tests_must_pass,
        "whatIfMustNotDiverge": rules.what_if_must_not_diverge,
        "threadsMustBeResolved": rules.threads_must_be_resolved,
    }


def names_of(ids: Iterable[int]) -> list[str]:
    """The names of people, in order."""
    people = get_user_model()._default_manager.filter(pk__in=list(ids))
    return sorted(person.get_username() for person in people)
