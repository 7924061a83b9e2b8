"""What all Worlds share: the pure machine, and the object store that cases read and write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from tests.conformance.case_files import CASES
from tests.conformance.world import MachineWorld

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", autouse=True)
def objects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Write the objects of all cases; each has buckets of its own."""
    folder = tmp_path_factory.mktemp("objects")
    for parameter in CASES:
        for name, text in parameter.values[0].get("objects", {}).items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    before = settings.OBJECTS
    settings.OBJECTS = str(folder)
    yield
    settings.OBJECTS = before


@pytest.fixture(scope="module")
def machine() -> MachineWorld:
    """The pure machine, which the other Worlds are compared with."""
    return MachineWorld()
