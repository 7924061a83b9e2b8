"""What must always be true of stored executions, as SQL that names the offenders.

Numbers are those of docs/explanation/invariants.md. Each query returns rows of (execution id,
what is wrong) and may be run while work goes on: a turn commits all of its rows at once, so a
statement never sees half of one.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Violation:
    """One execution that breaks one invariant."""

    invariant: str
    execution_id: int
    detail: str


INVARIANTS: dict[str, str] = {
    "I1 history ids are 1..n without a gap": """
        SELECT e.id, format('chunks hold %s events, ids %s..%s, the row says %s',
                            h.counted, h.first, h.last, e.last_event_id)
        FROM executions_execution e
        JOIN LATERAL (SELECT coalesce(sum(last_id - first_id + 1), 0) AS counted,
                             min(first_id) AS first, max(last_id) AS last,
                             coalesce(sum(array_length(string_to_array(events, E'\\n'), 1)), 0)
                               AS lines
                      FROM executions_historychunk c WHERE c.execution_id = e.id) h ON true
        WHERE h.counted <> e.last_event_id OR h.lines <> e.last_event_id
           OR coalesce(h.first, 1) <> 1 OR coalesce(h.last, 0) <> e.last_event_id""",
    "I1 each chunk begins where the one before ended": """
        SELECT execution_id, format('a chunk begins at %s after %s', first_id, before)
        FROM (SELECT execution_id, first_id, lag(last_id) OVER
                (PARTITION BY execution_id ORDER BY first_id) AS before
              FROM executions_historychunk) c
        WHERE first_id <> coalesce(before, 0) + 1""",
    "I3 a closed execution ends with one terminal event": """
        SELECT e.id, format('status %s, last event %s', e.status, l.type)
        FROM executions_execution e
        JOIN LATERAL (SELECT split_part(events, E'\\n', -1)::json ->> 'type' AS type
                      FROM executions_historychunk c WHERE c.execution_id = e.id
                      ORDER BY first_id DESC LIMIT 1) l ON true
        WHERE e.status <> 'RUNNING' AND l.type <> CASE e.status
            WHEN 'SUCCEEDED' THEN 'ExecutionSucceeded' WHEN 'FAILED' THEN 'ExecutionFailed'
            WHEN 'TIMED_OUT' THEN 'ExecutionTimedOut' ELSE 'ExecutionAborted' END""",
    "I3 a redrive follows each end of an execution but the last": """
        SELECT e.id, format('redriven %s times, %s while %s, the history tells of %s and %s ends',
                            e.redrive_count, e.redriven_at, e.status, h.redriven, h.ended)
        FROM executions_execution e
        JOIN LATERAL (SELECT count(*) FILTER (WHERE m[1] = 'Redriven') AS redriven,
                             count(*) FILTER (WHERE m[1] <> 'Redriven') AS ended
                      FROM executions_historychunk c, regexp_matches(c.events,
                        '"type":"Execution(Succeeded|Failed|TimedOut|Aborted|Redriven)"', 'g') m
                      WHERE c.execution_id = e.id) h ON true
        WHERE e.redrive_count > 0
          AND (h.ended <> e.redrive_count + (e.status <> 'RUNNING')::int
               OR h.redriven <> e.redrive_count - (SELECT count(*) FROM executions_inboxmessage i
                    WHERE i.execution_id = e.id AND i.command = 'RedriveExecution'))""",
    "I3 what a redrive would go on with is kept": """
        SELECT id, format('redrivable until %s, %s, snapshot of %s characters',
                          redrivable_until, status, length(snapshot))
        FROM executions_execution
        WHERE redrivable_until IS NOT NULL
          AND (status IN ('RUNNING', 'SUCCEEDED') OR snapshot = '')""",
    "I6 a running execution has something to wait for": """
        SELECT e.id, 'RUNNING without a message, a timer or a task'
        FROM executions_execution e
        WHERE e.status = 'RUNNING'
          AND NOT EXISTS (SELECT FROM executions_inboxmessage i WHERE i.execution_id = e.id)
          AND NOT EXISTS (SELECT FROM executions_task t WHERE t.execution_id = e.id)""",
    "I6 a task that waits for an execution has one that runs": """
        SELECT t.execution_id, format('task %s waits for an execution that does not run', t.task)
        FROM executions_task t
        WHERE t.status = 'SUBMITTED'
          AND t.resource ~ '^arn:aws[a-z-]*:states:::states:startExecution[.]sync'
          AND NOT EXISTS (SELECT FROM executions_execution e
                          WHERE e.parent_id = t.execution_id AND e.parent_task = t.task
                            AND e.parent_form <> '' AND e.status = 'RUNNING')""",
    "I8 version counts the committed turns that left a history": """
        SELECT e.id, format('%s chunks after %s turns', c.chunks, e.version)
        FROM executions_execution e
        JOIN LATERAL (SELECT count(*) AS chunks FROM executions_historychunk c
                      WHERE c.execution_id = e.id) c ON true
        WHERE c.chunks > e.version OR (e.version > 0 AND c.chunks = 0)""",
    "I10 a closed execution has no live task": """
        SELECT e.id, format('%s, and task %s is %s', e.status, t.task, t.status)
        FROM executions_execution e JOIN executions_task t ON t.execution_id = e.id
        WHERE e.status <> 'RUNNING'""",
    "I12 one execution for each name of a state machine": """
        SELECT min(id), format('%s executions are named %s', count(*), name)
        FROM executions_execution GROUP BY state_machine_id, name HAVING count(*) > 1""",
    "I15 a started task has a fence and a lease": """
        SELECT execution_id, format('task %s is STARTED with fence %s', task, fence)
        FROM executions_task
        WHERE status = 'STARTED' AND (fence < 1 OR lease_until IS NULL)""",
    "I15 a submitted task waits for its token, and no worker holds it": """
        SELECT execution_id, format('task %s is SUBMITTED without a token, or leased', task)
        FROM executions_task
        WHERE status = 'SUBMITTED' AND (token_hash IS NULL OR lease_until IS NOT NULL)""",
}


def check_invariants() -> list[Violation]:
    """Every violation found, at most 100 for each invariant; an empty list is what to expect."""
    violations = []
    with connection.cursor() as cursor:
        for invariant, query in INVARIANTS.items():
            cursor.execute(f"{query} LIMIT 100")
            violations += [Violation(invariant, row[0], row[1]) for row in cursor.fetchall()]
    return violations
