"""The loop's SQL but for what a turn writes, which is in ``batch``. Each statement reads or writes
many rows; arrays are unnested on the server.

PostgreSQL's ``now()`` (the start of the transaction) is the only clock: worker clocks may differ.
Arrays go in binary (``%b``): psycopg escapes the text form of an array character by character in
Python, which for histories cost seven times all the rest of a turn.
"""

from __future__ import annotations

from executions.runtime.names import MACHINE
from executions.runtime.status_changes import HEARD

REDRIVABLE_DAYS = 14
"""For how long after its end an execution may be redriven: AWS's period."""

_CLAIMED_COLUMNS = f"""
    extract(epoch FROM now()), e.id, e.version, e.revision_id, e.status, e.snapshot,
    CASE WHEN e.version = 0 THEN e.input END, e.failed_turns, {MACHINE}, e.name, r.role_arn,
    m.logging_configuration, e.state_machine_version, e.state_machine_alias, e.parent_id,
    e.parent_task, e.parent_form, e.scope, e.map_run_id, e.item_count, {HEARD}
"""
_CLAIM = f"SELECT {_CLAIMED_COLUMNS}"
_JOINS = """
JOIN studio_statemachine m ON m.id = e.state_machine_id
JOIN studio_statemachinerevision r ON r.id = e.revision_id
"""

# Walks the due messages in order and passes by executions that another worker holds, so a
# thousand messages for one busy execution do not hide the others.
CLAIM_READY = f"""{_CLAIM}
FROM executions_inboxmessage i JOIN executions_execution e ON e.id = i.execution_id {_JOINS}
WHERE i.visible_at <= now()
ORDER BY i.visible_at, i.id LIMIT %s FOR NO KEY UPDATE OF e SKIP LOCKED
"""
CLAIM_THESE = f"""{_CLAIM} FROM executions_execution e {_JOINS}
WHERE e.id = ANY(%b) ORDER BY e.id FOR NO KEY UPDATE OF e SKIP LOCKED
"""
CLAIM_THESE_WAITING = f"""{_CLAIM} FROM executions_execution e {_JOINS}
WHERE e.id = ANY(%b) ORDER BY e.id FOR NO KEY UPDATE OF e
"""
# Nothing is locked: a quick turn asks again whether the version is still the one that was read.
READ_STATES = f"""{_CLAIM} FROM executions_execution e {_JOINS}
WHERE e.id IN (SELECT t.execution_id FROM executions_task t WHERE t.id = ANY(%b))
  AND e.status = 'RUNNING' AND octet_length(e.snapshot) <= %s
"""
READ_INBOX = """
SELECT i.id, i.execution_id, i.command, i.key, i.body
FROM unnest(%b::bigint[]) AS w(execution_id),
LATERAL (SELECT * FROM executions_inboxmessage i
         WHERE i.execution_id = w.execution_id AND i.visible_at <= now()
         ORDER BY i.visible_at, i.id LIMIT %s) i
"""
PUT_MESSAGE = """
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
VALUES (%s, now(), %s, %s, %s)
"""
PUT_OFF = """
WITH failed AS (
    UPDATE executions_inboxmessage SET visible_at = now() + make_interval(secs => %s)
    WHERE execution_id = %s AND visible_at <= now() RETURNING execution_id)
UPDATE executions_execution SET failed_turns = failed_turns + 1
WHERE id IN (SELECT execution_id FROM failed)
"""
IS_STARTED = "t.status || '' = 'STARTED'"
"""Of an attempt that is found by its id. Not as ``task_leased``, the index of what is started, has
it: between two vacuums that is full of what has gone, and looks so small to PostgreSQL that it
would read all of it."""
ACCEPT_OUTCOMES = f"""
DELETE FROM executions_task t USING unnest(%b::bigint[], %b::bigint[]) AS o(id, fence)
WHERE t.id = o.id AND t.fence = o.fence AND {IS_STARTED}
RETURNING t.id, t.fence
"""
# From here on no worker holds the attempt: it is its token's.
ACCEPT_SUBMISSIONS = f"""
UPDATE executions_task t SET status = 'SUBMITTED', lease_until = NULL
FROM unnest(%b::bigint[], %b::bigint[]) AS o(id, fence)
WHERE t.id = o.id AND t.fence = o.fence AND {IS_STARTED}
RETURNING t.id, t.fence
"""
# In order, so that two turns never wait for each other.
LOCK_ATTEMPTS = """
SELECT t.execution_id, t.task, extract(epoch FROM t.heartbeat_at)::float8
FROM executions_task t JOIN unnest(%b::bigint[], %b::int[]) AS v(execution_id, task)
  ON t.execution_id = v.execution_id AND t.task = v.task
ORDER BY t.id FOR UPDATE OF t
"""
QUEUED_TASKS = """
SELECT id, resource, CASE WHEN %s THEN parameters END FROM executions_task
WHERE queue = %s AND status = 'QUEUED' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_STARTED_COLUMNS = """
    t.id, t.execution_id, t.fence, t.task, t.attempt, t.state_name, t.resource, t.parameters,
    extract(epoch FROM t.deadline)::float8
"""
START_TASKS = f"""
UPDATE executions_task t SET status = 'STARTED', fence = fence + 1,
       lease_until = now() + make_interval(secs => %s)
FROM executions_execution e JOIN studio_statemachine m ON m.id = e.state_machine_id
WHERE t.id = ANY(%b) AND e.id = t.execution_id
RETURNING {_STARTED_COLUMNS}, {MACHINE}, e.name, t.role_arn, t.assumed_role_arn
"""
# Large ones have many tasks, each of which would read all of it.
_SMALL_SNAPSHOT = "CASE WHEN octet_length(e.snapshot) <= %s THEN e.snapshot ELSE '' END"
# Three parts of a statement: what waits, what is taken of it, with the executions' rows.
WAITING = """
SELECT id, resource = ANY(%b) AS is_quick FROM executions_task
WHERE queue = %s AND status = 'QUEUED' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
TAKEN = "SELECT id FROM waiting WHERE is_quick ORDER BY id LIMIT %s"
TAKE_UP = f"""
UPDATE executions_task t SET status = 'STARTED', fence = fence + 1,
       lease_until = now() + make_interval(secs => %s)
FROM taken, executions_execution e {_JOINS}
WHERE t.id = taken.id AND e.id = t.execution_id
RETURNING {_STARTED_COLUMNS}, t.role_arn, t.assumed_role_arn,
          {_CLAIMED_COLUMNS.replace("e.snapshot", _SMALL_SNAPSHOT)}
"""
# Seen only if the task lasts: a quick one is over, and this row removed, before it is due.
ANNOUNCE_START = """
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
VALUES (%s, now() + interval '100 milliseconds', 'TaskStarted', %s, '')
"""
PROLONG_LEASES = f"""
UPDATE executions_task t SET lease_until = now() + make_interval(secs => %s)
FROM unnest(%b::bigint[], %b::bigint[]) AS h(id, fence)
WHERE t.id = h.id AND t.fence = h.fence AND {IS_STARTED}
"""
PROLONG_SLOTS = """
UPDATE executions_functionslot SET lease_until = now() + make_interval(secs => %s)
WHERE id = ANY(%b)
"""
RELEASE_SLOTS = "DELETE FROM executions_functionslot WHERE id = ANY(%b)"
EXPIRED_LEASES = """
SELECT id, execution_id, task, resource, state_name
FROM executions_task WHERE status = 'STARTED' AND lease_until < now()
ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED
"""
REMOVE_TASKS = "DELETE FROM executions_task WHERE id = ANY(%b)"
REQUEUE_TASKS = """
UPDATE executions_task SET status = 'QUEUED', lease_until = NULL WHERE id = ANY(%b)
"""
ANYTHING_DUE = "SELECT 1 FROM executions_inboxmessage WHERE visible_at <= now() LIMIT 1"
WAITING_WORK = """
SELECT (SELECT count(*) FROM (SELECT 1 FROM executions_inboxmessage
                              WHERE visible_at <= now() LIMIT 1) i) > 0,
       (SELECT count(*) FROM (SELECT 1 FROM executions_task
                              WHERE status = 'QUEUED' AND queue = ANY(%b) LIMIT 1) t) > 0,
       extract(epoch FROM (SELECT min(visible_at) FROM executions_inboxmessage
                           WHERE visible_at > now()) - now())::float8
"""
