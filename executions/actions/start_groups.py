"""Starts that arrive together share a commit: each is answered after the one that holds it.

What is not plain (a version or an alias, a name that is taken, an
Express state machine, none at all) is left to ``start_execution``, which decides everything.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from executions.actions.executions import (
    StartedExecution,
    check_input,
    check_trace_header,
    start_execution,
)
from executions.runtime import after_commit, open_executions
from executions.runtime.arrays import columns
from executions.runtime.connection import DATABASE_AWAY, transaction
from executions.runtime.first_turn import NewExecution, take_first_turns
from executions.runtime.gathering import Gathering
from executions.runtime.moments import Moment
from executions.runtime.quick_start import QuickStart, SeenMachine, seen_machines, start_quickly
from executions.runtime.status_changes import HEARD
from executions.runtime.turn import Report
from studio import arns
from studio.actions import audit
from studio.actions.names import check_name
from studio.models import AuditAction

# As in ``start_execution``; a row is missing where that one must decide. Each name comes once.
_START_TOGETHER = f"""
WITH machine AS (
    SELECT w.machine, m.id, r.id AS revision_id, r.role_arn, m.logging_configuration,
           w.name, w.input, w.trace_header, {HEARD} AS is_heard
    FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[])
         AS w(machine, name, input, trace_header)
    JOIN studio_statemachine m ON m.name = w.machine
    JOIN studio_statemachinerevision r ON r.id = m.current_id
    WHERE m.status = 'ACTIVE' AND m.type = 'STANDARD'
    ORDER BY m.id, w.name FOR KEY SHARE OF m
), started AS (
    INSERT INTO executions_execution (
        state_machine_id, revision_id, name, status, input, trace_header, started_at, version,
        last_event_id, snapshot, failed_turns)
    SELECT id, revision_id, name, 'RUNNING', input, trace_header, now(), 0, 0, '', 0 FROM machine
    ON CONFLICT (state_machine_id, name) DO NOTHING
    RETURNING id, state_machine_id, name, started_at
)
SELECT machine.id, machine.machine, machine.name, started.id, started.started_at,
       machine.revision_id, machine.role_arn, machine.logging_configuration,
       extract(epoch FROM now())::float8, machine.is_heard
FROM started JOIN machine ON machine.id = started.state_machine_id AND machine.name = started.name
"""

_log = logging.getLogger(__name__)


Tell = Callable[[dict[int, StartedExecution | Exception]], None]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A start that waits for its commit."""

    state_machine: str
    name: str
    input: str
    trace_header: str
    qualifier: str | None
    # Who starts it, where the audit trail is to have that.
    actor: audit.Actor | None

    @property
    def key(self) -> tuple[str, str]:
        return self.state_machine, self.name


class StartGroups:
    """The starts of one process: gathered on its event loop, committed by one thread."""

    def __init__(self) -> None:
        self._gathering: Gathering[_Wanted, StartedExecution] = Gathering("starts", _answer_group)

    async def start(
        self,
        state_machine: str,
        *,
        input: str | None = None,  # noqa: A002 - AWS's name
        name: str | None = None,
        trace_header: str = "",
        qualifier: str | None = None,
    ) -> StartedExecution:
        """Start an execution as ``start_execution`` does, its errors included.

        Raises:
            TooManyWait: there is no room for it now.
        """
        if name is not None:
            check_name(name)
        if input is not None:
            check_input(input)
        check_trace_header(trace_header)
        actor = audit.current_actor()
        return await self._gathering.ask(
            _Wanted(
                state_machine,
                str(uuid.uuid4()) if name is None else name,
                "{}" if input is None else input,
                trace_header,
                qualifier,
                actor if audit.tells_of_starts(actor) else None,
            )
        )


class _NoRoom(Exception):
    """With the whole group too many executions would be open."""


def _answer_group(group: list[_Wanted], tell: Tell) -> None:
    """Start a group with one commit; what that cannot decide goes on one by one."""
    plain: dict[tuple[str, str], _Wanted] = {}
    for wanted in group:
        # The second of a name must find what the first has stored.
        if wanted.qualifier is None:
            plain.setdefault(wanted.key, wanted)
    answered: set[int] = set()

    def answer(started: dict[tuple[str, str], StartedExecution]) -> None:
        places = {
            place: started[wanted.key]
            for place, wanted in enumerate(group)
            if plain.get(wanted.key) is wanted and wanted.key in started
        }
        answered.update(places)
        tell(dict(places))

    started, report = _start_quickly(list(plain.values()))
    # At once: what becomes of the others is not theirs.
    answer(started)
    others = [wanted for key, wanted in plain.items() if key not in started]
    try:
        if others:
            together, left = _start_together(others)
            answer(together)
            report.add(left)
    except _NoRoom:
        pass  # One by one some may fit, and the others are told.
    except DATABASE_AWAY:
        # Whether it was committed is not known: nothing may be started again under these names.
        raise
    except Exception:  # noqa: BLE001 - nothing was stored; one of them spoils it for the others
        _log.exception("%d executions are started one by one", len(others))
    finally:
        _tell_workers(report)
    for place, wanted in enumerate(group):
        if place not in answered:
            tell({place: _start_alone(wanted)})


def _tell_workers(report: Report) -> None:
    try:
        after_commit.tell(report)
    except Exception:  # noqa: BLE001 - only a hint: pollers find the work
        _log.exception("workers were not told what starts have left to do")


def _start_quickly(
    group: list[_Wanted],
) -> tuple[dict[tuple[str, str], StartedExecution], Report]:
    """Those of state machines that were seen a moment ago, in one statement; or none of them."""
    seen = [(seen_machines.latest(w.state_machine), w) for w in group if w.actor is None]
    quick = [
        (QuickStart(machine, w.name, w.input, w.trace_header), w)
        for machine, w in seen
        if machine is not None
    ]
    done = start_quickly([start for start, _ in quick]) if quick else None
    if done is None:
        return {}, Report()
    started_at, report = done
    return {
        w.key: StartedExecution(arns.execution_arn(*w.key), w.name, started_at) for _, w in quick
    }, report


def _start_together(
    group: list[_Wanted],
) -> tuple[dict[tuple[str, str], StartedExecution], Report]:
    """What could be started, by state machine and name, and what that leaves to do."""
    inputs = {wanted.key: wanted.input for wanted in group}
    started: dict[tuple[str, str], StartedExecution] = {}
    new: list[NewExecution] = []
    seen: dict[str, SeenMachine] = {}
    with transaction() as cursor:
        asked = [(w.state_machine, w.name, w.input, w.trace_header) for w in group]
        cursor.execute(_START_TOGETHER, columns(_START_TOGETHER, asked), prepare=True)
        for machine_id, machine, name, row_id, started_at, revision, *rest in cursor.fetchall():
            role_arn, logs, now, is_heard = rest
            seen[machine] = SeenMachine(
                machine_id, machine, revision, role_arn, logs, is_heard, Moment.just_told(now)
            )
            arn = arns.execution_arn(machine, name)
            started[machine, name] = StartedExecution(arn, name, started_at)
            text = inputs[machine, name]
            new.append(
                NewExecution(
                    *(row_id, revision, text, machine, name, role_arn, logs, now),
                    is_heard=is_heard,
                )
            )
        if new and not open_executions.fits(cursor, len(new)):
            raise _NoRoom
        report = take_first_turns(cursor, new)
        for wanted in group:
            if wanted.actor is not None and wanted.key in started:
                arn = started[wanted.key].arn
                audit.record(AuditAction.START_EXECUTION, arn, actor=wanted.actor, cursor=cursor)
    for name, machine_seen in seen.items():
        seen_machines.keep(name, machine_seen)
    return started, report


def _start_alone(wanted: _Wanted) -> StartedExecution | Exception:
    actor = wanted.actor or audit.SYSTEM
    try:
        with audit.acting(lambda: actor):
            return start_execution(
                wanted.state_machine,
                name=wanted.name,
                input=wanted.input,
                trace_header=wanted.trace_header,
                qualifier=wanted.qualifier,
            )
    except Exception as error:  # noqa: BLE001 - the caller's, as if it had called itself
        return error
