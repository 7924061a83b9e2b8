"""A claimed execution, and what the machine makes of it: in memory, between claim and commit."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING

from executions.interpreter.advance import advance, begin
from executions.interpreter.debugging import commands
from executions.interpreter.state import ExecutionState, Identity, decode
from executions.runtime.expiry import Attempts, settle
from executions.runtime.inbox import Message, to_command
from executions.runtime.programs import program_of_revision
from executions.runtime.snapshots import Snapshots
from studio import arns

if TYPE_CHECKING:
    from executions.interpreter.messages import Effect, HistoryEvent
    from executions.runtime.activities import Activities

DEBUGGING = frozenset(commands.ALL)

kept_states = Snapshots()
"""What this process advanced last."""


@dataclass(slots=True)
class Claimed:
    """An execution's row, locked by this transaction, and what is due for it.

    ``attempts`` are those that a due time-out finds alive; ``is_heard``: somebody is to hear of
    changes of its status.
    """

    id: int
    version: int
    revision: int
    status: str
    snapshot: str
    input: str | None
    failed_turns: int
    machine_name: str
    name: str
    role_arn: str
    logging_configuration: str
    state_machine_version: int | None
    state_machine_alias: str | None
    parent_id: int | None = None
    parent_task: int | None = None
    parent_form: str = ""
    scope: int = 0
    map_run_id: int | None = None
    item_count: int | None = None
    is_heard: bool = False
    messages: list[Message] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    attempts: Attempts = field(default_factory=dict)

    def again(self) -> Claimed:
        """The row for a turn of its own, with nothing due."""
        return Claimed(*_row_of(self))

    def committed(self) -> Claimed:
        """Itself, when its turn has been committed: as the row is now, without its texts, which the
        state has.
        """
        self.version += 1
        self.snapshot = ""
        self.input = None
        self.failed_turns = 0
        self.messages, self.rows, self.attempts = [], [], {}
        return self


# Each step copies a row; dataclasses.replace takes four times as long.
_row_of = attrgetter(
    *(each.name for each in fields(Claimed) if each.name not in {"messages", "rows", "attempts"})
)


@dataclass(slots=True)
class Advanced:
    """What the machine made of a claimed execution.

    ``debugged``: somebody debugs it, did until now, or told it something.
    """

    execution: Claimed
    state: ExecutionState
    events: list[HistoryEvent]
    effects: list[Effect]
    more: bool
    applied: int
    debugged: bool = False


def advance_claimed(
    execution: Claimed,
    now: float,
    seed: str,
    turn_events: int,
    activities: Activities | None,
    state: ExecutionState | None = None,
) -> Advanced:
    """Let the machine apply the due messages in order, within the turn's budget of events.

    ``state`` is the execution's where the caller has it, ``activities`` None where it has none.
    """
    program = program_of_revision(execution.revision, execution.scope)
    missing = (
        activities.missing_for(program, arns.account_of(execution.machine_name))
        if activities is not None
        else ()
    )
    state = state or kept_states.get(execution.id, execution.version)
    if state is None:
        state = decode(execution.snapshot) if execution.snapshot else begun(execution)
    events: list[HistoryEvent] = []
    effects: list[Effect] = []
    applied = 0
    more = False
    debugged = state.debugger is not None
    for number, message in enumerate(execution.messages):
        budget = turn_events - len(events)
        if budget <= 0:
            more = True
            break
        # One draw of randomness a turn; no two commands of any execution share a seed.
        own_seed = f"{seed}:{execution.id}:{number}"
        before = len(events)
        for told in settle(execution.id, message, execution.attempts):
            command = to_command(told, now, own_seed, execution.input or "")
            transition = advance(program, state, command, budget, missing)
            state = transition.state
            debugged = debugged or command.__class__ in DEBUGGING
            events += transition.events
            effects += transition.effects
            more = transition.more
        applied += 1
        # A message from before a redrive, which follows, finds the execution closed: no event.
        if state.status != "RUNNING" and len(events) > before:
            break
    return Advanced(execution, state, events, effects, more, applied, debugged)


def begun(execution: Claimed) -> ExecutionState:
    """The machine's state before anything has happened."""
    return begin(
        program_of_revision(execution.revision, execution.scope),
        Identity(
            execution_arn=arns.execution_arn(execution.machine_name, execution.name),
            execution_name=execution.name,
            role_arn=execution.role_arn,
            state_machine_arn=arns.state_machine_arn(execution.machine_name),
            state_machine_name=arns.short_name(execution.machine_name),
            state_machine_version_arn=arns.optional_qualified_arn(
                execution.machine_name, execution.state_machine_version
            ),
            state_machine_alias_arn=arns.optional_qualified_arn(
                execution.machine_name, execution.state_machine_alias
            ),
        ),
    )
