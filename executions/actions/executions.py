"""Executions: started and stopped. The only place outside the durable loop that writes them."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from executions.actions.execution_rows import read_execution
from executions.actions.state_machines import remove_when_idle
from executions.errors import (
    ExecutionAlreadyExists,
    ExecutionDoesNotExist,
    ExecutionLimitExceeded,
    InvalidExecutionInput,
    TaskTimedOut,
)
from executions.models import Execution
from executions.runtime import after_commit, drain, hints, inbox, open_executions
from executions.runtime.connection import transaction as runtime_transaction
from executions.runtime.first_turn import NewExecution, take_first_turns
from executions.runtime.status_changes import HEARD
from studio import arns
from studio.actions import audit
from studio.actions.names import check_characters, check_name, invalid_arn
from studio.actions.versions import version_number
from studio.asl import json_text
from studio.errors import StateMachineDeleting, StateMachineDoesNotExist, ValidationException
from studio.models import AuditAction, StateMachine

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

    from executions.runtime.nested import Parent

    Cursor = psycopg.Cursor[tuple[Any, ...]]

MAX_TRACE_HEADER = 256
"""Characters of a trace header, as at AWS."""

# The first statement of the transaction in which the execution also takes its first turn: it is
# there with its first events, or with its first message, or not at all. FOR KEY SHARE keeps the
# machine's row until the commit.
_START = """
WITH machine AS (
    SELECT m.id, r.id AS revision_id, m.status, m.type, m.logging_configuration, r.role_arn,
           {number} AS number, {alias} AS alias, {heard} AS is_heard
    FROM studio_statemachine m {joins}
    WHERE m.name = %(machine)s FOR KEY SHARE OF m
), started AS (
    INSERT INTO executions_execution (
        state_machine_id, revision_id, state_machine_version, state_machine_alias, name, status,
        input, trace_header, started_at, version, last_event_id, snapshot, failed_turns,
        parent_id, parent_task, parent_form, nesting, hops)
    SELECT id, revision_id, number, alias, %(name)s, 'RUNNING',
           %(input)s, %(trace_header)s, now(), 0, 0, '', 0,
           %(parent_id)s::bigint, %(parent_task)s::int, %(parent_form)s, %(nesting)s,
           %(hops)s
    FROM machine WHERE status = 'ACTIVE' AND type = 'STANDARD'
    ON CONFLICT (state_machine_id, name) DO NOTHING
    RETURNING id, started_at
), express AS (
    INSERT INTO executions_expressexecution (
        state_machine_id, revision_id, name, run, input, started_at, attempt, lease_until, hops)
    SELECT id, revision_id, %(name)s, %(run)s::uuid, %(input)s, now(), 0, now(), %(hops)s
    FROM machine WHERE status = 'ACTIVE' AND type = 'EXPRESS'
    RETURNING started_at
)
SELECT machine.status, express.started_at, started.id, started.started_at, machine.revision_id,
       machine.role_arn, machine.logging_configuration, extract(epoch FROM now())::float8,
       machine.number, machine.alias, machine.is_heard
FROM machine LEFT JOIN started ON true LEFT JOIN express ON true
"""
_START_CURRENT = _START.format(
    number="NULL::int",
    alias="NULL::text",
    heard=HEARD,
    joins="LEFT JOIN studio_statemachinerevision r ON r.id = m.current_id",
)
_START_VERSION = _START.format(
    number="v.number",
    alias="NULL::text",
    heard=HEARD,
    joins="""
    JOIN studio_statemachineversion v ON v.state_machine_id = m.id AND v.number = %(number)s
    JOIN studio_statemachinerevision r ON r.id = v.revision_id""",
)
_START_ALIAS = _START.format(
    number="v.number",
    alias="a.name",
    heard=HEARD,
    joins="""
    JOIN studio_statemachinealias a ON a.state_machine_id = m.id AND a.name = %(alias)s
    JOIN studio_statemachineversion v ON v.id =
        CASE WHEN %(draw)s < a.weight THEN a.version_id ELSE a.second_version_id END
    JOIN studio_statemachinerevision r ON r.id = v.revision_id""",
)
# The attempt that starts a child stays until the child is committed. Whoever ends the attempt
# waits for that, and finds the child.
_KEEP_ATTEMPT = """
SELECT e.nesting, e.hops FROM executions_task t JOIN executions_execution e ON e.id = t.execution_id
WHERE t.execution_id = %s AND t.task = %s FOR KEY SHARE OF t
"""
_ADOPT = """
UPDATE executions_execution e SET parent_id = %s, parent_task = %s, parent_form = %s
WHERE e.id = %s AND e.id <> %s AND e.status = 'RUNNING' AND NOT EXISTS (
    SELECT FROM executions_task t
    WHERE t.execution_id = e.parent_id AND t.task = e.parent_task AND e.parent_form <> '')
"""
_STOP = """
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
SELECT id, now(), %s, %s, %s FROM executions_execution WHERE id = %s AND status = 'RUNNING'
FOR KEY SHARE
"""


@dataclass(frozen=True, slots=True)
class StartedExecution:
    """What StartExecution answers."""

    arn: str
    name: str
    started_at: datetime


def start_execution(
    state_machine: str,
    *,
    input: str | None = None,  # noqa: A002 - AWS's name
    name: str | None = None,
    trace_header: str = "",
    qualifier: str | None = None,
    parent: Parent | None = None,
    run: str | None = None,
    debugging: tuple[inbox.Message, ...] = (),
    forked_from: str | None = None,
    hops: int = 0,
) -> StartedExecution:
    """Start an execution of the state machine with this name; it runs on the workers.

    ``qualifier`` is the number of a version or the name of an alias, as after the name in an ARN;
    without it the current revision runs. Of the two versions an alias may stand for, one is drawn
    by weight, and the execution stays with it.

    Once this returns the execution survives whatever happens. As at AWS, the same name and input
    again give the execution that is running already; ``input`` is JSON text, ``{}`` where it is
    not given, and ``name`` is made up where it is not given. Of an Express state machine every
    start is another execution, whatever its name; ``run`` is what its ARN ends with.

    ``parent`` is the attempt of another execution that starts this one: done again, it gives the
    same execution, whatever has become of that. If it waits for the end it may find an execution
    that runs already and that nobody else waits for.

    ``hops`` is for the execution's row, see ``models.Execution``; a child has its parent's.

    ``debugging`` is what a new execution is told before it begins; an Express one hears nothing.
    ``forked_from`` is for the audit trail: of which execution, and from which event of it, this is
    a fork.

    Raises:
        ExecutionAlreadyExists: the name belongs to another execution, or to one that has ended.
        ExecutionLimitExceeded: too many executions are open, or wait for one another.
        TaskTimedOut: the parent does not wait any more; nothing was started.
        InvalidExecutionInput: the input is not JSON.
        StateMachineDoesNotExist, StateMachineDeleting, InvalidName: as their names say.
        ValidationException: the input is too large.
    """
    if name is None:
        name = str(uuid.uuid4())
    else:
        check_name(name)
    if input is None:
        input = "{}"  # noqa: A001
    else:
        check_input(input)
    check_trace_header(trace_header)
    run = run or str(uuid.uuid4())
    report = None
    with connection.wrap_database_errors, runtime_transaction() as cursor:
        statement = _START_CURRENT
        values: dict[str, str | int | None] = {
            "machine": state_machine,
            "name": name,
            "input": input,
            "trace_header": trace_header,
            "run": run,
            "parent_id": None,
            "parent_task": None,
            "parent_form": "",
            "nesting": 0,
            "hops": hops,
        }
        if parent is not None:
            nesting, hops = _depths_below(cursor, parent)
            values |= {
                "parent_id": parent.id,
                "parent_task": parent.task,
                "parent_form": parent.form,
                "nesting": nesting,
                "hops": hops,
            }
        if (number := version_number(qualifier)) is not None:
            statement = _START_VERSION
            values["number"] = number
        elif qualifier is not None:
            statement = _START_ALIAS
            values |= {"alias": qualifier, "draw": secrets.randbelow(100)}
        cursor.execute(statement, values, prepare=True)
        row = cursor.fetchone()
        if row is None:
            wanted = arns.optional_qualified_arn(state_machine, qualifier)
            raise StateMachineDoesNotExist(wanted or arns.state_machine_arn(state_machine))
        status, express_started_at, execution_id, started_at, *rest = row
        revision, role_arn, logging, now, number, alias, is_heard = rest
        if execution_id is not None:
            if not open_executions.fits(cursor, 1):
                raise ExecutionLimitExceeded
            new = NewExecution(
                execution_id,
                revision,
                input,
                state_machine,
                name,
                role_arn,
                logging,
                now,
                number,
                alias,
                parent,
                debugging,
                is_heard=is_heard,
            )
            report = take_first_turns(cursor, [new])
        if execution_id is not None or express_started_at is not None:
            actor = audit.current_actor()
            if audit.tells_of_starts(actor):
                _tell_of_start(cursor, actor, arns.execution_arn(state_machine, name), forked_from)
    if express_started_at is not None:
        transaction.on_commit(hints.express_started)
        arn = arns.express_execution_arn(state_machine, name, run)
        return StartedExecution(arn, name, express_started_at)
    arn = arns.execution_arn(state_machine, name)
    if report is not None:
        # At once where no transaction is open around this one, which is the rule.
        transaction.on_commit(partial(after_commit.tell, report))
        return StartedExecution(arn, name, started_at)
    if status != StateMachine.Status.ACTIVE:
        raise StateMachineDeleting(arns.state_machine_arn(state_machine))
    existing = Execution.objects.filter(state_machine__name=state_machine, name=name).first()
    if existing and _is_the_same(existing, input, parent):
        return StartedExecution(arn, name, existing.started_at)
    raise ExecutionAlreadyExists(arn)


def _tell_of_start(cursor: Cursor, actor: audit.Actor, arn: str, forked_from: str | None) -> None:
    action = AuditAction.START_EXECUTION if forked_from is None else AuditAction.FORK_EXECUTION
    details = {} if forked_from is None else {"from": forked_from}
    audit.record(action, arn, details, actor=actor, cursor=cursor)


def _depths_below(cursor: Cursor, parent: Parent) -> tuple[int, int]:
    """Keep the attempt that starts a child; the child's ``nesting`` and ``hops``."""
    cursor.execute(_KEEP_ATTEMPT, (parent.id, parent.task))
    row = cursor.fetchone()
    if row is None:
        raise TaskTimedOut("Provided task does not exist anymore")
    hops: int = row[1]
    if not parent.form:
        return 0, hops
    nesting: int = row[0] + 1
    if nesting > settings.NESTING_LIMIT:
        raise ExecutionLimitExceeded(
            message=f"{row[0]} executions wait for one another already; that is the limit "
            "(STEPWELL_NESTING_LIMIT). Does a state machine start itself without an end?"
        )
    return nesting, hops


def _is_the_same(existing: Execution, text: str, parent: Parent | None) -> bool:
    """Whether an execution of this name is what is asked for."""
    if parent is not None and (existing.parent_id, existing.parent_task) == (
        parent.id,
        parent.task,
    ):
        return True
    if existing.status != Execution.Status.RUNNING or existing.input != text:
        return False
    if parent is None or not parent.form:
        return True
    with connection.cursor() as cursor:
        cursor.execute(_ADOPT, (parent.id, parent.task, parent.form, existing.pk, parent.id))
        return bool(cursor.rowcount)


def stop_execution(execution: Execution, error: str | None, cause: str | None) -> datetime:
    """Abort an execution and say when it stopped; one that has ended stays as it is.

    When this returns the execution has ended, unless PostgreSQL went away in between: then the
    message is stored and a worker carries it out.
    """
    message = inbox.stop_execution(error, cause)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STOP, (message.command, message.key, message.body, execution.pk))
        running = bool(cursor.rowcount)
        if running:
            audit.record(AuditAction.STOP_EXECUTION, execution.arn, {"error": error})
    if running:
        drain.advance_now(execution.pk)
    execution.refresh_from_db()
    if execution.state_machine.status == StateMachine.Status.DELETING:
        remove_when_idle(execution.state_machine)
    return execution.stopped_at or timezone.now()


def get_execution(arn: str, *, only: tuple[str, ...] = ()) -> Execution:
    """The execution with this ARN, its state machine loaded.

    ``only`` names the columns that are wanted, where payloads are not.

    Raises:
        InvalidArn: it is no ARN of an execution.
        ExecutionDoesNotExist: there is none.
    """
    names = execution_names(arn)
    return get_execution_by_name(names.state_machine, names.execution, only=only)


def execution_names(arn: str) -> arns.ExecutionArn:
    """The names in the ARN of an execution that may exist here; asks no database.

    Raises InvalidArn and ExecutionDoesNotExist as ``get_execution`` does.
    """
    try:
        names = arns.parse_execution_arn(arn)
    except arns.InvalidStatesArn:
        raise invalid_arn(arn, "execution") from None
    check_characters(arn)
    if not arns.is_local(arn):
        raise ExecutionDoesNotExist(arn)
    return names


def get_execution_by_name(
    state_machine: str, name: str, *, only: tuple[str, ...] = ()
) -> Execution:
    """The execution ``name`` of a state machine; raises ExecutionDoesNotExist."""
    # The statement below knows no callers: nobody sees into another account, by whatever name.
    execution = read_execution(state_machine, name, only) if arns.is_seen(state_machine) else None
    if execution is None:
        raise ExecutionDoesNotExist(arns.execution_arn(state_machine, name))
    return execution


def check_input(text: str) -> None:
    """Refuse what is no input: too large (ValidationException), no JSON (InvalidExecutionInput)."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > settings.MAX_INPUT_BYTES:
        raise ValidationException(
            message="1 validation error detected: Value at 'input' failed to satisfy constraint: "
            f"Member must have length less than or equal to {settings.MAX_INPUT_BYTES}"
        )
    if not text.strip():
        raise InvalidExecutionInput("Invalid execution input.")
    try:
        json_text.loads(text)
    except json_text.InvalidJson as fault:
        raise InvalidExecutionInput(fault.message) from None


def check_trace_header(text: str) -> None:
    """Refuse a trace header that cannot be stored (ValidationException)."""
    if "\0" in text or len(text) > MAX_TRACE_HEADER:
        raise ValidationException(message="Invalid trace header")
