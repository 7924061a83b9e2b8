"""Map Runs of a MachineWorld: children on the pure machine, on the same hand-turned clock.

Written apart from the runtime's: where the two Worlds agree, both are right or wrong alike.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from executions.interpreter.advance import begin
from executions.interpreter.map_runs import (
    THRESHOLD_EXCEEDED,
    MapItem,
    child_name,
    failure_of_selection,
    selector_of,
)
from executions.interpreter.messages import (
    MapRunFailed,
    MapRunSucceeded,
    RedriveExecution,
    StartExecution,
    StopExecution,
)
from executions.interpreter.payload import SIZE_LIMIT
from executions.interpreter.retry import Failure
from executions.interpreter.state import ExecutionState, Identity
from executions.items.child_result import ChildResult, written
from executions.items.configured_store import object_store
from executions.items.item_batcher import ItemBatcher, batches
from executions.items.item_reader import ItemReader
from executions.items.problems import ItemsProblem
from executions.items.reading import read_items
from executions.items.result_writer import ResultWriter, write_results, write_test_manifest
from studio.asl import json_text
from studio.asl.errors import StatesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from executions.interpreter.messages import Command, StartMapRun
    from executions.interpreter.program import Program


class Teller(Protocol):
    """Who has the clock and delivers commands."""

    now: float

    def plan(self, at: float, key: str, command: Command, to: Execution) -> None:
        """Have a command delivered at a moment."""
        ...

    def tell(self, command: Command, to: Execution) -> None:
        """Deliver a command at once."""
        ...


class Execution:
    """One execution: the case's own, or a child of a run."""

    def __init__(
        self,
        program: Program,
        state: ExecutionState,
        run: MapRun | None = None,
        text: str = "{}",
        items: int = 1,
    ) -> None:
        self.program = program
        self.state = state
        self.run = run
        self.text = text
        self.items = items
        self.events: list[dict[str, Any]] = []
        self.runs: dict[int, MapRun] = {}


class MapRun:
    """One run: begins children as room allows, and tells its execution how it ended."""

    def __init__(self, teller: Teller, parent: Execution, effect: StartMapRun) -> None:
        self.teller = teller
        self.parent = parent
        self.effect = effect
        self.plan = effect.plan
        self.children: list[Execution] = []
        self.again: list[Execution] = []
        self.is_over = False
        self.is_read = False
        compiled = parent.program.map_state(self.plan.scope, self.plan.state)
        self.program = parent.program.child(
            compiled.processor.number, is_express=effect.execution_type == "EXPRESS"
        )
        self.inputs = self._inputs()

    @property
    def arn(self) -> str:
        """The run's ARN."""
        machine = self.parent.state.identity.state_machine_arn.partition("/")[0]
        machine = machine.replace(":stateMachine:", ":mapRun:")
        return f"{machine}/{self.effect.label}:{self.effect.uuid}"

    def go_on(self) -> None:
        """Begin, or redrive, as many children as may run, or end."""
        if self.is_over:
            return
        failed = sum(
            child.items
            for child in self.children
            if child.state.status in ("FAILED", "TIMED_OUT") and child not in self.again
        )
        known = self.is_read or self.plan.items is not None
        total = self.plan.length or sum(child.items for child in self.children)
        if self.effect.tolerance.is_exceeded(failed, total if known else None):
            self._fail(THRESHOLD_EXCEEDED)
            return
        limit = self.effect.max_concurrency or 10_000
        try:
            while self._running() < limit and (self.again or not self.is_read):
                self._begin_one()
        except ItemsProblem as problem:
            self._fail(Failure.told(problem.error, problem.cause))
            return
        except StatesError as error:
            self._fail(failure_of_selection(self.plan, error))
            return
        if self.is_read and not self._running():
            self._finish()

    def stop(self) -> None:
        """End all children: nobody waits for the run any more."""
        self.is_over = True
        for child in self.children:
            if child.state.status == "RUNNING":
                command = StopExecution(self.teller.now, "seed", None, None)
                self.teller.plan(self.teller.now, "stop", command, child)

    def redrive(self) -> None:
        """Let the children that did not succeed go on."""
        self.is_over = False
        self.again = [child for child in self.children if child.state.status != "SUCCEEDED"]
        self.go_on()

    def _running(self) -> int:
        return sum(child.state.status == "RUNNING" for child in self.children) - sum(
            child.state.status == "RUNNING" for child in self.again
        )

    def _begin_one(self) -> None:
        now = self.teller.now
        if self.again:
            child = self.again.pop(0)
            if self.effect.execution_type == "STANDARD":
                self.teller.tell(RedriveExecution(now, "redrive", now), child)
            else:
                child.state = begin(self.program, child.state.identity)
                self.teller.plan(now, "start", StartExecution(now, "seed", child.text), child)
            return
        following = next(self.inputs, None)
        if following is None:
            self.is_read = True
            return
        if not self.children:
            self._check_writer()
        text, items = following
        name = child_name(self.effect.uuid, len(self.children))
        parent = self.parent.state.identity
        machine_arn = parent.state_machine_arn.partition("/")[0]
        machine = parent.state_machine_name.partition("/")[0]
        kind = ":execution:" if self.effect.execution_type == "STANDARD" else ":express:"
        label = self.effect.label
        arn = f"{machine_arn.replace(':stateMachine:', kind)}/{label}:{name}"
        identity = Identity(
            arn if kind == ":execution:" else f"{arn}:{name}",
            name,
            parent.role_arn,
            f"{machine_arn}/{label}",
            f"{machine}/{label}",
        )
        child = Execution(self.program, begin(self.program, identity), self, text, items)
        self.children.append(child)
        self.teller.plan(now, "start", StartExecution(now, f"seed{name}", text), child)

    def _writer(self) -> ResultWriter:
        given = self.plan.writer or {}
        arguments = given.get("Parameters", given.get("Arguments"))
        return ResultWriter.of(arguments, given.get("WriterConfig"))

    def _check_writer(self) -> None:
        writer = self._writer()
        if writer.bucket is not None:
            write_test_manifest(writer, object_store("123456789012"), self.arn)

    def _inputs(self) -> Iterator[tuple[str, int]]:
        select = selector_of(self.parent.program, self.plan)
        selected = ((select(item).text, None) for item in self._items())
        if self.plan.batcher is None:
            yield from ((text, 1) for text, _ in selected)
            return
        for text, tags in batches(selected, ItemBatcher.of(self.plan.batcher)):
            yield text, len(tags)

    def _items(self) -> Iterator[MapItem]:
        reader = self.plan.reader
        if reader is None:
            found = json_text.loads(self.plan.items or "[]")
            if isinstance(found, dict):
                for index, (key, value) in enumerate(found.items()):
                    yield MapItem(index, {"Key": key, "Value": value}, key)
                return
            yield from (MapItem(index, value) for index, value in enumerate(found))
            return
        found = ItemReader.of(
            reader["Resource"],
            reader.get("Parameters", reader.get("Arguments")),
            reader.get("ReaderConfig"),
        )
        for item in read_items(found, object_store("123456789012")):
            yield MapItem(item.index, item.value, item.key, item.source)

    def _fail(self, failure: Failure) -> None:
        assert failure.error is not None
        self.stop()
        now = self.teller.now
        command = MapRunFailed(now, "seed", self.effect.run, failure.error, failure.cause)
        self.teller.plan(now, f"map run {self.effect.run}", command, self.parent)

    def _finish(self) -> None:
        results = [self._result(child) for child in self.children]
        try:
            writer = self._writer()
            if writer.bucket is None or not results:
                output = f"[{','.join(written(results, writer.transformation))}]"
            else:
                good = [each for each in results if each.status == "SUCCEEDED"]
                bad = [each for each in results if each.status != "SUCCEEDED"]
                groups: Any = {"SUCCEEDED": good, "FAILED": bad}
                output = json.dumps(
                    write_results(writer, object_store("123456789012"), self.arn, groups),
                    separators=(",", ":"),
                )
        except ItemsProblem as problem:
            self._fail(Failure.told(problem.error, problem.cause))
            return
        if len(output.encode()) > SIZE_LIMIT:
            self._fail(Failure.of_size(self.plan.state))
            return
        self.is_over = True
        now = self.teller.now
        command = MapRunSucceeded(now, "seed", self.effect.run, output)
        self.teller.plan(now, f"map run {self.effect.run}", command, self.parent)

    @staticmethod
    def _result(child: Execution) -> ChildResult:
        state = child.state
        reason = None
        if state.status == "SUCCEEDED":
            reason = "Execution is SUCCEEDED and cannot be redriven"
        is_standard = ":execution:" in state.identity.execution_arn
        return ChildResult(
            status=state.status,
            name=state.identity.execution_name,
            state_machine_arn=state.identity.state_machine_arn,
            input=child.text,
            execution_arn=state.identity.execution_arn,
            output=state.output,
            error=state.error,
            cause=state.cause,
            start_date=state.started_at,
            stop_date=state.now,
            redrive_count=state.redrive_count,
            redrive_status="REDRIVABLE_BY_MAP_RUN"
            if is_standard and reason is None
            else "NOT_REDRIVABLE",
            redrive_status_reason=reason,
        )
