"""What a Map Run is made of: what it must know, what its children are given, when it has failed.

A distributed Map hands its items to a Map Run: something outside the machine that starts a child
execution for each. What the Map state knows then is written down in a ``Plan``, a value that can be
stored; everything here follows from it, without a clock and without the parent's state.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html and
recordings of the service.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.payload import Payload
from executions.interpreter.retry import DATA_LIMIT_EXCEEDED, Failure
from studio.asl import json_text
from studio.asl.errors import StatesError
from studio.asl.expressions.bindings import Bindings

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.program import Program
    from studio.asl.definition import Json

THRESHOLD_EXCEEDED: Final = Failure(
    "States.ExceedToleratedFailureThreshold",
    "The specified tolerated failure threshold was exceeded",
)
ITEM_READER_FAILED: Final = "States.ItemReaderFailed"
RESULT_WRITER_FAILED: Final = "States.ResultWriterFailed"
STATE_DATA: Final = "STATE_DATA"
"""What ``$$.Map.Item.Source`` says of items that come from the state's input."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a Map Run works by; it does not change while it runs, redriven or not.

    ``scope`` and ``state`` say which Map of the Program it is of, ``entered_id`` with which event
    that was entered. ``items`` is the array, or the object whose members they are, as JSON text,
    ``length`` how many they are; it is None where a reader gives them.
    ``reader``, ``batcher`` and ``writer`` are the definition's objects with every path and
    expression in them replaced by its value. ``bindings`` is what ItemSelector sees besides the
    item: ``input``, ``context``, ``variables``, ``now`` and ``seed``; None where there is none.
    """

    scope: int
    state: str
    entered_id: int
    length: int = 0
    items: str | None = None
    reader: dict[str, Any] | None = None
    batcher: dict[str, Any] | None = None
    writer: dict[str, Any] | None = None
    bindings: dict[str, Any] | None = None

    def encode(self) -> str:
        """Write as JSON text."""
        return json_text.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> Plan:
        """Read what ``encode`` wrote."""
        return cls(**json_text.loads(text, max_depth=1100))


@dataclass(frozen=True, slots=True)
class MapItem:
    """One item: ``value`` is what a child works on, the rest what ``$$.Map.Item`` says of it.

    ``key`` is the member's name where the items are an object's members; ``value`` is
    ``{"Key": …, "Value": …}`` then.
    """

    index: int
    value: Json
    key: str | None = None
    source: str = STATE_DATA

    def context(self) -> dict[str, Any]:
        """Give it as a part of the context object."""
        return {**item_context(self.index, self.value, self.key is not None), "Source": self.source}


def item_context(index: int, value: Json, is_member: bool) -> dict[str, Any]:
    """Give ``$$.Map.Item``: of an object's member, key and value stand apart."""
    return {"Index": index, **value} if is_member else {"Index": index, "Value": value}


def as_items(found: list[Json] | dict[str, Json]) -> list[Json]:
    """Give what iterations work on: an array's elements, or an object's members as pairs.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemspath.html
    """
    if isinstance(found, dict):
        return [{"Key": key, "Value": value} for key, value in found.items()]
    return found


def numbered_items(found: list[Json] | dict[str, Json]) -> list[MapItem]:
    """Give the items of the state's own data, each with its place and its key."""
    keys = found if isinstance(found, dict) else [None] * len(found)
    return [
        MapItem(index, item, key)
        for index, (item, key) in enumerate(zip(as_items(found), keys, strict=True))
    ]


def selector_of(program: Program, plan: Plan) -> Callable[[MapItem], Payload]:
    """Give the function that makes of an item what a child is to work on.

    That function raises StatesError where ItemSelector cannot be applied.
    """
    selector = program.map_state(plan.scope, plan.state).selector
    known = plan.bindings
    if selector is None or known is None:
        return lambda item: Payload(item.value)

    def select(item: MapItem) -> Payload:
        bindings = Bindings(
            known["input"],
            context=lambda: {**known["context"], "Map": {"Item": item.context()}},
            variables=known["variables"],
            seed=f"{known['seed']}:{item.index}",
            now=known["now"],
        )
        return Payload(selector(bindings)).written()

    return select


def failure_of_selection(plan: Plan, error: StatesError) -> Failure:
    """Make the failure of a Map Run one of whose children could not be given its input."""
    return Failure.told(
        error.error,
        f"An error occurred while executing the state '{plan.state}' (entered at the event id "
        f"#{plan.entered_id}). {error.cause}",
    )


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How many items may fail: neither ``count`` nor ``percentage`` given means none."""

    count: int | None = None
    percentage: float | None = None

    def is_exceeded(self, failed: int, total: int | None) -> bool:
        """Tell whether too many have failed. ``total`` is None as long as nobody knows it."""
        if not failed:
            return False
        if self.count is None and self.percentage is None:
            return True
        if self.count is not None and failed > self.count:
            return True
        return self.percentage is not None and bool(
            total and failed * 100 > self.percentage * total
        )


def child_name(run: str, number: int) -> str:
    """Give the name of the ``number``-th child of the run with this UUID: the same each time."""
    return _uuid(f"child {run} {number}")


def derived_label(state_machine_arn: str, location: str) -> str:
    """Give the label of a Map that declares none: a UUID, the same for each of its runs."""
    return _uuid(f"label {state_machine_arn} {location}")


def derived_run(seed: str, execution_arn: str, event: int) -> str:
    """Give the UUID of the run that the event ``event`` of an execution starts."""
    return _uuid(f"run {seed} {execution_arn} {event}")


def is_new_run_needed(failure: Failure) -> bool:
    """Tell whether a redrive begins another run: what this one made cannot be mended by it."""
    return failure.error in (DATA_LIMIT_EXCEEDED, "States.Runtime")


def _uuid(text: str) -> str:
    digits = hashlib.sha256(text.encode()).hexdigest()
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
