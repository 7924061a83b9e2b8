"""Places in a definition are carried along: ``studio.asl.changes.anchors``."""

from __future__ import annotations

from typing import Any

import pytest

from studio.asl.changes.anchors import anchor_at, carry, pointer_of, value_at

RETRY = [{"ErrorEquals": ["A"], "MaxAttempts": 3}, {"ErrorEquals": ["B"], "MaxAttempts": 1}]
BEFORE: dict[str, Any] = {
    "StartAt": "Pay",
    "States": {
        "Pay": {"Type": "Task", "Resource": "arn:a", "Retry": RETRY, "Next": "Fan"},
        "Fan": {
            "Type": "Parallel",
            "End": True,
            "Branches": [
                {"StartAt": "a/b", "States": {"a/b": {"Type": "Pass", "End": True, "Result": 1}}},
                {"StartAt": "C", "States": {"C": {"Type": "Pass", "End": True, "Result": 2}}},
            ],
        },
        "Each": {
            "Type": "Map",
            "End": True,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                "StartAt": "One",
                "States": {"One": {"Type": "Succeed"}},
            },
        },
    },
}
POINTERS = [
    "",
    "/StartAt",
    "/States/Pay",
    "/States/Pay/Retry/1/MaxAttempts",
    "/States/Fan/Branches/0/States/a~1b/Result",
    "/States/Fan/Branches/1/StartAt",
    "/States/Each/ItemProcessor/ProcessorConfig/Mode",
    "/States/Each/ItemProcessor/States/One",
]


def edited(**changes: Any) -> dict[str, Any]:
    states: dict[str, Any] = {**BEFORE["States"], **changes}
    return {**BEFORE, "States": {name: each for name, each in states.items() if each is not None}}


def carried(pointer: str, after: dict[str, Any]) -> tuple[str | None, str | None]:
    """The pointer and the state after the change."""
    anchor = anchor_at(BEFORE, pointer)
    assert anchor is not None
    (now,) = carry([anchor], BEFORE, after)
    return now.anchor and pointer_of(after, now.anchor), now.state


@pytest.mark.parametrize("pointer", POINTERS)
def test_a_place_is_found_again(pointer: str) -> None:
    anchor = anchor_at(BEFORE, pointer)
    assert anchor is not None
    assert pointer_of(BEFORE, anchor) == pointer
    value_at(BEFORE, pointer)


@pytest.mark.parametrize("pointer", ["Pay", "/States/Gone", "/States/Pay/Retry/7", "/Nothing"])
def test_what_is_not_there_has_no_place(pointer: str) -> None:
    assert anchor_at(BEFORE, pointer) is None


def test_a_place_survives_a_rename() -> None:
    after = edited(Pay=None, Charge=BEFORE["States"]["Pay"]) | {"StartAt": "Charge"}
    assert carried("/States/Pay/Retry/0", after) == ("/States/Charge/Retry/0", "Charge")
    assert carried("/States/Pay", after) == ("/States/Charge", "Charge")


def test_a_place_in_an_array_moves_with_what_comes_and_goes_before_it() -> None:
    pay = BEFORE["States"]["Pay"]
    more = edited(Pay={**pay, "Retry": [{"ErrorEquals": ["X"]}, *RETRY]})
    fewer = edited(Pay={**pay, "Retry": RETRY[1:]})
    here = "/States/Pay/Retry/1/MaxAttempts"
    assert carried(here, more) == ("/States/Pay/Retry/2/MaxAttempts", "Pay")
    assert carried(here, fewer) == ("/States/Pay/Retry/0/MaxAttempts", "Pay")
    assert carried("/States/Pay/Retry/0", fewer) == (None, "Pay")


def test_a_place_in_a_branch_goes_where_the_branch_goes() -> None:
    fan = BEFORE["States"]["Fan"]
    swapped = edited(Fan={**fan, "Branches": fan["Branches"][::-1]})
    one = edited(Fan={**fan, "Branches": fan["Branches"][1:]})
    assert carried("/States/Fan/Branches/1/StartAt", swapped)[0] == "/States/Fan/Branches/0/StartAt"
    assert carried("/States/Fan/Branches/1/States/C", one)[0] == "/States/Fan/Branches/0/States/C"
    assert carried("/States/Fan/Branches/0/StartAt", one) == (None, "Fan")


def test_a_state_that_is_gone_has_no_place() -> None:
    after = edited(Each=None)
    assert carried("/States/Each/ItemProcessor/States/One", after) == (None, None)
    assert carried("/States/Pay", after) == ("/States/Pay", "Pay")


def test_a_field_that_is_gone_leaves_the_state() -> None:
    pay = {name: each for name, each in BEFORE["States"]["Pay"].items() if name != "Retry"}
    assert carried("/States/Pay/Retry/0/MaxAttempts", edited(Pay=pay)) == (None, "Pay")
