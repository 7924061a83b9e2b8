"""A task that this process performs, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from executions.runtime.inbox import Message


@dataclass(frozen=True, slots=True)
class StartedTask:
    """A task row that was committed as STARTED for this process.

    ``fence`` is what an outcome must present. ``deadline`` is in seconds since the epoch.
    ``announced``: a TaskStarted message lies in the inbox, in case the task takes long.
    ``slot``: the FunctionSlot it has, where its function is limited.
    """

    id: int
    execution_id: int
    fence: int
    task: int
    attempt: int
    state_name: str
    resource: str
    parameters: str
    deadline: float | None
    machine_name: str
    execution_name: str
    announced: bool = False
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to tell the execution about a started task."""

    started: StartedTask
    message: Message
