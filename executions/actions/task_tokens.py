"""Callbacks: whoever holds a Task's token says how the attempt ended, or that it goes on.

Each is one statement, committed when it returns. Removing the attempt's row and leaving the
outcome in the inbox happen together, so of several callbacks, a worker's own report and a time-out
exactly one decides. A time-out that is due refuses a callback even before a turn has seen it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from executions.errors import InvalidOutput, TaskTimedOut
from executions.interpreter.task_token import hash_of_token, read_task_token
from executions.runtime import hints, inbox
from studio.asl import json_text
from studio.errors import InvalidToken

if TYPE_CHECKING:
    from executions.runtime.inbox import Message

_IN_TIME = """
    t.token_hash = %s
    AND (t.deadline IS NULL OR t.deadline > now())
    AND (t.heartbeat_seconds IS NULL OR t.heartbeat_at IS NULL
         OR t.heartbeat_at + make_interval(secs => t.heartbeat_seconds) > now())
    AND NOT EXISTS (
        SELECT FROM executions_inboxmessage i
        WHERE i.execution_id = t.execution_id AND i.key = 'execution' AND i.command = 'FireTimer'
          AND i.visible_at <= now())
"""
_END = f"""
WITH ended AS (
    DELETE FROM executions_task t WHERE {_IN_TIME} RETURNING t.execution_id
)
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
SELECT execution_id, now(), %s, %s, %s FROM ended
"""
# In whole milliseconds, as the machine counts.
_HEAR = f"""
UPDATE executions_task t SET heartbeat_at = date_trunc('milliseconds', now()) WHERE {_IN_TIME}
"""


def send_task_success(token: str, output: str) -> None:
    """End the attempt that this token stands for; ``output`` is JSON text.

    Raises:
        InvalidOutput: it is not JSON; the attempt goes on waiting.
        InvalidToken: no such token was ever given.
        TaskTimedOut: the attempt is over, or its time is.
    """
    try:
        json_text.loads(output)
    except json_text.InvalidJson as fault:
        raise InvalidOutput(fault.message) from None
    _end(token, inbox.task_succeeded(_task_of(token), output))


def send_task_failure(token: str, error: str | None, cause: str | None) -> None:
    """Fail the attempt that this token stands for; Retry and Catch decide what follows.

    Raises:
        InvalidToken: no such token was ever given.
        TaskTimedOut: the attempt is over, or its time is.
    """
    _end(token, inbox.task_failed(_task_of(token), error, cause))


def send_task_heartbeat(token: str) -> None:
    """Let the attempt's HeartbeatSeconds count anew.

    Raises:
        InvalidToken: no such token was ever given.
        TaskTimedOut: the attempt is over, or its time is.
    """
    _task_of(token)
    _write(_HEAR, (hash_of_token(token),))


def _task_of(token: str) -> int:
    subject = read_task_token(token)
    if subject is None:
        raise InvalidToken("Invalid token")
    return subject.task


def _end(token: str, message: Message) -> None:
    _write(_END, (hash_of_token(token), message.command, message.key, message.body))
    # At once where no transaction is open, which is the rule.
    transaction.on_commit(hints.executions_ready)


def _write(statement: str, parameters: tuple[Any, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        if not cursor.rowcount:
            raise TaskTimedOut("Provided task does not exist anymore")
