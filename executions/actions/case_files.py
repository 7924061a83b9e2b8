"""Mocks and tests of a state machine, brought in from a file and given out as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from executions.actions.mocked_responses import list_mocks, response_text
from executions.actions.workflow_tests import (
    MAX_TESTS,
    TestValues,
    create_test,
    list_tests,
    update_test,
    values_of,
)
from executions.interpreter.rehearsal.case_files import (
    CaseFile,
    FileCase,
    FileMachine,
    InvalidCaseFile,
    read_case_file,
    write_case_file,
)
from executions.interpreter.rehearsal.expectations import Expectation
from executions.interpreter.rehearsal.places import parse_place
from executions.models import MockedResponse
from studio import arns
from studio.actions.audit import record
from studio.actions.names import check_name
from studio.asl import json_text
from studio.errors import ServiceQuotaExceededException, ValidationException
from studio.models import AuditAction

if TYPE_CHECKING:
    from studio.asl.definition import Json


@dataclass(frozen=True, slots=True)
class Imported:
    """How many tests and mocks were saved, and which responses no test uses: those were not."""

    tests: int
    mocks: int
    unused: list[str]


@transaction.atomic
def import_case_file(state_machine: str, document: Json) -> Imported:
    """Save what a file has for the state machine; tests and mocks of the same names are replaced.

    A file with one state machine is taken whatever that is called there.

    Raises:
        ValidationException: it is none, or has nothing for the state machine.
        ServiceQuotaExceededException: with it there would be too many.
    """
    check_name(arns.short_name(state_machine))
    try:
        file = read_case_file(document)
    except InvalidCaseFile as fault:
        raise ValidationException(message=str(fault)) from None
    short = arns.short_name(state_machine)
    named = [each for each in file.machines if each.name == short]
    machine = named[0] if named else file.machines[0] if len(file.machines) == 1 else None
    if machine is None:
        raise ValidationException(
            message=f"The file has nothing for '{short}'. It has "
            f"{', '.join(each.name for each in file.machines) or 'no state machines'}."
        )
    saved: set[tuple[str, str]] = set()
    tests = {test.name: test for test in list_tests(state_machine)}
    if len(tests.keys() | {case.name for case in machine.cases}) > MAX_TESTS:
        raise ServiceQuotaExceededException(
            message=f"A state machine has {MAX_TESTS} tests at most."
        )
    for case in machine.cases:
        for place, response in case.mocks.items():
            if isinstance(response, str):
                state = parse_place(place, ()).state
                if (state, response) not in saved:
                    _save_mock(state_machine, state, response, file.responses[response])
                    saved.add((state, response))
        values = _values(case)
        test = tests.get(case.name)
        if test is None:
            create_test(state_machine, values)
        else:
            update_test(state_machine, test.pk, test.sequence, values)
    used = {name for _, name in saved}
    unused = [name for name in file.responses if name not in used]
    told = {"tests": len(machine.cases), "mocks": len(saved)}
    record(AuditAction.IMPORT_TESTS, arns.state_machine_arn(state_machine), told)
    return Imported(len(machine.cases), len(saved), unused)


def export_case_file(state_machine: str, *, for_local: bool) -> dict[str, Any]:
    """Give all mocks and tests as a file; ``for_local``: as Step Functions Local takes it.

    A response's name is unique in a file, so where mocks of two states share one and are not the
    same, the state's name is put before it.
    """
    responses: dict[str, Json] = {}
    names: dict[tuple[str, str], str] = {}
    for mock in list_mocks(state_machine):
        response = json_text.loads(mock.response)
        name = mock.name
        if responses.get(name, response) != response:
            name = f"{mock.state}.{mock.name}"
        responses[name] = response
        names[mock.state, mock.name] = name
    states = {state for state, _ in names}
    cases = []
    for test in list_tests(state_machine):
        values = values_of(test)
        mocks: dict[str, Json] = {}
        for place, each in values.mocks.items():
            key = (parse_place(place, states).state, each) if isinstance(each, str) else None
            if key is not None and key not in names:
                continue  # It has been deleted; the test cannot be run.
            mocks[place] = each if key is None else names[key]
        cases.append(FileCase(values.name, values.input, mocks, _expected(values)))
    machine = FileMachine(arns.short_name(state_machine), None, cases)
    return write_case_file(CaseFile([machine], responses), for_local=for_local)


def _save_mock(state_machine: str, state: str, name: str, response: Json) -> None:
    text = response_text(response)
    mock = list_mocks(state_machine).filter(state=state, name=name).first()
    if mock is None:
        mock = MockedResponse(state_machine=state_machine, state=state, name=name, sequence=0)
    elif mock.response == text:
        return
    if len(state) > 80 or len(name) > 80:
        raise ValidationException(
            message=f"Names of mocks and states have 80 characters at most: '{name}' of '{state}'."
        )
    mock.response = text
    mock.sequence += 1
    mock.updated_at = timezone.now()
    mock.save()


def _values(case: FileCase) -> TestValues:
    expected = case.expected
    if not 1 <= len(case.name) <= 80:
        raise ValidationException(message="The name of a test has 1 to 80 characters.")
    return TestValues(
        name=case.name,
        input=case.input,
        mocks=case.mocks,
        expected_status=expected.status,
        expected_output=expected.output,
        expected_error=expected.error,
        expected_cause=expected.cause,
        expected_path=None if expected.path is None else list(expected.path),
    )


def _expected(values: TestValues) -> Expectation:
    return Expectation(
        status=values.expected_status,
        output=values.expected_output,
        error=values.expected_error,
        cause=values.expected_cause,
        path=None if values.expected_path is None else tuple(values.expected_path),
    )
