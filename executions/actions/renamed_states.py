"""Saved mocks and tests follow a state that is given another name.

They stand beside the definition and name its states. While only a draft has renamed one they have
the published name, and are read as if they had the draft's; publishing gives them the new one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.dispatch import receiver

from executions.actions.mocked_responses import list_mocks, update_mock
from executions.actions.workflow_tests import case_of, list_tests, update_test, values_of
from executions.interpreter.rehearsal.places import Place, parse_place
from studio.actions.state_machines import definition_replaced
from studio.asl import json_text
from studio.asl.changes.assembly import NotComparable
from studio.asl.changes.change import StateRenamed
from studio.asl.changes.compare import compare
from studio.models import StateMachine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from executions.actions.workflow_tests import TestValues
    from executions.interpreter.rehearsal.cases import Case


def renamed_states(before: str, after: str) -> dict[str, str]:
    """The new names of renamed states by the old ones; both definitions are JSON texts.

    Of two that cannot be compared none is known to be renamed.
    """
    if before == after:
        return {}
    try:
        changes = compare(json_text.loads(before), json_text.loads(after))
    except (NotComparable, json_text.InvalidJson):
        return {}
    return {each.old_name: each.name for each in changes if isinstance(each, StateRenamed)}


def with_new_names(values: TestValues, names: Mapping[str, str]) -> TestValues:
    """A test that says of the states with new names what it said of the old ones."""

    def renamed(text: str) -> str:
        place = parse_place(text, names)
        return str(Place(names.get(place.state, place.state), place.iterations))

    path = values.expected_path
    return replace(
        values,
        mocks={renamed(place): each for place, each in values.mocks.items()},
        expected_path=None if path is None else [renamed(place) for place in path],
    )


def case_on(state_machine: str, values: TestValues, definition: str) -> Case:
    """Make a test ready to run on a definition (JSON text) that may not be published.

    Raises ValidationException, InvalidExecutionInput, as ``case_of`` does.
    """
    machine = StateMachine.objects.select_related("current").filter(name=state_machine).first()
    current = None if machine is None else machine.current
    names = {} if current is None else renamed_states(current.definition, definition)
    return case_of(state_machine, with_new_names(values, names), names)


@receiver(definition_replaced)
@transaction.atomic
def follow(*, name: str, before: str, after: str, **_: Any) -> None:
    """Rename what is saved of the state machine ``name``, in the transaction that publishes."""
    mocks, tests = list_mocks(name), list_tests(name)
    if not (mocks.exists() or tests.exists()):
        return
    names = renamed_states(before, after)
    for mock in mocks.select_for_update().filter(state__in=names):
        new = names[mock.state]
        # One that was saved for the new name already is meant for it; the older one stays behind.
        if not mocks.filter(state=new, name=mock.name).exists():
            update_mock(name, mock.pk, mock.sequence, state=new)
    for test in tests.select_for_update() if names else ():
        update_test(name, test.pk, test.sequence, with_new_names(values_of(test), names))
