"""Aliases moved bit by bit: begun, carried on by any worker, cancelled, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from studio import arns
from studio.actions.aliases import get_alias
from studio.actions.audit import record
from studio.actions.versions import get_version, lock_state_machine
from studio.errors import (
    ConflictException,
    ResourceNotFound,
    StateMachineDeleting,
    StateMachineDoesNotExist,
    ValidationException,
)
from studio.models import AliasMove, StateMachine, StateMachineAlias
from studio.models.audit_entry import AuditAction

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

LONGEST_INTERVAL = 30 * 24 * 3600
Status = AliasMove.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How an alias is moved: see ``AliasMove``. No ``failure_percent``: it is never taken back."""

    kind: str
    step_percent: int
    interval_seconds: int
    failure_percent: int | None = None
    minimum_executions: int = 1


@dataclass(frozen=True, slots=True)
class Ended:
    """Executions that an alias has started with a version and that have ended since."""

    succeeded: int
    failed: int


@transaction.atomic
def start_move(
    state_machine: str, alias_name: str, version: int, plan: Plan, by: int | None
) -> AliasMove:
    """Begin to move an alias to a version; its first step is made at once.

    Raises:
        ValidationException: the plan is none, or the alias starts this version already.
        ConflictException: it is on its way already, or stands for two versions.
        ResourceNotFound, StateMachineDoesNotExist, StateMachineDeleting: as their names say.
    """
    machine = lock_state_machine(state_machine)
    _check(plan, machine)
    alias = get_alias(arns.qualified_arn(state_machine, alias_name))
    if alias.moves.filter(status=Status.MOVING).exists():
        raise ConflictException(
            message=f"The alias '{alias_name}' is on its way already. Cancel that first."
        )
    if alias.second_version is not None:
        raise ConflictException(
            message=f"The alias '{alias_name}' stands for two versions. Route it to one of them "
            "first: it is moved from there."
        )
    target = get_version(state_machine, str(version))
    if target.pk == alias.version_id:
        raise ValidationException(
            message=f"The alias '{alias_name}' starts version {version} already."
        )
    now, alias_from = timezone.now(), alias.version.number
    move = AliasMove.objects.create(
        alias=alias,
        from_version=alias.version,
        version=target,
        kind=plan.kind,
        step_percent=plan.step_percent,
        interval_seconds=plan.interval_seconds,
        percent=plan.step_percent,
        failure_percent=plan.failure_percent,
        minimum_executions=plan.minimum_executions,
        started_by_id=by,
        started_at=now,
        next_at=now + timedelta(seconds=plan.interval_seconds),
    )
    _route(move)
    told = {"from": alias_from, "to": version, "kind": plan.kind}
    record(AuditAction.START_ALIAS_MOVE, alias.arn, told)
    return move


@transaction.atomic
def cancel_move(state_machine: str, move_id: int, *, back: bool) -> AliasMove:
    """Stop an alias where it is, or take it ``back`` to the version it came from.

    Raises ResourceNotFound: there is no such move. One that has ended stays as it is.
    """
    lock_state_machine(state_machine)
    move = _moves().filter(pk=move_id, alias__state_machine__name=state_machine).first()
    if move is None:
        raise ResourceNotFound(str(move_id))
    if move.status == Status.MOVING:
        if back:
            move.percent = 0
            _route(move)
        _end(move, Status.CANCELLED, "Taken back by hand." if back else "Stopped by hand.")
    return move


def moving() -> list[int]:
    """The moves that are under way: each is to be looked at now and then."""
    return list(AliasMove.objects.filter(status=Status.MOVING).values_list("pk", flat=True))


@transaction.atomic
def look_at(move_id: int, ended: Callable[[AliasMove], Ended]) -> AliasMove | None:
    """Take a move back where too many fail, or make its step where that is due.

    ``ended`` counts what the alias has started with the new version. Several workers may call this
    at once: of two the later one finds the step made. Gives the move, None where it has gone.
    """
    found = _moves().filter(pk=move_id).first()
    if found is None:
        return None
    try:
        lock_state_machine(found.alias.state_machine.name)
    except (StateMachineDeleting, StateMachineDoesNotExist):
        return None
    move = _moves().filter(pk=move_id).first()
    if move is None or move.status != Status.MOVING:
        return move
    if move.failure_percent is not None:
        count = ended(move)
        total = count.succeeded + count.failed
        if (
            total >= move.minimum_executions
            and count.failed * 100 >= move.failure_percent * total
            and count.failed
        ):
            move.percent = 0
            _route(move)
            _end(
                move,
                Status.ROLLED_BACK,
                f"{count.failed} of {total} executions failed: {move.failure_percent} % may not.",
            )
            return move
    if timezone.now() >= move.next_at:
        _step(move)
    return move


def _step(move: AliasMove) -> None:
    if move.kind == AliasMove.Kind.CANARY:
        move.percent = 100
    else:
        move.percent = min(move.percent + move.step_percent, 100)
    _route(move)
    if move.percent == 100:
        _end(move, Status.COMPLETED, "")
    else:
        # From now on: a worker that was away for an hour does not make all its steps at once.
        move.next_at = timezone.now() + timedelta(seconds=move.interval_seconds)
        move.save(update_fields=["percent", "next_at"])


def _route(move: AliasMove) -> None:
    alias = move.alias
    if move.percent in (0, 100):
        alias.version = move.version if move.percent else move.from_version
        alias.second_version, alias.weight = None, 100
    else:
        alias.version, alias.weight = move.version, move.percent
        alias.second_version = move.from_version
    alias.updated_at = timezone.now()
    StateMachineAlias.objects.filter(pk=alias.pk).update(
        version=alias.version,
        second_version=alias.second_version,
        weight=alias.weight,
        updated_at=alias.updated_at,
    )


def _end(move: AliasMove, status: str, reason: str) -> None:
    move.status, move.reason, move.ended_at = status, reason, timezone.now()
    move.save(update_fields=["status", "reason", "ended_at", "percent"])
    told = {"status": str(status), "percent": move.percent, "reason": reason}
    record(AuditAction.END_ALIAS_MOVE, move.alias.arn, told)


def _moves() -> QuerySet[AliasMove]:
    return AliasMove.objects.select_related(
        "alias__state_machine", "version", "from_version", "started_by"
    )


def moves_of(machine: StateMachine) -> QuerySet[AliasMove]:
    """The moves of a state machine's aliases, the latest first."""
    return _moves().filter(alias__state_machine=machine).order_by("-id")


def _check(plan: Plan, machine: StateMachine) -> None:
    problem = None
    if plan.kind not in AliasMove.Kind.values:
        problem = f"An alias is moved {' or '.join(AliasMove.Kind.values)}."
    elif not 1 <= plan.step_percent <= 99:
        problem = "The first step is 1 to 99 percent."
    elif not 1 <= plan.interval_seconds <= LONGEST_INTERVAL:
        problem = f"From one step to the next it is 1 to {LONGEST_INTERVAL} seconds."
    elif plan.failure_percent is not None and not 1 <= plan.failure_percent <= 100:
        problem = "The failure rate at which it is taken back is 1 to 100 percent."
    elif plan.minimum_executions < 1:
        problem = "At least 1 execution has to have ended before it is taken back."
    elif plan.failure_percent is not None and machine.type == StateMachine.Type.EXPRESS:
        problem = (
            "Of Express executions nothing is kept that could be counted: name no failure rate."
        )
    if problem is not None:
        raise ValidationException(message=problem)
