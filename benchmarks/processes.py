"""What processes have used, from Linux's own books."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def cpu_seconds(roots: Iterable[int]) -> float:
    """CPU time of these processes and all below them, user and system, ended children included."""
    parents: dict[int, list[tuple[int, int]]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                text = (entry / "stat").read_text()
            except OSError:
                continue  # It has ended meanwhile.
            fields = text.rpartition(")")[2].split()
            ticks = sum(int(each) for each in fields[11:15])
            parents.setdefault(int(fields[1]), []).append((int(entry.name), ticks))
    wanted = set(roots)
    ticks_spent = 0
    for children in parents.values():
        for process, ticks in children:
            if process in wanted:
                ticks_spent += ticks
    queue = list(wanted)
    while queue:
        for process, ticks in parents.get(queue.pop(), ()):
            if process not in wanted:
                ticks_spent += ticks
                wanted.add(process)
                queue.append(process)
    return ticks_spent / os.sysconf("SC_CLK_TCK")


def resident_bytes(roots: Iterable[int]) -> int:
    """Memory that these processes and all below them have resident, shared pages counted once each
    process."""
    children: dict[int, list[int]] = {}
    resident: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # It has ended meanwhile.
            children.setdefault(int(fields[1]), []).append(int(entry.name))
            resident[int(entry.name)] = int(fields[21])
    total = 0
    queue = list(roots)
    while queue:
        process = queue.pop()
        total += resident.get(process, 0)
        queue += children.get(process, [])
    return total * os.sysconf("SC_PAGE_SIZE")
