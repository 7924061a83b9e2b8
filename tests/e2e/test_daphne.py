"""The whole installation on the other web server: ``STEPWELL_SERVER=daphne``."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from tests.e2e.installation import boto3_client, running_stack
from tests.e2e.workflows import Workflows, in_sequence

pytestmark = pytest.mark.e2e


def test_a_workflow_runs_and_the_page_is_served(tmp_path: Path) -> None:
    weigh = "arn:aws:lambda:us-east-1:123456789012:function:weigh_parcel"
    tmp_path.chmod(0o755)
    with (
        running_stack(tmp_path / "var", from_nothing=True, STEPWELL_SERVER="daphne") as stack,
        boto3_client(stack) as sfn,
    ):
        command = Path(f"/proc/{stack.processes['web']}/cmdline").read_bytes()
        assert b"daphne" in command.split(b"\0")
        workflows = Workflows(sfn, tmp_path)
        machine = workflows.create(in_sequence(Weigh={"Type": "Task", "Resource": weigh}), "tea")
        execution = workflows.start(machine, {"number": 1, "kilograms": 1})
        assert workflows.wait_for_end(execution) == "SUCCEEDED"
        types = [event["type"] for event in workflows.history(execution)]
        assert "LambdaFunctionSucceeded" in types
        with urllib.request.urlopen(f"{stack.url}/sign-in/", timeout=30) as page:
            assert page.status == 200
