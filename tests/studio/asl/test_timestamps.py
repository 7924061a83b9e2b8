"""Timestamps."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.asl.expressions.timestamps import (
    epoch_nanoseconds,
    epoch_seconds,
    format_timestamp,
    is_timestamp,
    offset_date_time_seconds,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0.0),
        ("2016-03-14T01:59:00Z", 1457920740.0),
        ("2016-03-14T01:59:00+01:00", 1457917140.0),
        ("2016-03-14T01:59:00-05:30", 1457940540.0),
        ("2026-11-21T08:53:08.000000Z", 1795251188.0),
        ("2016-12-05T21:29:29.5Z", 1480973369.5),
        ("1969-12-31T23:59:59Z", -1.0),
    ],
)
def test_reads(text: str, expected: float) -> None:
    assert epoch_seconds(text) == expected


def test_reads_nanoseconds_exactly() -> None:
    assert epoch_nanoseconds("2016-03-05T21:29:29.243167252Z") == 1457213369_243167252


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2016-12-05",
        "2016-12-05 21:29:29Z",
        "2016-12-05T21:29:29",
        "05-12-2016T21:29:29Z",
        "2016-12-05T25:29:29Z",
        "2016-13-05T21:29:29Z",
        "2016-02-30T21:29:29Z",
        "2016-12-05t21:29:29Z",
        "2016-12-05T21:29:29z",
        "2016-12-05T21:29:29+0100",
        "2016-12-05T21:29:29+19:00",
        "2016-12-05T21:29:29+01:60",
        "2016-12-05T21:29Z",
        "2016-12-05T21:29:29.Z",
        "0000-12-05T21:29:29Z",
        "٢٠١٦-12-05T21:29:29Z",
        "2016-12-05T21:29:29Z\n",
    ],
)
def test_refuses(text: str) -> None:
    assert not is_timestamp(text)
    with pytest.raises(ValueError, match=r"^"):
        epoch_seconds(text)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1971, 1, 1)))  # noqa: DTZ001
def test_writes_what_it_reads(moment: datetime) -> None:
    text = format_timestamp(moment.timestamp())
    assert len(text) == len("2016-03-14T01:59:00.000Z")
    assert abs(epoch_seconds(text) - moment.timestamp()) < 0.001


@pytest.mark.parametrize(
    "text",
    [
        "2016-12-05T21:29:00Z",
        "2016-12-05t21:29:00z",
        "2016-12-05T21:29Z",
        "2016-12-05T22:29+01:00",
        "2016-12-05T21:29:00.000000000Z",
    ],
)
def test_reads_an_offset_date_time(text: str) -> None:
    assert offset_date_time_seconds(text) == 1480973340.0


@pytest.mark.parametrize(
    "text",
    ["", "2016-12-05", "2016-12-05T21Z", "2016-12-05T21:29", "2016-12-05T21:29:00.0000000000Z"],
)
def test_reads_no_other_date_time(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        offset_date_time_seconds(text)
