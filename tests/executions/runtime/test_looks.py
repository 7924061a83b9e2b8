"""Looks for tasks that wait, which slots leave to the chain that is under way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from executions.integration import Succeeded, TaskOutcome, TaskRequest
from executions.models import Execution, Task
from executions.runtime import (
    chain,
    drain,
    ending,
    function_limits,
    hints,
    leases,
    looks,
    performance,
    reports,
)
from executions.runtime.claimed import kept_states
from executions.runtime.connection import single_statement
from executions.runtime.invariants import check_invariants
from executions.runtime.looks import IN_VAIN, MOST_IN_VAIN, Looks
from executions.runtime.outcomes import StartedTask
from executions.runtime.quick_turn import take_quick_turn
from executions.runtime.read_states import MOST_BYTES
from executions.runtime.taking_up import TakingUp
from executions.runtime.turn import Report
from tests.conftest import MakeMachine, StartExecution
from tests.executions.runtime.test_quick_turn import FUNCTION, STEPS

SLOW = "arn:aws:lambda:us-east-1:123456789012:function:slow"


def one_that(resource: str) -> dict[str, Any]:
    return {
        "StartAt": "T",
        "States": {"T": {"Type": "Task", "Resource": resource, "End": True}},
    }


class Clock:
    """The time of ``looks``, which stands still."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(looks, "clock", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.mark.usefixtures("clock")
def test_nothing_is_left_where_no_chain_is_under_way() -> None:
    assert not Looks().leave()


def test_a_chain_that_is_held_up_is_not_counted_on(clock: Clock) -> None:
    of_process, chain = Looks(), object()
    of_process.go_on(chain)
    clock.now += looks.FRESH_SECONDS / 2
    assert of_process.leave()
    clock.now += looks.FRESH_SECONDS
    assert not of_process.leave()
    another = object()
    of_process.go_on(another)
    assert of_process.leave()
    assert of_process.are_asked_of(another)


@pytest.mark.usefixtures("clock")
def test_the_hint_s_mark_goes_before_the_last_look() -> None:
    of_process, chain = Looks(), object()
    of_process.go_on(chain)
    assert of_process.leave()
    marked = [of_process.looked(0, others_wait=False) for _ in range(IN_VAIN - 1)]
    assert marked == [False] * (IN_VAIN - 2) + [True]
    assert of_process.are_asked_of(chain)
    assert not of_process.looked(0, others_wait=False)
    assert not of_process.are_asked_of(chain)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(("found", "more"), [(3, 3), (1000, MOST_IN_VAIN - IN_VAIN)])
def test_what_is_found_pays_for_more_looks(found: int, more: int) -> None:
    of_process, chain = Looks(), object()
    of_process.go_on(chain)
    assert of_process.leave()
    assert not of_process.looked(found, others_wait=False)
    assert of_process.leave()  # Told of more meanwhile: nothing is taken away.
    marked = [of_process.looked(0, others_wait=False) for _ in range(IN_VAIN + more - 1)]
    assert marked == [False] * (IN_VAIN + more - 2) + [True]


@pytest.mark.usefixtures("clock")
def test_a_chain_calls_for_one_slot() -> None:
    of_process, chain = Looks(), object()
    of_process.go_on(chain)
    assert of_process.leave()
    assert of_process.looked(1, others_wait=True)
    assert not of_process.are_asked_of(chain)
    assert not of_process.leave()
    assert of_process.leave()


@pytest.mark.usefixtures("clock")
def test_who_ends_looks_or_hands_over() -> None:
    of_process, first, second = Looks(), object(), object()
    of_process.go_on(first)
    assert of_process.leave()
    of_process.hand_over(first, second)
    assert not of_process.end(first)
    assert of_process.are_asked_of(second)
    assert of_process.end(second)
    assert not of_process.leave()


class Answers:
    """A function that answers with what it is given; ``on_call`` happens before its third call."""

    lost_error = "Lambda.ServiceException"

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.on_call: Callable[[], None] = lambda: None

    def perform(self, request: TaskRequest) -> TaskOutcome:
        self.calls.append(request.state_name)
        if len(self.calls) == 3:
            self.on_call()
        return Succeeded(request.parameters)


class Hints:
    """Says in what order a slot was told of, and sent, hints about tasks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: list[str] = []
        monkeypatch.setattr(hints, "tasks_queued", lambda *_: self.said.append("sent"))
        monkeypatch.setattr(hints, "taken_up", lambda _: self.said.append("unmarked"))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Quick tasks, and a machine that may be as slow as it likes."""
    answers = Answers()
    durations = performance._Durations()
    durations.record(FUNCTION, 0.0)
    durations.record(SLOW, 60.0)
    monkeypatch.setattr(durations, "record", lambda *_: None)
    monkeypatch.setattr(performance, "_durations", durations)
    monkeypatch.setattr(performance, "integration_for", lambda _: answers)
    monkeypatch.setattr(chain, "_looks", Looks())
    monkeypatch.setattr(looks, "FRESH_SECONDS", 600.0)
    monkeypatch.setattr(drain, "SLOT_SECONDS", 600.0)
    return answers


@pytest.mark.django_db(transaction=True)
def test_a_chain_takes_up_what_a_slot_is_told_of(
    answers: Answers,
    make_machine: MakeMachine,
    start: StartExecution,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = make_machine(STEPS)
    told = Hints(monkeypatch)

    def others_start() -> None:
        others = [start(machine, {"number": number}).id for number in (1, 2)]
        drain.drain_executions()
        kept_states.forget(*others)  # As where the turn that begins them is another process's.
        told.said.clear()
        assert drain.drain_tasks() == 0

    def not_quick(**_: Any) -> Report:
        raise AssertionError("the states were read with the tasks")

    monkeypatch.setattr(reports, "take_turn", not_quick)
    answers.on_call = others_start
    start(machine)
    drain.drain_executions()
    performed = drain.drain_tasks()

    assert performed == 15
    assert [each.status for each in Execution.objects.all()] == ["SUCCEEDED"] * 3
    # No hint is sent meanwhile, since its mark stays; it goes before the last look.
    assert told.said == ["unmarked"]
    assert not leases._held._tasks
    assert check_invariants() == []


class Pauses:
    """What happens while a chain lingers: ``on_pause``, the first time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.on_pause: Callable[[], None] = lambda: None
        monkeypatch.setattr(chain.time, "sleep", self._sleep)

    def _sleep(self, _: float) -> None:
        self.count += 1
        if self.count == 1:
            self.on_pause()


@pytest.mark.django_db(transaction=True)
def test_a_chain_lingers_where_a_look_is_left_to_it(
    answers: Answers,
    make_machine: MakeMachine,
    start: StartExecution,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, told, pauses = make_machine(one_that(FUNCTION)), Hints(monkeypatch), Pauses(monkeypatch)

    def another_starts() -> None:
        start(one)
        drain.drain_executions()
        told.said.clear()

    def a_look_is_left() -> None:
        told.said.clear()
        assert drain.drain_tasks() == 0

    monkeypatch.setattr(drain, "claim_tasks", once(performance.claim_tasks))
    # At the third of five tasks: its report and two more look, and find nothing.
    answers.on_call = a_look_is_left
    pauses.on_pause = another_starts
    start(make_machine(STEPS))
    drain.drain_executions()

    assert drain.drain_tasks() == 6
    assert [each.status for each in Execution.objects.all()] == ["SUCCEEDED"] * 2
    assert told.said == ["unmarked"]
    assert not leases._held._tasks
    assert check_invariants() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("answers")
def test_a_chain_that_is_left_no_look_does_not_linger(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = Pauses(monkeypatch)
    start(make_machine(STEPS))
    drain.drain_executions()
    assert drain.drain_tasks() == 5
    assert pauses.count == 0


@pytest.mark.django_db(transaction=True)
def test_nobody_lingers_in_a_process_that_ends(
    answers: Answers,
    make_machine: MakeMachine,
    start: StartExecution,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, pauses = Hints(monkeypatch), Pauses(monkeypatch)

    def a_look_is_left() -> None:
        assert drain.drain_tasks() == 0
        monkeypatch.setattr(ending, "is_announced", lambda: True)
        told.said.clear()

    answers.on_call = a_look_is_left
    start(make_machine(STEPS))
    drain.drain_executions()
    drain.drain_tasks()
    assert pauses.count == 0
    # The look that was left to it is anybody's.
    assert "sent" in told.said[told.said.index("unmarked") :]


@pytest.mark.django_db(transaction=True)
def test_what_is_not_quick_is_a_slot_s(
    answers: Answers,
    make_machine: MakeMachine,
    start: StartExecution,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = make_machine(one_that(SLOW))
    told = Hints(monkeypatch)

    def a_slow_one_starts() -> None:
        start(slow)
        drain.drain_executions()
        told.said.clear()
        assert drain.drain_tasks() == 0

    answers.on_call = a_slow_one_starts
    start(make_machine(STEPS))
    drain.drain_executions()
    with monkeypatch.context() as only_the_chain:
        only_the_chain.setattr(drain, "claim_tasks", once(performance.claim_tasks))
        assert drain.drain_tasks() == 5
    assert told.said[:2] == ["unmarked", "sent"]
    assert Task.objects.get().status == "QUEUED"

    assert drain.drain_tasks() == 1
    assert not Task.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_where_functions_have_limits_slots_look(
    answers: Answers,
    make_machine: MakeMachine,
    start: StartExecution,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(function_limits, "are_known", lambda: True)
    told = Hints(monkeypatch)
    machine = make_machine(STEPS)

    def another_starts() -> None:
        start(machine)
        drain.drain_executions()
        told.said.clear()
        assert drain.drain_tasks() == 0

    answers.on_call = another_starts
    start(machine)
    drain.drain_executions()
    drain.drain_tasks()
    assert told.said[:2] == ["unmarked", "sent"]
    assert [each.status for each in Execution.objects.all()] == ["SUCCEEDED"] * 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("answers")
def test_a_report_that_is_undone_takes_up_nothing(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    machine = make_machine(STEPS)
    start(machine)
    drain.drain_executions()
    (started,), _ = performance.claim_tasks("tasks")
    start(machine)
    drain.drain_executions()
    outcome = performance.perform(started)
    Task.objects.filter(id=started.id).update(fence=99)  # Another worker has it now.
    taking_up = TakingUp("tasks", [FUNCTION], 10)

    report, rest = take_quick_turn([outcome], None, lambda: taking_up)

    assert (report.started, list(rest), taking_up.found) == ([], [outcome], None)
    assert Task.objects.filter(status="QUEUED").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize(("size", "is_read"), [(10, True), (2 * MOST_BYTES, False)])
def test_small_states_are_read_with_the_tasks(
    make_machine: MakeMachine, start: StartExecution, size: int, is_read: bool
) -> None:
    execution = start(make_machine(STEPS), {"text": "x" * size})
    drain.drain_executions()
    kept_states.clear()
    taking_up = TakingUp("tasks", [FUNCTION], 10)
    with single_statement() as cursor:
        (started,) = taking_up.take(cursor)

    assert (started.execution_id, started.fence) == (execution.id, 1)
    assert (kept_states.latest(execution.id) is not None) == is_read


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("answers")
def test_what_is_taken_up_is_of_the_slot_s_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(performance, "LEAST_SECONDS", 0.25)
    monkeypatch.setattr(performance, "BATCH_SECONDS", 2.5)
    keep = performance.Keeper()
    assert keep.takes_up() == ([FUNCTION], 10)
    task = StartedTask(1, 1, 1, 3, 0, "T", FUNCTION, "{}", None, "m", "e", "", "")
    keep.took_up([task] * 7)
    assert keep.takes_up() == ([FUNCTION], 3)
    keep.took_up([task] * 7)
    assert keep.takes_up() == ([FUNCTION], 0)


def once(claim: Callable[[str], tuple[list[Any], bool]]) -> Callable[[str], tuple[list[Any], bool]]:
    """Claims the first time only."""
    claims = iter([claim])

    def claiming(queue: str) -> tuple[list[Any], bool]:
        first = next(claims, None)
        return ([], False) if first is None else first(queue)

    return claiming
