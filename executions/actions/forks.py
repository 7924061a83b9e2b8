"""Forks: new executions that begin where others once were."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from executions.actions.executions import StartedExecution, start_execution
from executions.actions.recorded_tests import whole_history
from executions.interpreter.rehearsal.fork import NotForkable, fork
from studio import arns
from studio.actions.state_machines import create_state_machine
from studio.errors import ValidationException

if TYPE_CHECKING:
    from executions.models import Execution

NAME_CHARACTERS = 60
"""Of the state machine's name that a fork's begins with."""


def fork_execution(
    execution: Execution,
    event: int,
    input: str | None = None,  # noqa: A002 - AWS's name
    name: str | None = None,
) -> tuple[str, StartedExecution]:
    """Start an execution that begins with the state entered at ``event``; it runs for real.

    It has that state's own input, or ``input`` (JSON text). Its definition is another one, so it
    belongs to a state machine of its own, ``NAME-fork-…``, which the same fork once more finds.
    With a ``name`` it may be asked for twice, as StartExecution.

    Returns:
        The name of that state machine, and what StartExecution answered.

    Raises:
        ValidationException: nothing can begin there.
        As ``create_state_machine`` and ``start_execution`` do.
    """
    revision = execution.revision
    try:
        made = fork(revision.definition, whole_history(execution), event)
    except NotForkable as problem:
        raise ValidationException(message=str(problem)) from None
    digest = hashlib.sha256(f"{made.definition}\n{revision.role_arn}".encode()).hexdigest()
    forked = execution.state_machine
    machine = arns.full_name(
        f"{forked.short_name[:NAME_CHARACTERS]}-fork-{digest[:12]}", arns.account_of(forked.name)
    )
    create_state_machine(name=machine, definition=made.definition, role_arn=revision.role_arn)
    started = start_execution(
        machine,
        input=made.input if input is None else input,
        name=name,
        forked_from=f"{execution.arn}#{event}",
    )
    return machine, started
