"""Puts items together, several for one child.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from executions.items.problems import DataLimitExceeded, ItemReaderFailed
from studio.asl import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from studio.asl.definition import Json

Tag = TypeVar("Tag")

MOST_BYTES: Final = 262_144
"""Bytes that a child's input may have: no batch is larger, whatever its definition allows."""


@dataclass(frozen=True, slots=True)
class ItemBatcher:
    """At most ``max_items`` items (None: any number) and ``max_bytes`` bytes of JSON in a batch.

    ``batch_input`` is the JSON text that every batch has as BatchInput, None: it has none.
    """

    max_items: int | None
    max_bytes: int = MOST_BYTES
    batch_input: str | None = None

    @classmethod
    def of(cls, config: dict[str, Json]) -> ItemBatcher:
        """Make it of the field ItemBatcher with its expressions evaluated, paths too.

        A limit of 0 is none. Raises ItemReaderFailed for what is no limit.
        """
        given = config.get("BatchInput")
        return cls(
            _limit(config, "MaxItemsPerBatch"),
            min(_limit(config, "MaxInputBytesPerBatch") or MOST_BYTES, MOST_BYTES),
            json_text.dumps(given) if "BatchInput" in config else None,
        )


def batches(
    items: Iterable[tuple[str, Tag]], batcher: ItemBatcher
) -> Iterator[tuple[str, list[Tag]]]:
    """Put items together: each batch's input as JSON text, and the tags of its items.

    An item is its JSON text and a tag of the caller's. The input is
    ``{"BatchInput":…,"Items":[…]}``. Where a batch ends depends on its own items only: reading on
    after it gives the same batches as reading through.

    Raises DataLimitExceeded for an item that is too large for a batch of its own.
    """
    opening = "{" if batcher.batch_input is None else f'{{"BatchInput":{batcher.batch_input},'
    opening += '"Items":['
    closing = "]}"
    empty = len(opening.encode()) + len(closing)
    texts: list[str] = []
    tags: list[Tag] = []
    size = empty
    for text, tag in items:
        length = len(text.encode())
        if texts and (len(texts) == batcher.max_items or size + 1 + length > batcher.max_bytes):
            yield opening + ",".join(texts) + closing, tags
            texts, tags, size = [], [], empty
        if empty + length > batcher.max_bytes:
            raise DataLimitExceeded(
                f"An item of {length} bytes does not fit into a batch of {batcher.max_bytes} bytes"
            )
        size += length + bool(texts)
        texts.append(text)
        tags.append(tag)
    if texts:
        yield opening + ",".join(texts) + closing, tags


def _limit(config: dict[str, Json], name: str) -> int | None:
    value = config.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise ItemReaderFailed(f"field {name} must be an integer")
    if value < 0:
        raise ItemReaderFailed(f"field {name} must be positive")
    return int(value) or None
