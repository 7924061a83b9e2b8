"""A part of a benchmark in a process of its own, for so long and no longer."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from benchmarks.browser.figures import Table

GRACE_SECONDS = 30.0
"""How long a part that is told to end may take to stop what it has started."""

_processes = multiprocessing.get_context("fork")


def run_limited(
    name: str, measure: Callable[[Table], None], table: Table, limit_seconds: float
) -> None:
    """Run ``measure``, which prints its figures; a part that fails or hangs counts as over."""
    told, tells = _processes.Pipe(duplex=False)
    process = _processes.Process(target=_run, args=(measure, table, tells))
    process.start()
    tells.close()
    process.join(limit_seconds)
    if process.is_alive():
        table.line(f"{name}: not done after {limit_seconds:.0f} s, given up", "")
        # Its finally blocks stop the browser and the installation; both end with it in any case.
        process.terminate()
        process.join(GRACE_SECONDS)
        process.kill()
        process.join()
    try:
        table.budgets, table.over = told.recv()
    except EOFError:
        table.budgets += 1
        table.over.append(f"{name}, which did not end well")


def _run(measure: Callable[[Table], None], table: Table, tells: Connection) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        measure(table)
    except Exception:
        traceback.print_exc()
        sys.exit(1)
    tells.send((table.budgets, table.over))
