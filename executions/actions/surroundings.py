"""Saved test cases and mocks as they stand around a definition: see ``studio.surroundings``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from executions.actions.mocked_responses import list_mocks
from executions.actions.workflow_tests import list_tests, values_of
from studio.asl import json_text
from studio.surroundings import kept

if TYPE_CHECKING:
    from studio.asl.definition import Json

_MEMBERS: Final = {
    "input": "input",
    "expected_status": "expectedStatus",
    "expected_output": "expectedOutput",
    "expected_error": "expectedError",
    "expected_cause": "expectedCause",
    "expected_path": "expectedPath",
}

LONGEST_TEST: Final = 20_000
"""Characters of a test; of a longer one only that it changed is told."""


def tests_and_mocks(state_machine: str) -> dict[str, Json]:
    """``tests`` and ``mocks`` of a state machine as they are saved now."""
    tests: dict[str, Json] = {}
    for test in list_tests(state_machine):
        values = values_of(test)
        members = {wire: kept(getattr(values, name)) for name, wire in _MEMBERS.items()}
        members["mocks"] = {place: kept(mock) for place, mock in values.mocks.items()}
        # One recorded from an execution of thousands of tasks has as many mocks.
        tests[test.name] = kept(members, LONGEST_TEST)
    mocks: dict[str, dict[str, Json]] = {}
    for state, name, response in list_mocks(state_machine).values_list("state", "name", "response"):
        mocks.setdefault(state, {})[name] = kept(json_text.loads(response))
    return {"tests": tests, "mocks": dict(mocks)}
