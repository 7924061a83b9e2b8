"""A state tested from the page: of a text that somebody is writing, so other states may be broken.

The same as TestState of the API, except that without a mock nothing outside is called, unless that
is asked for: the page shows then what the state would ask for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from asgiref.sync import async_to_sync
from django.conf import settings

from executions.actions.state_test_tasks import perform_tested_task
from executions.actions.state_tests import StateTest, begin_state_test
from executions.errors import TooManyTests
from executions.runtime.tested_tasks.processes import TooManyTasks
from studio.asl import json_text
from studio.errors import InvalidDefinition

if TYPE_CHECKING:
    from executions.interpreter.messages import ScheduleTask


@dataclass(frozen=True, slots=True)
class TestedState:
    """What came of it: the members of TestState's answer, ``inspectionData`` complete.

    ``members`` have no status where the state waits for ``task``, or for its children. ``alone``:
    the rest of the definition is broken, so the state was tested without what is around it.
    """

    members: dict[str, Any]
    task: ScheduleTask | None
    alone: bool


def test_page_state(test: StateTest, *, perform: bool) -> TestedState:
    """Test a state; a Task without a mock calls what it calls only where ``perform`` says so.

    Raises:
        TooManyTests: as many Tasks are being performed as may be.
        As ``begin_state_test`` does.
    """
    test = replace(test, stops_at_work=not perform)
    alone = False
    try:
        inspection, task = begin_state_test(test)
    except InvalidDefinition as fault:
        single = _cut_out(test)
        if single is None:
            raise
        try:
            inspection, task = begin_state_test(single)
        except InvalidDefinition:
            # The state itself is broken: the findings in the whole text say where.
            raise fault from None
        alone = True
    if task is not None and perform:
        try:
            async_to_sync(perform_tested_task)(inspection, task)
        except TooManyTasks:
            raise TooManyTests(
                message=f"{settings.STATE_TESTS} tests of Task states are being performed, which "
                "is the most at once (STEPWELL_STATE_TESTS). Try again when one of them is over, "
                "or mock the result."
            ) from None
        task = None
    return TestedState(inspection.answer(), task, alone)


def _cut_out(test: StateTest) -> StateTest | None:
    """Take the named state out of a definition that cannot be run as a whole, if it is there."""
    if test.state_name is None:
        return None
    try:
        document = json_text.loads(test.definition)
    except json_text.InvalidJson:
        return None
    found = _find(document, test.state_name)
    if found is None:
        return None
    language = document.get("QueryLanguage")
    if isinstance(language, str):
        found = {"QueryLanguage": language, **found}
    return replace(test, definition=json_text.dumps(found), state_name=None)


def _find(scope: Any, name: str) -> dict[str, Any] | None:
    """Find a state in a document that nobody has checked."""
    states = scope.get("States") if isinstance(scope, dict) else None
    if not isinstance(states, dict):
        return None
    if isinstance(states.get(name), dict):
        state: dict[str, Any] = states[name]
        return state
    for each in states.values():
        if not isinstance(each, dict):
            continue
        branches = each.get("Branches")
        below = [*(branches if isinstance(branches, list) else ())]
        below += [each.get("ItemProcessor"), each.get("Iterator")]
        for scope_below in below:
            found = _find(scope_below, name)
            if found is not None:
                return found
    return None
