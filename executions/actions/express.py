"""Express executions whose caller waits for the end: StartSyncExecution."""

from __future__ import annotations

import uuid

from executions.actions.executions import check_input
from executions.runtime.express.execution import ExpressEnd, ExpressStart
from executions.runtime.express.processes import Processes
from studio.actions.aliases import drawn_revision
from studio.actions.names import check_name
from studio.actions.state_machines import get_state_machine
from studio.errors import NOT_OF_THIS_TYPE, StateMachineDeleting, StateMachineTypeNotSupported
from studio.models import StateMachine

_processes = Processes()


def prepare_sync_execution(
    state_machine: str,
    *,
    input: str | None = None,  # noqa: A002 - AWS's name
    name: str | None = None,
    qualifier: str | None = None,
) -> ExpressStart:
    """Check a request and give the execution that ``run_sync_execution`` is to run.

    ``qualifier`` is the number of a version or the name of an alias; without it the current
    revision runs.

    Raises:
        StateMachineDoesNotExist, StateMachineDeleting, StateMachineTypeNotSupported, InvalidName,
        InvalidExecutionInput, ValidationException: as their names say.
    """
    if name is not None:
        check_name(name)
    if input is not None:
        check_input(input)
    machine = get_state_machine(state_machine)
    if machine.type != StateMachine.Type.EXPRESS:
        raise StateMachineTypeNotSupported(message=NOT_OF_THIS_TYPE)
    if machine.status != StateMachine.Status.ACTIVE:
        raise StateMachineDeleting(machine.arn)
    revision = drawn_revision(machine, qualifier)
    run = str(uuid.uuid4())
    return ExpressStart(
        state_machine=machine.name,
        name=name or str(uuid.uuid4()),
        run=run,
        role_arn=revision.role_arn,
        definition=revision.definition,
        input="{}" if input is None else input,
        logging_configuration=machine.logging_configuration,
    )


async def run_sync_execution(start: ExpressStart) -> ExpressEnd:
    """Run an execution in memory, at most once, and say how it ended.

    Raises TooManyExecutions where there is no room for it: it has not begun.
    """
    return await _processes.run(start)
