"""What a Map Run's ResultWriter has written, looked at from outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from executions.actions.map_runs import arn_of, execution_of
from executions.interpreter.map_runs import Plan
from executions.items.configured_store import object_store
from executions.items.problems import ObjectProblem, ResultWriterFailed
from executions.items.result_writer import ResultWriter, results_folder
from studio import arns
from studio.asl import json_text
from studio.errors import ResourceNotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from executions.items.object_store import ObjectStore
    from executions.models import MapRun

MANIFEST: Final = "manifest.json"
LARGEST_MANIFEST: Final = 16 << 20
PIECE: Final = 1 << 18

_FILE = re.compile(r"manifest\.json|(?:SUCCEEDED|FAILED|PENDING)_[0-9]{1,9}\.jsonl?")


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A file that the manifest names; ``size`` in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Results:
    """Where results are; ``is_written``: the manifest is there, and so is every file it names."""

    bucket: str
    folder: str
    is_written: bool
    files: list[ResultFile]


def results_of(run: MapRun) -> Results:
    """Where a run writes its results, and what it has written.

    Raises:
        ResourceNotFound: its results go into the state's output, or nowhere.
    """
    bucket, folder, store = _place(run)
    try:
        opened = store.open(bucket, f"{folder}/{MANIFEST}")
        with opened.stream as stream:
            manifest: Any = json_text.loads(stream.read(LARGEST_MANIFEST))
    except (ObjectProblem, json_text.InvalidJson):
        return Results(bucket, folder, False, [])
    files = [
        ResultFile(file["Key"].rpartition("/")[2], file["Size"])
        for group in manifest["ResultFiles"].values()
        for file in group
    ]
    return Results(bucket, folder, True, files)


def open_result(run: MapRun, name: str) -> Iterator[bytes]:
    """The manifest, or a file of results by its name, in pieces.

    Raises:
        ResourceNotFound: there is no such file.
    """
    bucket, folder, store = _place(run)
    if not _FILE.fullmatch(name):
        raise ResourceNotFound(name)
    return _pieces(store, bucket, f"{folder}/{name}")


def _pieces(store: ObjectStore, bucket: str, key: str) -> Iterator[bytes]:
    try:
        opened = store.open(bucket, key)
    except ObjectProblem as problem:
        raise ResourceNotFound(f"s3://{bucket}/{key}") from problem

    def read() -> Iterator[bytes]:
        with opened.stream as stream:
            while piece := stream.read(PIECE):
                yield piece

    return read()


def _place(run: MapRun) -> tuple[str, str, ObjectStore]:
    given = Plan.decode(run.plan).writer or {}
    arguments = given.get("Parameters", given.get("Arguments"))
    arn = arn_of(run, execution_of(run))
    try:
        writer = ResultWriter.of(arguments, given.get("WriterConfig"))
    except ResultWriterFailed as problem:
        raise ResourceNotFound(f"The ResultWriter of {arn}: {problem}") from None
    if writer.bucket is None:
        raise ResourceNotFound(f"{arn} has no ResultWriter")
    return writer.bucket, results_folder(writer, arn), object_store(arns.account_in(arn))
