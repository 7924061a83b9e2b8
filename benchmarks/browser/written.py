"""Executions that are written rather than run: as large as a figure needs them."""

from __future__ import annotations

from typing import Any

BRANCHES, PASSES, INNER = 40, 12, 12
Event = dict[str, Any]


def chain(names: list[str]) -> dict[str, Any]:
    """Pass states one after the other."""
    following = [*names[1:], None]
    return {
        "StartAt": names[0],
        "States": {
            name: {"Type": "Pass", **({"Next": after} if after else {"End": True})}
            for name, after in zip(names, following, strict=True)
        },
    }


def branching(count: int = BRANCHES) -> dict[str, Any]:
    """25 states a branch, three scopes deep: branches of Pass states that end in a Map of more."""
    branches = []
    for branch in range(count):
        inner = chain([f"Inner {branch}-{i}" for i in range(INNER)])
        scope = chain([f"Pass {branch}-{i}" for i in range(PASSES)])
        last = scope["States"][f"Pass {branch}-{PASSES - 1}"]
        del last["End"]
        last["Next"] = f"Each {branch}"
        scope["States"][f"Each {branch}"] = {"Type": "Map", "ItemProcessor": inner, "End": True}
        branches.append(scope)
    again = {"Variable": "$.again", "BooleanEquals": True, "Next": "All"}
    return {
        "StartAt": "Again?",
        "States": {
            "Again?": {"Type": "Choice", "Choices": [again], "Default": "Done"},
            "All": {"Type": "Parallel", "Branches": branches, "Next": "Again?"},
            "Done": {"Type": "Succeed"},
        },
    }


class History:
    """Writes events as AWS threads them; every round visits every state once."""

    def __init__(self, branches: int = BRANCHES) -> None:
        """Begin with ExecutionStarted."""
        self.branches = branches
        self.events: list[Event] = []
        self.last = self.add(0, "ExecutionStarted", executionStartedEventDetails={"input": "{}"})

    def add(self, previous: int, kind: str, **details: Any) -> int:
        """Append an event and give its id."""
        number = len(self.events) + 1
        event = {"timestamp": 1_790_000_000 + number / 1000, "type": kind, "id": number}
        self.events.append({**event, "previousEventId": previous, **details})
        return number

    def entered(self, previous: int, kind: str, name: str) -> int:
        """Enter a state."""
        details = {"name": name, "input": '{"order": 7}'}
        return self.add(previous, f"{kind}StateEntered", stateEnteredEventDetails=details)

    def exited(self, previous: int, kind: str, name: str) -> int:
        """Leave a state."""
        details = {"name": name, "output": '{"order": 7}'}
        return self.add(previous, f"{kind}StateExited", stateExitedEventDetails=details)

    def visit(self, previous: int, name: str) -> int:
        """Pass through a Pass state."""
        return self.exited(self.entered(previous, "Pass", name), "Pass", name)

    def round(self) -> None:
        """Once through the Parallel, its branches in step."""
        at = self.exited(self.entered(self.last, "Choice", "Again?"), "Choice", "Again?")
        started = self.add(self.entered(at, "Parallel", "All"), "ParallelStateStarted")
        ends = [started] * self.branches
        for step in range(PASSES):
            for branch in range(self.branches):
                ends[branch] = self.visit(ends[branch], f"Pass {branch}-{step}")
        for branch in range(self.branches):
            name = f"Each {branch}"
            item = {"name": name, "index": 0}
            at = self.entered(ends[branch], "Map", name)
            at = self.add(at, "MapStateStarted", mapStateStartedEventDetails={"length": 1})
            at = self.add(at, "MapIterationStarted", mapIterationStartedEventDetails=item)
            ends[branch] = at
        for step in range(INNER):
            for branch in range(self.branches):
                ends[branch] = self.visit(ends[branch], f"Inner {branch}-{step}")
        for branch in range(self.branches):
            item = {"name": f"Each {branch}", "index": 0}
            at = ends[branch]
            self.add(at, "MapIterationSucceeded", mapIterationSucceededEventDetails=item)
            at = self.add(at, "MapStateSucceeded")
            ends[branch] = self.exited(at, "Map", f"Each {branch}")
        at = self.add(ends[-1], "ParallelStateSucceeded")
        self.last = self.exited(at, "Parallel", "All")


def burst(least: int, branches: int = BRANCHES) -> list[Event]:
    """At least so many events of an execution of ``branching`` that does not end, in rounds."""
    written = History(branches)
    while len(written.events) < least:
        written.round()
    return written.events


def histories(least: int) -> list[Event]:
    """The first events of an execution of ``branching``, exactly so many."""
    return burst(least)[:least]


def many_items(items: int) -> tuple[dict[str, Any], list[Event]]:
    """A Map of so many items that all have passed, and its history: 40 at once, as AWS does."""
    each = {"Type": "Map", "ItemProcessor": chain(["Check"]), "Next": "Done"}
    definition = {"StartAt": "Each", "States": {"Each": each, "Done": {"Type": "Succeed"}}}
    written = History()
    at = written.entered(written.last, "Map", "Each")
    started = written.add(at, "MapStateStarted", mapStateStartedEventDetails={"length": items})
    for first in range(0, items, BRANCHES):
        at_once = range(first, min(items, first + BRANCHES))
        ends = {}
        for index in at_once:
            item = {"name": "Each", "index": index}
            ends[index] = written.add(
                started, "MapIterationStarted", mapIterationStartedEventDetails=item
            )
        for index in at_once:
            item = {"name": "Each", "index": index}
            at = written.visit(ends[index], "Check")
            written.add(at, "MapIterationSucceeded", mapIterationSucceededEventDetails=item)
    return definition, written.events
