"""A process that is about to end takes on nothing new, and what it cannot finish is left to others.

A worker that is told to stop, or that gives up, lives on for as long as the calls which its threads
have begun. What has not ended by then has not failed: it is as if the process had been killed, and
a lease says who goes on with it.
"""

from __future__ import annotations

import threading

_announced = threading.Event()


class ProcessEnds(Exception):
    """The work has not ended, and will not in this process."""


def announce() -> None:
    """This process ends soon."""
    _announced.set()


def is_announced() -> bool:
    """Whether this process is to take on nothing new."""
    return _announced.is_set()
