"""What if: an execution replayed on another definition, with the results that its tasks had."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from executions.interpreter.program import compile_program
from executions.interpreter.rehearsal.divergence import WEIGHTY, Divergence, Run, find_divergences
from executions.interpreter.rehearsal.places import maps_around, scopes_around
from executions.interpreter.rehearsal.recorded import RecordedOutside
from executions.interpreter.rehearsal.recording import read_recording
from executions.interpreter.rehearsal.rehearsal import Rehearsed, rehearse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.interpreter.rehearsal.recording import Recording
    from executions.interpreter.state import Identity
    from studio.asl.definition import Definition


@dataclass(slots=True)
class Replay:
    """``verdict`` is SAME, DIVERGES, or UNREPEATABLE: not even its own definition repeats it.

    That happens where an execution goes by chance (States.MathRandom, $random) or by the clock.
    """

    verdict: str
    end: Rehearsed
    divergences: list[Divergence] = field(default_factory=list)


def replay(events: Sequence[str], identity: Identity, ran: Definition, other: Definition) -> Replay:
    """Replay the execution with this history, which ran ``ran``, on the definition ``other``.

    ``events`` are all of it, as stored, and it has ended.
    """
    recording = read_recording(events, maps_around(ran))
    once = _Once(recording, identity, ran)
    end, found = once.compare(other)
    verdict = _verdict(found)
    if verdict == "DIVERGES":
        _, own = once.compare(ran)
        if _verdict(own) != "SAME":
            verdict = "UNREPEATABLE"
    return Replay(verdict, end, found)


class _Once:
    """One recording, and what ran."""

    def __init__(self, recording: Recording, identity: Identity, ran: Definition) -> None:
        self._recording = recording
        self._identity = identity
        self._ran = ran

    def compare(self, other: Definition) -> tuple[Rehearsed, list[Divergence]]:
        """Replay on ``other``; the second time, with another draw, tells what is chance."""
        recorded = Run(self._recording, scopes_around(self._ran))
        end, run = self._replay(other, "a")
        found = find_divergences(recorded, run, end)
        if found:
            _, again = self._replay(other, "b")
            found = find_divergences(recorded, run, end, again)
        return end, found

    def _replay(self, other: Definition, seed: str) -> tuple[Rehearsed, Run]:
        recording = self._recording
        outside = RecordedOutside(recording, self._ran.timeout_seconds)
        end = rehearse(
            compile_program(other),
            self._identity,
            recording.input,
            outside,
            recording.started_at,
            seed,
        )
        return end, Run(read_recording(end.events, maps_around(other)), scopes_around(other))


def _verdict(found: list[Divergence]) -> str:
    return "DIVERGES" if any(each.kind in WEIGHTY for each in found) else "SAME"
