"""What stands in the way of a proposal, and its publishing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from studio import arns
from studio.actions.alias_moves import Plan, start_move
from studio.actions.aliases import create_state_machine_alias, update_state_machine_alias
from studio.actions.audit import record
from studio.actions.configurations import check_log_group
from studio.actions.people import name_of
from studio.actions.proposals.content import configuration_of, content_of
from studio.actions.proposals.notifications import tell
from studio.actions.proposals.propose import close, lock_open
from studio.actions.proposals.reviews import standing
from studio.actions.review_rules import Rules, rules_of
from studio.actions.state_machines import update_state_machine
from studio.actions.tags import replace_tags
from studio.actions.versions import lock_state_machine, version_of
from studio.errors import ProposalNotReady
from studio.models import Proposal, ProposalCheck
from studio.models.audit_entry import AuditAction

if TYPE_CHECKING:
    from studio.models import ProposalPush, StateMachine

CHECKED_BY = {"TESTS": "tests_must_pass", "WHAT_IF": "what_if_must_not_diverge"}
"""Kinds of checks, and the rule that asks for each."""
_CHECK_NAMES = {"TESTS": "the saved test cases", "WHAT_IF": "the what-if of recorded executions"}


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that stands in the way, for programs and in words."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Pointing:
    """An alias that is to start what is published: at once, or as ``plan`` says."""

    alias: str
    plan: Plan | None = None


def blockers(
    proposal: Proposal, push: ProposalPush, machine: StateMachine, rules: Rules
) -> list[Blocker]:
    """All that stands in the way of publishing ``push``, the latest one; nothing: it may be."""
    found = []
    if machine.current_id != push.base_id:
        found.append(
            Blocker(
                "BASE_MOVED",
                "The state machine has been published since. Update the proposal from it.",
            )
        )
    said = standing(proposal, push, rules)
    found += [
        Blocker("CHANGES_REQUESTED", f"{name_of(each.reviewer)} asks for changes.")
        for each in said.objections
    ]
    missing = rules.approvals - len(said.approvals)
    if missing > 0:
        whose = " of those who may approve" if rules.approvers else ""
        count = "1 approval" if missing == 1 else f"{missing} approvals"
        more = " more" if said.approvals else ""
        found.append(
            Blocker("APPROVALS_MISSING", f"It needs {count}{more}{whose} of its latest push.")
        )
    found += _failing_checks(push, rules)
    if rules.threads_must_be_resolved:
        unresolved = proposal.threads.filter(resolved_at=None).count()
        if unresolved:
            threads = "1 thread is" if unresolved == 1 else f"{unresolved} threads are"
            found.append(Blocker("THREADS_OPEN", f"{threads} not resolved."))
    return found


def _failing_checks(push: ProposalPush, rules: Rules) -> list[Blocker]:
    found = []
    checks = {check.kind: check.status for check in push.checks.all()}
    for kind, rule in CHECKED_BY.items():
        status = checks.get(kind, ProposalCheck.Status.WAITING)
        name = _CHECK_NAMES[kind]
        if not getattr(rules, rule):
            continue
        if status == ProposalCheck.Status.WAITING:
            found.append(Blocker("CHECK_WAITING", f"It waits for {name}."))
        elif status not in (ProposalCheck.Status.PASSED, ProposalCheck.Status.SKIPPED):
            found.append(Blocker("CHECK_FAILED", f"It does not pass: {name}."))
    return found


def publish(
    proposal: Proposal,
    by: int,
    *,
    push: int,
    description: str = "",
    pointing: Pointing | None = None,
) -> Proposal:
    """Make what is proposed what new executions run, as a version, and point an alias at it.

    All of it or nothing: what stands in the way is looked for once more with the state machine,
    its rules and the proposal locked, so that no approval is void, no rule broken and no revision
    passed over. Executions that run keep what they began with.

    Raises:
        ProposalNotReady: something stands in the way.
        ProposalChanged, ProposalClosed: as ``lock_open`` says.
        As ``update_state_machine`` and those of the alias do.
    """
    seen = proposal.pushes.filter(number=push).first()
    if seen is not None:
        check_log_group(configuration_of(seen).get("loggingConfiguration"))
    with transaction.atomic():
        return _publish(proposal, by, push, description, pointing)


def _publish(
    proposal: Proposal, by: int, push: int, description: str, pointing: Pointing | None
) -> Proposal:
    machine = lock_state_machine(proposal.state_machine.name)
    proposal, latest = lock_open(proposal, push)
    proposal.state_machine = machine
    standing_in_the_way = blockers(proposal, latest, machine, rules_of(machine))
    if standing_in_the_way:
        raise ProposalNotReady(
            message=" ".join(each.message for each in standing_in_the_way),
        )
    content = content_of(latest)
    configuration = content.configuration
    machine, _ = update_state_machine(
        machine,
        definition=content.definition,
        source=content.source,
        role_arn=configuration.get("roleArn"),
        logging_configuration=configuration.get("loggingConfiguration"),
        tracing_configuration=configuration.get("tracingConfiguration"),
        publish=True,
        version_description=(description or proposal.title)[:256],
        base_revision_id=content.base_revision_id,
        author_id=latest.author_id,
        is_reviewed=True,
    )
    if "tags" in configuration:
        replace_tags(machine.arn, configuration["tags"])
    version = version_of(machine)
    assert version is not None
    if pointing is not None:
        _point(machine, version.number, pointing, by)
    close(proposal, Proposal.Status.PUBLISHED, by, version.number)
    told = {"proposal": proposal.number, "push": latest.content_hash, "version": version.number}
    record(AuditAction.PUBLISH_PROPOSAL, machine.arn, told)
    tell(proposal, "PUBLISHED", by)
    return proposal


def _point(machine: StateMachine, number: int, pointing: Pointing, by: int) -> None:
    routes = [(arns.qualified_arn(machine.name, str(number)), 100)]
    if not machine.aliases.filter(name=pointing.alias).exists():
        # The first version of an alias takes over from nobody.
        create_state_machine_alias(pointing.alias, routes)
    elif pointing.plan is None:
        alias = arns.qualified_arn(machine.name, pointing.alias)
        update_state_machine_alias(alias, routes=routes)
    else:
        start_move(machine.name, pointing.alias, number, pointing.plan, by)
