"""What an execution keeps for whoever debugs it: a part of its state, and of its snapshot."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from executions.interpreter.debugging.breakpoint import Breakpoint

Reason = Literal["breakpoint", "target", "step", "pause"]
"""Why a frame paused; "target": somebody let it run up to there."""


@dataclass(frozen=True, slots=True)
class Step:
    """A frame pauses before the next state it enters; whoever it ends for, takes that over.

    ``reason`` tells a step that ``by`` took from a pause asked for all frames. With ``child``, the
    branch or iteration of that index pauses before its first state instead, once it begins.
    """

    reason: Reason
    by: str
    child: int | None = None


@dataclass(frozen=True, slots=True)
class Debugger:
    """Breakpoints, and the frames that pause at their next state (``steps``, by frame).

    ``passed`` holds the frames that were let go on before the state they are in and have not been
    in turn since. Treat everything in it as immutable.
    """

    breakpoints: tuple[Breakpoint, ...] = ()
    steps: dict[int, Step] = field(default_factory=dict)
    passed: frozenset[int] = frozenset()


def debugger_to_json(debugger: Debugger) -> dict[str, Any]:
    """Write it as a snapshot has it."""
    return {
        "breakpoints": [asdict(each) for each in debugger.breakpoints],
        "steps": [{"frame": frame, **asdict(step)} for frame, step in debugger.steps.items()],
        "passed": sorted(debugger.passed),
    }


def debugger_from_json(document: dict[str, Any]) -> Debugger:
    """Read what ``debugger_to_json`` wrote."""
    return Debugger(
        tuple(Breakpoint(**each) for each in document["breakpoints"]),
        {each["frame"]: Step(*_step_members(each)) for each in document["steps"]},
        frozenset(document["passed"]),
    )


def _step_members(document: dict[str, Any]) -> tuple[Any, ...]:
    return document["reason"], document["by"], document["child"]
