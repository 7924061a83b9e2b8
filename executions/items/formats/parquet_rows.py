"""Items of Parquet files: an object for each row.

pyarrow, which reads them, is not installed with Stepwell: it is larger than all the rest together.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from executions.integrations.native.json_values import json_value
from executions.items.problems import ItemReaderFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json

_BATCH: Final = 1_000
"""Rows that are made at a time."""


def read_parquet(stream: BinaryIO, start: int = 0) -> Iterator[tuple[Json, int]]:
    """Read the rows: each as an object, and how many rows come before the next one.

    One row group at a time is in memory. Moments and days are ISO 8601 texts, decimals numbers,
    bytes UTF-8 texts or else base64, and what is no JSON number is null.

    Raises ItemReaderFailed.
    """
    try:
        arrow: Any = import_module("pyarrow")
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError:
        raise ItemReaderFailed(
            "This installation cannot read Parquet: install pyarrow beside Stepwell "
            "(pip install pyarrow) and start the workers again"
        ) from None
    try:
        file = parquet.ParquetFile(stream, pre_buffer=False)
        before = 0
        for group in range(file.metadata.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if before + rows > start:
                number = before
                for batch in file.iter_batches(_BATCH, row_groups=[group], use_threads=False):
                    if number + len(batch) > start:
                        passed = max(start - number, 0)
                        for index, row in enumerate(batch.slice(passed).to_pylist(), 1):
                            yield json_value(row), number + passed + index
                    number += len(batch)
            before += rows
    except arrow.ArrowException as error:
        raise ItemReaderFailed(f"The Parquet file cannot be read: {error}") from error
