"""What must hold between executions, their snapshots and the work they wait for."""

from __future__ import annotations

LATE = "now() - interval '1 minute'"
"""A message may reach an execution that has just ended; by then some worker has removed it."""

INVARIANTS: dict[str, str] = {
    "I3 what a redrive would go on with is kept": """
        SELECT id, format('redrivable until %s, %s, snapshot of %s characters',
                          redrivable_until, status, length(snapshot))
        FROM checked_execution
        WHERE redrivable_until IS NOT NULL
          AND (status IN ('RUNNING', 'SUCCEEDED') OR snapshot = '')""",
    "I4 an attempt that waits for its result has none": """
        SELECT t.execution_id, format('task %s is %s, and event %s, %s, is its result',
                                      t.task, t.status, e.id, e.type)
        FROM executions_task t
        JOIN event_path p ON p.execution_id = t.execution_id AND p.attempt = t.task
        JOIN history_event e ON e.execution_id = p.execution_id AND e.id = p.id
        WHERE e.type ~ '^(LambdaFunction|Activity|Task)(Succeeded|Failed|TimedOut)$'
        UNION ALL
        SELECT t.execution_id, format('task %s is %s, and event %s is %s',
                                      t.task, t.status, t.task, coalesce(e.type, 'not there'))
        FROM executions_task t JOIN checked_execution x ON x.id = t.execution_id
        LEFT JOIN history_event e ON e.execution_id = t.execution_id AND e.id = t.task
        WHERE e.type IS NULL OR e.type !~ 'Scheduled$'
        UNION ALL
        SELECT i.execution_id, format('%s messages bring a result of task %s', count(*), i.key)
        FROM executions_inboxmessage i JOIN checked_execution e ON e.id = i.execution_id
        WHERE i.command IN ('TaskSucceeded', 'TaskFailed')
        GROUP BY i.execution_id, i.key HAVING count(*) > 1""",
    "I5 a token that was used is gone": """
        SELECT t.execution_id, format('the token of task %s can still be used: message %s has '
                                      'its result', t.task, i.id)
        FROM executions_task t
        JOIN checked_execution e ON e.id = t.execution_id
        JOIN executions_inboxmessage i ON i.execution_id = t.execution_id
         AND i.key = t.task::text AND i.command IN ('TaskSucceeded', 'TaskFailed')
        WHERE t.token_hash IS NOT NULL""",
    "I5 a token stands for one attempt": """
        SELECT min(t.execution_id), format('%s tasks have the token of task %s', count(*),
                                           min(t.task))
        FROM executions_task t JOIN checked_execution e ON e.id = t.execution_id
        WHERE t.token_hash IS NOT NULL GROUP BY t.token_hash HAVING count(*) > 1""",
    "I6 a running execution has something to wait for": """
        SELECT e.id, 'RUNNING without a message, a timer or a task'
        FROM checked_execution e
        WHERE e.status = 'RUNNING'
          AND NOT EXISTS (SELECT FROM executions_inboxmessage i WHERE i.execution_id = e.id)
          AND NOT EXISTS (SELECT FROM executions_task t WHERE t.execution_id = e.id)
          AND NOT EXISTS (SELECT FROM live_frame f
                          WHERE f.execution_id = e.id AND f.waits_for = 'pause')
          AND NOT EXISTS (SELECT FROM executions_maprun r
                          WHERE r.execution_id = e.id AND r.status = 'RUNNING')""",
    "I6 what a state waits for is on its way": """
        SELECT e.id, format('%s, entered with event %s, waits for %s, which is not there', f.state,
                            f.entered_id, coalesce('task ' || f.task, 'timer ' || f.timer,
                                                   'run ' || f.run, 'a message that lets it go on'))
        FROM checked_execution e JOIN live_frame f ON f.execution_id = e.id
        WHERE e.status = 'RUNNING' AND NOT CASE f.waits_for
            WHEN 'task' THEN
                EXISTS (SELECT FROM executions_task t
                        WHERE t.execution_id = e.id AND t.task = f.task)
                OR EXISTS (SELECT FROM executions_inboxmessage i
                           WHERE i.execution_id = e.id AND i.key = f.task::text
                             AND i.command IN ('TaskSucceeded', 'TaskFailed'))
            WHEN 'timer' THEN
                EXISTS (SELECT FROM executions_inboxmessage i
                        WHERE i.execution_id = e.id AND i.key = f.timer)
            WHEN 'mapRun' THEN
                EXISTS (SELECT FROM executions_maprun r
                        WHERE r.execution_id = e.id AND r.event = f.run AND r.status = 'RUNNING')
                OR EXISTS (SELECT FROM executions_inboxmessage i
                           WHERE i.execution_id = e.id AND i.key = f.run::text
                             AND i.command IN ('MapRunSucceeded', 'MapRunFailed'))
            WHEN 'children' THEN true
            WHEN 'pause' THEN true
            ELSE EXISTS (SELECT FROM executions_inboxmessage i WHERE i.execution_id = e.id) END""",
    "I6 a task that waits for an execution has one that runs": """
        SELECT t.execution_id, format('task %s waits for an execution that does not run', t.task)
        FROM executions_task t JOIN checked_execution x ON x.id = t.execution_id
        WHERE t.status = 'SUBMITTED'
          AND t.resource ~ '^arn:aws[a-z-]*:states:::states:startExecution[.]sync'
          AND NOT EXISTS (SELECT FROM executions_execution e
                          WHERE e.parent_id = t.execution_id AND e.parent_task = t.task
                            AND e.parent_form <> '' AND e.status = 'RUNNING')""",
    "I6 a task that waits for a job has one that is looked at": """
        SELECT t.execution_id, format('task %s waits for a job that nobody looks at', t.task)
        FROM executions_task t JOIN checked_execution x ON x.id = t.execution_id
        WHERE t.status = 'SUBMITTED' AND t.resource ~ '[.]sync$'
          AND t.resource !~ ':states:startExecution[.]sync$'
          AND NOT EXISTS (SELECT FROM executions_awaitedjob j
                          WHERE j.execution_id = t.execution_id AND j.task = t.task
                            AND NOT j.stopping)""",
    "I6 a task that waits for a person has its question in the inbox": """
        SELECT t.execution_id, format('task %s waits for a decision that nobody can make', t.task)
        FROM executions_task t JOIN checked_execution x ON x.id = t.execution_id
        WHERE t.status = 'SUBMITTED'
          AND t.resource ~ '^arn:aws[a-z-]*:states:::approval:request[.]'
          AND NOT EXISTS (SELECT FROM executions_approval a
                          WHERE a.execution_id = t.execution_id AND a.task = t.task
                            AND a.status = 'OPEN')""",
    "I6 what is paused is listed": """
        SELECT coalesce(p.execution_id, f.id), format('%s branches are paused, and %s are listed',
                                                      coalesce(f.count, 0), coalesce(p.frames, 0))
        FROM (SELECT e.id, count(*) FROM checked_execution e
              JOIN live_frame f ON f.execution_id = e.id
              WHERE e.status = 'RUNNING' AND f.waits_for = 'pause' GROUP BY e.id) f
        FULL JOIN (SELECT * FROM executions_pausedexecution
                   WHERE execution_id IN (SELECT id FROM checked_execution)) p
          ON p.execution_id = f.id
        WHERE p.frames IS DISTINCT FROM f.count
          AND NOT EXISTS (SELECT FROM executions_inboxmessage i
                          WHERE i.execution_id = f.id AND i.command = 'RedriveExecution')""",
    "I7 a task that was taken has a fence": """
        SELECT t.execution_id, format('task %s is %s with fence %s', t.task, t.status, t.fence)
        FROM executions_task t JOIN checked_execution e ON e.id = t.execution_id
        WHERE t.fence < 0 OR (t.status = 'STARTED' AND t.fence < 1)""",
    "I8 version counts the committed turns that left a history": """
        SELECT e.id, format('%s chunks after %s turns', c.chunks, e.version)
        FROM checked_execution e
        JOIN LATERAL (SELECT count(*) AS chunks FROM executions_historychunk c
                      WHERE c.execution_id = e.id) c ON true
        WHERE c.chunks > e.version OR (e.version > 0 AND c.chunks = 0)""",
    "I9 the snapshot says what the history says": """
        SELECT e.id, format('the snapshot is of event %s, %s, redriven %s times; the row says %s, '
                            '%s, %s times', s ->> 'lastEventId', s ->> 'status',
                            s ->> 'redriveCount', e.last_event_id, e.status, e.redrive_count)
        FROM checked_execution e,
             LATERAL (SELECT replace(e.snapshot, '\\u0000', '\\ufffd')::json AS s) d,
             LATERAL (SELECT count(*) AS waiting FROM executions_inboxmessage i
                      WHERE i.execution_id = e.id AND i.command = 'RedriveExecution') r
        WHERE e.snapshot <> ''
          AND ((s ->> 'lastEventId')::int <> e.last_event_id
               OR (s ->> 'redriveCount')::int <> e.redrive_count - r.waiting
               OR (s ->> 'status' <> e.status AND r.waiting = 0))
        UNION ALL
        SELECT f.execution_id, format('%s is live since event %s, which is %s', f.state,
                                      f.entered_id, coalesce(v.type || ' of ' || v.name, 'none'))
        FROM live_frame f LEFT JOIN history_event v
          ON v.execution_id = f.execution_id AND v.id = f.entered_id
        WHERE v.id IS NULL OR v.type !~ 'StateEntered$' OR v.name <> f.state
        UNION ALL
        SELECT f.execution_id, format('%s is live, and event %s left it', f.state, p.id)
        FROM live_frame f JOIN event_path p
          ON p.execution_id = f.execution_id AND p.left_visit = f.entered_id
        UNION ALL
        SELECT f.execution_id, format('%s does not have the input that event %s shows', f.state,
                                      v.id)
        FROM live_frame f
        JOIN history_event v ON v.execution_id = f.execution_id AND v.id = f.entered_id
        WHERE v.type ~ 'StateEntered$'
          AND replace(('{' || v.details || '}')::json #>> '{stateEnteredEventDetails,input}',
                      '\\u0000', '\\ufffd')::jsonb IS DISTINCT FROM f.input::jsonb
          AND NOT EXISTS (SELECT FROM executions_debuggerrecord r
                          WHERE r.execution_id = f.execution_id AND r.visit = f.entered_id
                            AND r.action = 'InputEdited')
        UNION ALL
        SELECT f.execution_id, format('%s waits for task %s, and event %s is %s', f.state, f.task,
                                      f.task, coalesce(s.type, 'not there'))
        FROM live_frame f
        LEFT JOIN history_event s ON s.execution_id = f.execution_id AND s.id = f.task
        WHERE f.waits_for = 'task' AND (s.id IS NULL OR s.type !~ 'Scheduled$')""",
    "I9 the row says what the last event says": """
        SELECT e.id, format('the output, the error or the cause is not that of event %s', l.id)
        FROM checked_execution e
        JOIN history_event l ON l.execution_id = e.id AND l.id = e.last_event_id,
             LATERAL (SELECT ('{' || replace(l.details, '\\u0000', '\\u2400') || '}')::json AS d
                     ) j,
             LATERAL (SELECT coalesce(d -> 'executionSucceededEventDetails',
                                      d -> 'executionFailedEventDetails',
                                      d -> 'executionAbortedEventDetails',
                                      d -> 'executionTimedOutEventDetails') AS said) t
        WHERE e.status <> 'RUNNING' AND l.details IS NOT NULL AND t.said IS NOT NULL
          AND (CASE e.status WHEN 'SUCCEEDED' THEN replace(e.output, '\\u0000', '\\u2400') END,
               e.error, e.cause)
              IS DISTINCT FROM (said ->> 'output', said ->> 'error', said ->> 'cause')""",
    "I10 a closed execution has no live task or message": f"""
        SELECT e.id, format('%s, and task %s is %s', e.status, t.task, t.status)
        FROM checked_execution e JOIN executions_task t ON t.execution_id = e.id
        WHERE e.status <> 'RUNNING'
        UNION ALL
        SELECT e.id, format('%s, and message %s, %s %s, is there', e.status, i.id, i.command, i.key)
        FROM checked_execution e JOIN executions_inboxmessage i ON i.execution_id = e.id
        WHERE e.status <> 'RUNNING'
          AND (i.visible_at < {LATE} OR (i.visible_at > now() AND i.command = 'FireTimer'))""",
    "I15 a started task has a lease": """
        SELECT t.execution_id, format('task %s is STARTED with no lease', t.task)
        FROM executions_task t JOIN checked_execution e ON e.id = t.execution_id
        WHERE t.status = 'STARTED' AND t.lease_until IS NULL""",
    "I15 a submitted task waits for its token, and no worker holds it": """
        SELECT t.execution_id, format('task %s is SUBMITTED without a token, or leased', t.task)
        FROM executions_task t JOIN checked_execution e ON e.id = t.execution_id
        WHERE t.status = 'SUBMITTED' AND (t.token_hash IS NULL OR t.lease_until IS NOT NULL)""",
}

OF_ALL: dict[str, str] = {
    "I10 nothing is left of an execution that was removed": f"""
        SELECT execution_id, format('message %s, %s %s', id, command, key)
        FROM executions_inboxmessage i WHERE visible_at < {LATE}
          AND NOT EXISTS (SELECT FROM executions_execution e WHERE e.id = i.execution_id)
        UNION ALL
        SELECT execution_id, format('task %s', task)
        FROM executions_task t
        WHERE NOT EXISTS (SELECT FROM executions_execution e WHERE e.id = t.execution_id)
        UNION ALL
        SELECT execution_id, format('events %s..%s', first_id, last_id)
        FROM executions_historychunk c
        WHERE NOT EXISTS (SELECT FROM executions_execution e WHERE e.id = c.execution_id)""",
    "I12 one execution for each name of a state machine": """
        SELECT min(id), format('%s executions are named %s', count(*), name)
        FROM executions_execution GROUP BY state_machine_id, name HAVING count(*) > 1""",
}
"""Checks of whole tables; the others are of the executions in ``checked_execution``."""
