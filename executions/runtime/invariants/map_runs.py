"""What must hold of Map Runs, their children and their counts."""

from __future__ import annotations

_TALLIES = """LATERAL (
    SELECT coalesce(sum(slots), 0) AS slots, coalesce(sum(succeeded), 0) AS succeeded,
           coalesce(sum(failed + timed_out + aborted), 0) AS unsuccessful
    FROM executions_mapruntally WHERE map_run_id = r.id) t"""

OF_ALL: dict[str, str] = {
    "I17 the counts of a Map Run are those of its children": f"""
        SELECT r.execution_id, format(
            'the run of event %s says children, running, succeeded, unsuccessful: %s, %s, %s, %s; '
            'there are %s, %s, %s, %s', r.event, r.children, r.slots - t.slots,
            r.succeeded + t.succeeded, u.unsuccessful, c.children, c.running, c.succeeded,
            c.unsuccessful)
        FROM executions_maprun r, {_TALLIES},
             LATERAL (SELECT r.failed + r.timed_out + r.aborted + r.pending_redrive
                             + t.unsuccessful AS unsuccessful) u,
             LATERAL (SELECT count(*) AS children,
                             count(*) FILTER (WHERE status = 'RUNNING') AS running,
                             count(*) FILTER (WHERE status = 'SUCCEEDED') AS succeeded,
                             count(*) FILTER (WHERE status NOT IN ('RUNNING', 'SUCCEEDED'))
                                 AS unsuccessful
                      FROM executions_execution c WHERE c.map_run_id = r.id) c
        WHERE r.execution_type = 'STANDARD' AND NOT r.is_orphaned
          AND (r.children, r.slots - t.slots, r.succeeded + t.succeeded, u.unsuccessful)
              IS DISTINCT FROM (c.children, c.running, c.succeeded, c.unsuccessful)
        UNION ALL
        SELECT r.execution_id, format(
            'the run of event %s says children, slots, succeeded, unsuccessful: %s, %s, %s, %s; '
            'its parts have %s, %s, %s, %s', r.event, r.children, r.slots - t.slots,
            r.succeeded + t.succeeded, u.unsuccessful, c.children, c.slots, c.succeeded,
            c.unsuccessful)
        FROM executions_maprun r, {_TALLIES},
             LATERAL (SELECT r.failed + r.timed_out + r.aborted + r.pending_redrive
                             + t.unsuccessful AS unsuccessful) u,
             LATERAL (SELECT coalesce(sum(children), 0) AS children,
                             coalesce(sum(concurrency) FILTER (WHERE status <> 'DONE'), 0) AS slots,
                             coalesce(sum(children - unsuccessful - unstarted), 0) AS succeeded,
                             coalesce(sum(unsuccessful), 0) AS unsuccessful
                      FROM executions_maprunpart p WHERE p.map_run_id = r.id) c
        WHERE r.execution_type = 'EXPRESS' AND NOT r.is_orphaned
          AND ((r.children, r.slots - t.slots) IS DISTINCT FROM (c.children, c.slots)
               OR (c.slots = 0 AND (r.succeeded + t.succeeded, u.unsuccessful)
                                   IS DISTINCT FROM (c.succeeded, c.unsuccessful)))""",
    "I17 each item of a Map Run was given to one child": """
        SELECT r.execution_id, format('the run of event %s has read %s items, its %s children have '
                                      '%s, the last of them is number %s', r.event, r.position,
                                      r.children, c.items, c.last)
        FROM executions_maprun r,
             LATERAL (SELECT coalesce(sum(item_count), 0) AS items, max(map_number) AS last
                      FROM executions_execution c WHERE c.map_run_id = r.id) c
        WHERE r.execution_type = 'STANDARD' AND NOT r.is_orphaned
          AND (c.items <> r.position OR c.last <> r.children - 1)
        UNION ALL
        SELECT r.execution_id, format('the run of event %s has read %s items, its %s children have '
                                      '%s', r.event, r.position, r.children, c.items)
        FROM executions_maprun r,
             LATERAL (SELECT coalesce(sum(split_part(line, E'\\t', 1)::int), 0) AS items
                      FROM executions_maprunpart p, string_to_table(p.inputs, E'\\n') AS line
                      WHERE p.map_run_id = r.id) c
        WHERE r.execution_type = 'EXPRESS' AND NOT r.is_orphaned AND c.items <> r.position""",
    "I18 what belongs to a Map Run has one": """
        SELECT e.id, format('child %s of run %s, which is not there', e.map_number, e.map_run_id)
        FROM executions_execution e WHERE e.map_run_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM executions_maprun r WHERE r.id = e.map_run_id)
        UNION ALL
        SELECT 0, format('part %s of run %s, which is not there', p.number, p.map_run_id)
        FROM executions_maprunpart p
        WHERE NOT EXISTS (SELECT FROM executions_maprun r WHERE r.id = p.map_run_id)""",
    "I18 a Map Run that runs is waited for, and one that is left has an execution": """
        SELECT r.execution_id, format('the run of event %s is %s, its execution %s', r.event,
                                      r.status, coalesce(e.status, 'not there'))
        FROM executions_maprun r LEFT JOIN executions_execution e ON e.id = r.execution_id
        WHERE NOT r.is_orphaned
          AND (e.id IS NULL OR (r.status = 'RUNNING' AND e.status <> 'RUNNING'))""",
    "I18 a Map Run with something to do is on its way": """
        SELECT r.execution_id, format('the run of event %s is %s and nobody will look at it',
                                      r.event, r.status)
        FROM executions_maprun r
        WHERE NOT r.is_settled AND r.due_at IS NULL AND r.lease_until IS NULL AND r.slots <= 0
          AND NOT EXISTS (SELECT FROM executions_mapruntally t WHERE t.map_run_id = r.id)""",
}
"""Checks of whole tables."""
