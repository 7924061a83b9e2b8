"""Where the children of a run get their input from: items, selected and batched, in their order.

What has been read is in the run's row; an open reading is kept by the process that has it and is
used again only where it stands exactly there.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

import orjson

from executions.interpreter.map_runs import (
    MapItem,
    failure_of_selection,
    numbered_items,
    selector_of,
)
from executions.interpreter.retry import Failure
from executions.items.item_batcher import ItemBatcher, batches
from executions.items.item_reader import ItemReader
from executions.items.problems import ItemsProblem
from executions.items.reading import BEGINNING, Position, read_items
from executions.runtime.map_runs.permitted_store import store_of
from executions.runtime.programs import program_of_revision
from studio.asl import json_text
from studio.asl.errors import StatesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from executions.interpreter.map_runs import Plan
    from executions.runtime.map_runs.run import Run

OPEN_READINGS: Final = 64
"""Readings one process keeps open."""
LARGEST_STEP: Final = 1 << 20
"""Characters of inputs after which a step has read enough, however few children that makes."""


class CannotRead(Exception):
    """The items, or what a child is to work on, cannot be had: the run fails with ``failure``."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.error)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class ChildInput:
    """What one child is to work on, as JSON text, and where reading goes on after its items."""

    input: str
    item_count: int
    position: int
    reading: str


class _Readings:
    """Open readings by run, each with where it stands."""

    def __init__(self) -> None:
        self._open: OrderedDict[int, tuple[int, Iterator[ChildInput]]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, run: Run) -> Iterator[ChildInput]:
        with self._lock:
            kept = self._open.pop(run.id, None)
        return kept[1] if kept is not None and kept[0] == run.position else _read(run)

    def keep(self, run: int, position: int, reading: Iterator[ChildInput]) -> None:
        with self._lock:
            self._open[run] = (position, reading)
            if len(self._open) > OPEN_READINGS:
                self._open.popitem(last=False)


_readings = _Readings()


def read_children(run: Run, most: int) -> tuple[list[ChildInput], bool]:
    """Read what the next children work on, at most so many; whether that was all there is.

    Takes no lock and changes nothing: what is not stored has not been read.

    Raises CannotRead.
    """
    reading = _readings.take(run)
    found: list[ChildInput] = []
    size = 0
    for child in islice(reading, most):
        found.append(child)
        size += len(child.input)
        if size > LARGEST_STEP:
            break
    else:
        if len(found) < most:
            return found, True
    if found:
        _readings.keep(run.id, found[-1].position, reading)
    return found, False


def read_rest(run: Run) -> Iterator[str]:
    """Read what no child was begun for, as JSON texts: as much of it as can be read."""
    try:
        yield from (child.input for child in _read(run))
    except CannotRead:
        return


def _read(run: Run) -> Iterator[ChildInput]:
    plan = run.plan
    try:
        yield from _children(run, plan)
    except ItemsProblem as problem:
        raise CannotRead(Failure.told(problem.error, problem.cause)) from problem
    except StatesError as error:
        raise CannotRead(failure_of_selection(plan, error)) from error


def _children(run: Run, plan: Plan) -> Iterator[ChildInput]:
    selected = _selected(run, plan)
    if plan.batcher is None:
        for text, (position, reading) in selected:
            yield ChildInput(text, 1, position, reading)
        return
    for text, tags in batches(selected, ItemBatcher.of(plan.batcher)):
        position, reading = tags[-1]
        yield ChildInput(text, len(tags), position, reading)


def _selected(run: Run, plan: Plan) -> Iterator[tuple[str, tuple[int, str]]]:
    """What ItemSelector makes of each item, with where reading goes on after it."""
    select = selector_of(program_of_revision(run.revision), plan)
    for item, reading in _items(run, plan):
        payload = select(item)
        if plan.batcher is None and payload.exceeds_limit():
            raise CannotRead(Failure.of_size(plan.state))
        yield payload.text, (item.index + 1, reading)


def _items(run: Run, plan: Plan) -> Iterator[tuple[MapItem, str]]:
    if plan.reader is None:
        assert plan.items is not None
        found = json_text.loads(plan.items, max_depth=1100)
        for own in islice(numbered_items(found), run.position, None):
            yield own, ""
        return
    reader = plan.reader
    found = ItemReader.of(
        reader["Resource"],
        reader.get("Parameters", reader.get("Arguments")),
        reader.get("ReaderConfig"),
    )
    after = Position.of_json(orjson.loads(run.reading)) if run.reading else BEGINNING
    for item in read_items(found, store_of(run), after):
        reading = orjson.dumps(item.after.to_json()).decode()
        yield MapItem(item.index, item.value, item.key, item.source), reading
