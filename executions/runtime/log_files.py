"""Log events in files: one for each log group, rotated when it has grown.

A file is opened for each batch and appended to in one write: processes may share it, and whoever
renames it to rotate it loses nothing. They rotate it themselves, one at a time.
"""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Final

from django.conf import settings

_LOCK: Final = ".rotating"


def append(group: str, data: bytes) -> None:
    """Append to the file of a log group. Raises OSError where that cannot be done."""
    path = file_of(group)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab", buffering=0) as file:
        while data:
            data = data[file.write(data) :]
        grown = file.tell() >= settings.EVENT_LOG_BYTES > 0
    if grown:
        rotate(path)


def rotate(path: Path) -> None:
    """Make ``x.jsonl`` ``x.jsonl.1``, that ``x.jsonl.2``, and so on; the last one goes.

    Another process that has the file open still writes into it under its new name.
    """
    with (path.parent / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            if path.stat().st_size < settings.EVENT_LOG_BYTES:
                return  # Somebody was quicker.
        except FileNotFoundError:
            return
        kept = settings.EVENT_LOG_FILES
        for number in range(kept, 0, -1):
            older = path.with_name(f"{path.name}.{number}")
            if number == kept:
                older.unlink(missing_ok=True)
            elif older.exists():
                older.rename(path.with_name(f"{path.name}.{number + 1}"))
        if kept:
            path.rename(path.with_name(f"{path.name}.1"))
        else:
            path.unlink()


def file_of(group: str) -> Path:
    """The file of a log group: its name's parts as folders, none of which leads elsewhere."""
    parts = [part for part in group.split("/") if part not in ("", ".", "..")]
    return Path(settings.EVENT_LOG).joinpath(*parts[:-1], f"{parts[-1] if parts else 'log'}.jsonl")
