"""The Map state: runs a processor for each item of an array, here inline, in the execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.context import QueryBindings, StateBindings
from executions.interpreter.data_flow import InputFlow, compile_output_flow
from executions.interpreter.map_runs import as_items
from executions.interpreter.payload import Payload, quote
from executions.interpreter.retry import RUNTIME, Failure
from executions.interpreter.states.map_items import MapItems
from executions.interpreter.states.map_limits import (
    integer_from_path,
    queried_limit,
    tolerated_number,
)
from executions.interpreter.states.parent_state import CompiledParent
from studio.asl.definition import ABSENT
from studio.asl.errors import QueryEvaluationError, StatesError
from studio.asl.expressions.jsonata import Query, compile_query, is_query
from studio.asl.expressions.jsonpath import compile_path
from studio.asl.expressions.payload_template import compile_template
from studio.asl.expressions.query_template import compile_query_template

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.context import Iteration
    from executions.interpreter.frame import ChildrenWait, Frame
    from executions.interpreter.program import CompiledScope
    from executions.interpreter.states.compiled_state import CompiledState
    from executions.interpreter.turn import Turn
    from studio.asl.definition import Json, MapState
    from studio.asl.expressions.bindings import Bindings

INLINE_CONCURRENCY: Final = 40
"""Iterations an inline Map runs at once at most, whatever MaxConcurrency says."""


class CompiledMap(CompiledParent):
    """A Map state in INLINE mode, and what both modes have in common.

    ``query_takes`` are the types that may be items in JSONata. An object's members are items in
    JSONPath, and in JSONata in DISTRIBUTED mode; inline, AWS was observed to refuse it there.
    """

    query_takes: tuple[type[Any], ...] = (list,)

    __slots__ = (
        "concurrency",
        "input_flow",
        "is_query",
        "items",
        "iteration_abort",
        "iteration_failure",
        "iteration_start",
        "iteration_success",
        "max_concurrency_path",
        "max_concurrency_query",
        "processor",
        "selector",
        "tolerated",
        "tolerated_queries",
    )

    def __init__(self, state: MapState, processor: CompiledScope) -> None:
        super().__init__(state, "Map")
        self.processor = processor
        self.is_query = state.query_language == "JSONata"
        self.input_flow = InputFlow(state.input_path)
        self.output_flow = compile_output_flow(state)
        self.items = MapItems(state, self.input_flow, self.query_takes)
        self.selector: Callable[[Bindings], Json] | None = None
        template = state.parameters if state.item_selector is ABSENT else state.item_selector
        if template is not ABSENT:
            self.selector = (
                compile_query_template(template, "ItemSelector")
                if self.is_query
                else compile_template(template)
            )
        limit = state.max_concurrency
        self.max_concurrency_query: Query | None = None
        if is_query(limit):
            self.max_concurrency_query = compile_query(limit, "MaxConcurrency")
            limit = ABSENT
        self.concurrency = _at_once(0 if limit is ABSENT else limit)
        self.tolerated_queries = [
            compile_query(text, field)
            for field, text in (
                ("ToleratedFailureCount", state.tolerated_failure_count),
                ("ToleratedFailurePercentage", state.tolerated_failure_percentage),
            )
            if is_query(text)
        ]
        self.max_concurrency_path = (
            None if state.max_concurrency_path is None else compile_path(state.max_concurrency_path)
        )
        self.tolerated = [
            (field, compile_path(path), number)
            for field, path, number in (
                ("ToleratedFailureCount", state.tolerated_failure_count_path, int),
                ("ToleratedFailurePercentage", state.tolerated_failure_percentage_path, float),
            )
            if path is not None
        ]
        quoted = quote(state.name)
        rest = f'EventDetails":{{"name":{quoted},"index":'
        self.iteration_start = f'"mapIterationStarted{rest}'
        self.iteration_success = f'"mapIterationSucceeded{rest}'
        self.iteration_failure = f'"mapIterationFailed{rest}'
        self.iteration_abort = f'"mapIterationAborted{rest}'

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Begin as many iterations as may run at once."""
        try:
            concurrency = self.concurrency
            if self.max_concurrency_path is not None:
                concurrency = _at_once(self.concurrency_from_path(turn.bindings(frame)))
            if self.max_concurrency_query is not None:
                limit = queried_limit(self.max_concurrency_query, QueryBindings(turn, frame))
                concurrency = _at_once(int(limit))
            for query in self.tolerated_queries:
                queried_limit(query, QueryBindings(turn, frame))
            items = self.items_of(turn, frame)
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        length = len(items)
        frame.last_id = turn.record(
            self.started_type, frame.last_id, f'"mapStateStartedEventDetails":{{"length":{length}}}'
        )
        try:
            for field, path, number in self.tolerated:
                tolerated_number(field, path.text, path.get(turn.bindings(frame)), number)
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        wait = turn.start_children(frame, length, concurrency)
        _keep(wait, items)
        if not length:
            return self.join(turn, frame, [])
        previous = frame.last_id
        for _ in range(min(concurrency, length)):
            failure = self.start_iteration(turn, frame, previous)
            if failure is not None:
                return self.fail_to_start(turn, frame, failure)
        return None

    def items_of(self, turn: Turn, frame: Frame) -> list[Json] | dict[str, Json]:
        """Give the array or the object to map over. Raises StatesError where there is none."""
        return self.items.of(turn, frame)

    def start_iteration(self, turn: Turn, frame: Frame, previous: int) -> Failure | None:
        """Begin the next iteration. Gives a Failure where its input cannot be made."""
        wait = self.waiting(frame)
        if wait.items is None:
            _keep(wait, self.items_of(turn, frame))
            assert wait.items is not None
        index = wait.started
        item = given = Payload(wait.items[index])
        if self.selector is not None:
            try:
                bindings = self.item_bindings(turn, frame, (index, item, wait.are_members))
                given = Payload(self.selector(bindings))
            except StatesError as error:
                failure = Failure.of_expression(frame, error)
                if isinstance(error, QueryEvaluationError):
                    turn.record_failed_evaluation(frame, error, failure)
                return failure
            refusal = turn.refusal(frame, given)
            if refusal is not None:
                return refusal
        wait.started = index + 1
        number = turn.record("MapIterationStarted", previous, f"{self.iteration_start}{index}}}")
        turn.add_frame(
            frame, self.processor, index, given, number, item, is_member=wait.are_members
        )
        return None

    def item_bindings(self, turn: Turn, frame: Frame, iteration: Iteration) -> Bindings:
        """Give what ItemSelector sees for one item."""
        if self.is_query:
            return QueryBindings(turn, frame, iteration=iteration)
        bindings = StateBindings(turn, frame, iteration=iteration)
        return bindings.with_input(self.input_flow.selected(turn, frame).value)

    def fail_to_start(self, turn: Turn, frame: Frame, failure: Failure) -> CompiledState | None:
        """Fail the whole because an iteration's input could not be made."""
        if failure.error == RUNTIME:
            turn.halt(frame)
            return turn.fail(frame, self, failure)
        for each in turn.children_of(frame):
            self.abort_child(turn, each, frame.last_id)
        return self.children_failed(turn, frame, failure)

    def child_succeeded(
        self, turn: Turn, frame: Frame, child: Frame, output: Payload
    ) -> CompiledState | None:
        """Keep the iteration's output and begin the next one, or go on after the last."""
        wait = self.waiting(frame)
        previous = child.last_id
        # The next iteration follows the end of this one, but the Map's end follows this event.
        frame.last_id = turn.record(
            "MapIterationSucceeded", previous, f"{self.iteration_success}{child.index}}}"
        )
        wait.results[child.index] = output
        wait.finished += 1
        if wait.started < len(wait.results):
            failure = self.start_iteration(turn, frame, previous)
            return None if failure is None else self.fail_to_start(turn, frame, failure)
        if wait.finished < len(wait.results):
            return None
        return self.join(turn, frame, wait.results)

    def resume(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Begin the iterations that had not begun, as many as may run beside those that had."""
        wait = self.waiting(frame)
        alive = wait.started - wait.finished
        for _ in range(min(wait.concurrency - alive, len(wait.results) - wait.started)):
            failure = self.start_iteration(turn, frame, frame.last_id)
            if failure is not None:
                return self.fail_to_start(turn, frame, failure)
        return super().resume(turn, frame)

    def child_failed(
        self, turn: Turn, frame: Frame, child: Frame, failure: Failure
    ) -> CompiledState | None:
        """End the other iterations. A Parallel in one may have failed, but this is no Parallel."""
        return super().child_failed(turn, frame, child, failure._replace(branch=False))

    def record_failed_child(self, turn: Turn, frame: Frame, child: Frame) -> None:
        """Record MapIterationFailed."""
        turn.record("MapIterationFailed", child.last_id, f"{self.iteration_failure}{child.index}}}")

    def abort_child(self, turn: Turn, child: Frame, previous: int) -> None:
        """Record MapIterationAborted, then end the iteration."""
        turn.record("MapIterationAborted", previous, f"{self.iteration_abort}{child.index}}}")
        turn.abort(child, previous)

    def concurrency_from_path(self, bindings: Bindings) -> int:
        """Give what MaxConcurrencyPath points to; 0 says as many as may be. Raises StatesError."""
        path = self.max_concurrency_path
        assert path is not None
        value = integer_from_path("MaxConcurrencyPath", path, bindings)
        if value < 0:
            raise StatesError(RUNTIME, "MaxConcurrency cannot be negative.")
        return value


def _keep(wait: ChildrenWait, items: list[Json] | dict[str, Json]) -> None:
    wait.items, wait.are_members = as_items(items), isinstance(items, dict)


def _at_once(limit: int) -> int:
    return min(limit or INLINE_CONCURRENCY, INLINE_CONCURRENCY)
