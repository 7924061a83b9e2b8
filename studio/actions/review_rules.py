"""What a change needs before it may be published: read, changed, and held against what is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from studio.actions.audit import record
from studio.actions.people import people_named
from studio.actions.versions import lock_state_machine
from studio.errors import ReviewRequired, ValidationException
from studio.models import ReviewRules, StateMachine
from studio.models.audit_entry import AuditAction

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_APPROVALS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of a state machine. ``approvers`` are ids of people; none: anybody may approve."""

    is_required: bool = False
    binds_programs: bool = True
    approvals: int = 0
    approvers: frozenset[int] = field(default_factory=frozenset)
    tests_must_pass: bool = False
    what_if_must_not_diverge: bool = False
    threads_must_be_resolved: bool = False


def rules_of(machine: StateMachine) -> Rules:
    """The rules of a state machine; those of one that has none ask for nothing."""
    kept = ReviewRules.objects.filter(state_machine=machine).first()
    if kept is None:
        return Rules()
    return Rules(
        is_required=kept.is_required,
        binds_programs=kept.binds_programs,
        approvals=kept.approvals,
        approvers=frozenset(kept.approvers.values_list("pk", flat=True)),
        tests_must_pass=kept.tests_must_pass,
        what_if_must_not_diverge=kept.what_if_must_not_diverge,
        threads_must_be_resolved=kept.threads_must_be_resolved,
    )


@transaction.atomic
def set_rules(
    name: str,
    by: int,
    *,
    is_required: bool,
    binds_programs: bool,
    approvals: int,
    approvers: Sequence[str],
    tests_must_pass: bool,
    what_if_must_not_diverge: bool,
    threads_must_be_resolved: bool,
) -> Rules:
    """Set the rules of a state machine, all of them; ``approvers`` are user names.

    Raises:
        ValidationException: more approvals are asked for than there are approvers, or a name is
            nobody's.
        StateMachineDoesNotExist, StateMachineDeleting: as their names say.
    """
    people = people_named(approvers)
    if not 0 <= approvals <= MAX_APPROVALS:
        raise ValidationException(message=f"0 to {MAX_APPROVALS} approvals can be asked for.")
    if is_required and approvals == 0:
        raise ValidationException(
            message="Where a review is required it takes at least 1 approval: an author's own "
            "word would be all otherwise."
        )
    if people and approvals > len(people):
        raise ValidationException(
            message=f"{approvals} approvals cannot come from {len(people)} people."
        )
    # Whoever publishes holds the same lock: by these rules or by those before.
    machine = lock_state_machine(name)
    kept, _ = ReviewRules.objects.update_or_create(
        state_machine=machine,
        defaults={
            "is_required": is_required,
            "binds_programs": binds_programs,
            "approvals": approvals,
            "tests_must_pass": tests_must_pass,
            "what_if_must_not_diverge": what_if_must_not_diverge,
            "threads_must_be_resolved": threads_must_be_resolved,
            "updated_by_id": by,
            "updated_at": timezone.now(),
        },
    )
    kept.approvers.set(people)
    told = {
        "isRequired": is_required,
        "bindsPrograms": binds_programs,
        "approvals": approvals,
        "approvers": sorted(approvers),
        "testsMustPass": tests_must_pass,
        "whatIfMustNotDiverge": what_if_must_not_diverge,
        "threadsMustBeResolved": threads_must_be_resolved,
    }
    record(AuditAction.SET_REVIEW_RULES, machine.arn, told)
    return rules_of(machine)


def check_direct_publishing(machine: StateMachine, *, by_program: bool) -> None:
    """Refuse, with ReviewRequired, a change that nobody has reviewed where the rules ask for it."""
    kept = ReviewRules.objects.filter(state_machine=machine, is_required=True).first()
    if kept is not None and (kept.binds_programs or not by_program):
        raise ReviewRequired(
            message=f"Changes of '{machine.short_name}' are reviewed before they run. Propose "
            "yours on its page; it is published from there."
        )
