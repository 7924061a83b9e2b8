"""What becomes of executions when their state machine is deleted."""

from __future__ import annotations

from django.db import connection, transaction

from executions.models import Execution, ExpressExecution
from studio.actions.state_machines import delete_state_machine as stop_starting
from studio.models import StateMachine

# Histories, messages and tasks have no foreign key, so that the loop's inserts stay cheap.
_REMOVE_HISTORIES = """
DELETE FROM executions_historychunk h USING executions_execution e
WHERE e.state_machine_id = %s AND h.execution_id = e.id
"""
_REMOVE_EXECUTIONS = "DELETE FROM executions_execution WHERE state_machine_id = %s"


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


@transaction.atomic
def remove_when_idle(machine: StateMachine) -> bool:
    """Remove a state machine that is being deleted, unless something of it still runs."""
    # The lock waits for starts that are under way, and keeps later ones waiting.
    locked = (
        StateMachine.objects.select_for_update()
        .filter(pk=machine.pk, status=StateMachine.Status.DELETING)
        .first()
    )
    if locked is None:
        return False
    running = Execution.objects.filter(state_machine=locked, status=Execution.Status.RUNNING)
    if running.exists() or ExpressExecution.objects.filter(state_machine=locked).exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE_HISTORIES, (locked.pk,))
        cursor.execute(_REMOVE_EXECUTIONS, (locked.pk,))
    StateMachine.objects.filter(pk=locked.pk).update(current=None)
    locked.aliases.all().delete()
    locked.versions.all().delete()
    locked.revisions.all().delete()
    locked.delete()
    return True
