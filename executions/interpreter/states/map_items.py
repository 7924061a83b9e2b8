"""Which items a Map has: what ItemsPath, or Items, finds in its input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from executions.interpreter.context import QueryBindings
from executions.interpreter.retry import RUNTIME
from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import QueryEvaluationError, StatesError
from studio.asl.expressions.jsonata import compile_query, is_query
from studio.asl.expressions.jsonpath import compile_path
from studio.asl.expressions.query_template import compile_query_template

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.data_flow import InputFlow
    from executions.interpreter.frame import Frame
    from executions.interpreter.turn import Turn
    from studio.asl.definition import Json, MapState
    from studio.asl.expressions.bindings import Bindings
    from studio.asl.expressions.jsonpath import Path

    Items = list[Json] | dict[str, Json]


class MapItems:
    """Finds the items. ``takes`` are the types that may be items in JSONata."""

    __slots__ = ("_find", "_flow", "_is_query", "_path", "_takes")

    def __init__(self, state: MapState, flow: InputFlow, takes: tuple[type[Any], ...]) -> None:
        self._is_query = state.query_language == "JSONata"
        self._flow = flow
        self._takes = takes
        self._path = None if state.items_path is None else compile_path(state.items_path)
        self._find = _compile_items(state.items, takes)

    def of(self, turn: Turn, frame: Frame) -> Items:
        """Give the array or the object to map over. Raises StatesError where there is none."""
        if self._is_query:
            return self._queried(turn, frame)
        items = self._flow.selected(turn, frame).value
        where = "$"
        if self._path is not None:
            where = self._path.text
            items = _found(self._path, turn.bindings(frame).with_input(items))
        if not isinstance(items, list | dict):
            raise StatesError(RUNTIME, f'Reference path "{where}" must point to array.')
        return items

    def _queried(self, turn: Turn, frame: Frame) -> Items:
        """Give what Items says, or the input. Raises StatesError where that cannot be items."""
        if self._find is not None:
            found: Items = self._find(QueryBindings(turn, frame))
            return found
        items: Any = frame.input.value
        if not isinstance(items, self._takes):
            raise QueryEvaluationError(
                f"Map state input must be an array but was: {json_text.dumps(items)}"
            )
        given: Items = items
        return given


def _compile_items(items: Json, takes: tuple[type[Any], ...]) -> Callable[[Bindings], Any] | None:
    """Compile Items: an expression that gives items, or an array with expressions in it."""
    if items is ABSENT:
        return None
    if not is_query(items):
        return compile_query_template(items, "Items")
    query = compile_query(items, "Items")

    def evaluate(bindings: Bindings) -> Json:
        found = query.evaluate(bindings)
        if not isinstance(found, takes):
            raise query.wrong_kind(found, "array")
        return found

    return evaluate


def _found(path: Path, bindings: Bindings) -> Json:
    """Give what ItemsPath points to. Raises StatesError where nothing is there."""
    items = path.find(bindings)
    if items is not ABSENT:
        return items
    reference = path.reference
    if reference is None or reference.root != "$" or bindings.input is None:
        raise path.missing(bindings)
    raise reference.conflict(bindings.input)
