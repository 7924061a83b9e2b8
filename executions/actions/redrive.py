"""Redriving: an execution that ended without success is told to go on.

One commit makes the execution RUNNING again and leaves the message that the machine goes on by, so
a process that dies at any moment has either redriven it or not.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from executions.actions.executions import get_execution
from executions.errors import (
    ExecutionDoesNotExist,
    ExecutionLimitExceeded,
    ExecutionNotRedrivable,
)
from executions.models import Execution, InboxMessage
from executions.runtime import hints, inbox, open_executions
from executions.runtime.statements import REDRIVABLE_DAYS
from studio.actions.audit import record
from studio.models import AuditAction, StateMachine

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_EVENTS = 24_998
"""The longest history with room for ExecutionRedriven and an event after it."""
MAX_AGE = timedelta(days=365)
"""For how long an execution may be open."""
KEPT_TOKENS = 10
TOKEN_LIFE = timedelta(minutes=15)

# FOR KEY SHARE: a deletion of the state machine waits until this has committed.
_KEEP_MACHINE = """
SELECT date_trunc('milliseconds', now()) FROM studio_statemachine WHERE id = %s FOR KEY SHARE
"""


@transaction.atomic
def redrive_execution(arn: str, client_token: str | None = None) -> datetime:
    """Let an unsuccessful execution go on from where it ended; the moment of the redrive.

    Once this returns the redrive survives whatever happens; workers carry it out. A token with
    which the execution was redriven in the last 15 minutes (the last 10 of them) gives that
    redrive's moment again and changes nothing, whatever has become of the execution since.

    Raises:
        ExecutionLimitExceeded: too many executions are open.
        ExecutionNotRedrivable: it runs, succeeded, or ended too long ago; the message says why.
        InvalidArn, ExecutionDoesNotExist: as their names say.
    """
    found = get_execution(arn, only=("state_machine_id",))
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_MACHINE, (found.state_machine_id,))
        row = cursor.fetchone()
    execution = (
        Execution.objects.select_related("state_machine")
        .defer("snapshot", "input")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=found.pk)
        .first()
    )
    if row is None or execution is None:
        raise ExecutionDoesNotExist(arn)
    now: datetime = row[0]
    tokens = _alive(execution.redrive_tokens or (), now)
    for token, moment in tokens:
        if token == client_token:
            return datetime.fromisoformat(moment)
    if execution.map_run_id is not None:
        raise ExecutionNotRedrivable(
            message="Execution ARN invalid for redrive as: Execution is a child of a Map Run, "
            "which the redrive of its parent execution redrives"
        )
    if reason := reason_against(execution, now):
        raise ExecutionNotRedrivable(message=f"Execution ARN invalid for redrive as: {reason}")
    # The end may have been committed after this transaction began; time runs on all the same.
    redriven_at = max(now, execution.stopped_at or now)
    if client_token is not None:
        tokens.append((client_token, redriven_at.isoformat()))
    Execution.objects.filter(pk=execution.pk).update(
        status=Execution.Status.RUNNING,
        stopped_at=None,
        error=None,
        cause=None,
        redrive_count=execution.redrive_count + 1,
        redriven_at=redriven_at,
        redrive_tokens=tokens[-KEPT_TOKENS:],
        redrivable_until=None,
    )
    with connection.cursor() as cursor:
        if not open_executions.fits(cursor, 1):
            raise ExecutionLimitExceeded
    message = inbox.redrive_execution(redriven_at)
    InboxMessage.objects.create(
        execution_id=execution.pk,
        visible_at=redriven_at,
        command=message.command,
        key=message.key,
        body=message.body,
    )
    record(AuditAction.REDRIVE_EXECUTION, arn)
    transaction.on_commit(hints.executions_ready)
    return redriven_at


def reason_against(execution: Execution, now: datetime) -> str | None:
    """Why an execution cannot be redriven, in AWS's words; None where it can.

    Needs ``state_machine`` loaded.
    """
    if execution.stopped_at is None or execution.status == Execution.Status.SUCCEEDED:
        return f"Execution is {execution.status} and cannot be redriven"
    if execution.state_machine.status == StateMachine.Status.DELETING:
        return "State machine is in DELETING status"
    if execution.last_event_id > MAX_EVENTS:
        return "Execution history event limit exceeded"
    if now >= execution.started_at + MAX_AGE:
        return "Execution has exceeded the max execution time"
    if now >= execution.stopped_at + timedelta(days=REDRIVABLE_DAYS):
        return "Execution redrivable period exceeded"
    if execution.redrivable_until is None:
        # Ended by a release that kept nothing to go on with.
        return "Execution was started before the launch of RedriveExecution"
    return None


def _alive(tokens: Sequence[Sequence[str]], now: datetime) -> list[tuple[str, str]]:
    """The tokens that are still known: pairs of a token and its redrive's moment."""
    return [
        (token, moment)
        for token, moment in tokens
        if now < datetime.fromisoformat(moment) + TOKEN_LIFE
    ]
