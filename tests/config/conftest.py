"""Folders and reports for tests of the embedded set-up."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest


class Events:
    """Collects what a supervisor says."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._lock = threading.Lock()

    def __call__(self, role: str, text: str) -> None:
        with self._lock:
            self.lines.append(f"{role}: {text}")

    def __contains__(self, part: str) -> bool:
        return any(part in line for line in self.lines)


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may pass through, unlike pytest's own where root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="stepwell-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
