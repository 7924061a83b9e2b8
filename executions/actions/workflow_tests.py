"""Saved test cases of workflows: saved, deleted, and made ready to run. The only writer of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from executions.actions.executions import check_input
from executions.actions.mocked_responses import MAX_RESPONSE_CHARACTERS, list_mocks
from executions.actions.saved_anew import save_anew
from executions.errors import (
    WorkflowTestAlreadyExists,
    WorkflowTestChanged,
    WorkflowTestDoesNotExist,
)
from executions.interpreter.rehearsal.answers import InvalidResponse, Response, read_response
from executions.interpreter.rehearsal.cases import Case
from executions.interpreter.rehearsal.expectations import Expectation
from executions.interpreter.rehearsal.places import parse_place
from executions.models import WorkflowTest
from studio import arns
from studio.actions.audit import record
from studio.actions.names import check_name
from studio.asl import json_text
from studio.errors import ServiceQuotaExceededException, ValidationException
from studio.models import AuditAction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from studio.asl.definition import Json

MAX_TESTS = 200
"""Tests that one state machine may have."""
MAX_MOCKS_CHARACTERS = 4 * MAX_RESPONSE_CHARACTERS
"""Of all mocks of one test together: what an execution with many tasks has recorded."""

STATUSES = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")


@dataclass(frozen=True, slots=True, kw_only=True)
class TestValues:
    """A test as it is given. ``input`` and ``expected_output`` are JSON texts; None: anything."""

    __test__ = False  # Not one of pytest's.

    name: str
    input: str
    mocks: dict[str, Json]
    expected_status: str | None = None
    expected_output: str | None = None
    expected_error: str | None = None
    expected_cause: str | None = None
    expected_path: list[str] | None = None


def list_tests(state_machine: str) -> QuerySet[WorkflowTest]:
    """All tests of a state machine, by name."""
    return WorkflowTest.objects.filter(state_machine=state_machine)


def get_test(state_machine: str, test_id: int) -> WorkflowTest:
    """The test; raises WorkflowTestDoesNotExist."""
    test = list_tests(state_machine).filter(pk=test_id).first()
    if test is None:
        raise WorkflowTestDoesNotExist(str(test_id))
    return test


def create_test(state_machine: str, values: TestValues) -> WorkflowTest:
    """Save a test under a name that the state machine has not yet.

    The same once more, because its answer was lost, finds it saved and is content.

    Raises:
        WorkflowTestAlreadyExists: there is another one of this name.
        ServiceQuotaExceededException: there are ``MAX_TESTS`` already.
        ValidationException, InvalidExecutionInput, InvalidName: as ``check_values`` says.
    """
    check_name(arns.short_name(state_machine))
    columns = _columns(values)
    if list_tests(state_machine).count() >= MAX_TESTS:
        raise ServiceQuotaExceededException(
            message=f"A state machine has {MAX_TESTS} tests at most. Delete some first."
        )
    try:
        with transaction.atomic():
            made = WorkflowTest.objects.create(
                state_machine=state_machine, updated_at=timezone.now(), **columns
            )
            arn = arns.state_machine_arn(state_machine)
            record(AuditAction.CREATE_TEST, arn, {"name": made.name})
            return made
    except IntegrityError:
        found = list_tests(state_machine).filter(name=values.name).first()
        if found is None or any(getattr(found, name) != each for name, each in columns.items()):
            raise WorkflowTestAlreadyExists(values.name) from None
        return found


def update_test(state_machine: str, test_id: int, follows: int, values: TestValues) -> WorkflowTest:
    """Save a test anew, all of it. ``follows`` is the sequence that it goes on from.

    Raises:
        WorkflowTestChanged: it has been saved since.
        WorkflowTestDoesNotExist, WorkflowTestAlreadyExists: as their names say.
        As ``create_test`` does.
    """
    columns = _columns(values)
    try:
        return save_anew(
            list_tests(state_machine),
            test_id,
            columns,
            follows,
            missing=WorkflowTestDoesNotExist,
            changed=WorkflowTestChanged,
            action=AuditAction.UPDATE_TEST,
        )
    except IntegrityError:
        raise WorkflowTestAlreadyExists(values.name) from None


@transaction.atomic
def delete_test(state_machine: str, test_id: int) -> None:
    """Delete a test; one that does not exist is no error."""
    test = list_tests(state_machine).select_for_update().filter(pk=test_id).first()
    if test is not None:
        test.delete()
        record(AuditAction.DELETE_TEST, arns.state_machine_arn(state_machine), {"name": test.name})


def values_of(test: WorkflowTest) -> TestValues:
    """Give a saved test's values."""
    return TestValues(
        name=test.name,
        input=test.input,
        mocks=json_text.loads(test.mocks),
        expected_status=test.expected_status,
        expected_output=test.expected_output,
        expected_error=test.expected_error,
        expected_cause=test.expected_cause,
        expected_path=None if test.expected_path is None else json_text.loads(test.expected_path),
    )


def case_of(state_machine: str, values: TestValues, names: Mapping[str, str] | None = None) -> Case:
    """Make a test ready to run: with what the mocks it names hold at the moment.

    ``names`` are the names that states have in the definition to run, by those that the mocks were
    saved for; of the others they are the same.

    Raises ValidationException, as ``check_values`` does, and where there is no such mock.
    """
    check_values(values)
    return Case(
        values.input,
        resolve_mocks(state_machine, values.mocks, names or {}),
        Expectation(
            status=values.expected_status,
            output=values.expected_output,
            error=values.expected_error,
            cause=values.expected_cause,
            path=None if values.expected_path is None else tuple(values.expected_path),
        ),
    )


def resolve_mocks(
    state_machine: str, mocks: Mapping[str, Json], names: Mapping[str, str]
) -> dict[str, Response]:
    """Give responses by places, those that are named looked up. Raises ValidationException.

    ``names`` as in ``case_of``.
    """
    saved: dict[tuple[str, str], str] = {}
    if any(isinstance(each, str) for each in mocks.values()):
        rows = list_mocks(state_machine).values_list("state", "name", "response")
        known = {(state, name): response for state, name, response in rows}
        # What was saved for the new name counts.
        saved = {(names.get(state, state), name): text for (state, name), text in known.items()}
        saved |= known
    resolved = {}
    states = {state for state, _ in saved}
    for place, each in mocks.items():
        document = each
        if isinstance(each, str):
            state = parse_place(place, states).state
            text = saved.get((state, each))
            if text is None:
                raise ValidationException(
                    message=f"State '{state}' of the state machine '{state_machine}' has no mock "
                    f"called '{each}'."
                )
            document = json_text.loads(text)
        resolved[place] = _read(place, document)
    return resolved


def check_values(values: TestValues) -> None:
    """Refuse what is no test: ValidationException, InvalidExecutionInput."""
    check_input(values.input)
    if values.expected_status is not None and values.expected_status not in STATUSES:
        raise ValidationException(message=f"The expected status is one of {', '.join(STATUSES)}.")
    if values.expected_output is not None:
        try:
            json_text.loads(values.expected_output)
        except json_text.InvalidJson as fault:
            raise ValidationException(
                message=f"The expected output is not JSON: {fault.message}"
            ) from None
    for place, each in values.mocks.items():
        if not isinstance(each, str):
            _read(place, each)


def _read(place: str, document: Json) -> Response:
    try:
        return read_response(document)
    except InvalidResponse as fault:
        raise ValidationException(message=f"The mock of '{place}': {fault}") from None


def _columns(values: TestValues) -> dict[str, Any]:
    check_values(values)
    mocks = json_text.dumps(values.mocks)
    if len(mocks) > MAX_MOCKS_CHARACTERS:
        raise ValidationException(
            message=f"The mocks of a test have {MAX_MOCKS_CHARACTERS} characters at most."
        )
    path = values.expected_path
    return {
        "name": values.name,
        "input": values.input,
        "mocks": mocks,
        "expected_status": values.expected_status,
        "expected_output": values.expected_output,
        "expected_error": values.expected_error,
        "expected_cause": values.expected_cause,
        "expected_path": None if path is None else json_text.dumps(path),
    }
