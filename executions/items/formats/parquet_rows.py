"""Items of Parquet files: an object for each row.

pyarrow, which reads them, is not installed with Stepwell: it is larger than all the rest together.
"""

from __future__ import annotations

import base64
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, Final

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
                            yield _json(row), number + passed + index
                    number += len(batch)
            before += rows
    except arrow.ArrowException as error:
        raise ItemReaderFailed(f"The Parquet file cannot be read: {error}") from error


def _json(value: Any) -> Json:
    if isinstance(value, dict):
        return {str(name): _json(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_json(element) for element in value]
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
