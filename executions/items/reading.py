"""Reads the items of a data set, from its beginning or from where an earlier reading stopped."""

from __future__ import annotations

import gzip
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from executions.items.formats.csv_rows import read_csv
from executions.items.formats.json_items import read_json, read_json_lines
from executions.items.formats.limits import LARGEST_ITEM, too_large
from executions.items.formats.parquet_rows import read_parquet
from executions.items.manifests import data_files
from executions.items.problems import ItemReaderFailed, ObjectProblem
from studio.asl import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from executions.items.item_reader import ItemReader
    from executions.items.object_store import ListedObject, ObjectStore
    from studio.asl.definition import Json

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two items, to be kept and read on from.

    ``items`` come before it. ``key`` is the object being read, or the last one listed; ``etag`` is
    its; ``offset`` is how far in it reading came: bytes, of Parquet rows. Where the object was
    replaced since, reading on fails.
    """

    items: int = 0
    key: str | None = None
    etag: str | None = None
    offset: int = 0

    def to_json(self) -> dict[str, Any]:
        """The position as JSON, for a row."""
        return {"items": self.items, "key": self.key, "etag": self.etag, "offset": self.offset}

    @classmethod
    def of_json(cls, value: dict[str, Any]) -> Position:
        """The position that ``to_json`` gave."""
        return cls(value["items"], value["key"], value["etag"], value["offset"])


@dataclass(frozen=True, slots=True)
class Item:
    """An item, with what ``$$.Map.Item`` says of it.

    ``index`` counts from 0 in the whole data set. ``key`` is the member's name where an object's
    members are the items, else None. ``source`` is ``S3://bucket/key``, of a listing
    ``S3://bucket``. ``after`` is where the next item begins.
    """

    index: int
    value: Json
    key: str | None
    source: str
    after: Position


BEGINNING = Position()


def read_items(
    reader: ItemReader, store: ObjectStore, position: Position = BEGINNING
) -> Iterator[Item]:
    """Read the items after ``position``, one at a time: memory does not grow with the data set.

    Raises ItemReaderFailed, at the first item or at a later one.
    """
    if reader.max_items <= position.items:
        return
    try:
        for item in _read(reader, store, position):
            yield item
            if item.after.items >= reader.max_items:
                return
    except ObjectProblem as problem:
        raise ItemReaderFailed(str(problem)) from problem


def _read(reader: ItemReader, store: ObjectStore, position: Position) -> Iterator[Item]:
    if reader.key is None and reader.input_type is None:
        yield from _listing(reader, store, position)
    elif reader.key is None:
        yield from _listed_objects(reader, store, position)
    elif reader.manifest is not None:
        yield from _files_of_manifest(reader, store, position)
    else:
        data = _Data(reader.bucket, reader.key, reader.version)
        yield from _object(reader, store, data, position)


def _listing(reader: ItemReader, store: ObjectStore, position: Position) -> Iterator[Item]:
    after = position.key or reader.start_after
    for number, found in enumerate(
        store.list(reader.bucket, reader.prefix, after=after), position.items + 1
    ):
        yield Item(
            number - 1,
            _shown(found),
            None,
            f"S3://{reader.bucket}",
            Position(number, found.key),
        )


def _shown(found: ListedObject) -> dict[str, Json]:
    """An object of a listing as Step Functions shows it: ``LastModified`` in epoch seconds."""
    return {
        "Etag": found.etag,
        "Key": found.key,
        "LastModified": found.last_modified,
        "Size": found.size,
        "StorageClass": found.storage_class,
    }


def _listed_objects(reader: ItemReader, store: ObjectStore, position: Position) -> Iterator[Item]:
    """The items of all objects of a listing (LOAD_AND_FLATTEN)."""
    if position.key is not None:
        for item in _object(reader, store, _Data(reader.bucket, position.key), position):
            yield item
            position = item.after
    for found in store.list(reader.bucket, reader.prefix, after=position.key or reader.start_after):
        if found.key.endswith("/") and not found.size:
            continue  # what consoles make to show a folder
        position = Position(position.items)
        for item in _object(reader, store, _Data(reader.bucket, found.key), position):
            yield item
            position = item.after


@dataclass(frozen=True, slots=True)
class _Data:
    """An object with items, and the columns of its rows where a manifest has them."""

    bucket: str
    key: str
    version: str | None = None
    columns: tuple[str, ...] | None = None
    input_type: str | None = None


def _files_of_manifest(
    reader: ItemReader, store: ObjectStore, position: Position
) -> Iterator[Item]:
    assert reader.key is not None
    assert reader.manifest is not None
    with _opened(store, _Data(reader.bucket, reader.key, reader.version), None) as (stream, _):
        for file in data_files(stream, reader.manifest, reader.bucket):
            name = f"{file.bucket}/{file.key}"
            if position.key is not None and position.key != name:
                continue  # read before
            data = _Data(file.bucket, file.key, None, file.columns, file.input_type)
            begun = replace(position, key=file.key) if position.key else position
            for item in _object(reader, store, data, begun):
                position = replace(item.after, key=name)
                yield replace(item, after=position)
            position = Position(position.items)


def _object(
    reader: ItemReader, store: ObjectStore, data: _Data, position: Position
) -> Iterator[Item]:
    """The items of one object, from ``position`` if that is in it."""
    begun = position.key is not None
    number = position.items
    with _opened(store, data, position.etag if begun else None) as (stream, etag):
        for value, key, offset in _values(reader, stream, data, position.offset):
            if _is_large(value):
                raise too_large(f"number {number} of s3://{data.bucket}/{data.key}")
            number += 1
            yield Item(
                number - 1,
                value,
                key,
                f"S3://{data.bucket}/{data.key}",
                Position(number, data.key, etag, offset),
            )


def _values(
    reader: ItemReader, stream: BinaryIO, data: _Data, start: int
) -> Iterator[tuple[Json, str | None, int]]:
    match data.input_type or reader.input_type:
        case "JSON":
            yield from read_json(stream, reader.pointer, start)
        case "JSONL":
            for value, offset in read_json_lines(stream, start):
                yield value, None, offset
        case "PARQUET":
            for value, offset in read_parquet(stream, start):
                yield value, None, offset
        case "CSV":
            headers = data.columns or reader.headers
            for row, offset in read_csv(stream, headers, reader.delimiter, start):
                yield cast("Json", row), None, offset
        case other:
            raise ItemReaderFailed(f"field InputType must say what the objects are, not {other}")


@contextmanager
def _opened(store: ObjectStore, data: _Data, etag: str | None) -> Iterator[tuple[BinaryIO, str]]:
    """The object's stream, unpacked where it is packed with gzip, and its tag."""
    found = store.open(data.bucket, data.key, version=data.version, etag=etag)
    with found.stream as stream:
        packed = stream.read(2) == _GZIP
        stream.seek(0)
        if not packed:
            yield stream, found.etag
            return
        try:
            with gzip.GzipFile(fileobj=stream) as unpacked:
                yield cast("BinaryIO", unpacked), found.etag
        except (gzip.BadGzipFile, EOFError) as problem:
            raise ItemReaderFailed(
                f"s3://{data.bucket}/{data.key} cannot be unpacked: {problem}"
            ) from problem


def _is_large(value: Json) -> bool:
    """Whether the value's text is larger than an item may be: that of a row may have grown."""
    return len(json_text.dumps(value).encode()) > LARGEST_ITEM
