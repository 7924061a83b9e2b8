"""Paused executions against a real PostgreSQL: what is stored, listed, noted, and survives."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from executions.actions import redrive
from executions.actions.executions import start_execution, stop_execution
from executions.interpreter.debugging import commands
from executions.interpreter.debugging.breakpoint import Breakpoint
from executions.interpreter.debugging.commands import (
    EditPaused,
    FailState,
    PauseExecution,
    RemoveBreakpoint,
    ResumeExecution,
    RetryState,
    SetBreakpoint,
    SkipState,
)
from executions.models import DebuggerRecord, Execution, InboxMessage, PausedExecution
from executions.runtime import drain
from executions.runtime.claimed import kept_states
from executions.runtime.inbox import debugging_message, to_command
from executions.runtime.invariants import check_invariants
from executions.runtime.removal import remove_executions
from tests.conftest import MakeMachine, StartExecution, event_types, history

pytestmark = pytest.mark.django_db(transaction=True)

ADA = "ada"
CHAIN: dict[str, Any] = {
    "StartAt": "A",
    "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": True}},
}


def tell(execution: Execution, *told: commands.DebuggingCommand) -> None:
    """Leave the commands, and take the turns as workers that have all just been started."""
    for command in told:
        message = debugging_message(command)
        InboxMessage.objects.create(
            execution_id=execution.pk,
            visible_at=execution.started_at - timedelta(seconds=1),  # before its start
            command=message.command,
            key=message.key,
            body=message.body,
        )
    kept_states.clear()
    drain.drain_executions()
    execution.refresh_from_db()
    assert [str(each) for each in check_invariants()] == []


def at(execution: Execution) -> str:
    record = DebuggerRecord.objects.filter(execution_id=execution.pk, action="Paused").last()
    assert record is not None
    name: str = json.loads(record.details)["at"]
    return name


@pytest.mark.parametrize(
    "command",
    [
        SetBreakpoint(1.5, "s", Breakpoint("A", "after", "{% true %}", ADA, temporary=True)),
        RemoveBreakpoint(1.5, "s", ADA, "A", "before"),
        PauseExecution(1.5, "s", ADA),
        ResumeExecution(1.5, "s", ADA, "pause:1.0.before", "into", 3),
        ResumeExecution(1.5, "s", ADA, "", target="Ä"),
        EditPaused(1.5, "s", ADA, "pause:1.0.before", "input", '{"a":"\\u0000"}'),
        SkipState(1.5, "s", ADA, "3", "1"),
        FailState(1.5, "s", ADA, "wait:2", None, "why"),
        RetryState(1.5, "s", ADA, "retry:2.1"),
        commands.DetachDebugger(1.5, "s", ADA),
    ],
)
def test_a_command_is_what_its_message_says(command: commands.DebuggingCommand) -> None:
    assert to_command(debugging_message(command), 1.5, "s", "{}") == command


def test_a_paused_execution_waits_without_a_worker(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(make_machine(CHAIN), {"n": 1})
    tell(execution, SetBreakpoint(0, "", Breakpoint("B", by=ADA)))
    assert execution.status == "RUNNING"
    assert not InboxMessage.objects.filter(execution_id=execution.pk).exists()
    paused = PausedExecution.objects.get(execution_id=execution.pk)
    assert (paused.by, paused.state, paused.frames) == (ADA, "B", 1)
    assert drain.drain_executions() == 0

    tell(execution, EditPaused(0, "", "eve", at(execution), "input", '{"n":2}'))
    tell(execution, ResumeExecution(0, "", "eve", at(execution)))
    assert (execution.status, execution.output) == ("SUCCEEDED", '{"n":2}')
    assert not PausedExecution.objects.exists()
    records = DebuggerRecord.objects.filter(execution_id=execution.pk).order_by("id")
    assert [(each.action, each.by, each.event_id, each.state) for each in records] == [
        ("BreakpointSet", ADA, 0, None),
        ("Paused", ADA, 4, "B"),
        ("InputEdited", "eve", 4, "B"),
        ("Continued", "eve", 4, "B"),
    ]
    assert json.loads(records[2].details)["before"] == '{"n":1}'
    assert event_types(execution) == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]


def test_a_command_that_comes_twice_is_applied_once(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(make_machine(CHAIN))
    tell(execution, *(SetBreakpoint(0, "", Breakpoint(name, by=ADA)) for name in ("A", "B")))
    first = at(execution)
    tell(*(execution, *[ResumeExecution(0, "", ADA, first)] * 3))
    assert PausedExecution.objects.get(execution_id=execution.pk).state == "B"
    assert DebuggerRecord.objects.filter(action="Continued").count() == 1


def test_an_input_that_was_edited_is_no_broken_invariant_and_an_unlisted_pause_is(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    wait = {"Type": "Wait", "Seconds": 3600, "End": True}
    execution = start(make_machine({"StartAt": "W", "States": {"W": wait}}), {"n": 1})
    tell(execution, SetBreakpoint(0, "", Breakpoint("W", by=ADA)))
    tell(execution, EditPaused(0, "", ADA, at(execution), "input", '{"n":2}'))
    PausedExecution.objects.all().delete()
    assert [each.invariant for each in check_invariants()] == ["I6 what is paused is listed"]
    tell_and_ignore = debugging_message(ResumeExecution(0, "", ADA, at(execution)))
    InboxMessage.objects.create(
        execution_id=execution.pk,
        visible_at=execution.started_at,
        command=tell_and_ignore.command,
        key=tell_and_ignore.key,
        body=tell_and_ignore.body,
    )
    drain.drain_executions()
    assert [str(each) for each in check_invariants()] == []
    DebuggerRecord.objects.all().delete()
    assert any("does not have the input" in str(each) for each in check_invariants())


def test_it_is_stopped_and_redriven_while_it_is_paused(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(make_machine(CHAIN))
    tell(execution, SetBreakpoint(0, "", Breakpoint("A", "after", by=ADA)))
    stop_execution(execution, "Enough", None)
    assert execution.status == "ABORTED"
    assert not PausedExecution.objects.exists()
    last = DebuggerRecord.objects.filter(execution_id=execution.pk).latest("id")
    assert (last.action, json.loads(last.details)["status"]) == ("Ended", "ABORTED")
    redrive.redrive_execution(execution.arn)
    tell(execution)
    assert PausedExecution.objects.get(execution_id=execution.pk).state == "A"
    tell(execution, ResumeExecution(0, "", ADA, at(execution)))
    assert execution.status == "SUCCEEDED"
    assert [event["type"] for event in history(execution)].count("PassStateEntered") == 2


def test_a_start_is_told_of_its_breakpoints_first(make_machine: MakeMachine) -> None:
    machine = make_machine(CHAIN)
    told = debugging_message(SetBreakpoint(0, "", Breakpoint("A", by=ADA, temporary=True)))
    started = start_execution(machine.name, debugging=(told,))
    execution = Execution.objects.get(name=started.name)
    tell(execution)
    assert execution.last_event_id == 2
    assert PausedExecution.objects.get(execution_id=execution.pk).state == "A"
    tell(execution, ResumeExecution(0, "", ADA, at(execution)))
    assert execution.status == "SUCCEEDED"


def test_nothing_of_a_removed_execution_stays(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(make_machine(CHAIN))
    tell(execution, SetBreakpoint(0, "", Breakpoint("A", by=ADA)))
    remove_executions(
        "SELECT id FROM executions_execution WHERE id = %s LIMIT %s FOR UPDATE", [execution.pk], 0
    )
    assert not DebuggerRecord.objects.exists()
    assert not PausedExecution.objects.exists()
