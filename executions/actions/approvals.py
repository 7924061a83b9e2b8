"""Approvals: listed, and decided. A decision and what the workflow is told of it are one commit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson
from django.db import connection, transaction
from django.db.models import (
    BooleanField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    Func,
    OuterRef,
    Q,
)
from django.utils import timezone

from executions.actions.approval_answers import checked_answers
from executions.actions.task_tokens import end_attempt
from executions.errors import (
    ApprovalClosed,
    ApprovalDecided,
    ApprovalDoesNotExist,
    ApproverRequired,
)
from executions.models import Approval, Execution, Task
from executions.runtime import inbox
from studio import arns
from studio.access.caller import current_caller, find_caller
from studio.access.permissions import Permission
from studio.actions.audit import current_actor, record
from studio.asl import json_text
from studio.errors import ValidationException
from studio.models import ActorKind, AuditAction, StateMachine
from studio.redaction import hide
from studio.sensitive_fields import marks_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.contrib.auth.models import AbstractUser
    from django.db.models import QuerySet

Decision = Literal["APPROVED", "REJECTED"]

REJECTED: Final = "Approval.Rejected"
"""The Error Name of a Task whose question was answered with no; the cause is the decision."""
LONGEST_REASON: Final = 2_000
CLOSED_AT_ONCE: Final = 1_000

_CLOSE_ABANDONED = """
UPDATE executions_approval SET status = 'CLOSED', closed_at = now() WHERE id IN (
    SELECT a.id FROM executions_approval a
    WHERE a.status = 'OPEN' AND NOT EXISTS (
        SELECT FROM executions_task t WHERE t.execution_id = a.execution_id AND t.task = a.task)
    ORDER BY a.id LIMIT %s FOR UPDATE SKIP LOCKED)
AND status = 'OPEN'
"""


@dataclass(frozen=True, slots=True)
class Approver:
    """Who decides: the name that is kept, and where."""

    name: str
    via: Approval.Via


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """A page of approvals with their executions; ``next_after`` is where the next page begins."""

    approvals: list[tuple[Approval, Execution]]
    next_after: int | None


def list_approvals(
    user: AbstractUser, *, mine: bool, is_open: bool, after: int | None, limit: int
) -> ApprovalPage:
    """Approvals that wait, the oldest first, or those that do not any more, the latest first.

    ``mine``: only those that the user may decide, or has decided. ``after`` is the id of the last
    one of the page before.
    """
    found = _with_openness()
    found = found.filter(_waiting()) if is_open else found.exclude(_waiting())
    if mine:
        chosen = _may_decide(user)
        if not is_open:
            chosen |= Q(decided_by=user.get_username(), via=Approval.Via.PAGE)
        found = found.filter(chosen)
    if after is not None:
        found = found.filter(Q(id__gt=after) if is_open else Q(id__lt=after))
    rows = list(found.order_by("id" if is_open else "-id")[: limit + 1])
    more = rows[limit - 1].pk if len(rows) > limit else None
    return ApprovalPage(_with_executions(rows[:limit]), more)


def count_open_approvals(user: AbstractUser) -> tuple[int, int]:
    """How many approvals wait: for anybody, and for this user among others."""
    waiting = Approval.objects.filter(_waiting(), _in_sight())
    return waiting.count(), waiting.filter(_may_decide(user)).count()


def get_approval(approval_id: int) -> tuple[Approval, Execution]:
    """The approval with its execution; raises ApprovalDoesNotExist."""
    found = _with_executions(list(_with_openness().filter(pk=approval_id)))
    if not found:
        raise ApprovalDoesNotExist(str(approval_id))
    return found[0]


def is_open(approval: Approval) -> bool:
    """Whether somebody could still decide when it was read."""
    return bool(getattr(approval, "is_waiting", False))


def may_decide(approval: Approval, user: AbstractUser) -> bool:
    """Whether the approval names the user, by name, role or address; where it names nobody, whether
    the user may report what came of tasks.
    """
    return Approval.objects.filter(_may_decide(user), _in_sight(), pk=approval.pk).exists()


def decide_as_user(
    approval_id: int, user: AbstractUser, decision: Decision, reason: str, given: Mapping[str, Any]
) -> Approval:
    """Decide on the page.

    Raises:
        ApproverRequired: the approval names others.
        As ``decide`` does.
    """
    approval, _ = get_approval(approval_id)
    if not may_decide(approval, user):
        raise ApproverRequired(
            message="This is for others to decide: " + ", ".join(approvers_of(approval))
        )
    return decide(
        approval_id, Approver(user.get_username(), Approval.Via.PAGE), decision, reason, given
    )


@transaction.atomic
def decide(
    approval_id: int,
    approver: Approver,
    decision: Decision,
    reason: str,
    given: Mapping[str, Any],
) -> Approval:
    """Keep the decision and tell the workflow, both or neither. The first decision counts.

    The Task succeeds with the decision as its result, or fails with ``Approval.Rejected`` and the
    decision as the cause.

    Raises:
        ApprovalDoesNotExist.
        ApprovalDecided: somebody was first; the message says who.
        ApprovalClosed: the Task does not wait any more.
        ValidationException: the form is not filled in rightly, or the reason is too long.
    """
    approval = Approval.objects.select_for_update().filter(_in_sight(), pk=approval_id).first()
    if approval is None:
        raise ApprovalDoesNotExist(str(approval_id))
    if approval.status in (Approval.Status.APPROVED, Approval.Status.REJECTED):
        word = "approved" if approval.status == Approval.Status.APPROVED else "rejected"
        raise ApprovalDecided(message=f"{approval.decided_by} has {word} this already")
    if len(reason) > LONGEST_REASON:
        raise ValidationException(message=f"A reason has at most {LONGEST_REASON} letters")
    approving = decision == Approval.Status.APPROVED
    form = orjson.loads(approval.form)
    answers = checked_answers(form, given, complete=approving)
    now = timezone.now()
    told = orjson.dumps(
        {
            "ApprovalId": approval.pk,
            "Decision": decision,
            "DecidedBy": approver.name,
            "DecidedAt": now.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "Via": str(approver.via),
            "Reason": reason,
            "Form": answers,
        }
    ).decode()
    message = (
        inbox.task_succeeded(approval.task, told)
        if approving
        else inbox.task_failed(approval.task, REJECTED, told)
    )
    if not end_attempt(approval.execution_id, message):
        raise ApprovalClosed()
    approval.status = Approval.Status(decision)
    approval.closed_at = now
    approval.decided_by = approver.name
    approval.via = approver.via
    approval.reason = reason
    approval.answers = orjson.dumps(answers).decode()
    approval.save()
    _record(approval, approver)
    return approval


def _record(approval: Approval, approver: Approver) -> None:
    actor = current_actor()
    if approver.via == Approval.Via.LINK:
        actor = replace(actor, kind=ActorKind.USER, name=approver.name)
    _, execution = get_approval(approval.pk)
    told = {"approval": approval.pk, "decision": approval.status, "via": approval.via}
    record(AuditAction.DECIDE_APPROVAL, execution.arn, told, actor=actor)


def close_abandoned() -> int:
    """For the poller: mark what nobody waits for any more; how many. Readers know it before."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE_ABANDONED, (CLOSED_AT_ONCE,))
        return int(cursor.rowcount)


def approvers_of(approval: Approval) -> list[str]:
    """Whom the approval names: users, roles and addresses."""
    return [*approval.users, *approval.roles, *approval.emails]


def context_of(approval: Approval, *, hides: bool = True) -> list[tuple[str, str]]:
    """What the approval shows beside its question: names, and values as texts.

    ``hides``: to somebody who may not see what is sensitive, as nobody is known to who reads a
    mail or holds a link.
    """
    context = orjson.loads(approval.context)
    if hides:
        context = hide(context, marks_of(approval.state_machine.sensitive_fields))
    return [
        (name, value if isinstance(value, str) else json_text.dumps(value))
        for name, value in context.items()
    ]


def form_of(approval: Approval, *, hides: bool = True) -> list[dict[str, Any]]:
    """The fields of the form. A default that is hidden is none: whoever decides would send it."""
    form: list[dict[str, Any]] = orjson.loads(approval.form)
    if not hides:
        return form
    marks = marks_of(approval.state_machine.sensitive_fields)
    given = [{field["Name"]: field.get("Default")} for field in form]
    return [
        {**field, "Default": None} if hide(default, marks) != default else field
        for field, default in zip(form, given, strict=True)
    ]


def _with_openness() -> QuerySet[Approval]:
    return Approval.objects.filter(_in_sight()).annotate(is_waiting=_waiting())


def _in_sight() -> Q:
    """Of the caller's workspace; a mail's link has no caller, and names its approval itself."""
    if arns.acting_account() is None:
        return Q()
    # Not a join: rows of state machines are not to be locked with those of approvals.
    return Q(state_machine__in=StateMachine.objects.values("pk"))


def _waiting() -> ExpressionWrapper[Q]:
    """Nobody has decided, and somebody still could."""
    waits = Task.objects.filter(execution_id=OuterRef("execution_id"), task=OuterRef("task"))
    # The clock of time-outs; Django's Now() is that of the statement.
    now = Func(function="now", output_field=DateTimeField())
    in_time = Q(deadline__isnull=True) | Q(deadline__gt=now)
    open_still = Q(Exists(waits), in_time, status=Approval.Status.OPEN)
    return ExpressionWrapper(open_still, output_field=BooleanField())


def _may_decide(user: AbstractUser) -> Q:
    caller = current_caller()
    if caller is None or caller.user_id != user.pk:
        caller = find_caller(user.pk, user.get_username())
    named = Q(users__contains=[user.get_username()])
    if caller.role is not None:
        named |= Q(roles__contains=[caller.role])
    if user.email:
        named |= Q(emails__contains=[user.email.lower()])
    if caller.may(Permission.WORK):
        named |= Q(users=[], roles=[], emails=[])
    return named


def _with_executions(approvals: Sequence[Approval]) -> list[tuple[Approval, Execution]]:
    shown = Execution.objects.select_related("state_machine").only(
        *("name", "status", "map_label"),
        *("state_machine__name", "state_machine__sensitive_fields"),
    )
    executions = shown.in_bulk([approval.execution_id for approval in approvals])
    for approval in approvals:
        if approval.execution_id in executions:
            approval.state_machine = executions[approval.execution_id].state_machine
    # One whose execution is being removed at this moment goes with it.
    return [
        (approval, executions[approval.execution_id])
        for approval in approvals
        if approval.execution_id in executions
    ]
