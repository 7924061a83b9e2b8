"""The Map state in DISTRIBUTED mode: hands its items to a Map Run and waits for its end.

What the run does is no part of the history: MapRunStarted and how it ended are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.context import QueryBindings, StateBindings
from executions.interpreter.frame import MapRunWait
from executions.interpreter.history import error_details
from executions.interpreter.map_runs import (
    Plan,
    Tolerance,
    derived_label,
    derived_run,
    is_new_run_needed,
)
from executions.interpreter.messages import RedriveMapRun, StartMapRun
from executions.interpreter.payload import Payload, quote
from executions.interpreter.retry import DATA_LIMIT_EXCEEDED, RUNTIME
from executions.interpreter.states.map_limits import (
    integer_from_path,
    queried_limit,
    tolerated_number,
)
from executions.interpreter.states.map_state import CompiledMap
from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import StatesError
from studio.asl.expressions.jsonata import compile_query, is_query
from studio.asl.expressions.jsonpath import compile_path
from studio.asl.expressions.payload_template import compile_template
from studio.asl.expressions.query_template import compile_query_template

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.frame import Frame
    from executions.interpreter.program import CompiledScope
    from executions.interpreter.retry import Failure
    from executions.interpreter.states.compiled_state import CompiledState
    from executions.interpreter.turn import Turn
    from studio.asl.definition import Absent, Json, MapState
    from studio.asl.expressions.bindings import Bindings

    Resolve = Callable[[Bindings], dict[str, Any]]

MOST_REDRIVES: Final = 1000
"""How often one Map Run is redriven; then its state fails with States.Runtime.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html
"""

_TEMPLATES: Final = frozenset({"Parameters", "BatchInput"})


class CompiledDistributedMap(CompiledMap):
    """A Map state in DISTRIBUTED mode.

    ``reader``, ``batcher`` and ``writer`` give the field of that name with every path and
    expression in it replaced by its value.
    """

    __slots__ = (
        "batcher",
        "execution_type",
        "label",
        "limit",
        "location",
        "reader",
        "tolerance",
        "writer",
    )

    query_takes = (list, dict)

    def __init__(self, state: MapState, processor: CompiledScope) -> None:
        super().__init__(state, processor)
        self.location = state.location
        self.label = state.label
        self.execution_type = state.execution_type or "STANDARD"
        limit = state.max_concurrency
        self.limit = limit if isinstance(limit, int) else 0
        count, percentage = state.tolerated_failure_count, state.tolerated_failure_percentage
        self.tolerance = Tolerance(
            count if isinstance(count, int) else None,
            float(percentage) if isinstance(percentage, int | float) else None,
        )
        self.reader = _compile_field("ItemReader", state.item_reader, self.is_query)
        self.batcher = _compile_field("ItemBatcher", state.item_batcher, self.is_query)
        self.writer = _compile_field("ResultWriter", state.result_writer, self.is_query)

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Start a Map Run."""
        items: list[Json] | dict[str, Json] | None = None
        tolerance = self.tolerance
        try:
            concurrency = self.wanted_concurrency(turn, frame)
            for query in self.tolerated_queries:
                limit = queried_limit(query, QueryBindings(turn, frame))
                tolerance = _with(tolerance, query.field, limit)
            if self.reader is None:
                items = self.items_of(turn, frame)
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        frame.last_id = turn.record(
            self.started_type,
            frame.last_id,
            f'"mapStateStartedEventDetails":{{"length":{len(items or ())}}}',
        )
        try:
            for field, path, number in self.tolerated:
                value = path.get(turn.bindings(frame))
                limit = tolerated_number(field, path.text, value, number)
                tolerance = _with(tolerance, field, limit)
            plan = self.plan(turn, frame, items)
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        self.start_run(turn, frame, concurrency, tolerance, plan)
        return None

    def wanted_concurrency(self, turn: Turn, frame: Frame) -> int:
        """Give how many children may run at once; 0 says as many as can be. Raises StatesError."""
        if self.max_concurrency_path is not None:
            return self.concurrency_from_path(turn.bindings(frame))
        if self.max_concurrency_query is not None:
            return int(queried_limit(self.max_concurrency_query, QueryBindings(turn, frame)))
        return self.limit

    def plan(self, turn: Turn, frame: Frame, items: list[Json] | dict[str, Json] | None) -> Plan:
        """Write down what the run works by. Raises StatesError."""
        bindings: Bindings
        if self.is_query:
            bindings = QueryBindings(turn, frame)
        else:
            bindings = turn.bindings(frame).with_input(self.input_flow.selected(turn, frame).value)
        reader = None if self.reader is None else self.reader(bindings)
        seen = None
        if self.selector is not None:
            seen = {
                "input": bindings.input,
                "context": StateBindings(turn, frame).context(),
                "variables": dict(bindings.variables),
                "now": turn.now,
                "seed": f"{turn.seed}:{frame.id}:{turn.last_id}",
            }
        return Plan(
            frame.scope,
            self.name,
            frame.entered_id,
            len(items or ()),
            None if items is None else json_text.dumps(items),
            reader,
            None if self.batcher is None else self.batcher(bindings),
            None if self.writer is None else self.writer(bindings),
            seen,
        )

    def start_run(
        self, turn: Turn, frame: Frame, concurrency: int, tolerance: Tolerance, plan: Plan
    ) -> None:
        """Record that the run has started, have it started, and wait for it."""
        identity = turn.base.identity
        machine = identity.state_machine_arn.partition("/")[0]
        label = self.label or derived_label(machine, self.location)
        run = derived_run(turn.seed, identity.execution_arn, turn.last_id + 1)
        arn = f"{machine.replace(':stateMachine:', ':mapRun:', 1)}/{label}:{run}"
        number = frame.last_id = turn.record(
            "MapRunStarted",
            frame.last_id,
            f'"mapRunStartedEventDetails":{{"mapRunArn":{quote(arn)}}}',
        )
        turn.wait_for_map_run(frame, MapRunWait(number, arn))
        turn.effects.append(
            StartMapRun(number, run, label, self.execution_type, concurrency, tolerance, plan)
        )

    def run_succeeded(self, turn: Turn, frame: Frame, output: str) -> CompiledState | None:
        """Take the run's result and leave. What follows goes back to the run's start."""
        turn.stop_waiting(frame)
        turn.record(self.succeeded_type, turn.record("MapRunSucceeded", frame.last_id))
        return self.leave(turn, frame, Payload.of_text(output), self.next)

    def run_failed(self, turn: Turn, frame: Frame, failure: Failure) -> CompiledState | None:
        """Record why the run failed; Retry and Catch decide."""
        wait = frame.wait
        assert isinstance(wait, MapRunWait)
        turn.stop_waiting(frame)
        frame.last_id = turn.record(
            "MapRunFailed",
            frame.last_id,
            error_details("mapRunFailedEventDetails", failure.error, failure.cause),
        )
        if not is_new_run_needed(failure):
            turn.halt_map_run(frame, replace(wait, is_over=True))
        if failure.error == DATA_LIMIT_EXCEEDED:
            failure = failure._replace(terminal=True)
        return self.children_failed(turn, frame, failure)

    def refuse_redrive(self, turn: Turn, frame: Frame, wait: MapRunWait) -> CompiledState | None:
        """Fail: the run was redriven as often as may be. The next redrive comes to the same."""
        frame.last_id = frame.entered_id
        frame.wait = None
        turn.halt_map_run(frame, wait)
        cause = f"The Map Run has been redriven {MOST_REDRIVES} times, which is as often as may be."
        return turn.fail_runtime(frame, self, StatesError(RUNTIME, cause))

    def redrive_run(self, turn: Turn, frame: Frame, wait: MapRunWait) -> None:
        """Go on with the run; the event that says so follows the state's entry."""
        redrives = wait.redrives + 1
        frame.last_id = turn.record(
            "MapRunRedriven",
            frame.entered_id,
            f'"mapRunRedrivenEventDetails":{{"mapRunArn":{quote(wait.arn)},'
            f'"redriveCount":{redrives}}}',
        )
        turn.wait_for_map_run(frame, replace(wait, redrives=redrives, is_over=False))
        turn.effects.append(RedriveMapRun(wait.run))


def _compile_field(name: str, field: Json | Absent, is_query_language: bool) -> Resolve | None:
    """Compile ItemReader, ItemBatcher or ResultWriter."""
    if field is ABSENT:
        return None
    if is_query_language:
        return _compile_queries(name, field)
    return _compile_paths(field)


def _compile_queries(name: str, field: dict[str, Any]) -> Resolve:
    build = compile_query_template(field, name)
    limits = {
        place: compile_query(text, f"{name}/{'/'.join(place)}")
        for place, text in _limits(field)
        if is_query(text)
    }

    def resolve(bindings: Bindings) -> dict[str, Any]:
        for query in limits.values():
            queried_limit(query, bindings)
        built: dict[str, Any] = build(bindings)
        return built

    return resolve


def _limits(field: dict[str, Any]) -> list[tuple[tuple[str, ...], Json]]:
    """Give the members that count something, each with its place."""
    found: list[tuple[tuple[str, ...], Json]] = [
        ((member,), value) for member, value in field.items() if member.startswith("Max")
    ]
    config = field.get("ReaderConfig")
    if isinstance(config, dict) and "MaxItems" in config:
        found.append((("ReaderConfig", "MaxItems"), config["MaxItems"]))
    return found


def _compile_paths(field: dict[str, Any]) -> Resolve:
    """Compile an object whose templates are ``_TEMPLATES``, and whose …Path members are paths."""
    parts: list[tuple[str, Callable[[Bindings], Json]]] = []
    for member, value in field.items():
        if member in _TEMPLATES:
            parts.append((member, compile_template(value)))
        elif isinstance(value, dict):
            parts.append((member, _compile_paths(value)))
        elif member.endswith("Path"):
            parts.append((member[: -len("Path")], _count_at(member, value)))
        else:
            parts.append((member, _constant(value)))

    def resolve(bindings: Bindings) -> dict[str, Any]:
        return {member: part(bindings) for member, part in parts}

    return resolve


def _constant(value: Json) -> Callable[[Bindings], Json]:
    return lambda _: value


def _count_at(field: str, text: str) -> Callable[[Bindings], Json]:
    path = compile_path(text)
    return lambda bindings: integer_from_path(field, path, bindings)


def _with(tolerance: Tolerance, field: str, value: float) -> Tolerance:
    if field.endswith("Count"):
        return replace(tolerance, count=int(value))
    return replace(tolerance, percentage=float(value))
