"""What stands around a proposal: what it goes on from, and what it would change of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.actions.proposals.content import configuration_of
from studio.actions.surroundings import (
    Surroundings,
    configured,
    logging_shown,
    of_revision,
    surroundings_now,
    when_made,
)
from studio.models import Proposal, StateMachineRevision, StateMachineVersion

if TYPE_CHECKING:
    from studio.models import ProposalPush

_SAVED: Final = ("tests", "mocks")


def of_base(push: ProposalPush) -> Surroundings:
    """What stands around the revision that a push goes on from.

    Tests and mocks are those that it was published with, so that those who review see whether they
    have been changed beside the definition. Aliases are told of only where the push is published:
    as they were just before.
    """
    base = push.base
    made = when_made(base)
    around: Surroundings = {name: made[name] for name in _SAVED if name in made}
    published = _published(push)
    if published is not None and "aliases" in (before := when_made(published)):
        around["aliases"] = before["aliases"]
    if base.pk == base.state_machine.current_id:
        around["tags"] = dict(base.state_machine.tags)
    elif "tags" in made:
        around["tags"] = made["tags"]
    return {**around, **configured(base)}


def of_push(push: ProposalPush) -> Surroundings:
    """What a push would have stand around it: what it does not change is left out."""
    configuration = configuration_of(push)
    around: Surroundings = {}
    published = _published(push)
    if published is not None:
        around = {name: each for name, each in when_made(published).items() if name in _SAVED}
        around |= {k: v for k, v in of_revision(published).items() if k == "aliases"}
    elif push.proposal.status == Proposal.Status.OPEN and _is_latest(push):
        now = surroundings_now(push.proposal.state_machine)
        around = {name: now[name] for name in _SAVED}
    if "roleArn" in configuration:
        around["roleArn"] = configuration["roleArn"]
    if "loggingConfiguration" in configuration:
        around["logging"] = logging_shown(configuration["loggingConfiguration"])
    if "tracingConfiguration" in configuration:
        around["tracing"] = dict(configuration["tracingConfiguration"])
    if "tags" in configuration:
        around["tags"] = dict(configuration["tags"])
    return around


def _is_latest(push: ProposalPush) -> bool:
    return not push.proposal.pushes.filter(number__gt=push.number).exists()


def _published(push: ProposalPush) -> StateMachineRevision | None:
    """The revision that the push became, where it is what was published of its proposal."""
    proposal = push.proposal
    if proposal.version is None or not _is_latest(push):
        return None
    found = StateMachineVersion.objects.select_related("revision__state_machine").filter(
        state_machine=proposal.state_machine_id, number=proposal.version
    )
    version = found.first()
    return None if version is None else version.revision
