"""A crash at every commit of an execution that is debugged: paused, continued, edited all the same.

Whoever debugs it says everything twice, as a browser does whose answer was lost.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from executions.actions.debugger import read_state
from executions.interpreter.debugging.breakpoint import Breakpoint
from executions.interpreter.debugging.commands import EditPaused, ResumeExecution, SetBreakpoint
from executions.models import DebuggerRecord, Execution, InboxMessage, PausedExecution
from executions.runtime.debugging import paused_frames
from executions.runtime.inbox import debugging_message
from executions.runtime.invariants import check_invariants
from tests.conformance.clock import Clock
from tests.faults.crashes import BEGIN, FAULTS, Commits, run
from tests.faults.test_crash_points import ORDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from executions.interpreter.debugging.commands import DebuggingCommand
    from tests.conftest import MakeMachine

pytestmark = pytest.mark.django_db(transaction=True)

ADA = "ada"
PLACES: list[tuple[str, Any]] = [
    ("Both", "before"),
    ("Pay", "after"),
    ("Rest", "before"),
    ("Both", "after"),
    ("Pack", "before"),
    ("Each", "after"),
]
TOLD = [
    debugging_message(SetBreakpoint(0, "", Breakpoint(state, where, by=ADA)))
    for state, where in PLACES
]


@pytest.fixture
def clock(db: None) -> Iterator[Clock]:
    hand_turned = Clock(BEGIN)
    yield hand_turned
    hand_turned.remove()


def go_on(execution: Execution) -> bool:
    """Edit what is paused before a Map's iteration, and let go on what has been paused longest."""
    state = read_state(execution)
    paused = [] if state is None else paused_frames(state)
    if not paused:
        return False
    assert PausedExecution.objects.get(execution_id=execution.pk).frames == len(paused)
    frame, wait = paused[0]
    commands: list[DebuggingCommand] = [ResumeExecution(0, "", ADA, wait.name, "over")]
    if frame.state == "Pack" and wait.where == "before" and frame.index == 0:
        commands.insert(0, EditPaused(0, "", ADA, wait.name, "input", '{"edited":true}'))
    for command in commands:
        message = debugging_message(command)
        for _ in range(2):
            InboxMessage.objects.create(
                execution_id=execution.pk,
                visible_at=execution.started_at,
                command=message.command,
                key=message.key,
                body=message.body,
            )
    return True


def records() -> list[tuple[Any, ...]]:
    """What was noted of the only execution that is kept, without times."""
    values = ("event_id", "action", "by", "state", "visit", "details")
    latest = Execution.objects.latest("id")
    found = DebuggerRecord.objects.filter(execution_id=latest.pk)
    return list(found.order_by("id").values_list(*values))


def test_a_crash_at_every_commit_of_a_debugged_execution(
    clock: Clock, make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = make_machine(ORDER)
    value = json.dumps([{"a": 1}, 2])

    def debug(commits: Commits, lost: frozenset[int] = frozenset()) -> Any:
        ran = run(monkeypatch, clock, stored, value, commits, lost, TOLD, go_on)
        return ran, records()

    whole, noted = debug(Commits())
    assert whole.status != "RUNNING"
    assert [action for _, action, *_ in noted].count("Paused") > len(PLACES)
    assert "InputEdited" in [action for _, action, *_ in noted]
    for at in range(1, whole.commits + 1):
        for fault in FAULTS:
            struck, seen = debug(Commits(at, fault))
            expected, wanted = debug(Commits(), struck.lost) if struck.lost else (whole, noted)
            where = f"{fault} commit {at} of {whole.commits}"
            assert struck.events == expected.events, where
            assert (struck.status, struck.output) == (expected.status, expected.output), where
            assert sorted(seen, key=str) == sorted(wanted, key=str), where
    assert check_invariants() == []
