"""What state machines mark as sensitive: set, and found for those who may not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from studio.actions.audit import record
from studio.actions.versions import lock_state_machine
from studio.errors import ValidationException
from studio.models import AuditAction, StateMachine
from studio.sensitive_fields import (
    InvalidMark,
    Marks,
    checked_marks,
    marks_of,
    read,
    together,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


@transaction.atomic
def set_sensitive_fields(machine: StateMachine, given: Iterable[str]) -> list[str]:
    """Mark these fields of the machine's payloads and no others; gives them as they are kept.

    It counts at once, for executions that have ended, too: no revision, and nothing that runs
    changes.

    Raises:
        ValidationException: one of them marks nothing, or there are too many.
    """
    try:
        marks = checked_marks(given)
    except InvalidMark as fault:
        raise ValidationException(message=f"Sensitive fields: {fault}") from None
    locked = lock_state_machine(machine.name)
    machine.sensitive_fields = written(marks)
    if locked.sensitive_fields != machine.sensitive_fields:
        before = read(locked.sensitive_fields)
        locked.sensitive_fields = machine.sensitive_fields
        locked.save(update_fields=["sensitive_fields"])
        record(
            AuditAction.UPDATE_STATE_MACHINE,
            machine.arn,
            {"changed": ["sensitive_fields"], "from": before, "to": marks},
        )
    return marks


def marks_for(name: str | None) -> Marks:
    """What is marked in an answer about the state machine ``name``.

    Where the answer may be about several, or about one that is not known, everything that any
    state machine in sight marks.
    """
    if name is not None:
        machine = StateMachine.objects.filter(name=name)
        stored = machine.values_list("sensitive_fields", flat=True).first()
        if stored is not None:
            return marks_of(stored)
    marked = StateMachine.objects.exclude(sensitive_fields="")
    return together(marked.values_list("sensitive_fields", flat=True))
