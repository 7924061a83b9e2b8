"""What changed between two definitions: in words, and so that one can be made of the other."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.asl.changes.apply import apply_changes
from studio.asl.changes.assembly import NotComparable
from studio.asl.changes.change import StateAdded, StateMoved
from studio.asl.changes.compare import compare
from studio.asl.changes.values import is_same
from studio.asl.changes.words import sentence
from tests.executions.interpreter.definitions import definitions
from tests.studio.asl.test_samples import SAMPLES, read

PAY = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay"}
UNHURRIED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
RETRY = {"ErrorEquals": ["States.Timeout"], "MaxAttempts": 3}


def machine(start: str, **states: Any) -> dict[str, Any]:
    return {"StartAt": start, "States": states}


def fan(*branches: Any, **fields: Any) -> dict[str, Any]:
    return {"Type": "Parallel", "Branches": list(branches), "End": True, **fields}


def passing(**fields: Any) -> dict[str, Any]:
    return {"Type": "Pass", **(fields or {"End": True})}


ORDERS = machine(
    "Reserve",
    Reserve={"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Pay"},
    Pay={**PAY, "Retry": [RETRY], "Next": "Fan"},
    Fan=fan(
        machine("Pack", Pack=passing(Next="Label"), Label=passing(Result=7, End=True)),
        machine("Thank", Thank=passing(Comment="by e-mail", End=True)),
        Comment="both at once",
    ),
)


def changed(*path: str | int, to: Any = None) -> dict[str, Any]:
    """ORDERS with one value changed, or taken out where ``to`` is None."""
    document: Any = deepcopy(ORDERS)
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    if to is None:
        del holder[path[-1]]
    else:
        holder[path[-1]] = to
    return document  # type: ignore[no-any-return]


def renamed(document: Any, old: str, new: str) -> Any:
    return json.loads(json.dumps(document).replace(f'"{old}"', f'"{new}"'))


def words(before: Any, after: Any) -> list[str]:
    changes = compare(before, after)
    assert is_same(apply_changes(before, changes), after)
    return [sentence(change) for change in changes]


class TestWords:
    def test_the_order_of_members_says_nothing(self) -> None:
        turned = dict(reversed(ORDERS.items())) | {
            "States": dict(reversed(ORDERS["States"].items()))
        }
        assert words(ORDERS, turned) == []

    @pytest.mark.parametrize(
        ("after", "said"),
        [
            (
                changed("States", "Pay", "Retry", 0, "MaxAttempts", to=5),
                "Retry of Pay: MaxAttempts 3 → 5",
            ),
            (
                changed("States", "Pay", "Retry", to=[RETRY, {"ErrorEquals": ["A", "B"]}]),
                "Retry 2 of Pay on A, B added",
            ),
            (changed("States", "Pay", "Retry", to=[]), "Retry of Pay on States.Timeout removed"),
            (changed("States", "Pay", "TimeoutSeconds", to=9), "Pay: TimeoutSeconds 9 added"),
            (
                changed("States", "Fan", "Comment"),
                'Fan: Comment "both at once" removed',
            ),
            (changed("StartAt", to="Pay"), "The state machine starts with Pay instead of Reserve"),
            (
                changed("TimeoutSeconds", to=60),
                "The state machine: TimeoutSeconds 60 added",
            ),
            (
                changed("States", "Reserve", "Next", to="Fan"),
                "Reserve goes to Fan instead of Pay",
            ),
            (
                changed("States", "Fan", "Branches", 0, "Comment", to="boxes"),
                'Branch 1 of Fan: Comment "boxes" added',
            ),
            (
                changed("States", "Pay", "Arguments", to={"a": "x" * 80}),
                'Pay: Arguments {"a": "' + "x" * 52 + "… added",
            ),
        ],
    )
    def test_of_one_field(self, after: Any, said: str) -> None:
        assert words(ORDERS, after) == [said]

    def test_a_renamed_state_is_no_other_state(self) -> None:
        assert words(ORDERS, renamed(ORDERS, "Pay", "Charge")) == ["Pay is now called Charge"]

    def test_a_renamed_state_may_have_changed_besides(self) -> None:
        after = renamed(changed("States", "Pay", "Retry", 0, "MaxAttempts", to=5), "Pay", "Charge")
        assert words(ORDERS, after) == [
            "Pay is now called Charge",
            "Retry of Charge: MaxAttempts 3 → 5",
        ]

    def test_states_that_change_names_with_each_other(self) -> None:
        before = machine("A", A=passing(Result=1, Next="B"), B=passing(Result=2, End=True))
        after = renamed(renamed(before, "A", "C"), "B", "D")
        assert words(before, after) == ["A is now called C", "B is now called D"]

    def test_a_state_between_two_others(self) -> None:
        after = changed("States", "Check", to=passing(Next="Fan"))
        after["States"]["Pay"]["Next"] = "Check"
        assert words(ORDERS, after) == ["Pass Check added", "Pay goes to Check instead of Fan"]

    def test_a_state_moved_out_of_a_branch(self) -> None:
        after: Any = deepcopy(ORDERS)
        first = after["States"]["Fan"]["Branches"][0]
        after["States"]["Label"] = first["States"].pop("Label") | {"End": True}
        first["States"]["Pack"] = passing()
        after["States"]["Fan"] = {**after["States"]["Fan"], "Next": "Label"}
        del after["States"]["Fan"]["End"]
        assert words(ORDERS, after)[0] == "Label moved out of Fan"

    def test_states_wrapped_in_a_parallel(self) -> None:
        before = machine("A", A=passing(Next="B"), B=passing(Result=1, End=True))
        after = machine("Both", Both=fan(machine("A", **before["States"])))
        changes = compare(before, after)
        assert [type(change) for change in changes[:3]] == [StateAdded, StateMoved, StateMoved]
        assert words(before, after)[:3] == [
            "Parallel Both added",
            "A moved into branch 1 of Both",
            "B moved into branch 1 of Both",
        ]

    def test_a_branch_taken_out_is_not_every_later_branch_changed(self) -> None:
        after = changed("States", "Fan", "Branches", 0)
        assert words(ORDERS, after) == [
            "Fan: branch 1 removed",
            "Pass Pack removed",
            "Pass Label removed",
        ]

    def test_branches_in_another_order(self) -> None:
        after: Any = deepcopy(ORDERS)
        after["States"]["Fan"]["Branches"].reverse()
        assert words(ORDERS, after) == ["Fan: branches in another order"]

    def test_the_newer_name_of_a_maps_processor(self) -> None:
        inner = machine("A", A=passing())
        before = machine("Each", Each={"Type": "Map", "Iterator": inner, "End": True})
        after = renamed(before, "Iterator", "ItemProcessor")
        assert words(before, after) == ["Each: Iterator is now ItemProcessor"]

    def test_rules_of_a_choice_are_told_apart_by_their_conditions(self) -> None:
        def choice(*rules: Any) -> Any:
            ends = {name: {"Type": "Succeed"} for name in "XYZ"}
            return machine("C", C={"Type": "Choice", "Choices": list(rules)}, **ends)

        one = {"Variable": "$.a", "NumericEquals": 1, "Next": "X"}
        two = {"Variable": "$.a", "NumericEquals": 2, "Next": "Y"}
        assert words(choice(one, two), choice(two | {"Next": "Z"})) == [
            'Rule 2 of C: Next "Y" → "Z"',
            "Rule 1 of C removed",
        ]


class TestNotComparable:
    @pytest.mark.parametrize("document", [None, [], {}, {"States": []}, {"States": {"A": 1}}])
    def test_without_states(self, document: Any) -> None:
        with pytest.raises(NotComparable, match="no States"):
            compare(ORDERS, document)

    def test_two_states_of_one_name(self) -> None:
        with pytest.raises(NotComparable, match="'Pay'"):
            compare(changed("States", "Fan", "Branches", 0, "States", "Pay", to=PAY), ORDERS)


class TestApplied:
    """The changes, applied to the older definition, give the newer one."""

    @UNHURRIED
    @given(definitions(), definitions())
    def test_of_any_two_definitions(self, one: str, other: str) -> None:
        before, after = json.loads(one), json.loads(other)
        changes = compare(before, after)
        assert is_same(apply_changes(before, changes), after)
        assert compare(after, after) == ()

    @UNHURRIED
    @given(definitions(), st.randoms(use_true_random=False))
    def test_of_edits(self, text: str, chance: random.Random) -> None:
        before = json.loads(text)
        after = deepcopy(before)
        for number in range(chance.randrange(1, 6)):
            edit(after, chance, f"New{number}")
        changes = compare(before, after)
        assert is_same(apply_changes(before, changes), after)
        back = compare(after, before)
        assert is_same(apply_changes(after, back), before)

    def test_of_every_two_samples_that_stand_beside_each_other(self) -> None:
        documents = [document for sample in SAMPLES if _is_comparable(document := read(sample)[0])]
        assert len(documents) > 150
        for distance in (1, 7):
            for before, after in zip(documents, islice(documents, distance, None), strict=False):
                assert is_same(apply_changes(before, compare(before, after)), after)

    def test_leaves_both_documents_alone(self) -> None:
        before, after = deepcopy(ORDERS), renamed(changed("States", "Reserve"), "Pay", "Charge")
        kept = deepcopy(after)
        made = apply_changes(before, compare(before, after))
        made["States"].clear()
        assert (before, after) == (ORDERS, kept)


def edit(document: Any, chance: random.Random, fresh: str) -> None:
    """Change something at random, as a person may: the result need not be valid.

    ``fresh`` is a name that no state has.
    """
    scopes = [document]
    states: list[tuple[Any, str]] = []
    for scope in scopes:  # grows while it is walked
        for name, state in scope["States"].items():
            states.append((scope, name))
            scopes += state.get("Branches", [])
            scopes += [state[key] for key in ("ItemProcessor", "Iterator") if key in state]
    scope, name = chance.choice(states)
    state = scope["States"][name]
    match chance.randrange(7):
        case 0:
            scope["States"][fresh] = scope["States"].pop(name)
        case 1:
            scope["States"][fresh] = {"Type": "Pass", "Next": name}
        case 2 if len(scope["States"]) > 1:
            del scope["States"][name]
        case 3:
            state["Comment"] = chance.choice([1, True, "text", {"a": [1, 2, 3]}])
        case 4 if state.get("Branches"):
            chance.shuffle(state["Branches"])
            state["Branches"].append({"StartAt": fresh, "States": {fresh: {"Type": "Succeed"}}})
        case 5 if state.get("Branches"):
            state["Branches"].pop(chance.randrange(len(state["Branches"])))
        case 6:
            target = chance.choice(scopes)
            if target is scope:
                scope["StartAt"] = name
            elif not _holds(state, target):
                target["States"][name] = scope["States"].pop(name)


def _holds(state: Any, scope: Any) -> bool:
    inner = [*state.get("Branches", [])]
    inner += [state[key] for key in ("ItemProcessor", "Iterator") if key in state]
    return any(
        each is scope or any(_holds(deeper, scope) for deeper in each["States"].values())
        for each in inner
    )


def _is_comparable(document: Any) -> bool:
    try:
        compare(document, document)
    except NotComparable:
        return False
    return True
