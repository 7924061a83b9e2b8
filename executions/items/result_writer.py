"""Writes the results of a Map Run as objects, and the manifest that names them.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, Literal

from executions.items.child_result import ChildResult, Transformation, written
from executions.items.problems import ObjectProblem, ResultWriterFailed
from studio.asl import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from executions.items.object_store import ObjectStore
    from studio.asl.definition import Json

Group = Literal["SUCCEEDED", "FAILED", "PENDING"]
GROUPS: Final[tuple[Group, ...]] = ("FAILED", "PENDING", "SUCCEEDED")
"""The kinds of files. Executions that timed out or were aborted are among the failed ones."""

LARGEST_FILE: Final = 5 * 1024**3
"""Bytes after which results go on in another file."""
_CHUNK: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class ResultWriter:
    """Where results go, and in which form. ``bucket`` None: into the state's output."""

    bucket: str | None = None
    prefix: str = ""
    transformation: Transformation = "COMPACT"
    output_type: Literal["JSON", "JSONL"] = "JSON"

    @classmethod
    def of(cls, arguments: Json, config: Json) -> ResultWriter:
        """Make it of Parameters or Arguments, and WriterConfig; None where the field is absent.

        Exported results are written with NONE, others with COMPACT, unless WriterConfig says.
        Raises ResultWriterFailed where the values, which expressions may have given, cannot be.
        """
        places: Any = arguments if arguments is not None else {}
        form: Any = config if config is not None else {}
        if not isinstance(places, dict) or not isinstance(form, dict):
            raise ResultWriterFailed("field Parameters must be an object")
        bucket, prefix = places.get("Bucket"), places.get("Prefix") or ""
        if arguments is not None and not (isinstance(bucket, str) and bucket):
            raise ResultWriterFailed("field Bucket must be a text")
        if not isinstance(prefix, str):
            raise ResultWriterFailed("field Prefix must be a text")
        transformation: Any = form.get("Transformation") or ("NONE" if bucket else "COMPACT")
        output_type: Any = form.get("OutputType") or "JSON"
        if transformation not in ("NONE", "COMPACT", "FLATTEN"):
            raise ResultWriterFailed("field Transformation must be one of NONE, COMPACT, FLATTEN")
        if output_type not in ("JSON", "JSONL"):
            raise ResultWriterFailed("field OutputType must be one of JSON, JSONL")
        return cls(bucket, prefix, transformation, output_type)


def write_test_manifest(writer: ResultWriter, store: ObjectStore, map_run_arn: str) -> None:
    """Try whether results can be written, before a child begins whose result would be lost.

    AWS does so, too: its role for this may write and not remove, so what is tried with is taken to
    be the manifest itself, which names no files yet. Raises ResultWriterFailed.
    """
    try:
        _write_manifest(writer, store, map_run_arn, {group: [] for group in GROUPS})
    except ObjectProblem as problem:
        raise ResultWriterFailed(
            "Failed to write a test manifest into the specified output bucket. | Message from S3: "
            f"{problem}"
        ) from problem


def write_results(
    writer: ResultWriter,
    store: ObjectStore,
    map_run_arn: str,
    results: Mapping[Group, Iterable[ChildResult]],
    *,
    largest_file: int = LARGEST_FILE,
) -> dict[str, Json]:
    """Write the results to the writer's bucket and give the state's output.

    Files are named by the Map Run and a number, so writing again after a crash replaces what there
    was. The manifest comes last: everything that it names is there. Results are taken one at a
    time, those of one group after those of another.

    Raises ResultWriterFailed.
    """
    assert writer.bucket is not None
    folder = results_folder(writer, map_run_arn)
    files: dict[str, Json] = {}
    try:
        for group in GROUPS:
            texts = written(results.get(group, ()), writer.transformation)
            files[group] = list(
                _write_files(writer, store, f"{folder}/{group}", texts, largest_file)
            )
        key = _write_manifest(writer, store, map_run_arn, files)
    except ObjectProblem as problem:
        raise ResultWriterFailed(str(problem)) from problem
    return {
        "MapRunArn": map_run_arn,
        "ResultWriterDetails": {"Bucket": writer.bucket, "Key": key},
    }


def _write_manifest(
    writer: ResultWriter, store: ObjectStore, map_run_arn: str, files: dict[str, Json]
) -> str:
    """Write the manifest and give its key."""
    assert writer.bucket is not None
    manifest = {
        "DestinationBucket": writer.bucket,
        "MapRunArn": map_run_arn,
        "ResultFiles": files,
    }
    key = f"{results_folder(writer, map_run_arn)}/manifest.json"
    store.write(writer.bucket, key, [json_text.dumps(manifest).encode()])
    return key


def results_folder(writer: ResultWriter, map_run_arn: str) -> str:
    """The part of their keys that a run's files share, without the slash at its end."""
    folder = writer.prefix
    if folder and not folder.endswith("/"):
        folder += "/"
    return folder + map_run_arn.rpartition(":")[2]


def _write_files(
    writer: ResultWriter, store: ObjectStore, name: str, texts: Iterator[str], largest_file: int
) -> Iterator[Json]:
    """Write the texts, in as many files as they need, and name each with its size."""
    assert writer.bucket is not None
    lines = writer.output_type == "JSONL"
    number = 0
    while (first := next(texts, None)) is not None:
        key = f"{name}_{number}.{'jsonl' if lines else 'json'}"
        some = _OneFile(first, texts, largest_file)
        # What did not fit is the next file's first.
        size = store.write(writer.bucket, key, _chunks(some, lines=lines))
        yield {"Key": key, "Size": size}
        if some.left is not None:
            texts = chain([some.left], texts)
        number += 1


class _OneFile:
    """The texts that one file takes; ``left`` is the one that did not fit."""

    def __init__(self, first: str, texts: Iterator[str], largest: int) -> None:
        self.left: str | None = None
        self._first, self._texts, self._largest = first, texts, largest

    def __iter__(self) -> Iterator[str]:
        size = len(self._first.encode()) + 2
        yield self._first
        for text in self._texts:
            size += len(text.encode()) + 1
            if size > self._largest:
                self.left = text
                return
            yield text


def _chunks(texts: Iterable[str], *, lines: bool) -> Iterator[bytes]:
    """A JSON array, or lines, in pieces of a quarter of a megabyte or so."""
    opening, between, closing = (b"", b"\n", b"\n") if lines else (b"[", b",", b"]")
    chunk = bytearray(opening)
    for index, text in enumerate(texts):
        if index:
            chunk += between
        chunk += text.encode()
        if len(chunk) >= _CHUNK:
            yield bytes(chunk)
            chunk.clear()
    chunk += closing
    yield bytes(chunk)


def output_of(writer: ResultWriter, results: Iterable[ChildResult]) -> str:
    """The state's output as JSON text, where no bucket is given: an array in the order given."""
    return f"[{','.join(written(results, writer.transformation))}]"
