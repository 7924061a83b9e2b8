"""What somebody who debugs an execution tells it, and what is noted of that.

``by`` is who says it. ``at`` names what a frame waits for: its pause (``pause:…``), a timer of its
own (``retry:…``, ``wait:…``), or the number of its attempt. A frame that has gone on in the
meantime waits for something else, so a late or repeated command finds nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from executions.interpreter.debugging.breakpoint import Breakpoint, Where

Pace = Literal["continue", "over", "into", "out"]
Edited = Literal["input", "output", "variables"]


@dataclass(frozen=True, slots=True)
class SetBreakpoint:
    """Set a breakpoint; one at the same place is replaced."""

    now: float
    seed: str
    breakpoint: Breakpoint


@dataclass(frozen=True, slots=True)
class RemoveBreakpoint:
    """Remove the breakpoint at this place, whatever its condition."""

    now: float
    seed: str
    by: str
    state: str
    where: Where
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class PauseExecution:
    """Pause every branch and iteration: before the next state it enters, or after its last."""

    now: float
    seed: str
    by: str


@dataclass(frozen=True, slots=True)
class ResumeExecution:
    """Let a paused frame go on, or all of them where ``at`` is "".

    ``over``: up to the next state of its scope, or of the scope around that. ``into``: up to the
    first state of branch or iteration ``child``. ``out``: up to the next state of the scope around.
    ``target``: up to that state, wherever it is.
    """

    now: float
    seed: str
    by: str
    at: str
    pace: Pace = "continue"
    child: int = 0
    target: str | None = None


@dataclass(frozen=True, slots=True)
class EditPaused:
    """Change what a paused frame has: ``text`` is JSON, for variables an object by name.

    The input and the variables before a state, the output and the variables after it. Before a
    state the variables are what the object says, no more; after it they are added and changed.
    """

    now: float
    seed: str
    by: str
    at: str
    edited: Edited
    text: str


@dataclass(frozen=True, slots=True)
class SkipState:
    """Do not do what the state does: ``result`` (JSON) is its result. An attempt is called off."""

    now: float
    seed: str
    by: str
    at: str
    result: str


@dataclass(frozen=True, slots=True)
class FailState:
    """Let the state fail; its Retry and Catch answer. An attempt is called off."""

    now: float
    seed: str
    by: str
    at: str
    error: str | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class RetryState:
    """Try again now what waits for its Retrier's delay."""

    now: float
    seed: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class DetachDebugger:
    """Remove all breakpoints and let everything go on."""

    now: float
    seed: str
    by: str


DebuggingCommand = (
    SetBreakpoint
    | RemoveBreakpoint
    | PauseExecution
    | ResumeExecution
    | EditPaused
    | SkipState
    | FailState
    | RetryState
    | DetachDebugger
)

ALL: Final = (
    SetBreakpoint,
    RemoveBreakpoint,
    PauseExecution,
    ResumeExecution,
    EditPaused,
    SkipState,
    FailState,
    RetryState,
    DetachDebugger,
)
"""The classes of ``DebuggingCommand``."""


@dataclass(frozen=True, slots=True)
class NoteDebugging:
    """Have noted beside the history what somebody did, or that a frame paused.

    ``event_id`` is the latest event then, ``at`` the moment, ``visit`` the id of the state's
    …StateEntered event. ``details`` is a JSON object; what an edit changed is in it as text.
    """

    event_id: int
    at: float
    action: str
    by: str
    state: str | None = None
    visit: int | None = None
    details: str = "{}"
