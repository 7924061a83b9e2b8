"""The first turn of an execution, taken in the transaction that creates it."""

from __future__ import annotations

import logging
import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from executions.runtime.activities import Activities
from executions.runtime.claimed import Claimed, advance_claimed
from executions.runtime.connection import DATABASE_AWAY
from executions.runtime.inbox import START
from executions.runtime.programs import is_brief
from executions.runtime.turn import Report
from executions.runtime.writes import put_unstored, write

if TYPE_CHECKING:
    import psycopg

    from executions.runtime.nested import Parent

    Cursor = psycopg.Cursor[tuple[Any, ...]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewExecution:
    """An execution whose row this transaction has just inserted. ``now`` is the database's."""

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


def take_first_turn(cursor: Cursor, new: NewExecution) -> Report:
    """Begin an execution in the transaction that creates it: one commit instead of two.

    Goes ``settings.FIRST_TURN_EVENTS`` far at most and leaves the rest to the workers, as it does
    with all of an execution whose expressions could take long: the caller is a client's request.
    """
    report = Report()
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
    )
    if new.parent is not None:
        execution.parent_id = new.parent.id
        execution.parent_task = new.parent.task
        execution.parent_form = new.parent.form
    execution.messages.append(START)
    try:
        if settings.FIRST_TURN_EVENTS and is_brief(new.revision):
            now = math.floor(new.now * 1000) / 1000
            seed = os.urandom(16).hex()
            result = advance_claimed(
                execution, now, seed, settings.FIRST_TURN_EVENTS, Activities(cursor)
            )
            written = write(cursor, [result], [], now)
            report.queued = written.queued
            report.outside = written.outside
            report.more = result.more or written.more
            report.advanced.append(new.id)
            return report
    except DATABASE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - a worker tries again, and sets it aside
        _log.exception("execution %s could not begin at once", new.id)
    put_unstored(cursor, execution)
    report.more = True
    return report
