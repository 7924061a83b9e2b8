"""TestState's ``mapItemReaderData``: what a distributed Map's ItemReader is said to find.

Read by what reads the real data sets, so that a test sees the items a Map Run would.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from executions.interpreter.inspection.map_preparation import DataSet
from executions.interpreter.map_runs import MapItem
from executions.items.item_batcher import ItemBatcher, batches
from executions.items.item_reader import ItemReader
from executions.items.object_store import OpenObject
from executions.items.problems import ItemReaderFailed, ItemsProblem, ObjectProblem
from executions.items.reading import read_items
from studio.asl import json_text
from studio.asl.errors import StatesError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from executions.items.object_store import ListedObject
    from studio.asl.definition import Json


def data_set(text: str | None) -> DataSet:
    """Give the data set that has ``text``, an object's or a listing's; None: nobody says what."""
    return DataSet(_batch, None if text is None else _Said(text).read)


@dataclass(frozen=True, slots=True)
class _Said:
    """The one object that there is, under every name. A listing is a JSON array of its objects."""

    text: str

    def read(self, fields: dict[str, Any]) -> list[MapItem]:
        """Read the items as the ItemReader with these fields would."""
        # Where nothing says what the data is, it is JSON.
        config = {"InputType": "JSON", **(fields.get("ReaderConfig") or {})}
        arguments = fields.get("Arguments", fields.get("Parameters"))
        try:
            reader = ItemReader.of(fields["Resource"], arguments, config)
            if reader.key is None and reader.input_type is None:
                source = f"S3://{reader.bucket}"
                listed = self._listing()[: reader.max_items]
                return [MapItem(index, one, None, source) for index, one in enumerate(listed)]
            if reader.manifest is not None or reader.key is None:
                raise ItemReaderFailed(
                    "mapItemReaderData is one object, not the several that a manifest or a listing "
                    "leads to. Test the state with the InputType of one of them."
                )
            return [
                MapItem(item.index, item.value, item.key, item.source)
                for item in read_items(reader, self)
            ]
        except ItemsProblem as problem:
            raise StatesError(problem.error, problem.cause) from None

    def _listing(self) -> list[Json]:
        try:
            listed = json_text.loads(self.text)
        except json_text.InvalidJson as fault:
            raise ItemReaderFailed(f"Invalid JSON: {fault.message}") from None
        if not isinstance(listed, list):
            raise ItemReaderFailed("A listing is an array of the objects in it.")
        return listed

    def open(
        self,
        bucket: str,
        key: str,
        *,
        version: str | None = None,
        etag: str | None = None,
    ) -> OpenObject:
        """Open the object."""
        return OpenObject(BytesIO(self.text.encode()), "")

    def list(self, bucket: str, prefix: str, *, after: str = "") -> Iterator[ListedObject]:
        """There is none to be had."""
        raise ObjectProblem(f"There is no listing of {bucket}/{prefix} after {after!r}")

    def write(self, bucket: str, key: str, content: Iterable[bytes]) -> int:
        """Nothing is written in a test."""
        raise ObjectProblem(f"{bucket}/{key} cannot be written: {type(content).__name__}")


def _batch(texts: list[str], fields: dict[str, Any]) -> list[str]:
    try:
        tagged = ((text, None) for text in texts)
        return [text for text, _ in batches(tagged, ItemBatcher.of(fields))]
    except ItemsProblem as problem:
        raise StatesError(problem.error, problem.cause) from None
