"""Express executions whose caller waits for the end: StartSyncExecution."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from executions.actions.executions import check_input
from executions.runtime.connection import transaction
from executions.runtime.express.execution import ExpressEnd, ExpressStart
from executions.runtime.express.processes import Processes
from executions.runtime.gathering import Gathering
from studio.actions.aliases import drawn_revision
from studio.actions.names import check_name
from studio.actions.state_machines import get_state_machine
from studio.errors import NOT_OF_THIS_TYPE, StateMachineDeleting, StateMachineTypeNotSupported
from studio.models import StateMachine

_PLAIN = """
SELECT m.name, r.role_arn, r.definition, m.logging_configuration, m.sensitive_fields
FROM studio_statemachine m JOIN studio_statemachinerevision r ON r.id = m.current_id
WHERE m.name = ANY(%b) AND m.type = 'EXPRESS' AND m.status = 'ACTIVE'
"""

_processes = Processes()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A request that has been checked as far as it can be without the database."""

    state_machine: str
    input: str | None
    name: str | None
    qualifier: str | None


def prepare_sync_execution(
    state_machine: str,
    *,
    input: str | None = None,  # noqa: A002 - AWS's name
    name: str | None = None,
    qualifier: str | None = None,
    hops: int = 0,
) -> ExpressStart:
    """Check a request and give the execution that ``run_sync_execution`` is to run.

    ``qualifier`` is the number of a version or the name of an alias; without it the current
    revision runs. ``hops``: see ``models.Execution``.

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
        hops=hops,
        sensitive_fields=machine.sensitive_fields,
    )


async def prepare_sync_execution_together(
    state_machine: str,
    *,
    input: str | None = None,  # noqa: A002 - AWS's name
    name: str | None = None,
    qualifier: str | None = None,
) -> ExpressStart:
    """``prepare_sync_execution`` on an event loop: with what others ask for at the same time.

    Raises TooManyWait, too: there is no room for it now.
    """
    if name is not None:
        check_name(name)
    if input is not None:
        check_input(input)
    return await _gathering.ask(_Wanted(state_machine, input, name, qualifier))


def _prepare_group(
    group: list[_Wanted], tell: Callable[[dict[int, ExpressStart | Exception]], None]
) -> None:
    """Answer the plain ones with one query, then the others one by one."""
    names = {wanted.state_machine for wanted in group if wanted.qualifier is None}
    with connection.wrap_database_errors, transaction() as cursor:
        cursor.execute(_PLAIN, (sorted(names),), prepare=True)
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    prepared: dict[int, ExpressStart | Exception] = {}
    for place, wanted in enumerate(group):
        if wanted.qualifier is None and wanted.state_machine in found:
            role_arn, definition, logging_configuration, sensitive_fields = found[
                wanted.state_machine
            ]
            prepared[place] = ExpressStart(
                state_machine=wanted.state_machine,
                name=wanted.name or str(uuid.uuid4()),
                run=str(uuid.uuid4()),
                role_arn=role_arn,
                definition=definition,
                input="{}" if wanted.input is None else wanted.input,
                logging_configuration=logging_configuration,
                sensitive_fields=sensitive_fields,
            )
    tell(prepared)
    for place, wanted in enumerate(group):
        if place not in prepared:
            tell({place: _prepare_alone(wanted)})


def _prepare_alone(wanted: _Wanted) -> ExpressStart | Exception:
    try:
        return prepare_sync_execution(
            wanted.state_machine,
            input=wanted.input,
            name=wanted.name,
            qualifier=wanted.qualifier,
        )
    except Exception as error:  # noqa: BLE001 - the caller's, as if it had called itself
        return error


_gathering: Gathering[_Wanted, ExpressStart] = Gathering("express-starts", _prepare_group)


async def run_sync_execution(start: ExpressStart) -> ExpressEnd:
    """Run an execution in memory, at most once, and say how it ended.

    Raises TooManyExecutions where there is no room for it: it has not begun.
    """
    return await _processes.run(start)
