"""Runs every case of ``cases/`` on the pure machine."""

from __future__ import annotations

import pytest

from tests.conformance.case_files import CASES
from tests.conformance.checks import check_expected
from tests.conformance.script import Case
from tests.conformance.world import MachineWorld


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case, machine: MachineWorld) -> None:
    check_expected(machine.run(case), case)


def test_titles_are_unique() -> None:
    titles = [parameter.id for parameter in CASES]
    assert len(set(titles)) == len(titles)
