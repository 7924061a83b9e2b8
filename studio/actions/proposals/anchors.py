"""Threads keep their places while what is proposed changes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from studio.actions.proposals.content import document_of
from studio.asl.changes.anchors import anchor_at, carry, pointer_of
from studio.models import ProposalThread

if TYPE_CHECKING:
    from studio.models import Proposal, ProposalPush


def carry_threads(proposal: Proposal, pushed: ProposalPush) -> None:
    """Find the places of all threads in what has just been pushed. Needs the proposal locked.

    A thread goes on from the latest push that had its place, so that one whose place comes back
    has it back.
    """
    after = document_of(pushed)
    by_push: defaultdict[int, list[ProposalThread]] = defaultdict(list)
    pushes: dict[int, ProposalPush] = {}
    for thread in ProposalThread.objects.filter(proposal=proposal).select_related("anchor_push"):
        by_push[thread.anchor_push_id].append(thread)
        pushes[thread.anchor_push_id] = thread.anchor_push
    for push_id, threads in by_push.items():
        before = document_of(pushes[push_id])
        found = [(thread, anchor_at(before, thread.pointer)) for thread in threads]
        known = [(thread, anchor) for thread, anchor in found if anchor is not None]
        carried = carry([anchor for _, anchor in known], before, after)
        for (thread, _), now in zip(known, carried, strict=True):
            pointer = None if now.anchor is None else pointer_of(after, now.anchor)
            if pointer is not None:
                thread.pointer = pointer
                thread.anchor_push = pushed
            thread.state_is_gone = bool(thread.state) and now.state is None
            thread.state = now.state or thread.state
            thread.save(update_fields=["pointer", "anchor_push", "state", "state_is_gone"])
