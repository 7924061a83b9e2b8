"""Loaded into each Celery worker: says when it takes messages, and ties its pool to it."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from celery.signals import worker_process_init, worker_ready

from .processes import die_with_parent
from .roles import READY_FILE


def say_ready(**_: Any) -> None:
    """Write this process's id to the file that the supervisor watches."""
    if path := os.environ.get(READY_FILE):
        making = Path(f"{path}.making")
        making.write_text(str(os.getpid()))
        making.replace(path)


def end_with_the_worker(**_: Any) -> None:
    """A pool process that computes would not notice that its worker was killed: the kernel does."""
    die_with_parent(signal.SIGKILL, parent=os.getppid())()


worker_ready.connect(say_ready)
worker_process_init.connect(end_with_the_worker)
