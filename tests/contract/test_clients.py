"""boto3, the AWS CLI and AWS's SDK for JavaScript do everything that the API offers, unchanged."""

from __future__ import annotations

import os

import pytest

from executions.runtime import drain
from studio.aws.model import service_model
from tests.contract.clients import (
    JAVASCRIPT,
    environment,
    through_aws_cli,
    through_boto3,
    through_javascript,
)
from tests.contract.story import Call, Members, tell
from tests.wire.conftest import COMMITTED, Key, Server, boto3_client

pytestmark = COMMITTED


def tell_it_all(call: Call) -> None:
    """Tell the story; every operation of the model has to come up in it."""
    called = set()

    def noted(operation: str, members: Members) -> Members:
        called.add(operation)
        return call(operation, members)

    tell(noted, lambda: drain.drain_executions() and None)
    assert called == set(service_model().operation_names)


def test_boto3(server: Server, key: Key) -> None:
    # With the client's own check of parameters; every answer is held against the model.
    client = boto3_client(server, key, parameter_validation=True)
    tell_it_all(through_boto3(client))
    client.close()


def test_aws_cli(server: Server, key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(server, key).items():
        monkeypatch.setenv(name, value)
    tell_it_all(through_aws_cli())


def test_javascript(server: Server, key: Key) -> None:
    assert (JAVASCRIPT / "node_modules").is_dir(), (
        f"The SDK is not installed: `make test` does it, or `npm ci` in {JAVASCRIPT}."
    )
    variables = {**os.environ, **environment(server, key)}
    # The one variable that this SDK has another name for.
    variables["AWS_REGION"] = variables["AWS_DEFAULT_REGION"]
    with through_javascript(variables) as call:
        tell_it_all(call)
