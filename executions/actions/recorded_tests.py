"""A finished execution becomes a test case, and its history is read for replays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.actions.history import read_events
from executions.actions.workflow_tests import TestValues, create_test
from executions.errors import ExecutionDoesNotExist
from executions.interpreter.rehearsal.answers import write_response
from executions.interpreter.rehearsal.recorded_case import NotRepeatable, recorded_case
from studio.asl.parse import parse
from studio.errors import ValidationException

if TYPE_CHECKING:
    from executions.models import Execution, WorkflowTest

MAX_HISTORY_BYTES = 64 * 1024 * 1024
"""Characters of a history that is read whole."""


def create_test_from_execution(execution: Execution, name: str) -> WorkflowTest:
    """Save what the execution was given, what its tasks gave, and how it ended, as a test.

    Raises:
        ValidationException: it runs still, was stopped or redriven, or is too large.
        As ``create_test`` does.
    """
    try:
        case = recorded_case(whole_history(execution), parse(execution.revision.definition))
    except NotRepeatable as problem:
        raise ValidationException(message=str(problem)) from None
    expected = case.expected
    values = TestValues(
        name=name,
        input=case.input,
        mocks={place: write_response(each) for place, each in case.mocks.items()},
        expected_status=expected.status,
        expected_output=expected.output,
        expected_error=expected.error,
        expected_cause=expected.cause,
        expected_path=None if expected.path is None else list(expected.path),
    )
    return create_test(execution.state_machine.name, values)


def whole_history(execution: Execution) -> list[str]:
    """Every event of an execution, one JSON text each.

    Raises:
        ValidationException: it is larger than ``MAX_HISTORY_BYTES``.
        ExecutionDoesNotExist: it has been removed meanwhile.
    """
    events: list[str] = []
    size = 0
    while True:
        page = read_events(execution.pk, after=len(events))
        if page is None:
            raise ExecutionDoesNotExist(execution.name)
        events += page.events
        size += sum(len(event) for event in page.events)
        if size > MAX_HISTORY_BYTES:
            raise ValidationException(
                message=f"The history of '{execution.name}' is larger than the "
                f"{MAX_HISTORY_BYTES} characters that are read for this."
            )
        if not page.events or len(events) >= page.last_event_id:
            return events
