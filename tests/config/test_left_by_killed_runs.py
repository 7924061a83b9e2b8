"""What a killed test run left behind goes with the next one; what somebody uses stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from studio.config.embedded.data_folder import DataFolder
from tests.services import remove_what_killed_runs_left


def gone() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def left_by(owner: int, folder: Path, database: Path) -> Path:
    folder.mkdir(parents=True)
    database.mkdir()
    (folder / "postgres").symlink_to(database)
    (folder / "lock").write_text(f"process {owner}, http://127.0.0.1:1\n")
    return folder


def test_what_nobody_owns_any_more_goes_with_its_database(tmp_path: Path) -> None:
    run = left_by(gone(), tmp_path / "stepwell-tests-a", tmp_path / "home-a")
    fault_test = left_by(
        gone(), tmp_path / "pytest-of-me/pytest-1/test_x0/var", tmp_path / "home-b"
    )
    assert remove_what_killed_runs_left(tmp_path) == 2
    assert not run.exists()
    assert not fault_test.exists()
    assert not list(tmp_path.glob("home-*"))


def test_what_somebody_uses_stays(tmp_path: Path) -> None:
    living = left_by(os.getpid(), tmp_path / "stepwell-tests-a", tmp_path / "home-a")
    being_made = tmp_path / "stepwell-tests-b"
    being_made.mkdir()
    other = left_by(gone(), tmp_path / "somebody-s-own", tmp_path / "home-c")
    locked = tmp_path / "stepwell-tests-d"
    holder = DataFolder(locked)
    holder.open()
    try:
        # As if its owner were a child that has handed the folder on.
        (locked / "lock").write_text(f"process {gone()}\n")
        assert remove_what_killed_runs_left(tmp_path) == 0
    finally:
        holder.close()
    assert living.exists()
    assert being_made.exists()
    assert other.exists()
    assert locked.exists()
