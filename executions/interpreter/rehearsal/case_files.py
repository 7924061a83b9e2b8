"""Files of mocks and test cases: AWS Step Functions Local's MockConfigFile, and some more.

Ours beside ``TestCases`` is ``Tests``: a case's Input and what is expected of it. ``Definition``
names the file that is tested. A mock in TestCases may be a response itself instead of its name.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from executions.interpreter.rehearsal.answers import InvalidResponse, read_response
from executions.interpreter.rehearsal.cases import Case
from executions.interpreter.rehearsal.expectations import Expectation
from studio.asl import json_text
from studio.asl.definition import Json

STATUSES: Final = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
_EXPECTED: Final = ("Status", "Output", "Error", "Cause", "Path")


class InvalidCaseFile(ValueError):
    """The file cannot be used; the text says where and why."""


@dataclass(slots=True)
class FileCase:
    """A case of a file. ``mocks`` are names of responses, or responses, by places."""

    name: str
    input: str
    mocks: dict[str, Json]
    expected: Expectation


@dataclass(slots=True)
class FileMachine:
    """A state machine of a file; ``definition`` is the path that it names, if any."""

    name: str
    definition: str | None
    cases: list[FileCase] = field(default_factory=list)


@dataclass(slots=True)
class CaseFile:
    """What a file holds. ``responses`` are mocked responses by names, as JSON."""

    machines: list[FileMachine]
    responses: dict[str, Json]

    def case(self, case: FileCase) -> Case:
        """Make a case ready to run: the names of responses looked up."""
        mocks = {
            place: read_response(self.responses[each] if isinstance(each, str) else each)
            for place, each in case.mocks.items()
        }
        return Case(case.input, mocks, case.expected)


def read_case_file(document: Json) -> CaseFile:
    """Read a file's JSON. Raises InvalidCaseFile."""
    file = _object(document, "The file")
    _only(file, ("StateMachines", "MockedResponses"), "The file")
    responses = _object(file.get("MockedResponses", {}), "MockedResponses")
    for name, response in responses.items():
        _check_response(response, f"MockedResponses: '{name}'")
    machines = _object(file.get("StateMachines"), "StateMachines")
    return CaseFile(
        [_read_machine(name, each, responses) for name, each in machines.items()], responses
    )


def write_case_file(file: CaseFile, *, for_local: bool = False) -> dict[str, Any]:
    """Write what ``read_case_file`` reads; ``for_local`` leaves out what is not AWS's."""
    responses = dict(file.responses)
    machines: dict[str, Any] = {}
    for machine in file.machines:
        cases: dict[str, Any] = {}
        tests: dict[str, Any] = {}
        for case in machine.cases:
            mocks = dict(case.mocks)
            if for_local:
                mocks = {}
                for place, each in case.mocks.items():
                    name = each
                    if not isinstance(each, str):
                        name = f"{case.name}.{place}"
                        responses[name] = each
                    mocks[place] = name
            cases[case.name] = mocks
            tests[case.name] = _write_test(case)
        machines[machine.name] = {"TestCases": cases}
        if not for_local:
            machines[machine.name]["Tests"] = tests
            if machine.definition is not None:
                machines[machine.name]["Definition"] = machine.definition
    if for_local:
        responses = {name: _for_local(each) for name, each in responses.items()}
    return {"StateMachines": machines, "MockedResponses": responses}


def _read_machine(name: str, document: Json, responses: dict[str, Json]) -> FileMachine:
    where = f"State machine '{name}'"
    machine = _object(document, where)
    _only(machine, ("Definition", "TestCases", "Tests"), where)
    definition = machine.get("Definition")
    if definition is not None and not isinstance(definition, str):
        raise InvalidCaseFile(f"{where}: Definition is the path of a file.")
    cases = _object(machine.get("TestCases", {}), f"{where}: TestCases")
    tests = _object(machine.get("Tests", {}), f"{where}: Tests")
    return FileMachine(
        name,
        definition,
        [
            _read_case(each, cases.get(each, {}), tests.get(each, {}), responses, where)
            for each in dict.fromkeys((*cases, *tests))
        ],
    )


def _read_case(
    name: str, mocks: Json, test: Json, responses: dict[str, Json], machine: str
) -> FileCase:
    where = f"{machine}: test '{name}'"
    used = _object(mocks, where)
    for place, each in used.items():
        if not isinstance(each, str):
            _check_response(each, f"{where}: the mock of '{place}'")
        elif each not in responses:
            raise InvalidCaseFile(
                f"{where}: '{place}' uses '{each}', which is not among MockedResponses."
            )
    said = _object(test, where)
    _only(said, ("Input", "Expect"), where)
    expect = _object(said.get("Expect", {}), f"{where}: Expect")
    _only(expect, _EXPECTED, f"{where}: Expect")
    status, path = expect.get("Status"), expect.get("Path")
    if status is not None and status not in STATUSES:
        raise InvalidCaseFile(f"{where}: Status is one of {', '.join(STATUSES)}.")
    if path is not None and not (
        isinstance(path, list) and all(isinstance(each, str) for each in path)
    ):
        raise InvalidCaseFile(f"{where}: Path is a list of states' names.")
    for member in ("Error", "Cause"):
        if not isinstance(expect.get(member), str | None):
            raise InvalidCaseFile(f"{where}: {member} is a text.")
    return FileCase(
        name,
        json_text.dumps(said.get("Input", {})),
        used,
        Expectation(
            status=status,
            output=json_text.dumps(expect["Output"]) if "Output" in expect else None,
            error=expect.get("Error"),
            cause=expect.get("Cause"),
            path=None if path is None else tuple(path),
        ),
    )


def _write_test(case: FileCase) -> dict[str, Any]:
    expected = case.expected
    expect: dict[str, Any] = {
        "Status": expected.status,
        "Error": expected.error,
        "Cause": expected.cause,
        "Path": None if expected.path is None else list(expected.path),
    }
    expect = {name: value for name, value in expect.items() if value is not None}
    if expected.output is not None:
        expect["Output"] = json_text.loads(expected.output)
    document: dict[str, Any] = {"Input": json_text.loads(case.input)}
    if expect:
        document["Expect"] = expect
    return document


def _for_local(response: Json) -> dict[str, Any]:
    """Leave AfterSeconds out, and number what is for every attempt."""
    assert isinstance(response, dict)
    if "Return" in response or "Throw" in response:
        response = {"0-999": response}
    return {
        attempts: {name: value for name, value in each.items() if name != "AfterSeconds"}
        for attempts, each in response.items()
    }


def _check_response(document: Json, where: str) -> None:
    try:
        read_response(document)
    except InvalidResponse as fault:
        raise InvalidCaseFile(f"{where}: {fault}") from None


def _object(document: Json, where: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise InvalidCaseFile(f"{where} is missing, or no object.")
    return document


def _only(document: dict[str, Any], members: tuple[str, ...], where: str) -> None:
    for name in document:
        if name not in members:
            raise InvalidCaseFile(f"{where} has '{name}'; it may have {', '.join(members)}.")
