"""Runs every case of ``cases/`` on the durable runtime, with a real PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from executions.runtime.invariants import check_invariants
from tests.conformance.case_files import CASES
from tests.conformance.checks import cases_to_play, check, emptied_tables
from tests.conformance.runtime_world import RuntimeWorld
from tests.conformance.script import Case
from tests.conformance.world import MachineWorld

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest) -> Iterator[RuntimeWorld]:
    """A World that has played the cases of this test run."""
    cases = cases_to_play(request)
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock(), emptied_tables():
        world = RuntimeWorld()
        world.play(cases)
        assert [str(each) for each in check_invariants()] == []
        yield world


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case, world: RuntimeWorld, machine: MachineWorld) -> None:
    check(world.run(case), case, machine)
