"""What a turn leaves for Map Runs: runs it starts, stops and redrives, and children that ended.

Everything goes with the turn's own commit. A child's end does not touch the row of its run, for
thousands may end at the same time: it leaves a tally, which whoever works at the run adds up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.messages import RedriveMapRun, StartMapRun, StopMapRun
from executions.runtime.arrays import columns

if TYPE_CHECKING:
    from executions.interpreter.messages import Effect
    from executions.interpreter.state import ExecutionState
    from executions.runtime.claimed import Claimed

TURNS: Final = "turns"
TASKS: Final = "tasks"
QUEUES: Final = (TURNS, TASKS)
"""Where a run's work is done: by processes that compute, or by threads that wait."""

_START = """
INSERT INTO executions_maprun (
    execution_id, event, uuid, label, execution_type, queue, plan, status, max_concurrency,
    tolerated_failure_count, tolerated_failure_percentage, total, started_at, due_at)
SELECT v.execution_id, v.event, v.uuid::uuid, v.label, v.execution_type, v.queue, v.plan, 'RUNNING',
       v.max_concurrency, v.count, v.percentage, v.total, date_trunc('milliseconds', now()), now()
FROM unnest(%b::bigint[], %b::int[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
            %b::int[], %b::bigint[], %b::float8[], %b::bigint[])
  AS v(execution_id, event, uuid, label, execution_type, queue, plan, max_concurrency, count,
       percentage, total)
"""
# A run that has just ended by itself stays as it ended.
_STOP = """
UPDATE executions_maprun r
SET status = 'ABORTED', stopped_at = date_trunc('milliseconds', now()), is_stopping = true,
    is_redriving = false, stopped_after = -1, is_settled = false, due_at = now()
FROM unnest(%b::bigint[], %b::int[]) AS v(execution_id, event)
WHERE r.execution_id = v.execution_id AND r.event = v.event AND r.status = 'RUNNING'
"""
_REDRIVE = """
UPDATE executions_maprun r
SET status = 'RUNNING', stopped_at = NULL, error = NULL, cause = NULL, is_redriving = true,
    is_settled = false, redrive_count = r.redrive_count + 1,
    redriven_at = date_trunc('milliseconds', now()), due_at = now()
FROM unnest(%b::bigint[], %b::int[]) AS v(execution_id, event)
WHERE r.execution_id = v.execution_id AND r.event = v.event
"""
ADD_TALLIES = """
INSERT INTO executions_mapruntally (
    map_run_id, slots, succeeded, failed, timed_out, aborted, items_succeeded, items_failed,
    items_timed_out, items_aborted, output_bytes)
SELECT * FROM unnest(%b::bigint[], %b::int[], %b::int[], %b::int[], %b::int[], %b::int[],
                     %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[])
"""
ENDS: Final = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")


class Tally:
    """How many children ended how, and how many items those had; ``slots`` are free again."""

    def __init__(self) -> None:
        self.slots = 0
        self.children = dict.fromkeys(ENDS, 0)
        self.items = dict.fromkeys(ENDS, 0)
        self.output_bytes = 0

    def add(self, status: str, items: int, output: str | None) -> None:
        """Count a child that has ended."""
        self.children[status] += 1
        self.items[status] += items
        if output is not None:
            self.output_bytes += len(output.encode("utf-8", "surrogatepass")) + 1

    def row(self, map_run: int) -> tuple[int, ...]:
        """The values of the tally's row."""
        return (
            map_run,
            self.slots,
            *self.children.values(),
            *self.items.values(),
            self.output_bytes,
        )


class MapRunWrites:
    """The writes of a turn that concern Map Runs, gathered as columns."""

    def __init__(self) -> None:
        self._started: dict[tuple[int, int], tuple[Any, ...]] = {}
        self._stopped: list[tuple[int, int]] = []
        self._redriven: list[tuple[int, int]] = []
        self._tallies: dict[int, Tally] = {}

    def apply(self, execution: Claimed, effects: list[Effect]) -> None:
        """Take what the machine asked for. A run that is stopped in its first turn never was."""
        for effect in effects:
            match effect:
                case StartMapRun():
                    self._start(execution.id, effect)
                case StopMapRun(run):
                    if self._started.pop((execution.id, run), None) is None:
                        self._stopped.append((execution.id, run))
                case RedriveMapRun(run):
                    self._redriven.append((execution.id, run))

    def child_ended(self, child: Claimed, state: ExecutionState) -> None:
        """Count a Standard child whose execution ends with this turn."""
        assert child.map_run_id is not None
        tally = self._tallies.setdefault(child.map_run_id, Tally())
        tally.slots += 1
        tally.add(state.status, child.item_count or 0, state.output)

    @property
    def are_asked_for(self) -> bool:
        """Whether runs are to begin, to stop or to go on."""
        return bool(self._started or self._stopped or self._redriven)

    @property
    def have_tallies(self) -> bool:
        """Whether children of runs have ended."""
        return bool(self._tallies)

    def statements(self) -> list[tuple[str, tuple[Any, ...]]]:
        """Give the statements with their parameters, in the order they are to be carried out."""
        found: list[tuple[str, tuple[Any, ...]]] = []
        if self._started:
            found.append((_START, columns(_START, list(self._started.values()))))
        if self._stopped:
            found.append((_STOP, columns(_STOP, sorted(self._stopped))))
        if self._redriven:
            found.append((_REDRIVE, columns(_REDRIVE, sorted(self._redriven))))
        if self._tallies:
            rows = [tally.row(run) for run, tally in self._tallies.items()]
            found.append((ADD_TALLIES, columns(ADD_TALLIES, rows)))
        return found

    def _start(self, execution: int, effect: StartMapRun) -> None:
        plan = effect.plan
        outside = plan.reader is not None or plan.writer is not None
        self._started[execution, effect.run] = (
            execution,
            effect.run,
            effect.uuid,
            effect.label,
            effect.execution_type,
            TASKS if outside else TURNS,
            plan.encode(),
            effect.max_concurrency,
            effect.tolerance.count,
            effect.tolerance.percentage,
            plan.length,
        )
