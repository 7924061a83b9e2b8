"""Breakpoints, pauses, and what people do while an execution is paused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from executions.interpreter.advance import advance, begin
from executions.interpreter.debugging.breakpoint import Breakpoint, Where
from executions.interpreter.debugging.commands import (
    DetachDebugger,
    EditPaused,
    FailState,
    NoteDebugging,
    PauseExecution,
    RemoveBreakpoint,
    ResumeExecution,
    RetryState,
    SetBreakpoint,
    SkipState,
)
from executions.interpreter.frame import ChildrenWait, PauseWait
from executions.interpreter.messages import (
    CancelTask,
    CancelTimer,
    Command,
    FireTimer,
    RedriveExecution,
    ScheduleTask,
    StartExecution,
    StopExecution,
    TaskFailed,
    TaskSucceeded,
    Transition,
)
from executions.interpreter.program import Program, compile_program
from executions.interpreter.state import ExecutionState, decode, encode
from studio.asl.parse import parse
from tests.executions.interpreter.playing import IDENTITY, START
from tests.executions.interpreter.test_machine import machine, task, types

ADA = "ada"


class Session:
    """One execution, told one command after the other, each read from a snapshot."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.state: ExecutionState = begin(program, IDENTITY)
        self.notes: list[NoteDebugging] = []
        self.types: list[str] = []
        self.now = START

    def tell(self, command: Command) -> Transition:
        state = decode(encode(self.state))
        assert state == self.state
        transition = advance(self.program, self.state, command)
        self.state = transition.state
        self.types += types(transition)
        self.notes += [each for each in transition.effects if isinstance(each, NoteDebugging)]
        return transition

    def breakpoint(self, state: str, where: Where = "before", condition: str | None = None) -> None:
        self.tell(SetBreakpoint(self.now, "s", Breakpoint(state, where, condition, ADA)))

    def start(self, value: object = None) -> Transition:
        text = json.dumps({} if value is None else value)
        return self.tell(StartExecution(self.now, "s", text))

    def paused(self) -> dict[str, PauseWait]:
        """What is paused, by state, and for iterations by index too."""
        return {
            frame.state if frame.item is None else f"{frame.state}[{frame.index}]": frame.wait
            for frame in self.state.frames.values()
            if isinstance(frame.wait, PauseWait)
        }

    def at(self) -> str:
        """The name of the only pause."""
        (wait,) = self.paused().values()
        return wait.name

    def resume(self, pace: Any = "continue", at: str | None = None, **more: Any) -> Transition:
        name = self.at() if at is None else at
        return self.tell(ResumeExecution(self.now, "s", ADA, name, pace, **more))

    def edit(self, edited: Any, value: object, at: str | None = None) -> Transition:
        name = self.at() if at is None else at
        return self.tell(EditPaused(self.now, "s", ADA, name, edited, json.dumps(value)))

    def actions(self) -> list[str]:
        return [note.action for note in self.notes]


def chain(*names: str) -> dict[str, Any]:
    """Pass states in a row, the last one the end."""
    return {
        name: {"Type": "Pass", **({"Next": after} if after else {"End": True})}
        for name, after in zip(names, [*names[1:], ""], strict=True)
    }


def mapping(**fields: Any) -> dict[str, Any]:
    processor = {"StartAt": "In", "States": chain("In", "Then")}
    return {"Type": "Map", "ItemProcessor": processor, "Next": "Last", **fields}


def test_a_breakpoint_that_was_set_before_the_start_pauses_before_the_state() -> None:
    session = Session(machine(**chain("A", "B")))
    session.breakpoint("B")
    assert session.state.last_event_id == 0
    session.start()
    assert session.types[-1] == "PassStateEntered"
    assert session.state.status == "RUNNING"
    wait = session.paused()["B"]
    assert (wait.where, wait.reason, wait.by) == ("before", "breakpoint", ADA)
    session.resume()
    assert session.state.status == "SUCCEEDED"
    assert session.actions() == ["BreakpointSet", "Paused", "Continued"]
    assert [note.event_id for note in session.notes] == [0, 4, 4]
    assert (session.notes[1].state, session.notes[1].visit) == ("B", 4)


def test_after_a_state_its_output_and_its_variables_can_be_changed() -> None:
    session = Session(
        machine(
            A={"Type": "Pass", "Result": 1, "Assign": {"seen": 2}, "Next": "B"},
            B={"Type": "Pass", "Parameters": {"is.$": "$seen", "was.$": "$"}, "End": True},
        )
    )
    session.breakpoint("A", "after")
    session.start()
    assert "PassStateExited" not in session.types
    session.edit("output", {"other": 1})
    session.edit("variables", {"seen": 3})
    assert session.edit("input", {}).effects == []
    last = session.resume()
    exited = json.loads(f"{{{last.events[0].details}}}")["stateExitedEventDetails"]
    assert exited["output"] == '{"other":1}'
    assert exited["assignedVariables"] == {"seen": "3"}
    assert json.loads(session.state.output or "") == {"is": 3, "was": {"other": 1}}
    edits = [json.loads(note.details) for note in session.notes if "Edited" in note.action]
    assert [(each["before"], each["after"]) for each in edits] == [
        ("1", '{"other":1}'),
        ('{"seen":2}', '{"seen":3}'),
    ]


def test_before_a_choice_an_edit_of_the_input_changes_the_branch() -> None:
    session = Session(
        machine(
            C={
                "Type": "Choice",
                "Choices": [{"Variable": "$.total", "NumericGreaterThan": 100, "Next": "Large"}],
                "Default": "Small",
            },
            Large={"Type": "Succeed"},
            Small={"Type": "Fail", "Error": "Small"},
        )
    )
    session.breakpoint("C")
    session.start({"total": 5})
    session.edit("input", {"total": 500})
    session.resume()
    assert session.state.output == '{"total":500}'


def test_what_may_not_be_a_payload_is_not_taken() -> None:
    session = Session(machine(**chain("A")))
    session.breakpoint("A")
    session.start()
    for edit in (
        EditPaused(START, "s", ADA, session.at(), "input", "not json"),
        EditPaused(START, "s", ADA, session.at(), "input", json.dumps("a" * 300_000)),
        EditPaused(START, "s", ADA, session.at(), "variables", "[]"),
        EditPaused(START, "s", ADA, session.at(), "output", "1"),
        EditPaused(START, "s", ADA, "pause:9.9.before", "input", "1"),
    ):
        before = session.state
        assert session.tell(edit).effects == []
        assert session.state is before


@pytest.mark.parametrize(
    ("query_language", "condition"),
    [
        ("JSONPath", '{"Variable": "$.n", "NumericGreaterThan": 1}'),
        ("JSONata", "{% $states.input.n > 1 %}"),
    ],
)
def test_a_condition_is_in_the_query_language_of_the_state(
    query_language: str, condition: str
) -> None:
    definition = {"QueryLanguage": query_language, "StartAt": "A", "States": chain("A")}
    program = compile_program(parse(json.dumps(definition)))
    for n, pauses in ((1, False), (2, True)):
        session = Session(program)
        session.breakpoint("A", "before", condition)
        session.start({"n": n})
        assert bool(session.paused()) is pauses


def test_a_condition_after_a_state_sees_its_output() -> None:
    program = machine(A={"Type": "Pass", "Result": {"n": 2}, "End": True})
    session = Session(program)
    session.breakpoint("A", "after", '{"Variable": "$.n", "NumericEquals": 2}')
    session.start({"n": 1})
    assert session.paused()


def test_a_condition_that_cannot_be_evaluated_pauses_and_says_why() -> None:
    session = Session(machine(**chain("A")))
    session.breakpoint("A", "before", '{"Variable": "$.missing", "NumericEquals": 2}')
    session.start()
    assert "States.Runtime: " in (session.paused()["A"].problem or "")


def test_a_breakpoint_is_replaced_and_removed() -> None:
    session = Session(machine(A={"Type": "Wait", "Seconds": 5, "Next": "B"}, B={"Type": "Succeed"}))
    session.start()
    session.breakpoint("B", "before", "{% true %}")
    session.breakpoint("B")
    assert session.state.debugger
    assert [each.condition for each in session.state.debugger.breakpoints] == [None]
    assert session.tell(RemoveBreakpoint(START, "s", ADA, "B", "after")).effects == []
    session.tell(RemoveBreakpoint(START, "s", ADA, "B", "before"))
    assert session.state.debugger is None
    session.tell(FireTimer(START + 5, "s", "wait:2"))
    assert session.state.status == "SUCCEEDED"


def test_a_step_over_runs_a_whole_map_and_pauses_behind_it() -> None:
    session = Session(machine(M=mapping(), Last={"Type": "Succeed"}))
    session.breakpoint("M")
    session.start([1, 2])
    session.resume("over")
    assert set(session.paused()) == {"Last"}
    assert session.paused()["Last"].reason == "step"


def test_a_step_into_pauses_one_iteration_and_a_step_out_pauses_behind_the_map() -> None:
    session = Session(machine(M=mapping(MaxConcurrency=1), Last={"Type": "Succeed"}))
    session.breakpoint("M")
    session.start([1, 2, 3])
    session.resume("into", child=1)
    assert set(session.paused()) == {"In[1]"}
    session.resume("over")
    assert set(session.paused()) == {"Then[1]"}
    session.resume("out")
    assert set(session.paused()) == {"Last"}


def test_a_step_into_a_branch_that_was_chosen_pauses_there_alone() -> None:
    branches = [{"StartAt": name, "States": chain(name)} for name in ("X", "Y", "Z")]
    session = Session(
        machine(P={"Type": "Parallel", "Branches": branches, "Next": "L"}, L={"Type": "Succeed"})
    )
    session.breakpoint("P")
    session.start()
    session.resume("into", child=2)
    assert set(session.paused()) == {"Z"}
    assert json.loads(session.notes[-2].details) == {"child": 2}
    session.resume("over")
    assert set(session.paused()) == {"L"}


def test_a_step_into_an_item_that_does_not_come_pauses_behind_the_map() -> None:
    session = Session(machine(M=mapping(), Last={"Type": "Succeed"}))
    session.breakpoint("M")
    session.start([1, 2, 3])
    session.resume("into", child=3)
    assert set(session.paused()) == {"Last"}


def test_the_last_step_of_a_branch_goes_on_behind_it() -> None:
    branches = [{"StartAt": name, "States": chain(name)} for name in ("X", "Y")]
    session = Session(
        machine(P={"Type": "Parallel", "Branches": branches, "Next": "L"}, L={"Type": "Succeed"})
    )
    session.breakpoint("X")
    session.start()
    assert set(session.paused()) == {"X"}
    session.resume("over")
    assert set(session.paused()) == {"L"}
    session.resume("over")
    assert session.paused()["L"].where == "after"
    session.resume()
    assert session.state.status == "SUCCEEDED"


def test_run_to_pauses_there_once() -> None:
    session = Session(machine(**chain("A", "B", "C")))
    session.breakpoint("A")
    session.start()
    session.resume(target="C")
    assert set(session.paused()) == {"C"}
    assert session.paused()["C"].reason == "target"
    assert session.state.debugger
    assert [each.state for each in session.state.debugger.breakpoints] == ["A"]


def test_pausing_all_stops_every_branch_where_it_gets_to() -> None:
    branches = [
        {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 5, "Next": "V"}} | chain("V")},
        {"StartAt": "T", "States": {"T": task()}},
    ]
    session = Session(machine(P={"Type": "Parallel", "Branches": branches, "End": True}))
    started = session.start()
    (asked,) = (each.task for each in started.effects if isinstance(each, ScheduleTask))
    session.tell(PauseExecution(START, "s", ADA))
    assert not session.paused()
    session.tell(FireTimer(START + 5, "s", "wait:4"))
    assert set(session.paused()) == {"V"}
    session.tell(TaskSucceeded(START + 6, "s", asked, "7"))
    assert {name: wait.where for name, wait in session.paused().items()} == {
        "V": "before",
        "T": "after",
    }
    session.resume(at="")
    assert session.state.output == "[{},7]"


def test_a_state_is_skipped_with_a_result_that_goes_through_its_fields() -> None:
    session = Session(machine(S=task(ResultPath="$.mail", Catch=[])))
    session.breakpoint("S")
    session.start({"a": 1})
    turn = session.tell(SkipState(START, "s", ADA, session.at(), '"sent"'))
    assert types(turn) == ["TaskStateExited", "ExecutionSucceeded"]
    assert not [each for each in turn.effects if isinstance(each, ScheduleTask)]
    assert json.loads(session.state.output or "") == {"a": 1, "mail": "sent"}


def test_an_attempt_in_flight_is_called_off_by_a_skip_and_by_a_failure() -> None:
    for command, ending in (
        (SkipState(START, "s", ADA, "3", "7"), "LambdaFunctionSucceeded"),
        (FailState(START, "s", ADA, "3", "Boom", "why"), "LambdaFunctionFailed"),
    ):
        session = Session(machine(S=task(TimeoutSeconds=9)))
        session.start()
        turn = session.tell(command)
        assert CancelTask(3) in turn.effects
        assert CancelTimer("timeout:3") in turn.effects
        assert ending in types(turn)
        assert session.tell(TaskSucceeded(START, "s", 3, "1")).events == []


def test_a_choice_is_not_skipped() -> None:
    choice = {"Type": "Choice", "Choices": [], "Default": "A"}
    choice["Choices"] = [{"Variable": "$.n", "IsPresent": True, "Next": "A"}]
    session = Session(machine(C=choice, **chain("A")))
    session.breakpoint("C")
    session.start()
    assert session.tell(SkipState(START, "s", ADA, session.at(), "1")).effects == []


def test_a_failure_that_is_asked_for_is_answered_by_retry_and_catch() -> None:
    session = Session(
        machine(
            S=task(
                Retry=[{"ErrorEquals": ["Boom"], "IntervalSeconds": 60, "MaxAttempts": 1}],
                Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
            ),
            Caught={"Type": "Succeed"},
        )
    )
    session.breakpoint("S")
    session.start()
    session.tell(FailState(START, "s", ADA, session.at(), "Boom", "so be it"))
    assert session.state.waiting == {"retry:2.1": 0}
    # What is tried again has not been entered again: nothing pauses.
    turn = session.tell(RetryState(START, "s", ADA, "retry:2.1"))
    assert CancelTimer("retry:2.1") in turn.effects
    assert types(turn) == ["LambdaFunctionScheduled"]
    assert session.tell(FireTimer(START + 60, "s", "retry:2.1")).events == []
    session.tell(TaskFailed(START, "s", 3, "Boom", "again"))
    assert json.loads(session.state.output or "") == {"Error": "Boom", "Cause": "again"}


def test_waiting_ends_at_once_where_a_wait_is_skipped() -> None:
    session = Session(machine(W={"Type": "Wait", "Seconds": 3600, "End": True}))
    session.start({"a": 1})
    turn = session.tell(SkipState(START, "s", ADA, "wait:2", '{"b":2}'))
    assert CancelTimer("wait:2") in turn.effects
    assert session.state.output == '{"b":2}'


def test_late_and_repeated_commands_find_nobody() -> None:
    session = Session(machine(**chain("A", "B")))
    session.breakpoint("A")
    session.breakpoint("B")
    session.start()
    name = session.at()
    session.resume(at=name)
    assert set(session.paused()) == {"B"}
    for late in (
        ResumeExecution(START, "s", ADA, name),
        SkipState(START, "s", ADA, name, "1"),
        FailState(START, "s", ADA, name, None, None),
        RetryState(START, "s", ADA, "retry:2.1"),
        RetryState(START, "s", ADA, session.at()),
    ):
        transition = session.tell(late)
        assert (transition.events, transition.effects) == ([], [])


def test_a_paused_execution_times_out_and_says_so() -> None:
    definition = {"StartAt": "A", "TimeoutSeconds": 60, "States": chain("A")}
    session = Session(compile_program(parse(json.dumps(definition))))
    session.breakpoint("A")
    session.start()
    session.tell(FireTimer(START + 60, "s", "execution"))
    assert session.state.status == "TIMED_OUT"
    assert session.state.waiting == {}
    assert session.notes[-1].action == "Ended"
    assert json.loads(session.notes[-1].details) == {"status": "TIMED_OUT", "paused": 1}


def test_a_redrive_finds_paused_what_was_paused_and_repeats_nothing() -> None:
    session = Session(machine(M=mapping(), Last={"Type": "Succeed"}))
    session.breakpoint("M", "after")
    session.start([1, 2])
    assert session.paused()["M"].where == "after"
    session.tell(StopExecution(START, "s", None, None))
    assert session.state.status == "ABORTED"
    session.types.clear()
    session.tell(RedriveExecution(START + 5, "s", START + 5))
    assert session.types == ["ExecutionRedriven"]
    wait = session.paused()["M"]
    assert isinstance(wait.halted, ChildrenWait)
    session.resume()
    assert session.types[1:3] == ["MapStateExited", "SucceedStateEntered"]
    assert session.state.output == "[1,2]"


def test_detaching_lets_everything_go_on() -> None:
    session = Session(machine(M=mapping(), Last={"Type": "Succeed"}))
    session.breakpoint("In")
    session.breakpoint("Last")
    session.start([1, 2, 3])
    assert len(session.paused()) == 3
    session.tell(DetachDebugger(START, "s", ADA))
    assert session.state.status == "SUCCEEDED"
    assert session.state.debugger is None


def test_what_the_first_release_with_a_debugger_wrote_is_read() -> None:
    text = (Path(__file__).parent / "snapshots/debugged/paused-after-a-map.json").read_text()
    session = Session(machine(M=mapping(Assign={"seen": "x"}), Last={"Type": "Succeed"}))
    session.state = decode(text)
    assert encode(session.state) == text.strip()
    assert session.paused()["M"].where == "after"
    session.resume()
    assert set(session.paused()) == {"Last"}
    session.resume()
    assert session.state.output == "[1,2]"
