"""What goes into the machine and what comes out of it, as plain values.

Commands go in, history events and effects come out. Every value here can be printed, compared,
stored and replayed. The clock arrives in ``now`` (seconds since the epoch, UTC, as a float with
millisecond resolution) and randomness in ``seed`` (a text the caller drew); the machine has no
other source of either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from executions.interpreter.debugging.commands import DebuggingCommand, NoteDebugging
from executions.interpreter.value import value

if TYPE_CHECKING:
    from executions.interpreter.map_runs import Plan, Tolerance
    from executions.interpreter.state import ExecutionState

# --- commands ------------------------------------------------------------------------------------


@value
class StartExecution:
    """Begin: the first command of every execution. ``input`` is the caller's text, verbatim."""

    now: float
    seed: str
    input: str


@value
class Continue:
    """Go on with the transitions for which an earlier turn had no budget left."""

    now: float
    seed: str


@value
class TaskStarted:
    """The outside began an attempt. Optional: an outcome without it implies it.

    ``worker`` is the name a worker gave when it asked for an activity's task.
    """

    now: float
    seed: str
    task: int
    worker: str | None = None


@value
class TaskSubmitted:
    """A ``.sync`` or ``.waitForTaskToken`` call was accepted; ``output`` is its answer, JSON."""

    now: float
    seed: str
    task: int
    output: str


@value
class TaskSucceeded:
    """An attempt's result, as JSON text."""

    now: float
    seed: str
    task: int
    output: str


@value
class TaskFailed:
    """An attempt's failure. ``error`` is an ASL Error Name; both may be absent, as AWS allows."""

    now: float
    seed: str
    task: int
    error: str | None
    cause: str | None


@value
class TaskHeartbeat:
    """Who works at an attempt said at ``at`` that it still does: its heartbeat counts anew."""

    now: float
    seed: str
    task: int
    at: float


@value
class MapRunSucceeded:
    """A Map Run has ended well; ``output`` is the Map state's result, as JSON text."""

    now: float
    seed: str
    run: int
    output: str


@value
class MapRunFailed:
    """A Map Run has failed, with an ASL Error Name."""

    now: float
    seed: str
    run: int
    error: str
    cause: str | None


@value
class FireTimer:
    """A timer asked for by ``SetTimer`` is due."""

    now: float
    seed: str
    timer: str


@value
class StopExecution:
    """Abort, as StopExecution does; the execution ends as ABORTED."""

    now: float
    seed: str
    error: str | None
    cause: str | None


@value
class RedriveExecution:
    """Go on with an execution that ended without success; ``redriven_at`` is when that was asked.

    ``redriven_at`` is in seconds since the epoch, as ``now``, and not after it.
    """

    now: float
    seed: str
    redriven_at: float


Command = (
    StartExecution
    | Continue
    | TaskStarted
    | TaskSubmitted
    | TaskSucceeded
    | TaskFailed
    | TaskHeartbeat
    | MapRunSucceeded
    | MapRunFailed
    | FireTimer
    | StopExecution
    | RedriveExecution
    | DebuggingCommand
)

# --- events --------------------------------------------------------------------------------------


class HistoryEvent(NamedTuple):
    """One event of the history, in AWS's terms.

    ``details`` is the member AWS names after the type (``stateEnteredEventDetails`` …), already
    written as JSON text with its key and without the surrounding braces, or "" for a type
    that carries none: a payload's text is made once however many events carry it.
    """

    id: int
    previous_event_id: int
    type: str
    timestamp: float
    details: str


# --- effects -------------------------------------------------------------------------------------


@value
class ScheduleTask:
    """Have one attempt of a Task performed by an integration.

    ``task`` is the id of the attempt's …Scheduled history event: unique within the execution, and
    what outcomes refer to. ``parameters`` is JSON text. ``timeout_seconds`` and
    ``heartbeat_seconds`` inform the integration; the machine sets timers for both itself.
    ``token`` is what ``$$.Task.Token`` says to this attempt, where its outcome may come by token:
    whoever stores it stores its hash. ``assumed_role_arn`` is the role of the state's Credentials;
    None: the attempt is performed under the execution's own.
    """

    task: int
    state_name: str
    attempt: int
    resource: str
    parameters: str
    timeout_seconds: float | None
    heartbeat_seconds: float | None
    token: str | None = None
    assumed_role_arn: str | None = None


@value
class CancelTask:
    """Nobody waits for this attempt any more; an outcome that still comes is refused."""

    task: int


@value
class StartMapRun:
    """Start a Map Run: a child execution for each item.

    ``run`` is the id of the MapRunStarted event: unique within the execution, and what the outcome
    refers to. ``uuid`` and ``label`` are those in the run's ARN. ``max_concurrency`` 0: as many
    children at once as can be. ``plan`` says the rest.
    """

    run: int
    uuid: str
    label: str
    execution_type: str
    max_concurrency: int
    tolerance: Tolerance
    plan: Plan


@value
class StopMapRun:
    """Nobody waits for this run any more: it and its children are to be stopped."""

    run: int


@value
class RedriveMapRun:
    """Let a run go on with the children that did not succeed, and with items not yet begun."""

    run: int


@value
class SetTimer:
    """Send ``FireTimer(timer)`` at or after ``at`` (seconds since the epoch), never before."""

    timer: str
    at: float


@value
class CancelTimer:
    """The timer is not needed any more; firing it all the same does no harm."""

    timer: str


Effect = (
    ScheduleTask
    | CancelTask
    | StartMapRun
    | StopMapRun
    | RedriveMapRun
    | SetTimer
    | CancelTimer
    | NoteDebugging
)


@value
class Transition:
    """What follows from one command.

    ``more`` says that the budget ran out before the machine had to wait: commit, then send
    ``Continue``.
    """

    state: ExecutionState
    events: list[HistoryEvent]
    effects: list[Effect]
    more: bool = False
