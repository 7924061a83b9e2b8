"""The first turn of executions, taken in the transaction that creates them."""

from __future__ import annotations

import logging
import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from executions.runtime.activities import Activities
from executions.runtime.claimed import Advanced, Claimed, advance_claimed
from executions.runtime.connection import DATABASE_AWAY
from executions.runtime.inbox import START
from executions.runtime.programs import is_brief
from executions.runtime.state_transitions import transitions
from executions.runtime.turn import Report
from executions.runtime.writes import put_unstored, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from executions.runtime.inbox import Message
    from executions.runtime.nested import Parent

    Cursor = psycopg.Cursor[tuple[Any, ...]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewExecution:
    """An execution whose row this transaction has just inserted. ``now`` is the database's.

    ``debugging`` is what it is told before it begins: the breakpoints it is started with.
    ``is_heard``: somebody is to hear of changes of its status.
    """

    id: int
    revision: int
    input: str
    machine_name: str
    name: str
    role_arn: str
    logging_configuration: str
    now: float
    state_machine_version: int | None = None
    state_machine_alias: str | None = None
    parent: Parent | None = None
    debugging: tuple[Message, ...] = ()
    scope: int = 0
    map_run_id: int | None = None
    item_count: int | None = None
    is_heard: bool = False


def take_first_turns(cursor: Cursor, new: Sequence[NewExecution]) -> Report:
    """Begin executions in the transaction that creates them: one commit instead of two.

    Goes ``settings.FIRST_TURN_EVENTS`` far at most with each and leaves the rest to the workers, as
    it does with all of an execution whose expressions could take long: the callers are clients'
    requests. Nobody is told that these executions advanced: nobody can be watching them yet.
    """
    report = Report()
    advanced: list[Advanced] = []
    activities = Activities(cursor)
    seed = os.urandom(16).hex()
    delayed = transitions.delay() > 0
    now = math.floor(max((each.now for each in new), default=0.0) * 1000) / 1000
    for each in new:
        execution = claimed_first(each)
        try:
            is_quick = not each.debugging and is_brief(each.revision)
            if settings.FIRST_TURN_EVENTS and is_quick and not delayed:
                result = advance_claimed(
                    execution, now, seed, settings.FIRST_TURN_EVENTS, activities
                )
                advanced.append(result)
                report.more |= result.more
                continue
        except DATABASE_AWAY:
            raise
        except Exception:  # noqa: BLE001 - a worker tries again, and sets it aside
            _log.exception("execution %s could not begin at once", each.id)
        put_unstored(cursor, execution)
        report.more = True
    transitions.add(advanced)
    written = write(cursor, advanced, [], now)
    report.queued = written.queued
    report.outside = written.outside
    report.more |= written.more
    report.map_runs = written.map_runs
    report.children_ended = written.children_ended
    return report


def claimed_first(new: NewExecution) -> Claimed:
    """The new row as a turn sees it, with the message that begins it."""
    execution = Claimed(
        id=new.id,
        version=0,
        revision=new.revision,
        status="RUNNING",
        snapshot="",
        input=new.input,
        failed_turns=0,
        machine_name=new.machine_name,
        name=new.name,
        role_arn=new.role_arn,
        logging_configuration=new.logging_configuration,
        state_machine_version=new.state_machine_version,
        state_machine_alias=new.state_machine_alias,
        scope=new.scope,
        map_run_id=new.map_run_id,
        item_count=new.item_count,
        is_heard=new.is_heard,
    )
    if new.parent is not None:
        execution.parent_id = new.parent.id
        execution.parent_task = new.parent.task
        execution.parent_form = new.parent.form
    execution.messages += [*new.debugging, START]
    return execution
