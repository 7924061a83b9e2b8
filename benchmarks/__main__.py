"""``python -m benchmarks``: every figure, or those named (``machine``, ``durable``)."""

from __future__ import annotations

import sys

from benchmarks import durable, machine, rivals

SUITES = {"machine": machine.main, "durable": durable.main, "rivals": rivals.main}

for name in sys.argv[1:] or SUITES:
    print(f"-- {name}")
    SUITES[name]()
