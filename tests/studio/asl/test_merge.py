"""Two sets of changes made one: ``studio.asl.changes.merge``."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from studio.asl.changes.merge import merge

BASE: dict[str, Any] = {
    "StartAt": "Pay",
    "States": {
        "Pay": {
            "Type": "Task",
            "Resource": "arn:a",
            "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 3}],
            "Next": "Ship",
        },
        "Ship": {"Type": "Task", "Resource": "arn:b", "Next": "Fan"},
        "Fan": {
            "Type": "Parallel",
            "End": True,
            "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}],
        },
    },
}


def changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    """BASE with values at ``a/b/c``; None takes away."""
    document = deepcopy(BASE)
    for place, value in changes:
        *way, last = place.split("/")
        holder: Any = document
        for step in way:
            holder = holder[int(step) if isinstance(holder, list) else step]
        if value is None:
            del holder[last]
        else:
            holder[last] = value
    return document


def renamed(document: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    text = deepcopy(document)
    text["States"] = {new if name == old else name: each for name, each in text["States"].items()}
    for state in text["States"].values():
        if state.get("Next") == old:
            state["Next"] = new
    if text["StartAt"] == old:
        text["StartAt"] = new
    return text


def test_changes_of_different_things_go_together() -> None:
    ours = changed(("States/Pay/TimeoutSeconds", 5))
    theirs = changed(("States/Ship/Resource", "arn:c"), ("States/Pay/Comment", "money"))
    merged = merge(BASE, ours, theirs)
    assert merged.definition == changed(
        ("States/Pay/TimeoutSeconds", 5),
        ("States/Ship/Resource", "arn:c"),
        ("States/Pay/Comment", "money"),
    )


def test_a_change_of_a_state_that_was_renamed_there_finds_it() -> None:
    ours = changed(("States/Pay/TimeoutSeconds", 5))
    theirs = renamed(BASE, "Pay", "Charge")
    assert merge(BASE, ours, theirs).definition == renamed(ours, "Pay", "Charge")
    assert merge(BASE, theirs, ours).definition == renamed(ours, "Pay", "Charge")


def test_two_renames_of_one_state_conflict() -> None:
    merged = merge(BASE, renamed(BASE, "Pay", "Charge"), renamed(BASE, "Pay", "Bill"))
    assert merged.definition is None
    (conflict,) = merged.conflicts
    assert (conflict.ours, conflict.theirs) == (
        "Pay is now called Charge",
        "Pay is now called Bill",
    )


def test_a_name_given_to_two_states_conflicts() -> None:
    theirs = changed(("States/Charge", {"Type": "Succeed"}))
    ours = renamed(BASE, "Pay", "Charge")
    assert merge(BASE, ours, theirs).conflicts
    assert merge(BASE, theirs, ours).conflicts


def test_one_field_changed_twice_conflicts() -> None:
    merged = merge(
        BASE,
        changed(("States/Pay/Retry/0/MaxAttempts", 5)),
        changed(("States/Pay/Retry/0/MaxAttempts", 4)),
    )
    assert merged.definition is None
    assert [(each.ours, each.theirs) for each in merged.conflicts] == [
        ("Retry of Pay: MaxAttempts 3 → 5", "Retry of Pay: MaxAttempts 3 → 4")
    ]


def test_the_same_change_is_made_once() -> None:
    same = ("States/Pay/Retry/0/MaxAttempts", 5)
    ours, theirs = changed(same, ("States/Ship/Comment", "x")), changed(same)
    assert merge(BASE, ours, theirs).definition == ours
    retry = [{"ErrorEquals": ["X"]}, *BASE["States"]["Pay"]["Retry"]]
    longer = changed(("States/Pay/Retry", retry))
    assert merge(BASE, longer, longer).definition == longer


@pytest.mark.parametrize(
    "theirs",
    [
        changed(("States/Fan/Branches/0/States/A/Comment", "x")),
        changed(("States/Fan/Comment", "x")),
    ],
)
def test_a_state_that_one_removed_is_left_alone_by_the_other(theirs: dict[str, Any]) -> None:
    ours = changed(("States/Fan", None), ("States/Ship/Next", None), ("States/Ship/End", True))
    assert merge(BASE, ours, theirs).conflicts
    assert merge(BASE, theirs, ours).conflicts


def test_what_both_added_or_removed_alike_is_so() -> None:
    added = changed(("States/Note", {"Type": "Succeed"}))
    assert merge(BASE, added, added).definition == added
    other = changed(("States/Note", {"Type": "Fail"}))
    assert merge(BASE, added, other).conflicts
    removed = changed(("States/Fan", None), ("States/Ship/Next", None), ("States/Ship/End", True))
    assert merge(BASE, removed, removed).definition == removed


def test_a_branch_added_here_and_one_there_conflict() -> None:
    def with_branch(name: str) -> dict[str, Any]:
        document = deepcopy(BASE)
        branch = {"StartAt": name, "States": {name: {"Type": "Succeed"}}}
        document["States"]["Fan"]["Branches"].append(branch)
        return document

    assert merge(BASE, with_branch("X"), with_branch("Y")).conflicts
