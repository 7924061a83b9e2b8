"""Manifests: objects that name the files of a data set.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html and
https://docs.aws.amazon.com/athena/latest/ug/unload.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from executions.items.item_reader import INVENTORY
from executions.items.problems import ItemReaderFailed
from studio.asl import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST_INVENTORY: Final = 16 << 20
"""Bytes of an inventory's manifest, which is read at once: 16 MiB name some 100,000 files."""
_LONGEST_LINE: Final = 4096


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that a manifest names. ``columns`` are the rows' where the manifest has them, and
    ``input_type`` is the files' where it says that."""

    bucket: str
    key: str
    columns: tuple[str, ...] | None = None
    input_type: str | None = None


def data_files(stream: BinaryIO, kind: str, bucket: str) -> Iterator[DataFile]:
    """The files that a manifest names, in its order. ``bucket`` is where it is itself.

    Raises ItemReaderFailed where it is no manifest of its kind.
    """
    return _inventory(stream, bucket) if kind == INVENTORY else _unloaded(stream)


def _inventory(stream: BinaryIO, bucket: str) -> Iterator[DataFile]:
    """An inventory of S3: ``manifest.json``."""
    text = stream.read(_LARGEST_INVENTORY + 1)
    try:
        manifest: Any = json_text.loads(text)
    except json_text.InvalidJson as problem:
        raise ItemReaderFailed(f"The S3 inventory's manifest is no JSON: {problem}") from None
    try:
        form = manifest["fileFormat"].upper()
        files = [str(file["key"]) for file in manifest["files"]]
        columns = tuple(name.strip() for name in manifest["fileSchema"].split(","))
        destination = str(manifest.get("destinationBucket") or bucket).rpartition(":")[2]
    except (KeyError, TypeError, AttributeError) as problem:
        raise ItemReaderFailed(f"The S3 inventory's manifest has no {problem}") from None
    if form not in ("CSV", "PARQUET"):
        raise ItemReaderFailed(f"S3 inventories of the format {form} cannot be read")
    for key in files:
        yield DataFile(destination, key, columns if form == "CSV" else None, form)


def _unloaded(stream: BinaryIO) -> Iterator[DataFile]:
    """What Athena's UNLOAD wrote: a line for each file, ``s3://bucket/key``."""
    while line := stream.readline(_LONGEST_LINE):
        text = line.decode(errors="replace").strip().strip('"')
        if not text:
            continue
        bucket, slash, key = text.removeprefix("s3://").partition("/")
        if not text.startswith("s3://") or not slash or not key:
            raise ItemReaderFailed(f"The Athena manifest names no object of S3: {text[:200]}")
        yield DataFile(bucket, key)
