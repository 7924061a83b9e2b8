"""What a Map state does before its first iteration: find its items, its limits, their inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from executions.interpreter.context import QueryBindings
from executions.interpreter.payload import Payload
from executions.interpreter.retry import Failure
from executions.interpreter.states.map_state import check_tolerated, queried_limit
from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import QueryEvaluationError, StatesError

if TYPE_CHECKING:
    from executions.interpreter.frame import Frame
    from executions.interpreter.inspection.stages import Stages
    from executions.interpreter.states.map_state import CompiledMap
    from executions.interpreter.turn import Turn
    from studio.asl.definition import Json, MapState

THRESHOLD_EXCEEDED = Failure(
    "States.ExceedToleratedFailureThreshold",
    "The specified tolerated failure threshold was exceeded",
)


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
        read_items: list[Json] | None,
    ) -> None:
        self._turn = turn
        self._frame = frame
        self._state = state
        self._compiled = compiled
        self._stages = stages
        self.items: list[Json] | None = read_items
        self.limits: dict[str, Any] = {}
        self.failure: Failure | None = None
        try:
            if state.item_reader is ABSENT:
                self._find_items()
            elif not compiled.is_query:
                compiled.input_flow.selected(turn, frame)
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
        self.items = self._compiled.items_of(self._turn, self._frame)
        if not self._compiled.is_query:
            texts = ", ".join(json_text.dumps(item) for item in self.items)
            self._stages.record("afterItemsPath", Payload.of_text(f"[{texts}]"))

    def _select(self) -> None:
        """Make every iteration's input, where an ItemSelector says how."""
        selector = self._compiled.selector
        if selector is None or self.items is None:
            return
        inputs = [
            selector(self._compiled.item_bindings(self._turn, self._frame, index, Payload(item)))
            for index, item in enumerate(self.items)
        ]
        self._stages.record("afterItemSelector", Payload(inputs))

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
            check_tolerated(field, path.text, value, number)
            self._limit(field, value)

    def _limit(self, field: str, value: float) -> None:
        member = field[0].lower() + field[1:]
        self.limits[member] = int(value) if field.endswith("Count") else float(value)


def read_items(data: str) -> list[Json]:
    """Read what an ItemReader is said to have read. Raises ValueError where it is no JSON array."""
    try:
        items = json_text.loads(data)
    except json_text.InvalidJson as problem:
        raise ValueError(str(problem)) from None
    if not isinstance(items, list):
        raise ValueError("it is no array")
    return items
