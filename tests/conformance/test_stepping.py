"""Every case again, paused before and after each state and continued: nothing is different."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from tests.conformance.case_files import CASES
from tests.conformance.script import Case
from tests.conformance.world import MachineWorld

PLAIN = MachineWorld()
STEPPED = MachineWorld(stepping=True)


@pytest.mark.parametrize("case", CASES)
def test_pausing_everywhere_changes_nothing(case: Case) -> None:
    plain, stepped = PLAIN.run(case), STEPPED.run(case)
    for event, wanted in zip(stepped.events, plain.events, strict=False):
        assert event == wanted
    assert asdict(stepped) == asdict(plain)
