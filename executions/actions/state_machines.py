"""What becomes of executions when their state machine is deleted."""

from __future__ import annotations

import time

from django.db import transaction

from executions.models import Execution, ExpressExecution, MockedResponse, WorkflowTest
from executions.runtime.map_runs.removal import remove_orphans
from executions.runtime.removal import remove_executions
from studio.actions.state_machines import delete_state_machine as stop_starting
from studio.models import StateMachine

SECONDS = 0.5
"""How long one call may remove executions; workers go on with what is left."""

_EXECUTIONS = """
SELECT id FROM executions_execution
WHERE state_machine_id = %s AND status <> 'RUNNING' AND map_run_id IS NULL
ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""


def delete_state_machine(name: str) -> None:
    """Delete a state machine: at once where nothing runs, otherwise when the last one has ended.

    A name that does not exist is no error, as at AWS.
    """
    machine = stop_starting(name)
    if machine is not None:
        remove_when_idle(machine)


def remove_deleted_state_machines() -> int:
    """Remove every state machine that is being deleted and has nothing running; how many."""
    deleting = StateMachine.objects.filter(status=StateMachine.Status.DELETING)
    return sum(remove_when_idle(machine) for machine in deleting)


def remove_when_idle(machine: StateMachine) -> bool:
    """Remove a state machine that is being deleted, unless something of it still runs.

    Its executions go first, a batch a commit; where there are many of them this is called again.
    """
    if _runs(machine):
        return False
    until = time.monotonic() + SECONDS
    remove_executions(_EXECUTIONS, (machine.pk,), until)
    remove_orphans(until)
    with transaction.atomic():
        # The lock waits for starts that are under way, and keeps later ones waiting.
        locked = (
            StateMachine.objects.select_for_update()
            .filter(pk=machine.pk, status=StateMachine.Status.DELETING)
            .first()
        )
        if locked is None or _has_executions(locked):
            return False
        StateMachine.objects.filter(pk=locked.pk).update(current=None)
        locked.aliases.all().delete()
        locked.versions.all().delete()
        locked.revisions.all().delete()
        MockedResponse.objects.filter(state_machine=locked.name).delete()
        WorkflowTest.objects.filter(state_machine=locked.name).delete()
        locked.delete()
    return True


def _runs(machine: StateMachine) -> bool:
    running = Execution.objects.filter(state_machine=machine, status=Execution.Status.RUNNING)
    own = running.filter(map_run_id=None)
    return own.exists() or ExpressExecution.objects.filter(state_machine=machine).exists()


def _has_executions(machine: StateMachine) -> bool:
    return any(
        model.objects.filter(state_machine=machine).exists()
        for model in (Execution, ExpressExecution)
    )
