"""DBOS's side: a workflow of ten no-op steps, from threads of one process. Prints JSON.

Run by ``benchmarks.rivals`` with the rivals' own Python: dbos_steps.py URL CLIENTS COUNT
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from dbos import DBOS  # type: ignore[import-not-found, unused-ignore]

url, clients, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
DBOS(
    config={
        "name": "rival",
        "system_database_url": url,
        "log_level": "ERROR",
        "run_admin_server": False,
        "sys_db_pool_size": max(clients, 8),
    }
)


@DBOS.step()  # type: ignore[untyped-decorator, unused-ignore]
def step(value: int) -> int:
    return value + 1


@DBOS.workflow()  # type: ignore[untyped-decorator, unused-ignore]
def ten_steps(value: int) -> int:
    for _ in range(10):
        value = step(value)
    return value


DBOS.launch()
for warm in range(5):
    ten_steps(warm)
began = time.perf_counter()
with ThreadPoolExecutor(clients) as pool:
    results = list(pool.map(ten_steps, range(count)))
seconds = time.perf_counter() - began
assert results == [value + 10 for value in range(count)]
print(json.dumps({"seconds": seconds, "steps": count * 10}))
DBOS.destroy()
