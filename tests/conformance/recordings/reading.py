"""Reads recordings of the real service: what a client sent, and what AWS answered.

The folder is not part of the repository. Its format is described in its own README: one case a
file, with the calls in their order and the answers by label, names and times replaced by
placeholders.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[3]

Event = dict[str, Any]


@dataclass(frozen=True)
class RecordedExecution:
    """One execution whose history was recorded."""

    machine: dict[str, Any]
    """Parameters of CreateStateMachine."""
    start: dict[str, Any]
    """Parameters of StartExecution."""
    events: list[Event]

    @property
    def definition(self) -> str:
        return str(self.machine["definition"])


@dataclass(frozen=True)
class Recording:
    """One file."""

    group: str
    name: str
    calls: list[dict[str, Any]]
    recorded: dict[str, Any]

    def executions(self) -> list[RecordedExecution]:
        """Give the executions whose histories are there, in the order of the recording."""
        machines: dict[str, dict[str, Any]] = {}
        starts: list[dict[str, Any]] = []
        for call in self.calls:
            if "service" in call:
                continue
            if call["operation"] == "CreateStateMachine":
                machines[call["params"]["name"]] = call["params"]
            if call["operation"] == "StartExecution":
                starts.append(call["params"])
        histories = [
            answer["events"]
            for answer in self.recorded.values()
            if isinstance(answer, dict) and "events" in answer
        ]
        found = []
        for index, events in enumerate(histories):
            candidates = [start for start in starts if _machine_name(start) in machines]
            if len(candidates) != len(histories):
                candidates = [
                    start
                    for start in candidates
                    if _begins_alike(machines[_machine_name(start)], events)
                ][-1:] * len(histories)
            if index < len(candidates):
                start = candidates[index]
                found.append(RecordedExecution(machines[_machine_name(start)], start, events))
        return found


def recordings_folder() -> Path | None:
    """Give the folder of recordings, or None where this machine has none."""
    named = os.environ.get("STEPWELL_RECORDINGS")
    folder = Path(named) if named else CHECKOUT.parent / "shared" / "recordings"
    return folder if folder.is_dir() else None


def read_recordings(folder: Path) -> list[Recording]:
    """Read every file of the folder."""
    found = []
    for path in sorted(folder.glob("*/*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        found.append(
            Recording(path.parent.name, path.stem, document["calls"], document["recorded"])
        )
    return found


def _machine_name(start: dict[str, Any]) -> str:
    return str(start["stateMachineArn"]).split(":")[6]


def _begins_alike(machine: dict[str, Any], events: list[Event]) -> bool:
    entered = [each for each in events if each["type"].endswith("StateEntered")]
    if not entered:
        return True
    first = entered[0]["stateEnteredEventDetails"]["name"]
    return bool(json.loads(machine["definition"])["StartAt"] == first)
