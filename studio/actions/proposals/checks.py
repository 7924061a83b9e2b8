"""Checks of pushes: asked for, and carried out step by step by whoever takes the row."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from studio import arns
from studio.actions.proposals.notifications import tell
from studio.asl import json_text
from studio.errors import ProposalClosed
from studio.models import Proposal, ProposalCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from studio.models import ProposalPush

ATTEMPTS = 3
"""Workers that may be lost with one step before the check is given up."""
AGAIN_SECONDS = 5.0
"""How soon a step is made again that could not be."""
LEASE_SECONDS = 180.0
"""What one step may take. The functions that carry steps out end them long before."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """What one step came to.

    ``status`` is a ``ProposalCheck.Status`` with ``answer`` when the check is over. WAITING: the
    next step begins with ``answer`` as its memo, in ``seconds`` from now.
    """

    status: str
    answer: dict[str, Any]
    seconds: float = 0.0


def ask_checks(push: ProposalPush) -> None:
    """Have a push checked; those of earlier pushes that are still to be made are not needed."""
    ProposalCheck.objects.filter(
        push__proposal=push.proposal_id, status=ProposalCheck.Status.WAITING
    ).update(
        status=ProposalCheck.Status.SKIPPED,
        answer=json_text.dumps({"reason": "There is a later push."}),
        ended_at=Now(),
    )
    ProposalCheck.objects.bulk_create(
        ProposalCheck(push=push, kind=kind) for kind in settings.REVIEW_CHECKS
    )
    work_waits()


@transaction.atomic
def ask_again(proposal: Proposal, push: ProposalPush) -> None:
    """Have the checks of a push made once more: its test cases may be others by now.

    Raises ProposalClosed: what they came to then is part of how it was published.
    """
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.status != Proposal.Status.OPEN:
        raise ProposalClosed(message=f"The proposal #{locked.number} is closed.")
    push.checks.all().delete()
    ask_checks(push)


def work_waits() -> None:
    """After the commit, tell workers that there is something to do: see settings."""
    told: Callable[[], None] = import_string(settings.REVIEW_WORK_WAITS)
    transaction.on_commit(told)


def carry_out_next() -> bool:
    """Make the next step of a check that waits; False where none is due."""
    taken = _take()
    if taken is None:
        return False
    path = settings.REVIEW_CHECKS.get(taken.kind)
    if path is None:
        step = _fault(f"This installation knows no check called {taken.kind}.")
    elif taken.attempt > ATTEMPTS:
        step = _fault("The workers that tried it were lost.")
    else:
        push = taken.push
        try:
            make: Callable[..., Step] = import_string(path)
            memo = json_text.loads(taken.memo) if taken.memo else {}
            name = push.proposal.state_machine.name
            with arns.acting_in(arns.account_of(name)):
                step = make(name, push.definition, memo)
        except Exception:  # noqa: BLE001 - whatever it is, other checks go on
            # The database may be away, or the fault be ours: soon again, and after some attempts
            # it is a fault of the check.
            _log.exception("check %s of push %s could not be made", taken.kind, taken.push_id)
            _held(taken).update(lease_until=Now() + timedelta(seconds=AGAIN_SECONDS))
            return True
    _store(taken, step)
    return True


def is_due() -> bool:
    """Whether a check waits that nobody holds."""
    waiting = ProposalCheck.objects.filter(status=ProposalCheck.Status.WAITING)
    return waiting.filter(lease_until__lte=Now()).exists()


def seconds_until_next() -> float | None:
    """In how many seconds the next step of a check is due; None where none waits."""
    waiting = ProposalCheck.objects.filter(status=ProposalCheck.Status.WAITING)
    row = waiting.order_by("lease_until").values_list("lease_until", Now()).first()
    return None if row is None else max(float((row[0] - row[1]).total_seconds()), 0.0)


@transaction.atomic
def _take() -> ProposalCheck | None:
    due = ProposalCheck.objects.filter(
        status=ProposalCheck.Status.WAITING, lease_until__lte=Now()
    ).select_related("push__proposal__state_machine")
    check = (
        due.select_for_update(skip_locked=True, of=("self",)).order_by("lease_until", "id").first()
    )
    if check is None:
        return None
    check.attempt += 1
    check.fence += 1
    ProposalCheck.objects.filter(pk=check.pk).update(
        attempt=check.attempt,
        fence=check.fence,
        lease_until=Now() + timedelta(seconds=LEASE_SECONDS),
    )
    return check


@transaction.atomic
def _store(taken: ProposalCheck, step: Step) -> None:
    text = json_text.dumps(step.answer)
    mine = _held(taken)
    if step.status == ProposalCheck.Status.WAITING:
        mine.update(memo=text, lease_until=Now() + timedelta(seconds=step.seconds), attempt=0)
        return
    done = mine.update(status=step.status, answer=text, memo="", ended_at=Now())
    if done and step.status in (ProposalCheck.Status.FAILED, ProposalCheck.Status.FAULT):
        tell(taken.push.proposal, "CHECK_FAILED", None)


def _held(taken: ProposalCheck) -> QuerySet[ProposalCheck]:
    """The row, while it is this worker's: after the lease, or a later push, it is not."""
    return ProposalCheck.objects.filter(
        pk=taken.pk, fence=taken.fence, status=ProposalCheck.Status.WAITING
    )


def _fault(reason: str) -> Step:
    return Step(ProposalCheck.Status.FAULT, {"reason": reason})
