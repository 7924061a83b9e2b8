"""Callbacks: whoever holds a Task's token says how the attempt ended, or that it goes on.

Each is one statement, committed when it returns. Removing the attempt's row and leaving the
outcome in the inbox happen together, so of several callbacks, a worker's own report and a time-out
exactly one decides. A time-out that is due refuses a callback even before a turn has seen it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from executions.errors import InvalidOutput, TaskDoesNotExist, TaskTimedOut
from executions.interpreter.history import EVENT_LIMIT
from executions.interpreter.task_token import hash_of_token, read_task_token
from executions.runtime import hints, inbox
from executions.runtime.names import MACHINE
from studio import arns
from studio.asl import json_text
from studio.errors import InvalidToken

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

    from executions.interpreter.task_token import TokenSubject
    from executions.runtime.inbox import Message

_IN_TIME = """
    (t.deadline IS NULL OR t.deadline > now())
    AND (t.heartbeat_seconds IS NULL OR t.heartbeat_at IS NULL
         OR t.heartbeat_at + make_interval(secs => t.heartbeat_seconds) > now())
    AND NOT EXISTS (
        SELECT FROM executions_inboxmessage i
        WHERE i.execution_id = t.execution_id AND i.key = 'execution' AND i.command = 'FireTimer'
          AND i.visible_at <= now())
"""
_BY_TOKEN = f"t.token_hash = %s AND {_IN_TIME}"
_BY_TASK = f"t.execution_id = %s AND t.task = %s AND {_IN_TIME}"
_END = """
WITH ended AS (
    DELETE FROM executions_task t WHERE {} RETURNING t.execution_id
)
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
SELECT execution_id, now(), %s, %s, %s FROM ended
"""
_END_BY_TOKEN = _END.format(_BY_TOKEN)
_END_BY_TASK = _END.format(_BY_TASK)
# In whole milliseconds, as the machine counts.
_HEAR = f"""
UPDATE executions_task t SET heartbeat_at = date_trunc('milliseconds', now()) WHERE {_BY_TOKEN}
"""
_KNOWN = f"""
SELECT EXISTS (SELECT FROM executions_task t
               WHERE t.execution_id = e.id AND t.task = %s AND t.token_hash IS DISTINCT FROM %s),
       (SELECT substring(split_part(c.events, E'\\n', %s - c.first_id + 1)
                         FROM '^\\{{"timestamp":[0-9.]+,"type":"(\\w+)"')
        FROM executions_historychunk c
        WHERE c.execution_id = e.id AND %s BETWEEN c.first_id AND c.last_id)
FROM executions_execution e JOIN studio_statemachine m ON m.id = e.state_machine_id
WHERE m.name = split_part(%s, '/', 1) AND {MACHINE} = %s AND e.name = %s
"""


def send_task_success(token: str, output: str) -> None:
    """End the attempt that this token stands for; ``output`` is JSON text.

    Raises:
        InvalidOutput: it is not JSON; the attempt goes on waiting.
        InvalidToken: it is no token.
        TaskDoesNotExist: no such token was ever given.
        TaskTimedOut: the attempt is over, or its time is.
    """
    try:
        json_text.loads(output)
    except json_text.InvalidJson as fault:
        raise InvalidOutput(fault.message) from None
    subject = _subject_of(token)
    _end(token, subject, inbox.task_succeeded(subject.task, output))


def send_task_failure(token: str, error: str | None, cause: str | None) -> None:
    """Fail the attempt that this token stands for; Retry and Catch decide what follows.

    Raises:
        InvalidToken: it is no token.
        TaskDoesNotExist: no such token was ever given.
        TaskTimedOut: the attempt is over, or its time is.
    """
    subject = _subject_of(token)
    _end(token, subject, inbox.task_failed(subject.task, error, cause))


def send_task_heartbeat(token: str) -> None:
    """Let the attempt's HeartbeatSeconds count anew.

    Raises:
        InvalidToken: it is no token.
        TaskDoesNotExist: no such token was ever given.
        TaskTimedOut: the attempt is over, or its time is.
    """
    _write(_HEAR, token, _subject_of(token))


def end_attempt(execution_id: int, message: Message) -> bool:
    """End the attempt that a message brings the outcome of, for who holds no token but decides it.

    With the caller's transaction. False where nobody waits for the outcome any more: the attempt is
    over, or its time is.
    """
    with connection.cursor() as cursor:
        parameters = (execution_id, int(message.key), message.command, message.key, message.body)
        cursor.execute(_END_BY_TASK, parameters)
        ended = bool(cursor.rowcount)
    if ended:
        transaction.on_commit(hints.executions_ready)
    return ended


def _subject_of(token: str) -> TokenSubject:
    subject = read_task_token(token)
    if subject is None:
        raise InvalidToken("Invalid token")
    if not arns.is_local(subject.execution_arn):
        raise TaskDoesNotExist("Provided task does not exist")
    return subject


def _end(token: str, subject: TokenSubject, message: Message) -> None:
    _write(_END_BY_TOKEN, token, subject, (message.command, message.key, message.body))
    # At once where no transaction is open, which is the rule.
    transaction.on_commit(hints.executions_ready)


def _write(
    statement: str, token: str, subject: TokenSubject, parameters: tuple[Any, ...] = ()
) -> None:
    token_hash = hash_of_token(token)
    with connection.cursor() as cursor:
        cursor.execute(statement, (token_hash, *parameters))
        if cursor.rowcount:
            return
        if not _was_given(cursor, subject, token_hash):
            raise TaskDoesNotExist("Provided task does not exist")
        raise TaskTimedOut("Provided task does not exist anymore")


def _was_given(cursor: CursorWrapper, subject: TokenSubject, token_hash: bytes) -> bool:
    """Whether there has been an attempt as the token says, and none that has another token.

    The hash of an attempt that is over is not kept, so a token that was made up for one passes.
    """
    try:
        names = arns.parse_execution_arn(subject.execution_arn)
    except arns.InvalidStatesArn:
        return False
    task = subject.task
    if not arns.is_local(subject.execution_arn) or task > EVENT_LIMIT:
        return False
    cursor.execute(
        _KNOWN, (task, token_hash, task, task, *(names.state_machine,) * 2, names.execution)
    )
    row = cursor.fetchone()
    if row is None:
        return False
    has_another_token, event_type = row
    return not has_another_token and (event_type or "").endswith("Scheduled")
