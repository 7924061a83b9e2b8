"""What if: asked for here, and read. ``replays`` carries them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from executions.actions.rehearsals import check_definition
from executions.errors import ExecutionDoesNotExist, WhatIfDoesNotExist
from executions.models import Execution, Replay, WhatIf
from executions.runtime import hints
from studio.actions.state_machines import get_state_machine
from studio.errors import StateMachineTypeNotSupported, ValidationException
from studio.models import StateMachine

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_EXECUTIONS = 100
"""Executions that one question is asked of."""
KEPT = 20
"""Questions that are kept for a state machine; the oldest go when another is asked."""


@transaction.atomic
def ask_what_if(
    state_machine: str, definition: str, executions: Sequence[str] | None, latest: int
) -> WhatIf:
    """Have executions that have ended replayed on a definition (JSON text); workers do that.

    ``executions`` are names; without them the ``latest`` ones are taken.

    Raises:
        InvalidDefinition: with every diagnostic.
        ValidationException: too many, or one that runs still; or there are none.
        ExecutionDoesNotExist, StateMachineDoesNotExist, StateMachineTypeNotSupported.
    """
    machine = get_state_machine(state_machine)
    if machine.type == StateMachine.Type.EXPRESS:
        raise StateMachineTypeNotSupported(
            message="Express executions keep no history that could be replayed."
        )
    check_definition(definition)
    found = Execution.objects.filter(state_machine=machine).order_by("-id")
    rows = found.values_list("id", "name", "status")
    if executions is None:
        ended = list(rows.exclude(status=Execution.Status.RUNNING)[: min(latest, MAX_EXECUTIONS)])
    else:
        ended = list(rows.filter(name__in=executions[: MAX_EXECUTIONS + 1]))
        missing = set(executions) - {name for _, name, _ in ended}
        if len(executions) > MAX_EXECUTIONS:
            raise ValidationException(message=f"{MAX_EXECUTIONS} executions at most.")
        if missing:
            raise ExecutionDoesNotExist(min(missing))
        for _, name, status in ended:
            if status == Execution.Status.RUNNING:
                raise ValidationException(message=f"The execution '{name}' has not ended yet.")
    if not ended:
        raise ValidationException(message="No execution of this state machine has ended yet.")
    what_if = WhatIf.objects.create(state_machine=machine, definition=definition)
    Replay.objects.bulk_create(
        Replay(what_if=what_if, execution_id=pk, execution_name=name) for pk, name, _ in ended
    )
    old = WhatIf.objects.filter(state_machine=machine).values_list("id", flat=True)[KEPT:]
    WhatIf.objects.filter(id__in=list(old)).delete()
    transaction.on_commit(hints.replays_asked)
    return what_if


def get_what_if(state_machine: str, what_if_id: int) -> WhatIf:
    """The question; raises WhatIfDoesNotExist."""
    found = WhatIf.objects.filter(pk=what_if_id, state_machine__name=state_machine)
    what_if = found.select_related("state_machine").first()
    if what_if is None:
        raise WhatIfDoesNotExist(str(what_if_id))
    return what_if


def get_replay(state_machine: str, what_if_id: int, execution: str) -> Replay:
    """One execution's replay; raises WhatIfDoesNotExist, ExecutionDoesNotExist."""
    what_if = get_what_if(state_machine, what_if_id)
    replay = what_if.replays.filter(execution_name=execution).first()
    if replay is None:
        raise ExecutionDoesNotExist(execution)
    return replay
