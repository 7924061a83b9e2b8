"""Every test, in three runs and one summary. Run by `make test`.

File by file: whatever a test starts (PostgreSQL, Valkey, workers, a browser) is its own worker's.
Two cores are kept busy by three workers of tests that wait for a database now and then, and by two
whole installations with a browser each, which come after the others. Arguments go to pytest, which
then runs alone: make test ARGS="tests/studio -k arns".

What CI's time is made up of. Two slow cores took 33 minutes before what stands below was measured:
2 for checks, 9 for the backend, 19 for the whole system, 1 for the front end. Both are busy all the
while, so what counts is seconds of a processor, of all processes that a test starts. They hardly
change with what else a machine does, unlike those of the clock. On a faster machine they were:

- An installation's start: 4.4. From nothing, as a person's first is, it takes 4 more for its
  cluster and migrations (tests/prepared.py has them copied), and one more where Python may not
  keep what it has compiled.
- A page in a new tab: 1.1 with a graph, 1.6 for the designer; 2.0 and 2.8 where the installation
  has no other page open (the profile in tests/e2e/conftest.py keeps one).
- axe's look at a page in both themes: 0.5 to 0.8. Bringing a page to where it is looked at takes
  2 to 6, so it is brought there once.
- *orders* drawn with 1,500 keys: 66; with the mouse: 48. Six tenths of it are the page's own work.
- Checks: eslint 98, tsc 24, mypy 17, prettier 12, bandit 6, the others 9 together.
"""

# ruff: noqa: T201 - speaking to a person is what this is for

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

PROJECT = Path(__file__).resolve().parents[1]
PYTEST = [str(PROJECT / ".venv" / "bin" / "python"), "-m", "pytest"]

BY_FILE = ("--dist", "loadfile", "--durations", "12")
WHOLE_SYSTEM = "e2e or faults"
"""Markers of tests that start, kill or drive the whole system."""


@dataclass(frozen=True)
class Result:
    """What one run came to."""

    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float


def pytest(name: str, folder: Path, *arguments: str) -> Result:
    """One run of pytest; a run that breaks off counts as one failure."""
    report = folder / f"{name}.xml"
    began = time.monotonic()
    print(f"\n── {name} ──", flush=True)
    done = subprocess.run(
        [*PYTEST, *arguments, "-q", f"--junitxml={report}"], cwd=PROJECT, check=False
    )
    passed = failed = skipped = 0
    if report.exists():
        for suite in ElementTree.parse(report).getroot():  # noqa: S314
            count = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors")}
            failed += count["failures"] + count["errors"]
            skipped += int(suite.get("skipped", 0))
            passed += count["tests"] - count["failures"] - count["errors"]
        passed -= skipped
    no_tests_collected = 5
    if done.returncode not in (0, no_tests_collected) and failed == 0:
        failed = 1
    return Result(name, passed, failed, skipped, time.monotonic() - began)


def vitest(folder: Path) -> Result:
    """The front end's tests; a run that breaks off counts as one failure."""
    report = folder / "vitest.json"
    began = time.monotonic()
    print("\n── front end ──", flush=True)
    done = subprocess.run(
        ["npx", "vitest", "run", "--reporter=default", "--reporter=json", f"--outputFile={report}"],
        cwd=PROJECT / "frontend",
        stdin=subprocess.DEVNULL,
        check=False,
    )
    counts = json.loads(report.read_text()) if report.exists() else {}
    failed = counts.get("numFailedTests", 0)
    if done.returncode != 0 and failed == 0:
        failed = 1
    skipped = counts.get("numPendingTests", 0) + counts.get("numTodoTests", 0)
    passed = counts.get("numPassedTests", 0)
    return Result("front end", passed, failed, skipped, time.monotonic() - began)


def main() -> int:
    """Run everything and print one summary; 1 where anything failed."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    # Where a container says so, each of the hundreds of processes would compile our code anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = [
            pytest("backend", folder, "-n", "3", *BY_FILE, "-m", f"not ({WHOLE_SYSTEM})"),
            pytest("whole system", folder, "-n", "2", *BY_FILE, "-m", WHOLE_SYSTEM),
            vitest(folder),
        ]
    print(f"\n{'run':<14} {'passed':>7} {'failed':>7} {'skipped':>8} {'time':>8}")
    for result in results:
        print(
            f"{result.name:<14} {result.passed:>7} {result.failed:>7} "
            f"{result.skipped:>8} {result.seconds:>6.0f} s"
        )
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    print(f"\n{passed} passed, {failed} failed")
    return min(failed, 1)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(subprocess.run([*PYTEST, *sys.argv[1:]], cwd=PROJECT, check=False).returncode)
    sys.exit(main())
