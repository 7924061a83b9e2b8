"""Reads recordings of the real service: what a client sent, and what AWS answered.

The folder is not part of the repository. Its format is described in its own README: one case a
file, with the calls in their order and the answers by label, names and times replaced by
placeholders.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
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
    functions: dict[str, str] = field(default_factory=dict)
    """What each Lambda function does, in words."""
    objects: tuple[dict[str, str], ...] = ()
    """Parameters of PutObject: what lies in buckets."""

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
    functions: dict[str, str] = field(default_factory=dict)
    """What each Lambda function does, by its name."""

    def machines(self) -> dict[str, dict[str, Any]]:
        """Give what was created, by name."""
        return {params["name"]: params for params in self.params("CreateStateMachine")}

    def starts(self) -> list[dict[str, Any]]:
        """Give what was started, in order."""
        return self.params("StartExecution")

    def params(self, operation: str) -> list[dict[str, Any]]:
        """Give the parameters of every call of one operation of Step Functions."""
        return [
            call["params"]
            for call in self.calls
            if "service" not in call and call["operation"] == operation
        ]

    def objects(self) -> tuple[dict[str, str], ...]:
        """Give what was put into buckets."""
        return tuple(
            call["params"]
            for call in self.calls
            if call.get("service") == "s3" and call["operation"] == "PutObject"
        )

    def outcomes(self) -> list[tuple[RecordedExecution, Any]]:
        """Give the executions of which only the output was recorded, each with it."""
        cases = self.recorded.get("cases")
        machines = self.machines()
        starts = self.starts()
        if not isinstance(cases, list) or len(cases) != len(starts):
            return []
        return [
            (RecordedExecution(machines[_machine_name(start)], start, []), case["output"])
            for start, case in zip(starts, cases, strict=True)
        ]

    def logged(self) -> list[Event] | None:
        """Give the log events of all executions; None where the service wrote none."""
        if self.group != "logs":
            return None
        logged = self.recorded.get("logged_execution_events", [])
        assert isinstance(logged, list)
        return logged

    def logging_configuration(self) -> dict[str, Any]:
        """Give the configuration that was in force: the latest one given."""
        return {
            key: value
            for params in [*self.params("CreateStateMachine"), *self.params("UpdateStateMachine")]
            for key, value in params.get("loggingConfiguration", {}).items()
        }

    def refusal(self) -> tuple[str, str] | None:
        """Give a definition the service refused, and all it said; None where it refused none."""
        text = json.dumps(self.recorded, ensure_ascii=False)
        created = self.params("CreateStateMachine")
        if len(created) != 1 or self.starts() or "Invalid State Machine Definition: '" not in text:
            return None
        return str(created[0]["definition"]), text

    def executions(self) -> list[RecordedExecution]:
        """Give the executions whose histories are there, in the order of the recording."""
        machines = self.machines()
        starts = self.starts()
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
                machine = machines[_machine_name(start)]
                found.append(
                    RecordedExecution(machine, start, events, self.functions, self.objects())
                )
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
            Recording(
                path.parent.name,
                path.stem,
                document["calls"],
                document["recorded"],
                document.get("functions", {}),
            )
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
