"""Nothing in an expression runs for long, fills the memory, or escapes as a Python exception."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.studio.asl.hostile_expressions import entries

SECONDS = 5.0
"""Of processor time. The limit is one; a machine that is busy with other things takes longer."""

MEGABYTES = 320
"""What an entry may take: 230 of what is counted, and what comes with it."""

ENDINGS = {
    "JSONata": {"States.QueryEvaluationError", "refused"},
    "JSONPath": {
        "States.Runtime",
        "States.DataLimitExceeded",
        "refused",
    },
    "linear": {"value"},
    "linear query": {"value"},
}


@pytest.fixture(scope="module")
def seen() -> dict[tuple[str, str], dict[str, Any]]:
    """What came of each, in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.studio.asl.hostile_expressions"],
        stdout=subprocess.PIPE,
        timeout=600,
        check=False,
    )
    lines = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    return {(each["kind"], each["name"]): each for each in lines}


@pytest.mark.parametrize(("kind", "name"), entries())
def test_contained(kind: str, name: str, seen: dict[tuple[str, str], dict[str, Any]]) -> None:
    found = seen[kind, name]
    assert found["ending"] in ENDINGS[kind], found
    if kind == "JSONata" and found["ending"] != "refused":
        assert "threw an error during evaluation" in found["cause"]
    assert found["seconds"] < SECONDS
    assert found["megabytes"] < MEGABYTES
