"""The texts of a part: a line for each child, so that hundreds of them are one row.

An input's line is how many items it has, a tab, and the JSON text. A result's line is empty for a
child that was not run; else its status, when it began and ended (seconds since the epoch), and its
output as JSON text, or error and cause as a JSON object, with tabs between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from studio.asl import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from executions.runtime.express.execution import ExpressEnd


@dataclass(frozen=True, slots=True)
class Result:
    """How a child of a part ended."""

    status: str
    started_at: float
    stopped_at: float
    output: str | None = None
    error: str | None = None
    cause: str | None = None

    @classmethod
    def of(cls, end: ExpressEnd) -> Result:
        """Make it of an Express execution's end."""
        return cls(end.status, end.started_at, end.stopped_at, end.output, end.error, end.cause)


def encode_inputs(inputs: Iterable[tuple[int, str]]) -> str:
    """Write counts of items and inputs, compact JSON, as lines."""
    return "\n".join(f"{count}\t{text}" for count, text in inputs)


def decode_inputs(text: str) -> list[tuple[int, str]]:
    """Read what ``encode_inputs`` wrote."""
    found = []
    for line in text.split("\n"):
        count, _, value = line.partition("\t")
        found.append((int(count), value))
    return found


def encode_results(results: Iterable[Result | None]) -> str:
    """Write results as lines; None for a child that was not run."""
    return "\n".join(_line(result) for result in results)


def decode_results(text: str, count: int) -> list[Result | None]:
    """Read what ``encode_results`` wrote for so many children; "" is none of them."""
    return [_result(line) for line in text.split("\n")] if text else [None] * count


def _line(result: Result | None) -> str:
    if result is None:
        return ""
    if result.status == "SUCCEEDED":
        end = result.output or "null"
        if "\n" in end:
            end = json_text.dumps(json_text.loads(end))
    else:
        end = orjson.dumps([result.error, result.cause]).decode()
    return f"{result.status}\t{result.started_at:.3f}\t{result.stopped_at:.3f}\t{end}"


def _result(line: str) -> Result | None:
    if not line:
        return None
    status, started, stopped, end = line.split("\t", 3)
    if status == "SUCCEEDED":
        return Result(status, float(started), float(stopped), end)
    error, cause = orjson.loads(end)
    return Result(status, float(started), float(stopped), None, error, cause)
