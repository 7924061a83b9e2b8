"""What every stored history must say."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "I1 history ids are 1..n without a gap": """
        SELECT e.id, format('the history has events %s..%s, %s in all; the row says %s',
                            h.first, h.last, h.counted, e.last_event_id)
        FROM checked_execution e
        JOIN LATERAL (SELECT count(*) AS counted, min(id) AS first, max(id) AS last
                      FROM history_event c WHERE c.execution_id = e.id) h ON true
        WHERE h.counted <> e.last_event_id OR coalesce(h.first, 1) <> 1
           OR coalesce(h.last, 0) <> e.last_event_id
        UNION ALL
        SELECT execution_id, format('event %s says that it is event %s', id, told)
        FROM history_event WHERE told IS DISTINCT FROM id""",
    "I1 each chunk begins where the one before ended": """
        SELECT execution_id, format('a chunk begins at %s after %s', first_id, before)
        FROM (SELECT execution_id, first_id, lag(last_id) OVER
                (PARTITION BY execution_id ORDER BY first_id) AS before
              FROM executions_historychunk c JOIN checked_execution e ON e.id = c.execution_id) c
        WHERE first_id <> coalesce(before, 0) + 1
        UNION ALL
        SELECT c.execution_id, format('the chunk of events %s..%s has %s',
                                      c.first_id, c.last_id, h.counted)
        FROM executions_historychunk c JOIN checked_execution e ON e.id = c.execution_id,
             LATERAL (SELECT count(*) AS counted FROM string_to_table(c.events, E'\\n')) h
        WHERE h.counted <> c.last_id - c.first_id + 1""",
    "I1 each event follows an earlier one": """
        SELECT execution_id, format('event %s, %s, follows event %s', id, type, previous)
        FROM history_event
        WHERE previous >= id OR previous < 0 OR previous IS NULL""",
    "I2 each state is left once, after it was entered": """
        SELECT e.execution_id, format('event %s leaves %s, which had not been entered',
                                      e.id, e.name)
        FROM history_event e LEFT JOIN event_path p USING (execution_id, id)
        WHERE e.type ~ 'StateExited$' AND p.left_visit IS NULL
        UNION ALL
        SELECT execution_id, format('events %s leave the state of event %s',
                                    string_agg(id::text, ', ' ORDER BY id), left_visit)
        FROM event_path WHERE left_visit IS NOT NULL
        GROUP BY execution_id, left_visit HAVING count(*) > 1""",
    # Given up: its Map or Parallel has failed or begun anew since. Over: what a redrive would go
    # on with has been forgotten.
    "I2 a state that was not left is live, or was given up": """
        SELECT v.execution_id, format('event %s entered %s, which is neither left nor live',
                                      v.id, v.name)
        FROM history_event v
        JOIN event_path p USING (execution_id, id)
        JOIN checked_execution e ON e.id = v.execution_id
        WHERE v.type ~ 'StateEntered$'
          AND NOT (e.status NOT IN ('RUNNING', 'SUCCEEDED') AND e.snapshot = '')
          AND NOT EXISTS (SELECT FROM event_path x
                          WHERE x.execution_id = v.execution_id AND x.left_visit = v.id)
          AND NOT EXISTS (SELECT FROM live_frame f
                          WHERE f.execution_id = v.execution_id AND f.entered_id = v.id)
          AND NOT EXISTS (
              SELECT FROM history_event g JOIN event_path w USING (execution_id, id)
              WHERE g.execution_id = v.execution_id AND g.id > v.id
                AND g.type ~ '^(Map|Parallel)State(Failed|Started)$'
                AND w.visit = ANY(p.visits[:cardinality(p.visits) - 1]))""",
    "I3 an end is the last event, or ExecutionRedriven follows": """
        SELECT e.execution_id, format('event %s is %s, and event %s is %s',
                                      e.id, e.type, n.id, n.type)
        FROM history_event e JOIN history_event n
          ON n.execution_id = e.execution_id AND n.id = e.id + 1
        WHERE (e.type ~ '^Execution(Succeeded|Failed|TimedOut|Aborted)$')
           <> (n.type = 'ExecutionRedriven')""",
    "I3 a closed execution ends with its terminal event": """
        SELECT e.id, format('%s, and the last event, %s, is %s', e.status, l.id, l.type)
        FROM checked_execution e
        JOIN history_event l ON l.execution_id = e.id AND l.id = e.last_event_id
        WHERE l.type <> CASE e.status
                WHEN 'SUCCEEDED' THEN 'ExecutionSucceeded' WHEN 'FAILED' THEN 'ExecutionFailed'
                WHEN 'TIMED_OUT' THEN 'ExecutionTimedOut' WHEN 'ABORTED' THEN 'ExecutionAborted'
                ELSE l.type END
           OR (e.status = 'RUNNING'
               AND l.type ~ '^Execution(Succeeded|Failed|TimedOut|Aborted)$'
               AND NOT EXISTS (SELECT FROM executions_inboxmessage i
                               WHERE i.execution_id = e.id AND i.command = 'RedriveExecution'))""",
    "I3 a redrive follows each end of an execution but the last": """
        SELECT e.id, format('redriven %s times, %s while %s, the history tells of %s and %s ends',
                            e.redrive_count, e.redriven_at, e.status, h.redriven, h.ended)
        FROM checked_execution e
        JOIN LATERAL (SELECT count(*) FILTER (WHERE type = 'ExecutionRedriven') AS redriven,
                             count(*) FILTER (WHERE type <> 'ExecutionRedriven') AS ended
                      FROM history_event h WHERE h.execution_id = e.id
                        AND type ~ '^Execution(Succeeded|Failed|TimedOut|Aborted|Redriven)$') h
             ON true
        WHERE e.redrive_count > 0
          AND (h.ended <> e.redrive_count + (e.status <> 'RUNNING')::int
               OR h.redriven <> e.redrive_count - (SELECT count(*) FROM executions_inboxmessage i
                    WHERE i.execution_id = e.id AND i.command = 'RedriveExecution'))""",
    "I4 an attempt has one result": """
        SELECT e.execution_id,
               CASE WHEN p.attempt IS NULL
                    THEN format('event %s, %s, is about no attempt', min(e.id), min(e.type))
                    ELSE format('events %s are results of the attempt of event %s',
                                string_agg(e.id::text, ', ' ORDER BY e.id), p.attempt) END
        FROM history_event e JOIN event_path p USING (execution_id, id)
        WHERE e.type ~ '^(LambdaFunction|Activity|Task)(Succeeded|Failed|TimedOut)$'
        GROUP BY e.execution_id, p.attempt HAVING count(*) > 1 OR p.attempt IS NULL""",
    # Of what definition and history say in figures; the moment of any other timer is told by its
    # row. LambdaFunctionScheduled does not say the heartbeat, so nobody knows what timed out.
    "I11 no timer fired early": """
        SELECT x.execution_id, format('event %s left %s %s s after it was entered, not %s',
                                      x.id, x.name, x.at - v.at, w.seconds)
        FROM checked_execution e
        JOIN (
            SELECT DISTINCT r.id AS revision_id, s.key AS name,
                   (s.value ->> 'Seconds')::float8 AS seconds
            FROM studio_statemachinerevision r,
                 jsonb_path_query(replace(r.definition, '\\u0000', '\\ufffd')::jsonb,
                                  'lax $.**.States ? (@.type() == "object")') scope,
                 jsonb_each(scope) s
            WHERE r.id IN (SELECT revision_id FROM checked_execution)
              AND position('"Wait"' IN r.definition) > 0
              AND jsonb_typeof(s.value) = 'object' AND s.value ->> 'Type' = 'Wait'
              AND jsonb_typeof(s.value -> 'Seconds') = 'number') w
          ON w.revision_id = e.revision_id
        JOIN history_event x ON x.execution_id = e.id AND x.name = w.name
         AND x.type = 'WaitStateExited'
        JOIN event_path p ON p.execution_id = e.id AND p.id = x.id
        JOIN history_event v ON v.execution_id = e.id AND v.id = p.left_visit
        WHERE x.at - v.at < w.seconds - 0.0005
        UNION ALL
        SELECT x.execution_id, format('event %s, %s, came %s s after event %s, not %s',
                                      x.id, x.type, x.at - s.at, s.id, t.seconds)
        FROM history_event x
        JOIN event_path p USING (execution_id, id)
        JOIN history_event s ON s.execution_id = x.execution_id AND s.id = p.attempt,
             LATERAL (SELECT least(
                (regexp_match(s.details, '"timeoutInSeconds":(\\d+)'))[1]::int,
                (regexp_match(s.details, '"heartbeatInSeconds":(\\d+)'))[1]::int) AS seconds) t
        WHERE x.type ~ '^(Activity|Task)TimedOut$'
          AND x.at - s.at < t.seconds - 0.0005""",
    "I13 nothing goes on in a state that was left, redriven or not": """
        SELECT e.execution_id, format('event %s, %s, is of the state that event %s left',
                                      e.id, e.type, x.id)
        FROM event_path p
        JOIN history_event e USING (execution_id, id)
        JOIN event_path x ON x.execution_id = p.execution_id AND x.left_visit = ANY(p.visits)
         AND x.id < p.id""",
    "I14 each item of a Map is begun once and ends once": """
        SELECT i.execution_id, format('iteration %s of event %s: begun %s times, done %s times',
                                      i.index, i.run, i.begun, i.succeeded)
        FROM (SELECT e.execution_id, m.id AS run, m.length,
                     (regexp_match(e.details, '"index":(\\d+)\\}$'))[1]::int AS index,
                     count(*) FILTER (WHERE e.type = 'MapIterationStarted') AS begun,
                     count(*) FILTER (WHERE e.type = 'MapIterationSucceeded') AS succeeded
              FROM history_event e JOIN event_path p USING (execution_id, id),
                   LATERAL (SELECT * FROM map_start m
                            WHERE m.execution_id = e.execution_id AND m.visit = p.visit
                              AND m.id < e.id
                            ORDER BY m.id DESC LIMIT 1) m
              WHERE e.type ~ '^MapIteration(Started|Succeeded|Failed)$'
              GROUP BY 1, 2, 3, 4) i
        WHERE begun <> 1 OR succeeded > 1 OR i.index >= i.length""",
    "I14 a Map that succeeded has a result for each item": """
        SELECT e.execution_id, format('event %s: %s of %s items succeeded', e.id, c.succeeded,
                                      m.length)
        FROM history_event e JOIN event_path p USING (execution_id, id),
             LATERAL (SELECT * FROM map_start m
                      WHERE m.execution_id = e.execution_id AND m.visit = p.visit AND m.id < e.id
                      ORDER BY m.id DESC LIMIT 1) m,
             LATERAL (SELECT count(*) AS succeeded
                      FROM event_path q JOIN history_event i USING (execution_id, id)
                      WHERE q.execution_id = e.execution_id AND q.visit = p.visit
                        AND q.id BETWEEN m.id AND e.id AND i.type = 'MapIterationSucceeded') c
        WHERE e.type = 'MapStateSucceeded' AND c.succeeded <> m.length""",
    "I15 an attempt is started once": """
        SELECT e.execution_id, format('events %s start the attempt of event %s',
                                      string_agg(e.id::text, ', ' ORDER BY e.id), p.attempt)
        FROM history_event e JOIN event_path p USING (execution_id, id)
        WHERE e.type ~ '^(LambdaFunction|Activity|Task)Started$'
        GROUP BY e.execution_id, p.attempt HAVING count(*) > 1""",
}
