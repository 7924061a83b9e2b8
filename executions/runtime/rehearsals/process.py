"""A process that runs rehearsals for the process that started it, one after another.

It writes one line when it is ready. Then requests come over its standard input, a JSON object a
line, and answers go to its standard output. It knows no database and calls nothing: only the
machine runs here. It ends when its input closes, and when it has used more memory than it may.

    python -m executions.runtime.rehearsals.process MEGABYTES
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import orjson

from executions.interpreter.rehearsal.cases import Case, run_case
from executions.interpreter.rehearsal.rehearsal import Rehearsed
from executions.interpreter.rehearsal.replay import replay
from executions.interpreter.state import Identity
from studio.asl.parse import parse

OUT_OF_MEMORY: Final = 3
"""The status with which the process ends where it has used more memory than it may."""
RESERVED_BYTES: Final = 3 * 1024**3
"""What the JSONata engine reserves and does not use; the kernel's limit is so much higher."""
LOOK_SECONDS: Final = 0.05
"""How often the process looks at its memory."""
MAX_EVENTS: Final = 1000
"""Events of a rehearsal that are answered; the count says how many there were."""
MAX_BYTES: Final = 2 * 1024 * 1024
"""Characters of these events."""
MAX_PATH: Final = 2000
MAX_DIVERGENCES: Final = 100
MAX_TEXT: Final = 4096
"""Characters of one value that differs."""


def _run_case(asked: dict[str, Any]) -> dict[str, Any]:
    result = run_case(
        parse(asked["definition"]),
        Case.of_document(asked["case"]),
        Identity(**asked["identity"]),
        asked["now"],
        is_express=asked["is_express"],
    )
    return {
        "passed": result.passed,
        **_end(result.end),
        "path": result.path[:MAX_PATH],
        "unmet": [_cut(each._asdict()) for each in result.unmet],
        "unknown": result.unknown,
        "events": _first(result.end.events),
        "event_count": len(result.end.events),
    }


def _replay(asked: dict[str, Any]) -> dict[str, Any]:
    result = replay(
        asked["events"], Identity(**asked["identity"]), parse(asked["ran"]), parse(asked["other"])
    )
    return {
        "verdict": result.verdict,
        **_end(result.end),
        "divergences": [_cut(asdict(each)) for each in result.divergences[:MAX_DIVERGENCES]],
        "events": _first(result.end.events) if asked.get("with_events") else [],
        "event_count": len(result.end.events),
    }


DOES: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "run_case": _run_case,
    "replay": _replay,
}
"""What can be asked for."""


def _end(end: Rehearsed) -> dict[str, Any]:
    stop = end.stop
    return {
        "status": end.status,
        "output": end.output,
        "error": end.error,
        "cause": end.cause,
        "elapsed_seconds": end.elapsed_seconds,
        "stop": None
        if stop is None
        else {
            "reason": stop.reason,
            "place": None if stop.place is None else str(stop.place),
            "message": stop.message,
        },
    }


def _first(events: list[str]) -> list[str]:
    room = MAX_BYTES
    kept = []
    for event in events[:MAX_EVENTS]:
        room -= len(event)
        if room < 0:
            break
        kept.append(event)
    return kept


def _cut(document: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value[: MAX_TEXT - 1] + "…"
        if isinstance(value, str) and len(value) > MAX_TEXT
        else value
        for name, value in document.items()
    }


def _answer(line: bytes) -> bytes:
    """Do what a line asks for."""
    try:
        asked = orjson.loads(line)
        return orjson.dumps(DOES[asked["do"]](asked))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as fault:  # noqa: BLE001 - logged, and told to the caller
        traceback.print_exc()
        return orjson.dumps({"fault": "FAULT", "message": repr(fault)[:MAX_TEXT]})


def _watch_memory(most: int) -> None:
    """End the process once more than ``most`` bytes of it are in memory."""
    page = os.sysconf("SC_PAGE_SIZE")
    with Path("/proc/self/statm").open("rb", buffering=0) as statm:
        while True:
            statm.seek(0)
            if int(statm.read(200).split()[1]) * page > most:
                os._exit(OUT_OF_MEMORY)
            time.sleep(LOOK_SECONDS)


def main() -> None:
    """Serve standard input until it closes."""
    # Ctrl-C in a terminal reaches this process, too; who started it decides when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(5)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Whatever prints by mistake must not answer.
    most = int(sys.argv[1]) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (most + RESERVED_BYTES, most + RESERVED_BYTES))
    threading.Thread(target=_watch_memory, args=(most,), daemon=True).start()
    answers.write(b"{}\n")
    answers.flush()
    for line in sys.stdin.buffer:
        answers.write(_answer(line) + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
