"""What a Map state does before its first iteration: find its items, its limits, their inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from executions.interpreter.context import QueryBindings
from executions.interpreter.map_runs import MapItem, numbered_items
from executions.interpreter.payload import Payload
from executions.interpreter.retry import Failure
from executions.interpreter.states.distributed_map_state import CompiledDistributedMap
from executions.interpreter.states.map_limits import queried_limit, tolerated_number
from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import QueryEvaluationError, StatesError
from studio.asl.expressions.bindings import Bindings

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.frame import Frame
    from executions.interpreter.inspection.stages import Stages
    from executions.interpreter.states.map_state import CompiledMap
    from executions.interpreter.turn import Turn
    from studio.asl.definition import Json, MapState


@dataclass(frozen=True, slots=True)
class DataSet:
    """What a distributed Map needs of outside. Both functions raise StatesError.

    ``batch`` puts items (JSON texts) together as an ItemBatcher, its expressions evaluated, says,
    and gives the batches' JSON texts. ``read`` gives the items that an ItemReader reads; it is None
    where nobody says what there is to read.
    """

    batch: Callable[[list[str], dict[str, Any]], list[str]]
    read: Callable[[dict[str, Any]], list[MapItem]] | None = None


class MapPreparation:
    """A Map state's items and limits. ``limits`` are members of AWS's InspectionData.

    ``items`` is None where an ItemReader would read them and nobody says what it reads.
    ``failure`` says why there are none. MaxConcurrency is shown as declared, 0 where it is not.
    """

    def __init__(
        self,
        turn: Turn,
        frame: Frame,
        state: MapState,
        compiled: CompiledMap,
        stages: Stages,
        data_set: DataSet,
    ) -> None:
        self._turn = turn
        self._frame = frame
        self._state = state
        self._compiled = compiled
        self._stages = stages
        self._data_set = data_set
        self._inputs: list[Json] | None = None
        self.items: list[MapItem] | None = None
        self.limits: dict[str, Any] = {}
        self.failure: Failure | None = None
        try:
            if state.item_reader is ABSENT:
                self._find_items()
            else:
                self._read_items()
        except QueryEvaluationError as error:
            self.failure = Failure.of_expression(frame, error)
        except StatesError as error:
            # The one cause that AWS gives without the words it opens others with.
            cause = (error.cause or "").replace('"$$', '"$')
            self.failure = Failure(error.error, cause)
        if self.failure is None:
            try:
                self._select()
                self._find_limits()
                self._batch()
            except StatesError as error:
                self.failure = Failure.of_expression(frame, error)

    def exceeds_threshold(self, failures: int) -> bool:
        """Tell whether so many failed iterations are more than the definition tolerates.

        Where it declares no limit, none are: AWS checks what is declared only.
        """
        count = self.limits.get("toleratedFailureCount")
        if count is not None and failures > count:
            return True
        percentage = self.limits.get("toleratedFailurePercentage")
        if percentage is None or not self.items:
            return False
        return bool(failures * 100 / len(self.items) > percentage)

    def _find_items(self) -> None:
        found = self._compiled.items_of(self._turn, self._frame)
        self.items = numbered_items(found)
        if not self._compiled.is_query:
            self._stages.record("afterItemsPath", _listed(self.items))

    def _read_items(self) -> None:
        """Take what the ItemReader is said to read, where that is said."""
        bindings = self._bindings()
        read, compiled = self._data_set.read, self._compiled
        if read is None or not isinstance(compiled, CompiledDistributedMap):
            return
        assert compiled.reader is not None
        reader = compiled.reader(bindings)
        self.items = read(reader)
        if (reader.get("ReaderConfig") or {}).get("ItemsPointer"):
            self._stages.record("afterItemsPointer", _listed(self.items))

    def _bindings(self) -> Bindings:
        """Give what the expressions of the Map's own fields see."""
        turn, frame = self._turn, self._frame
        if self._compiled.is_query:
            return QueryBindings(turn, frame)
        selected = self._compiled.input_flow.selected(turn, frame)
        return turn.bindings(frame).with_input(selected.value)

    def _batch(self) -> None:
        """Put the iterations' inputs together, where an ItemBatcher says how."""
        compiled = self._compiled
        if self.items is None or not isinstance(compiled, CompiledDistributedMap):
            return
        if compiled.batcher is None:
            return
        inputs = self._inputs
        if inputs is None:
            inputs = [item.value for item in self.items]
        texts = [json_text.dumps(each) for each in inputs]
        batches = self._data_set.batch(texts, compiled.batcher(self._bindings()))
        self._stages.record("afterItemBatcher", Payload.of_text(f"[{','.join(batches)}]"))

    def _select(self) -> None:
        """Make every iteration's input, where an ItemSelector says how."""
        selector = self._compiled.selector
        if selector is None or self.items is None:
            return
        self._inputs = [selector(self._item_bindings(item)) for item in self.items]
        self._stages.record("afterItemSelector", Payload(self._inputs))

    def _item_bindings(self, item: MapItem) -> Bindings:
        """Give what ItemSelector sees for one item; a Map Run tells more of it."""
        turn = self._turn
        if not isinstance(self._compiled, CompiledDistributedMap):
            iteration = item.index, Payload(item.value), item.key is not None
            return self._compiled.item_bindings(turn, self._frame, iteration)
        seen = self._bindings()
        return Bindings(
            seen.input,
            context=lambda: {**seen.context(), "Map": {"Item": item.context()}},
            variables=seen.variables,
            seed=f"{turn.seed}:{item.index}",
            now=turn.now,
        )

    def _find_limits(self) -> None:
        turn, frame, state, compiled = self._turn, self._frame, self._state, self._compiled
        concurrency: Json = 0
        if compiled.max_concurrency_path is not None:
            concurrency = compiled.concurrency_from_path(turn.bindings(frame))
        elif compiled.max_concurrency_query is not None:
            query = compiled.max_concurrency_query
            concurrency = int(queried_limit(query, QueryBindings(turn, frame)))
        elif state.max_concurrency is not ABSENT:
            concurrency = state.max_concurrency
        self.limits["maxConcurrency"] = concurrency
        for field, value in (
            ("ToleratedFailureCount", state.tolerated_failure_count),
            ("ToleratedFailurePercentage", state.tolerated_failure_percentage),
        ):
            if isinstance(value, int | float):
                self._limit(field, value)
        for query in compiled.tolerated_queries:
            self._limit(query.field, queried_limit(query, QueryBindings(turn, frame)))
        for field, path, number in compiled.tolerated:
            value = path.get(turn.bindings(frame))
            self._limit(field, tolerated_number(field, path.text, value, number))

    def _limit(self, field: str, value: float) -> None:
        member = field[0].lower() + field[1:]
        self.limits[member] = int(value) if field.endswith("Count") else float(value)


def _listed(items: list[MapItem]) -> Payload:
    return Payload.of_text(f"[{', '.join(json_text.dumps(item.value) for item in items)}]")
