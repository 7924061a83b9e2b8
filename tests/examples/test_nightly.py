"""The nightly example, whole: the durable runtime, a real Map Run, files in a real folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from executions.actions.executions import start_execution
from executions.integrations import lambda_function
from executions.integrations.functions.aws_lambda import AwsLambda
from executions.integrations.functions.folders import FunctionFolders
from executions.integrations.functions.service import FunctionService
from executions.models import Execution, MapRun
from executions.runtime.invariants import check_invariants
from studio.actions.state_machines import create_state_machine
from tests.examples.conftest import EXAMPLES
from tests.executions.runtime.working import work

pytestmark = pytest.mark.django_db(transaction=True)

NIGHTLY = EXAMPLES / "nightly"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """The example's functions and folders; where its pages are written."""
    settings.OBJECTS = str(tmp_path / "objects")
    monkeypatch.setenv("STEPWELL_OBJECTS", settings.OBJECTS)
    monkeypatch.setenv("STEPWELL_FILES", str(tmp_path / "files"))
    service = FunctionService(
        FunctionFolders([NIGHTLY / "functions"], reload=False),
        AwsLambda(),
        region="us-east-1",
        account="123456789012",
    )
    monkeypatch.setattr(lambda_function, "function_service", lambda: service)
    return tmp_path / "files"


def run(name: str) -> tuple[Execution, Any]:
    create_state_machine(
        name="nightly-orders",
        definition=(NIGHTLY / "definition.asl.json").read_text(),
        role_arn="arn:aws:iam::123456789012:role/tests",
    )
    start_execution("nightly-orders", name="night", input=(NIGHTLY / name).read_text())
    work()
    execution = Execution.objects.get(map_run_id=None)
    assert check_invariants() == []
    return execution, json.loads(execution.output or "null")


def test_one_bad_batch_is_left_out_and_named(files: Path) -> None:
    execution, output = run("input.json")
    assert execution.status == "SUCCEEDED", (execution.error, execution.cause)
    assert output["orders"] == 1900
    assert output["revenue"] > 10_000
    (problem,) = output["badBatches"]
    assert problem.startswith("Orders 601 to 700: order 642 has the quantity")
    assert output["url"] == "/files/nightly/night/chart.svg"
    chart = (files / "nightly/night/chart.svg").read_text()
    assert chart.count("<rect") == 5  # the ground, and a bar for each kind of goods
    report = (files / "nightly/night/report.html").read_text()
    assert "Orders 601 to 700" in report
    assert "<svg" in report
    counts = MapRun.objects.get()
    assert counts.status == "SUCCEEDED"


def test_a_night_without_problems(files: Path) -> None:
    _, output = run("inputs/all-well.json")
    assert (output["orders"], output["badBatches"]) == (2000, [])
    assert "Every batch was well" in (files / "nightly/night/report.html").read_text()


def test_two_bad_batches_are_too_many(files: Path) -> None:
    execution, _ = run("inputs/two-bad-batches.json")
    assert (execution.status, execution.error) == ("FAILED", "TooManyBadBatches")
    assert not files.exists()
