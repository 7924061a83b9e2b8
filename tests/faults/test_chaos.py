"""The short form of `make chaos`: 40 strikes; and a bug that strikes must bring to light."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.chaos.run import run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.faults

SEED = 20


def test_nothing_is_lost_and_nothing_done_twice(tmp_path: Path) -> None:
    outcome = run(tmp_path, SEED, faults=40, minutes=4, say=print)
    assert outcome.offences == [], f"seed {SEED}; logs in {tmp_path}"
    assert outcome.strikes.total() == 40
    assert outcome.ended.total() >= 10


def test_a_planted_bug_is_caught(tmp_path: Path) -> None:
    """Workers of this build do not ask whether somebody holds a task."""
    outcome = run(tmp_path, SEED, faults=40, minutes=3, bug="no-lease", settle=3, say=print)
    assert any("was performed 2 times" in each for each in outcome.offences), outcome.offences
    assert any(each.startswith("I7: ") for each in outcome.offences), outcome.offences
