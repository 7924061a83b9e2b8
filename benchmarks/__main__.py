"""``python -m benchmarks``: every figure, or those named (``machine``, ``browser.burst``…)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from benchmarks import (
    browser,
    distributed_maps,
    durable,
    express,
    growth,
    history_pages,
    jsonata_states,
    machine,
    million_rows,
    recovery,
    rivals,
)
from benchmarks.rivals import machine_rival

SUITES: dict[str, Callable[[], None]] = {
    "browser": browser.main,
    "machine": machine.main,
    "machine-rivals": machine_rival.main,
    "jsonata-states": jsonata_states.main,
    "durable": durable.main,
    "history": history_pages.main,
    "recovery": recovery.main,
    "rivals": rivals.main,
    "express": express.main,
    "growth": growth.main,
    "distributed-maps": distributed_maps.main,
    "million-rows": million_rows.main,
}

PARTS: dict[str, Callable[[], None]] = {
    f"browser.{name}": partial(browser.main, name) for name in browser.PARTS
}

for name in sys.argv[1:] or SUITES:
    print(f"-- {name}")
    {**SUITES, **PARTS}[name]()
