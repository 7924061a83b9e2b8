"""Tuning changes no answer."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from twisted.web import http

from studio.config import tuning


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # Registers what is there, so that it is put back.
    parse = http._parseContentType  # type: ignore[attr-defined, unused-ignore]
    monkeypatch.setattr(http, "_parseContentType", parse)
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_content_types_are_read_as_twisted_reads_them() -> None:
    headers = [
        b"application/x-www-form-urlencoded; charset=utf-8",
        b'Multipart/Form-Data; boundary="a"',
        b"application/x-amz-json-1.0",
        b"",
        b"\xff nonsense",
    ]
    read = http._parseContentType  # type: ignore[attr-defined, unused-ignore]
    before = [read(header) for header in headers]

    tuning.remember_content_types()

    assert http._parseContentType is not read  # type: ignore[attr-defined, unused-ignore]
    for _ in range(2):
        assert [http._parseContentType(header) for header in headers] == before  # type: ignore[attr-defined, unused-ignore]


def test_what_is_there_is_not_looked_at_again() -> None:
    tuning.settle_memory()
    assert gc.get_freeze_count() > 10_000
    cycle: list[object] = []
    cycle.append(cycle)
    del cycle
    assert gc.collect() > 0
