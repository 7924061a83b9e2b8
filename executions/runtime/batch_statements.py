"""The SQL of a turn's writes, each of many rows. ``batch`` gathers the rows and sends it."""

from __future__ import annotations

from executions.runtime.statements import IS_STARTED
from executions.runtime.status_changes import HEARD

# What a quick turn takes for granted: its attempts are its own, and nobody else advances the
# executions or has told them anything. Nobody waits for a row that another turn holds.
END_ATTEMPTS = f"""
DELETE FROM executions_task t USING unnest(%b::bigint[], %b::bigint[]) AS o(id, fence)
WHERE t.id = o.id AND t.fence = o.fence AND {IS_STARTED}
RETURNING 1
"""
HOLD = """
SELECT v.*
FROM unnest(%b::bigint[], %b::int[], %b::text[], %b::int[], %b::text[], %b::text[], %b::text[],
            %b::text[], %b::text[])
  AS v(id, version, snapshot, last_event_id, status, output, error, cause, logging)
JOIN executions_execution e ON e.id = v.id AND e.version = v.version
JOIN studio_statemachine m ON m.id = e.state_machine_id AND m.logging_configuration = v.logging
WHERE NOT EXISTS (SELECT FROM executions_inboxmessage i
                  WHERE i.execution_id = e.id AND i.visible_at <= now())
FOR NO KEY UPDATE OF e SKIP LOCKED
"""
_SET = """
UPDATE executions_execution e
SET version = e.version + 1, snapshot = v.snapshot, last_event_id = v.last_event_id,
    status = v.status, output = v.output, error = v.error, cause = v.cause, failed_turns = 0,
    stopped_at = CASE WHEN v.status <> 'RUNNING' THEN v.now END,
    redrivable_until = CASE WHEN v.status <> 'RUNNING' AND v.snapshot <> ''
                            THEN v.now + make_interval(days => %s) END
"""
UPDATE_EXECUTIONS = f"""{_SET}
FROM (SELECT *, to_timestamp(%s) AS now
      FROM unnest(%b::bigint[], %b::int[], %b::text[], %b::int[], %b::text[], %b::text[],
                  %b::text[], %b::text[])
        AS u(id, version, snapshot, last_event_id, status, output, error, cause)) v
WHERE e.id = v.id AND e.version = v.version
"""
# Without a join of the values to what is held: rows by rows, each of a hundred would meet them all.
UPDATE_HELD = f"""{_SET}
FROM (SELECT *, to_timestamp(%s) AS now FROM held) v WHERE e.id = v.id
"""
# What a quick start takes for granted: its state machines are as this process saw them.
KEEP_MACHINES = f"""
SELECT m.id
FROM unnest(%b::bigint[], %b::bigint[], %b::text[], %b::bool[]) AS v(id, revision, logging, heard)
JOIN studio_statemachine m ON m.id = v.id AND m.current_id = v.revision
 AND m.logging_configuration = v.logging
WHERE m.status = 'ACTIVE' AND m.type = 'STANDARD' AND {HEARD} = v.heard
ORDER BY m.id FOR KEY SHARE OF m
"""
# Ids are given in the statement that commits them: lists go by them, from the latest start on.
NUMBER = """
SELECT array_agg(nextval('executions_execution_id_seq')) AS ids FROM generate_series(1, %s)
"""
NUMBERED = "(SELECT ids FROM numbered)[v.execution_id]"
# In the order of an ordinary start: of two who insert the same names one waits, and never both.
INSERT_EXECUTIONS = f"""
INSERT INTO executions_execution (
    id, state_machine_id, revision_id, name, input, trace_header, version, snapshot, last_event_id,
    status, output, error, cause, failed_turns, started_at, stopped_at, redrivable_until)
SELECT {NUMBERED}, v.machine, v.revision, v.name, v.input, v.trace_header, 1, v.snapshot,
       v.last_event_id, v.status, v.output, v.error, v.cause, 0, v.now,
       CASE WHEN v.status <> 'RUNNING' THEN v.now END,
       CASE WHEN v.status <> 'RUNNING' AND v.snapshot <> ''
            THEN v.now + make_interval(days => %s) END
FROM (SELECT *, to_timestamp(%s) AS now
      FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[], %b::text[], %b::text[], %b::text[],
                  %b::text[], %b::int[], %b::text[], %b::text[], %b::text[], %b::text[])
        AS u(execution_id, machine, revision, name, input, trace_header, snapshot, last_event_id,
             status, output, error, cause)) v
JOIN known ON known.id = v.machine
ORDER BY v.machine, v.name
ON CONFLICT (state_machine_id, name) DO NOTHING
"""
APPEND_HISTORY = """
INSERT INTO executions_historychunk (execution_id, first_id, last_id, events)
SELECT v.execution_id, v.first_id, v.last_id, v.events
FROM unnest(%b::bigint[], %b::int[], %b::int[], %b::text[])
  AS v(execution_id, first_id, last_id, events)
"""
DELIVER_LOG = """
INSERT INTO executions_logdelivery (execution_id, first_id, redrive_count)
SELECT v.execution_id, v.first_id, v.redrive_count
FROM unnest(%b::bigint[], %b::int[], %b::int[]) AS v(execution_id, first_id, redrive_count)
"""
REMOVE_MESSAGES = "DELETE FROM executions_inboxmessage WHERE id = ANY(%b)"
PUT_MESSAGES = """
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
SELECT v.execution_id, coalesce(to_timestamp(v.at), now()), v.command, v.key, v.body
FROM unnest(%b::bigint[], %b::float8[], %b::text[], %b::text[], %b::text[])
  AS v(execution_id, at, command, key, body)
"""
CANCELLABLE = ("FireTimer", "TaskStarted")
"""What may lose its point. An outcome's row has its task as key, too, and must stay."""
CANCEL_TIMERS = f"""
DELETE FROM executions_inboxmessage i USING unnest(%b::bigint[], %b::text[]) AS v(execution_id, key)
WHERE i.execution_id = v.execution_id AND i.key = v.key AND i.command IN {CANCELLABLE}
"""
# Comes after LOCK_ATTEMPTS: a worker that starts a child holds the row until the child is
# committed, and only a statement that begins after that sees the child.
CANCEL_TASKS = """
WITH gone AS (
    DELETE FROM executions_task t
    USING unnest(%b::bigint[], %b::int[], %b::text[], %b::text[], %b::text[])
        AS v(execution_id, task, command, key, body)
    WHERE t.execution_id = v.execution_id AND t.task = v.task
    RETURNING v.*
)
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
SELECT child.id, now(), gone.command, gone.key, gone.body
FROM gone JOIN executions_execution child
  ON child.parent_id = gone.execution_id AND child.parent_task = gone.task
 AND child.parent_form <> '' AND child.status = 'RUNNING'
"""
TELL_PARENTS = """
WITH ended AS (
    DELETE FROM executions_task t USING unnest(%b::bigint[], %b::int[]) AS v(parent_id, task)
    WHERE t.execution_id = v.parent_id AND t.task = v.task
    RETURNING t.execution_id, t.task
)
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
SELECT ended.execution_id, now(), v.command, v.key, v.body
FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[]) WITH ORDINALITY
       AS v(parent_id, command, key, body, place)
JOIN ended ON ended.execution_id = v.parent_id AND ended.task = v.key::int
ORDER BY v.place
"""
SCHEDULE_TASKS = """
INSERT INTO executions_task (execution_id, task, attempt, state_name, resource, parameters,
                             deadline, queue, status, fence, lease_until, created_at,
                             token_hash, timeout_seconds, heartbeat_seconds, heartbeat_at,
                             role_arn, assumed_role_arn)
SELECT v.execution_id, v.task, v.attempt, v.state_name, v.resource, v.parameters,
       to_timestamp(v.deadline), v.queue, CASE WHEN v.kept THEN 'STARTED' ELSE 'QUEUED' END,
       CASE WHEN v.kept THEN 1 ELSE 0 END,
       CASE WHEN v.kept THEN now() + make_interval(secs => %s) END, now(),
       v.token_hash, v.timeout_seconds, v.heartbeat_seconds,
       CASE WHEN v.heartbeat_seconds IS NOT NULL AND NOT v.outside
            THEN date_trunc('milliseconds', now()) END,
       v.role_arn, v.assumed_role_arn
FROM unnest(%b::bigint[], %b::int[], %b::int[], %b::text[], %b::text[], %b::text[], %b::float8[],
            %b::text[], %b::bool[], %b::bool[], %b::bytea[], %b::float8[], %b::float8[],
            %b::text[], %b::text[])
  AS v(execution_id, task, attempt, state_name, resource, parameters, deadline, queue, outside,
       kept, token_hash, timeout_seconds, heartbeat_seconds, role_arn, assumed_role_arn)
RETURNING id, execution_id, task, status
"""
# In this order: whoever is about to leave a message for one of these tasks has its row locked, so
# the first statement waits for that message, and the second removes it.
CLOSE_INBOX = "DELETE FROM executions_inboxmessage WHERE execution_id = ANY(%b)"
CLOSE = ("DELETE FROM executions_task WHERE execution_id = ANY(%b)", CLOSE_INBOX)
