"""A proposal brought up to what was published since it was made."""

from __future__ import annotations

from django.db import transaction

from studio.actions.proposals.anchors import carry_threads
from studio.actions.proposals.content import Content, checked_base, configuration_of, document_of
from studio.actions.proposals.notifications import tell
from studio.actions.proposals.propose import add_push, lock_open
from studio.asl import json_text
from studio.asl.changes.assembly import NotComparable
from studio.asl.changes.merge import merge
from studio.errors import InvalidDefinition, ProposalConflict
from studio.models import Proposal, ProposalPush, StateMachine


@transaction.atomic
def update_base(proposal: Proposal, by: int, *, push: int) -> ProposalPush:
    """Push what the proposal's changes make of the revision that is current by now.

    Where nothing has been published since, the latest push stays. A proposal that was written in
    YAML keeps its text only while the published one did not change: what comes of both is JSON.

    Raises:
        ProposalConflict: both changed the same thing, or what comes of both cannot be run.
        ProposalChanged, ProposalClosed: as ``lock_open`` says.
    """
    proposal, latest = lock_open(proposal, push)
    # It may be published anew right after this: publishing looks once more.
    machine = StateMachine.objects.select_related("current").get(pk=proposal.state_machine_id)
    current = machine.current
    if current is None or current.pk == latest.base_id:
        return latest
    base, theirs = json_text.loads(latest.base.definition), json_text.loads(current.definition)
    try:
        merged = merge(base, document_of(latest), theirs)
    except NotComparable as fault:
        raise ProposalConflict(message=f"The two cannot be compared: {fault}") from None
    if merged.definition is None:
        pairs = "; ".join(f"{each.ours} — {each.theirs}" for each in merged.conflicts[:5])
        more = len(merged.conflicts) - 5
        raise ProposalConflict(
            message="The proposal and what was published since change the same things "
            f"(here — there): {pairs}{f'; and {more} more' if more > 0 else ''}. Take over by hand "
            "what belongs together, in the designer, and push it."
        )
    if latest.base.definition == current.definition:
        # Only the role or the text's layout is another: what was written stays as it was written.
        definition, source = latest.definition, latest.source
    else:
        definition, source = json_text.dumps(merged.definition), ""
    content = Content(definition, current.revision_id, source, configuration_of(latest))
    try:
        new_base = checked_base(proposal.state_machine, content)
    except InvalidDefinition as fault:
        raise ProposalConflict(
            message="The proposal and what was published since do not go together: "
            f"{fault.message}. Take over by hand what belongs together, and push it."
        ) from None
    message = "Updated from what was published"
    pushed = add_push(proposal, content, new_base, by, latest.number + 1, message)
    carry_threads(proposal, pushed)
    tell(proposal, "PUSHED", by)
    return pushed
