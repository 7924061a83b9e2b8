"""A folder of functions that a test writes, and Lambda that looks only there."""

import json
import logging
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from executions.integration import TaskOutcome, TaskRequest
from executions.integrations.functions.aws_lambda import AwsLambda
from executions.integrations.functions.folders import FunctionFolders
from executions.integrations.functions.service import FunctionService
from executions.integrations.lambda_function import LambdaFunction, LambdaInvoke

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"
INVOKE = "arn:aws:states:::lambda:invoke"

Perform = Callable[..., TaskOutcome]


def write(folder: Path, name: str, source: str) -> Path:
    """Write a module as an editor does: beside its place, then moved there."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + "~")
    draft.write_text(textwrap.dedent(source))
    draft.replace(path)
    return path


def request_of(resource: str, parameters: Any, **fields: Any) -> TaskRequest:
    given: dict[str, Any] = {
        "execution_arn": "arn:aws:states:us-east-1:123456789012:execution:orders:one",
        "state_machine_arn": "arn:aws:states:us-east-1:123456789012:stateMachine:orders",
        "state_name": "Pay",
        "task": 3,
        "attempt": 0,
        "resource": resource,
        "parameters": json.dumps(parameters),
        "deadline": None,
        "idempotency_key": "7:3",
    }
    return TaskRequest(**(given | fields))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "functions"
    path.mkdir()
    return path


@pytest.fixture(autouse=True)
def no_aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """This machine's own AWS configuration is none of the tests' business."""
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_LAMBDA",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def service(folder: Path) -> FunctionService:
    return service_of(folder)


def service_of(*folders: Path, reload: bool = True) -> FunctionService:
    return FunctionService(
        FunctionFolders(folders, reload=reload, look_every=0.0),
        AwsLambda(),
        region="us-east-1",
        account="123456789012",
    )


@pytest.fixture
def call(service: FunctionService, caplog: pytest.LogCaptureFixture) -> Perform:
    """Performs ``arn:…:function:NAME`` with an event."""
    caplog.set_level(logging.INFO, "stepwell.functions")

    def perform(name: str, event: Any = None, **fields: Any) -> TaskOutcome:
        return LambdaFunction(service).perform(request_of(ARN + name, event, **fields))

    return perform


@pytest.fixture
def invoke(service: FunctionService) -> Perform:
    """Performs ``lambda:invoke`` with parameters."""

    def perform(parameters: Any, **fields: Any) -> TaskOutcome:
        return LambdaInvoke(service).perform(request_of(INVOKE, parameters, **fields))

    return perform
