"""Threads: begun at a place, answered, resolved; suggestions put in place."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from studio.actions.proposals.anchors import carry_threads
from studio.actions.proposals.content import Content, checked_base, content_of, document_of
from studio.actions.proposals.notifications import tell
from studio.actions.proposals.propose import add_push, lock_open, touch
from studio.actions.proposals.source import with_value
from studio.asl import json_text
from studio.asl.changes.anchors import anchor_at, value_at
from studio.errors import SuggestionDoesNotFit, ThreadDoesNotExist, ValidationException
from studio.models import Proposal, ProposalComment, ProposalThread

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.models import ProposalPush

MAX_THREADS = 1000
MAX_COMMENTS = 500
"""Of one thread."""


def get_thread(proposal: Proposal, thread_id: int) -> ProposalThread:
    """A thread of a proposal. Raises ThreadDoesNotExist."""
    thread = ProposalThread.objects.filter(proposal=proposal, pk=thread_id).first()
    if thread is None:
        raise ThreadDoesNotExist(str(thread_id))
    return thread


@transaction.atomic
def begin_thread(
    proposal: Proposal,
    *,
    author_id: int,
    push: int,
    pointer: str,
    text: str,
    suggestion: str | None = None,
) -> ProposalThread:
    """Say something of a place in the latest push; ``suggestion`` is JSON text to put there.

    ``push`` is the push that was looked at: a place seen in an earlier one may be another by now.

    Raises:
        ValidationException: there is no such place, or nothing is said.
        ProposalChanged, ProposalClosed: as ``lock_open`` says.
    """
    proposal, latest = lock_open(proposal, push)
    anchor = anchor_at(document_of(latest), pointer)
    if anchor is None:
        raise ValidationException(message=f"What is proposed has nothing at '{pointer}'.")
    if proposal.threads.count() >= MAX_THREADS:
        raise ValidationException(message=f"A proposal has {MAX_THREADS} threads at most.")
    thread = ProposalThread.objects.create(
        proposal=proposal,
        anchor_push=latest,
        pointer=pointer,
        state=anchor.owner or "",
        created_at=timezone.now(),
    )
    _add_comment(thread, author_id, text, suggestion)
    touch(proposal)
    tell(proposal, "COMMENTED", author_id)
    return thread


@transaction.atomic
def reply(
    thread: ProposalThread, *, author_id: int, text: str, suggestion: str | None = None
) -> ProposalComment:
    """Add to a thread, of a closed proposal, too. Raises ValidationException."""
    proposal = Proposal.objects.select_for_update().get(pk=thread.proposal_id)
    if thread.comments.count() >= MAX_COMMENTS:
        raise ValidationException(message=f"A thread has {MAX_COMMENTS} comments at most.")
    thread.refresh_from_db()
    comment = _add_comment(thread, author_id, text, suggestion)
    touch(proposal)
    tell(proposal, "COMMENTED", author_id)
    return comment


def set_resolved(thread: ProposalThread, by: int, *, resolved: bool) -> ProposalThread:
    """Resolve a thread, or open it again. Once more is no change."""
    if resolved != (thread.resolved_at is not None):
        thread.resolved_at = timezone.now() if resolved else None
        thread.resolved_by_id = by if resolved else None
        thread.save(update_fields=["resolved_at", "resolved_by"])
    return thread


@transaction.atomic
def apply_suggestion(
    proposal: Proposal, comment_id: int, *, author_id: int, push: int
) -> ProposalPush:
    """Put a suggested value in its place, as a new push, and resolve the thread.

    Once more, because its answer was lost, gives the push that it was applied with.

    Raises:
        SuggestionDoesNotFit: the place is gone, or has another value than the suggestion was for.
        ThreadDoesNotExist: there is no such comment, or it suggests nothing.
        InvalidDefinition: with it the definition could not be run.
        ProposalChanged, ProposalClosed: as ``lock_open`` says.
    """
    comment = _suggesting(proposal, comment_id)
    if comment.applied_in is not None:
        return comment.applied_in
    proposal, latest = lock_open(proposal, push)
    # Read again under the lock: another window may have been quicker.
    comment = _suggesting(proposal, comment_id)
    if comment.applied_in is not None:
        return comment.applied_in
    thread = comment.thread
    document = document_of(latest)
    if thread.anchor_push_id != latest.pk:
        raise SuggestionDoesNotFit(message="The place that the suggestion is for is gone.")
    if json_text.canonical(value_at(document, thread.pointer)) != comment.suggested_for:
        raise SuggestionDoesNotFit(
            message="The place has another value by now than the one the suggestion was made for."
        )
    pushed = _push_with(proposal, latest, comment, document, author_id)
    comment.applied_in = pushed
    comment.save(update_fields=["applied_in"])
    set_resolved(get_thread(proposal, thread.pk), author_id, resolved=True)
    tell(proposal, "PUSHED", author_id)
    return pushed


def _push_with(
    proposal: Proposal,
    latest: ProposalPush,
    comment: ProposalComment,
    document: Json,
    author_id: int,
) -> ProposalPush:
    value = json_text.loads(comment.suggestion or "null")
    changed = _replaced(document, comment.thread.pointer, value)
    was = content_of(latest)
    definition, source = with_value(was, comment.thread.pointer, value, changed)
    content = Content(definition, was.base_revision_id, source, was.configuration)
    base = checked_base(proposal.state_machine, content)
    who = comment.author.get_username() if comment.author else "somebody"
    message = f"Suggestion of {who} applied"
    pushed = add_push(proposal, content, base, author_id, latest.number + 1, message)
    carry_threads(proposal, pushed)
    return pushed


def _suggesting(proposal: Proposal, comment_id: int) -> ProposalComment:
    comment = (
        ProposalComment.objects.filter(
            pk=comment_id, thread__proposal=proposal.pk, suggestion__isnull=False
        )
        .select_related("thread", "author", "applied_in")
        .first()
    )
    if comment is None:
        raise ThreadDoesNotExist(str(comment_id))
    return comment


def _add_comment(
    thread: ProposalThread, author_id: int, text: str, suggestion: str | None
) -> ProposalComment:
    if not text.strip() and suggestion is None:
        raise ValidationException(message="There is nothing said.")
    suggested_for = None
    if suggestion is not None:
        try:
            json_text.loads(suggestion)
        except json_text.InvalidJson as fault:
            raise ValidationException(
                message=f"What is suggested is not JSON: {fault.message}"
            ) from None
        if not thread.pointer:
            raise ValidationException(
                message="A suggestion is for a place within the definition, not for all of it."
            )
        document = document_of(thread.anchor_push)
        suggested_for = json_text.canonical(value_at(document, thread.pointer))
    return ProposalComment.objects.create(
        thread=thread,
        author_id=author_id,
        text=text,
        suggestion=suggestion,
        suggested_for=suggested_for,
        created_at=timezone.now(),
    )


def _replaced(document: Json, pointer: str, value: Json) -> Json:
    changed: Any = deepcopy(document)
    above, _, last = pointer.rpartition("/")
    holder: Any = value_at(changed, above)
    step = last.replace("~1", "/").replace("~0", "~")
    holder[int(step) if isinstance(holder, list) else step] = value
    return changed
