"""What a distributed Map reads and writes is held against the role of its state machine."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from executions.models import MapRun
from executions.runtime.invariants import check_invariants
from tests.conftest import ROLE, event_types
from tests.executions.runtime.test_permissions import (  # noqa: F401 - a fixture
    _looked_at_anew,
    allow,
    save,
)
from tests.executions.runtime.working import work

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeMachine, StartExecution

pytestmark = pytest.mark.django_db(transaction=True)

IN, OUT = "arn:aws:s3:::night-orders", "arn:aws:s3:::night-results"
READ = allow("s3:GetObject", f"{IN}/*")
LIST = allow("s3:ListBucket", IN)
WRITE = allow("s3:PutObject", f"{OUT}/*")


@pytest.fixture
def objects(tmp_path: Path, settings: Any) -> Path:
    """A folder of objects: a data set, an inventory whose file is elsewhere, an empty bucket."""
    settings.OBJECTS = str(tmp_path)
    for bucket in ("night-orders", "night-results", "elsewhere"):
        (tmp_path / bucket).mkdir()
    (tmp_path / "night-orders" / "one.json").write_text("[1,2]")
    listing = b'"night-orders","one.json"\n'
    (tmp_path / "elsewhere" / "list.csv").write_bytes(listing)
    manifest = {
        "destinationBucket": "arn:aws:s3:::elsewhere",
        "fileFormat": "CSV",
        "fileSchema": "Bucket, Key",
        "files": [
            {
                "key": "list.csv",
                "size": len(listing),
                "MD5checksum": hashlib.md5(listing).hexdigest(),
            }
        ],
    }
    (tmp_path / "night-orders" / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def machine(action: str = "getObject", key: str = "one.json", kind: str = "JSON") -> dict[str, Any]:
    where = {"Bucket": "night-orders", **({"Key": key} if action == "getObject" else {})}
    state = {
        "Type": "Map",
        "Label": "Each",
        "ItemReader": {
            "Resource": f"arn:aws:states:::s3:{action}",
            "Parameters": where,
            **({"ReaderConfig": {"InputType": kind}} if action == "getObject" else {}),
        },
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "Done",
            "States": {"Done": {"Type": "Pass", "End": True}},
        },
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket": "night-results", "Prefix": "of"},
        },
        "Catch": [{"ErrorEquals": ["States.Permissions"], "Next": "Refused"}],
        "End": True,
    }
    return {"StartAt": "Each", "States": {"Each": state, "Refused": {"Type": "Pass", "End": True}}}


@pytest.mark.parametrize(
    ("definition", "statements", "missing"),
    [
        (machine(), [READ, WRITE], None),
        (machine(), [WRITE], f"s3:GetObject on resource: {IN}/one.json "),
        (machine(), [READ], f"s3:PutObject on resource: {OUT}/of/"),
        (
            machine(),
            [READ, WRITE, {**allow("s3:*", f"{IN}/one.json"), "Effect": "Deny"}],
            f"s3:GetObject on resource: {IN}/one.json with an explicit deny",
        ),
        (machine("listObjectsV2"), [LIST, WRITE], None),
        (machine("listObjectsV2"), [READ, WRITE], f"s3:ListBucket on resource: {IN} "),
        (
            machine(key="manifest.json", kind="MANIFEST"),
            [READ, WRITE],
            "s3:GetObject on resource: arn:aws:s3:::elsewhere/list.csv ",
        ),
        (
            machine(key="manifest.json", kind="MANIFEST"),
            [READ, WRITE, allow("s3:GetObject", "arn:aws:s3:::elsewhere/*")],
            None,
        ),
    ],
)
def test_a_map_reads_and_writes_what_its_role_allows(
    make_machine: MakeMachine,
    start: StartExecution,
    objects: Path,
    definition: dict[str, Any],
    statements: list[dict[str, Any]],
    missing: str | None,
) -> None:
    stored = make_machine(definition)
    save(ROLE, *statements)
    execution = start(stored)
    work()
    execution.refresh_from_db()
    run = MapRun.objects.get(execution_id=execution.pk)
    written = list((objects / "night-results").rglob("manifest.json"))
    assert execution.status == "SUCCEEDED", execution.cause
    if missing is None:
        assert run.status == "SUCCEEDED"
        assert len(written) == 1
    else:
        assert (run.status, run.error) == ("FAILED", "States.Permissions")
        assert run.cause is not None
        assert f"is not authorized to perform: {missing}" in run.cause
        assert json.loads(execution.output or "null")["Error"] == "States.Permissions"
        assert "MapRunFailed" in event_types(execution)
        assert written == []
    assert check_invariants() == []


def test_a_role_that_nobody_saved(
    make_machine: MakeMachine, start: StartExecution, objects: Path, settings: Any
) -> None:
    stored = make_machine(machine())
    for unknown, status in (("allow", "SUCCEEDED"), ("refuse", "FAILED")):
        settings.UNKNOWN_ROLES = unknown
        execution = start(stored)
        work()
        assert MapRun.objects.get(execution_id=execution.pk).status == status
    assert objects.exists()
