"""A crash around every commit of executions that start executions: each begun once, told once."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from executions.models import Execution
from executions.runtime.invariants import check_invariants
from tests.conformance.clock import Clock
from tests.conftest import history
from tests.executions.interpreter.definitions import LAMBDA
from tests.faults.crashes import BEGIN, FAULTS, LOST, Commits, Fault, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.models import StateMachine
    from tests.conftest import MakeMachine

pytestmark = pytest.mark.django_db(transaction=True)

START = "arn:aws:states:::states:startExecution"
ALL = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error"}]
# What differs from run to run: names made up, requests, moments.
MADE_UP = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}"
    r"|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT|(?<=Date\\\":)\d{13}"
    r"|(?<=Date\\\\\\\":)\d{13}"
)


@pytest.fixture
def clock(db: None) -> Iterator[Clock]:
    """A clock turned by hand."""
    hand_turned = Clock(BEGIN)
    yield hand_turned
    hand_turned.remove()


@pytest.fixture
def family(make_machine: MakeMachine) -> StateMachine:
    """A parent that starts one execution after the other, in every way."""

    def starts(child: StateMachine, form: str, following: str, **fields: Any) -> dict[str, Any]:
        return {
            "Type": "Task",
            "Resource": START + form,
            "Parameters": {"StateMachineArn": child.arn, "Input": {"a": 1}},
            "ResultPath": "$.child",
            "Next": following,
            "Catch": [{**ALL[0], "Next": following}],
            **fields,
        }

    quick = make_machine({"StartAt": "Q", "States": {"Q": {"Type": "Pass", "End": True}}})
    busy = make_machine(
        {
            "StartAt": "Work",
            "States": {
                "Work": {
                    "Type": "Task",
                    "Resource": LAMBDA,
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Rest"}],
                    "Next": "Rest",
                },
                "Rest": {"Type": "Wait", "Seconds": 7, "End": True},
            },
        }
    )
    failing = make_machine({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Boom"}}})
    sleeping = make_machine(
        {"StartAt": "S", "States": {"S": {"Type": "Wait", "Seconds": 600, "End": True}}}
    )
    retry = [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1}]
    return make_machine(
        {
            "StartAt": "Quick",
            "States": {
                "Quick": starts(quick, "", "QuickToo"),
                "QuickToo": starts(quick, ".sync:2", "Busy"),
                "Busy": starts(busy, ".sync", "Failing"),
                "Failing": starts(failing, ".sync", "Sleeping", Retry=retry),
                "Sleeping": starts(sleeping, ".sync:2", "End", TimeoutSeconds=30),
                "End": {"Type": "Succeed"},
            },
        }
    )


CHILDREN = 6
"""One for each Task, and one for the Retry."""


def plain(value: Any) -> Any:
    return json.loads(MADE_UP.sub("MADE_UP", json.dumps(value)))


def children() -> list[list[Any]]:
    """What became of the latest parent's children, without what differs from run to run."""
    parent = Execution.objects.filter(parent_id=None).latest("id")
    found = Execution.objects.filter(parent_id=parent.pk).order_by("parent_task")
    told = []
    for child in found:
        events = [
            {name: value for name, value in event.items() if name != "timestamp"}
            for event in history(child)
        ]
        told.append([child.parent_task, child.status, child.output, child.error, plain(events)])
    return told


@pytest.mark.parametrize("fault", FAULTS)
def test_a_crash_at_every_commit(
    clock: Clock, family: StateMachine, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    whole = run(monkeypatch, clock, family, "{}", Commits())
    begun = children()
    assert whole.status == "SUCCEEDED"
    assert [child[1] for child in begun] == [
        *["SUCCEEDED"] * 3,
        *["FAILED"] * 2,
        "ABORTED",
    ]
    assert whole.commits >= 12

    for at in range(1, whole.commits + 1):
        struck = run(monkeypatch, clock, family, "{}", Commits(at, fault))
        where = f"{fault} commit {at} of {whole.commits}"
        if struck.lost:
            # The child's own Task, which fails as any attempt whose worker died.
            assert LOST in json.dumps(children()), where
            expected = run(monkeypatch, clock, family, "{}", Commits(), struck.lost)
        else:
            assert children() == begun, where
            expected = whole
        assert plain(struck.events) == plain(expected.events), where
        assert struck.status == "SUCCEEDED", where
        assert len(children()) == CHILDREN, where
        assert check_invariants() == [], where
