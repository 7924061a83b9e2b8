"""What proposals leave to workers: checks, mails, calls of webhooks, on one thread a process."""

from __future__ import annotations

import os
import threading
import time

from executions.actions import outgoing_messages
from executions.actions.replays import Replayer
from studio.actions.proposals import checks

PATIENCE_SECONDS = 2.0
"""How long to wait for a step that is not due yet rather than for a poller."""

_worker: tuple[int, Replayer] | None = None
_starting = threading.Lock()


def carry_out_next() -> bool:
    """Do one thing that waits; False where nothing does."""
    # Messages first: they are quick, and somebody waits for them.
    if outgoing_messages.send_next() or checks.carry_out_next():
        return True
    # A check goes in steps, and this thread has nothing else to do: it waits for the next one.
    seconds = checks.seconds_until_next()
    if seconds is None or seconds > PATIENCE_SECONDS:
        return False
    time.sleep(seconds)
    return True


def nudge() -> None:
    """Have this process look for work; returns at once."""
    global _worker  # noqa: PLW0603 - one a process; a forked child starts its own
    with _starting:
        if _worker is None or _worker[0] != os.getpid():
            _worker = (os.getpid(), Replayer(carry_out_next))
        _worker[1].nudge()


def resume() -> None:
    """For the poller: look where something waits that nobody has been told of."""
    if checks.is_due() or outgoing_messages.is_due():
        nudge()
