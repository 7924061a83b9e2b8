"""What the checks read: the histories and snapshots of some executions, taken apart into rows.

Temporary tables of one transaction. Details of an event stay text: only a few are parsed.

``checked_execution``  the executions' own rows.
``history_event``      an event a row. ``id`` is its place, ``told`` what it says itself;
                       ``follows`` is the event it happened after, which is ``previous`` but for
                       EvaluationFailed, which may stand beside its state's …StateEntered, and
                       for what AWS has follow event 0.
``event_path``         where in the machine an event happened. ``visits`` are the …StateEntered
                       events of the states around it, outermost first; ``left_visit`` the one an
                       …StateExited ends; ``attempt`` the …Scheduled event it is about.
``map_start``          each time an inline Map began, and how many items it had.
``live_frame``         the frames of the snapshots.
"""

from __future__ import annotations

_EXECUTIONS = """
CREATE TEMPORARY TABLE checked_execution ON COMMIT DROP AS
SELECT id, status, version, last_event_id, output, error, cause, snapshot, redrive_count,
       redriven_at, redrivable_until, revision_id, name, state_machine_id
FROM executions_execution WHERE id > %s ORDER BY id LIMIT %s
"""
# Cut at the places where ``interpreter.history`` writes them: patterns and JSON take far longer.
_EVENTS = """
CREATE TEMPORARY TABLE history_event ON COMMIT DROP AS
SELECT c.execution_id, p.id, nullif(split_part(split_part(h.head, '"id":', 2), ',', 1), '')::int
           AS told,
       h.previous::int AS previous, greatest(h.previous::int, (p.id > 1)::int) AS follows,
       split_part(split_part(h.head, '"type":"', 2), '"', 1) AS type,
       split_part(split_part(h.head, ':', 2), ',', 1)::float8 AS at,
       d.details,
       CASE WHEN d.details !~ '^"(state(Entered|Exited)|mapIteration[A-Z][a-z]+)EventDetails"'
                THEN NULL
            WHEN position('\\' IN split_part(d.details, '"', 6)) = 0
                THEN split_part(d.details, '"', 6)
            ELSE (regexp_match(d.details, '"name":("(?:[^"\\\\]|\\\\.)*")'))[1]::json #>> '{}'
       END AS name
FROM checked_execution e JOIN executions_historychunk c ON c.execution_id = e.id,
     string_to_table(c.events, E'\\n') WITH ORDINALITY AS l(line, place),
     LATERAL (SELECT c.first_id + l.place::int - 1 AS id,
                     split_part(l.line, '"previousEventId":', 1) AS head,
                     strpos(l.line, '"previousEventId":') + 18 AS rest) p,
     LATERAL (SELECT p.head, substring(substr(l.line, p.rest, 12) FROM '^[0-9]+') AS previous) h,
     LATERAL (SELECT nullif(left(substr(l.line, p.rest + length(h.previous) + 1), -1), '')
                     AS details) d
"""
_BESIDE = r"""
UPDATE history_event e SET follows = v.id
FROM history_event v
WHERE e.type = 'EvaluationFailed' AND v.execution_id = e.execution_id AND v.id < e.id
  AND v.previous = e.previous AND v.type ~ 'StateEntered$'
  AND v.name = (regexp_match(e.details, '"state":("(?:[^"\\]|\\.)*")\}$'))[1]::json #>> '{}'
"""
# ``kinds`` has a letter for each visit: P a Map or Parallel, x one that has failed, . another.
# A Map or Parallel that begins (again) or fails has left what was below it.
_PATHS = """
CREATE TEMPORARY TABLE event_path ON COMMIT DROP AS
WITH RECURSIVE path AS (
    SELECT execution_id, id, '{}'::int[] AS visits, '{}'::text[] AS names, '' AS kinds,
           NULL::int AS left_visit, NULL::int AS attempt
    FROM history_event WHERE id = 1
    UNION ALL
    SELECT e.execution_id, e.id,
           CASE WHEN c.enters THEN p.visits[:c.depth] || e.id ELSE p.visits[:c.depth] END,
           CASE WHEN c.enters THEN p.names[:c.depth] || e.name ELSE p.names[:c.depth] END,
           CASE WHEN c.enters THEN left(p.kinds, c.depth) || c.kind
                WHEN c.fails THEN left(p.kinds, c.depth - 1) || 'x'
                ELSE left(p.kinds, c.depth) END,
           CASE WHEN c.leaves THEN p.visits[c.found] END,
           CASE WHEN e.type ~ 'Scheduled$' THEN e.id
                WHEN c.enters OR c.leaves OR c.depth < cardinality(p.visits) THEN NULL
                ELSE p.attempt END
    FROM path p
    JOIN history_event e ON e.execution_id = p.execution_id AND e.follows = p.id AND e.id > p.id
    CROSS JOIN LATERAL (
        SELECT e.type ~ 'StateEntered$' AS enters, e.type ~ 'StateExited$' AS leaves,
               e.type ~ '^(Map|Parallel)StateFailed$' AS fails,
               CASE WHEN e.type ~ '^(Map|Parallel)State' THEN 'P' ELSE '.' END AS kind,
               (SELECT max(place) FROM unnest(array_positions(p.names, e.name)) place) AS found,
               nullif(length(p.kinds) + 1 - position('P' IN reverse(p.kinds)),
                      length(p.kinds) + 1) AS parent) t
    CROSS JOIN LATERAL (
        SELECT t.enters, t.leaves, t.fails, t.kind, t.found,
               coalesce(CASE WHEN e.type ~ '^Execution' THEN 0
                             WHEN t.leaves THEN t.found - 1
                             WHEN e.type ~ '^MapIteration' THEN t.found
                             WHEN t.fails OR e.type ~ '^(Map|Parallel)StateStarted$' THEN t.parent
                        END, cardinality(p.visits)) AS depth) c
)
SELECT execution_id, id, visits, visits[cardinality(visits)] AS visit, left_visit, attempt
FROM path
"""
# A payload may hold \u0000, which PostgreSQL reads in no text.
_FRAMES = r"""
CREATE TEMPORARY TABLE live_frame ON COMMIT DROP AS
SELECT e.id AS execution_id, (f ->> 'enteredId')::int AS entered_id, f ->> 'state' AS state,
       f -> 'wait' ->> 'for' AS waits_for, (f -> 'wait' ->> 'task')::int AS task,
       f -> 'wait' ->> 'timer' AS timer, (f -> 'wait' ->> 'run')::int AS run,
       s -> 'payloads' ->> (f ->> 'input')::int AS input
FROM checked_execution e,
     LATERAL (SELECT replace(e.snapshot, '\u0000', '\ufffd')::json AS s) d,
     json_array_elements(s -> 'frames') AS f
WHERE e.snapshot <> ''
"""

_MAPS = """
CREATE TEMPORARY TABLE map_start ON COMMIT DROP AS
SELECT e.execution_id, p.visit, e.id,
       (regexp_match(e.details, '"length":([0-9]+)'))[1]::int AS length
FROM history_event e JOIN event_path p USING (execution_id, id)
WHERE e.type = 'MapStateStarted'
  AND NOT EXISTS (SELECT FROM history_event r
                  WHERE r.execution_id = e.execution_id AND r.follows = e.id
                    AND r.type = 'MapRunStarted')
"""

TABLES = ("checked_execution", "history_event", "event_path", "map_start", "live_frame")

SELECT_EXECUTIONS = _EXECUTIONS
"""Takes the id to go on after, and how many executions to check."""

TAKE_APART = (
    "CREATE UNIQUE INDEX ON checked_execution (id)",
    _EVENTS,
    "CREATE UNIQUE INDEX ON history_event (execution_id, id)",
    "ANALYZE history_event",
    _BESIDE,
    "CREATE INDEX ON history_event (execution_id, follows)",
    # Each step finds a few rows by the index. The planner, who cannot know how few, would hash all
    # events anew at each of up to 25,000 steps.
    "SET LOCAL enable_hashjoin = off",
    "SET LOCAL enable_mergejoin = off",
    _PATHS,
    "SET LOCAL enable_hashjoin = on",
    "SET LOCAL enable_mergejoin = on",
    "CREATE UNIQUE INDEX ON event_path (execution_id, id)",
    "CREATE INDEX ON event_path (execution_id, left_visit)",
    "CREATE INDEX ON event_path (execution_id, attempt)",
    "ANALYZE event_path",
    _MAPS,
    "CREATE INDEX ON map_start (execution_id, visit, id)",
    "ANALYZE map_start",
    _FRAMES,
    "CREATE INDEX ON live_frame (execution_id, entered_id)",
    "ANALYZE live_frame",
)
