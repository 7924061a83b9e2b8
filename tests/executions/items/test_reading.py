"""Data sets of every kind, in both stores, read through and read on."""

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from executions.items.folder_store import FolderStore
from executions.items.item_reader import ItemReader
from executions.items.object_store import ObjectStore
from executions.items.problems import ItemReaderFailed
from executions.items.reading import BEGINNING, Item, Position, read_items
from tests.executions.items.conftest import BUCKET, Put

GET = "arn:aws:states:::s3:getObject"
LIST = "arn:aws:states:::s3:listObjectsV2"


def reader_of(key: str, **config: Any) -> ItemReader:
    return ItemReader.of(GET, {"Bucket": BUCKET, "Key": key}, config)


def read_through(reader: ItemReader, store: ObjectStore) -> list[Item]:
    """The items, read at once and, from each place between two, once more."""
    whole = list(read_items(reader, store))
    assert [item.index for item in whole] == list(range(len(whole)))
    for index, item in enumerate(whole):
        kept = Position.of_json(json.loads(json.dumps(item.after.to_json())))
        assert list(read_items(reader, store, kept)) == whole[index + 1 :]
    return whole


def values(items: list[Item]) -> list[Any]:
    return [item.value for item in items]


def test_an_object_of_json(store: ObjectStore, put: Put) -> None:
    put("orders.json", '[{"id": 1}, {"id": 2}, {"id": 3}]')
    items = read_through(reader_of("orders.json", InputType="JSON"), store)
    assert values(items) == [{"id": 1}, {"id": 2}, {"id": 3}]
    assert {item.source for item in items} == {f"S3://{BUCKET}/orders.json"}
    limited = reader_of("orders.json", InputType="JSON", MaxItems=2)
    assert values(read_through(limited, store)) == [{"id": 1}, {"id": 2}]


def test_members_of_an_object(store: ObjectStore, put: Put) -> None:
    put("orders.json", '{"meta": {"x": [1]}, "orders": {"a": 1, "b": [2]}}')
    reader = reader_of("orders.json", InputType="JSON", ItemsPointer="/orders")
    items = read_through(reader, store)
    assert values(items) == [{"Key": "a", "Value": 1}, {"Key": "b", "Value": [2]}]
    assert [item.key for item in items] == ["a", "b"]


def test_rows_and_lines_packed_or_not(store: ObjectStore, put: Put) -> None:
    put("a.csv", "id;name\n1;one\n2;two\n")
    put("a.csv.gz", gzip.compress(b"id;name\n1;one\n2;two\n"))
    put("a.jsonl", '{"id":1}\n\n{"id":2}')
    config = {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": "SEMICOLON"}
    for key in ("a.csv", "a.csv.gz"):
        items = read_through(reader_of(key, **config), store)
        assert values(items) == [{"id": "1", "name": "one"}, {"id": "2", "name": "two"}]
    assert values(read_through(reader_of("a.jsonl", InputType="JSONL"), store)) == [
        {"id": 1},
        {"id": 2},
    ]


def test_a_listing(store: ObjectStore, put: Put) -> None:
    for number in range(3):
        put(f"in/{number}.json", json.dumps([number] * number))
    put("other.json", "[9]")
    places = {"Bucket": BUCKET, "Prefix": "in/"}
    items = read_through(ItemReader.of(LIST, places, None), store)
    first = dict(items[0].value)  # type: ignore[arg-type]
    assert isinstance(first.pop("LastModified"), float)
    assert str(first.pop("Etag")).startswith('"')
    assert first == {"Key": "in/0.json", "Size": 2, "StorageClass": "STANDARD"}
    assert [item.value["Key"] for item in items] == [f"in/{n}.json" for n in range(3)]  # type: ignore[index, call-overload]
    assert {item.source for item in items} == {f"S3://{BUCKET}"}
    flattened = {"InputType": "JSON", "Transformation": "LOAD_AND_FLATTEN"}
    items = read_through(ItemReader.of(LIST, places, flattened), store)
    assert values(items) == [1, 2, 2]
    assert items[-1].source == f"S3://{BUCKET}/in/2.json"


def test_an_inventory(store: ObjectStore, put: Put) -> None:
    put("inv/data/1.csv.gz", gzip.compress(b'"photos","a%20b.jpg","7"\n"photos","c.jpg","8"\n'))
    put("inv/data/2.csv.gz", gzip.compress(b""))
    put("inv/data/3.csv.gz", gzip.compress(b'"photos","d.jpg","9"\n'))
    manifest = {
        "destinationBucket": f"arn:aws:s3:::{BUCKET}",
        "fileFormat": "CSV",
        "fileSchema": "Bucket, Key, Size",
        "files": [{"key": f"inv/data/{n}.csv.gz", "size": 1} for n in (1, 2, 3)],
    }
    put("inv/manifest.json", json.dumps(manifest))
    items = read_through(reader_of("inv/manifest.json", InputType="MANIFEST"), store)
    assert values(items)[0] == {"Bucket": "photos", "Key": "a%20b.jpg", "Size": "7"}
    assert [item.value["Size"] for item in items] == ["7", "8", "9"]  # type: ignore[index, call-overload]


def test_what_athena_unloaded(store: ObjectStore, put: Put) -> None:
    for number in (1, 2):
        put(f"out/{number}.gz", gzip.compress(f'{{"n":{number}}}\n{{"n":{number}0}}\n'.encode()))
    put("out/m.csv", f"s3://{BUCKET}/out/1.gz\ns3://{BUCKET}/out/2.gz\n")
    reader = reader_of("out/m.csv", InputType="JSONL", ManifestType="ATHENA_DATA")
    items = read_through(reader, store)
    assert values(items) == [{"n": 1}, {"n": 10}, {"n": 2}, {"n": 20}]
    assert items[3].source == f"S3://{BUCKET}/out/2.gz"


def test_a_data_set_that_was_replaced_meanwhile(store: ObjectStore, put: Put) -> None:
    put("orders.json", "[1,2,3]")
    reader = reader_of("orders.json", InputType="JSON")
    first = next(read_items(reader, store))
    put("orders.json", "[4,5,6]")
    with pytest.raises(ItemReaderFailed, match="was replaced while it was being read"):
        list(read_items(reader, store, first.after))


@pytest.mark.parametrize(
    ("config", "content", "cause"),
    [
        ({"InputType": "JSON"}, None, "The specified key does not exist"),
        ({"InputType": "JSON", "MaxItems": -1}, "[]", "field MaxItems must be positive"),
        ({"InputType": "JSON", "MaxItems": "2"}, "[]", "field MaxItems must be an integer"),
        ({}, "[]", "field InputType is required"),
        ({"InputType": "MANIFEST"}, "[]", "The S3 inventory's manifest has no"),
        ({"InputType": "MANIFEST"}, "{", "The S3 inventory's manifest is no JSON"),
        ({"InputType": "JSON"}, gzip.compress(b"[1, 2]", mtime=0)[:-9], "cannot be unpacked"),
        (
            {"InputType": "JSONL", "ManifestType": "ATHENA_DATA"},
            "no address",
            "The Athena manifest names no object of S3: no address",
        ),
    ],
)
def test_what_cannot_be_read(
    store: ObjectStore, put: Put, config: dict[str, Any], content: bytes | str | None, cause: str
) -> None:
    if content is not None:
        put("data", content)
    with pytest.raises(ItemReaderFailed) as problem:
        list(read_items(reader_of("data", **config), store))
    assert cause in problem.value.cause
    assert problem.value.error == "States.ItemReaderFailed"


@pytest.mark.parametrize("kind", ["JSON", "JSONL", "CSV"])
def test_memory_does_not_grow_with_the_data_set(tmp_path: Path, kind: str) -> None:
    line = json.dumps({"text": "x" * 1000})
    count = 20_000

    def content() -> Iterator[bytes]:
        yield b"[" if kind == "JSON" else b"text\n" if kind == "CSV" else b""
        for index in range(count):
            between = "," if kind == "JSON" and index else "\n" if index else ""
            yield (between + line).encode()
        yield b"]" if kind == "JSON" else b"\n"

    (tmp_path / BUCKET).mkdir()
    store = FolderStore(tmp_path)
    assert store.write(BUCKET, "data", content()) > 20_000_000
    reader = reader_of("data", InputType=kind)
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_items(reader, store, BEGINNING)) == count
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000
