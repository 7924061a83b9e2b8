"""What changed around a definition: in words, and so that one can be made of the other."""

from __future__ import annotations

from copy import deepcopy
from itertools import permutations
from typing import Any

import pytest

from studio.asl.changes.values import is_same
from studio.surroundings import (
    LONGEST_KEPT,
    apply_to_surroundings,
    compare_surroundings,
    kept,
    surrounding_sentence,
)

CASE = {
    "input": '{"total": 3}',
    "mocks": {"Pay": "declined", "Pay[2]": {"result": 7}},
    "expectedStatus": "FAILED",
    "expectedOutput": None,
    "expectedError": "Declined",
    "expectedCause": None,
    "expectedPath": ["Pay"],
}
AROUND: dict[str, Any] = {
    "roleArn": "arn:aws:iam::123456789012:role/old",
    "logging": {"level": "ERROR", "includeExecutionData": False, "logGroupArn": "arn:group"},
    "tracing": {"enabled": False},
    "tags": {"team": "shop", "cost": "7"},
    "aliases": {"live": {"3": 100}, "test": {"4": 100}},
    "tests": {"declined card": CASE},
    "mocks": {"Pay": {"declined": {"error": "Declined"}, "paid": {"result": 1}}},
}


def changed(*path: str, to: Any = None) -> dict[str, Any]:
    """AROUND with one value changed, or taken out where ``to`` is None."""
    around = deepcopy(AROUND)
    holder: Any = around
    for step in path[:-1]:
        holder = holder[step]
    if to is None:
        del holder[path[-1]]
    else:
        holder[path[-1]] = to
    return around


EDITS: list[tuple[dict[str, Any], str]] = [
    (
        changed("roleArn", to="arn:aws:iam::123456789012:role/new"),
        "Role: arn:aws:iam::123456789012:role/old → arn:aws:iam::123456789012:role/new",
    ),
    (changed("logging", "level", to="ALL"), "Log level: ERROR → ALL"),
    (changed("logging", "includeExecutionData", to=True), "Execution data in the log: off → on"),
    (changed("logging", "logGroupArn"), "Log group: arn:group removed"),
    (changed("tracing", "enabled", to=True), "Tracing: off → on"),
    (changed("tags", "team", to="web"), "Tag team: shop → web"),
    (changed("tags", "stage", to="1"), "Tag stage: 1 added"),
    (changed("tags", "cost"), "Tag cost: 7 removed"),
    (
        changed("aliases", "live", to={"4": 10, "3": 90}),
        "Alias live: 100 % v3 → 90 % v3, 10 % v4",
    ),
    (changed("aliases", "canary", to={"5": 100}), "Alias canary: 100 % v5 added"),
    (changed("aliases", "test"), "Alias test: 100 % v4 removed"),
    (changed("tests", "paid", to=CASE), "Test case 'paid' added"),
    (changed("tests", "declined card"), "Test case 'declined card' removed"),
    (
        changed("tests", "declined card", to=kept({**CASE, "input": "x" * 3000})),
        "Test case 'declined card' changed",
    ),
    (
        changed("tests", "declined card", "mocks", "Pay", to="paid"),
        "Test case 'declined card': mock of Pay 'declined' → 'paid'",
    ),
    (
        changed("tests", "declined card", "mocks", "Pay[2]", to={"result": 8}),
        "Test case 'declined card': mock of Pay[2] changed",
    ),
    (
        changed("tests", "declined card", "mocks", "Ship", to={"result": 8}),
        "Test case 'declined card': mock of Ship added",
    ),
    (
        changed("tests", "declined card", "expectedStatus", to="SUCCEEDED"),
        "Test case 'declined card': expected status: FAILED → SUCCEEDED",
    ),
    (
        changed("tests", "declined card", "expectedOutput", to='{"secret": 1}'),
        "Test case 'declined card': expected output added",
    ),
    (
        changed("tests", "declined card", "input", to='{"total": 4}'),
        "Test case 'declined card': input changed",
    ),
    (changed("mocks", "Pay", "paid", to={"result": 2}), "Mock 'paid' of Pay changed"),
    (changed("mocks", "Pay", "paid"), "Mock 'paid' of Pay removed"),
    (changed("mocks", "Pay"), "Mocks of Pay removed: 'declined', 'paid'"),
]


@pytest.mark.parametrize(("after", "said"), EDITS, ids=[said for _, said in EDITS])
def test_says_what_changed(after: dict[str, Any], said: str) -> None:
    assert [surrounding_sentence(each) for each in compare_surroundings(AROUND, after)] == [said]


def test_the_changes_applied_to_the_old_give_the_new() -> None:
    everything = [AROUND, *(after for after, _ in EDITS)]
    for before, after in permutations(everything, 2):
        changes = compare_surroundings(before, after)
        for change in changes:
            assert surrounding_sentence(change)
        assert is_same(apply_to_surroundings(before, changes), after)


def test_what_is_not_known_of_one_did_not_change() -> None:
    after = changed("aliases")
    after["logging"] = {**AROUND["logging"], "level": "ALL"}
    changes = compare_surroundings(AROUND, after)
    assert [each.path for each in changes] == [("logging", "level")]
    made = apply_to_surroundings(AROUND, changes)
    assert made["aliases"] == AROUND["aliases"]
    assert compare_surroundings({}, AROUND) == ()


def test_of_what_is_long_a_fingerprint_is_kept() -> None:
    long = "x" * LONGEST_KEPT
    assert kept("short") == "short"
    assert kept(long) == kept(long) != kept("y" * LONGEST_KEPT)
    assert kept(long)["characters"] == LONGEST_KEPT + 2


def test_says_what_it_is_about() -> None:
    about = {
        each.about: each.state for after, _ in EDITS for each in compare_surroundings(AROUND, after)
    }
    assert about.keys() == {"CONFIGURATION", "ALIASES", "TESTS"}
    assert about["TESTS"] == "Pay"
