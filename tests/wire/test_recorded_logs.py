"""The recordings that take CloudWatch Logs: a lost group, the log of an Express execution."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.db import connections

from executions.integrations.aws.cloudwatch_logs import CloudWatchLogs
from executions.integrations.aws.connections import Connections
from executions.integrations.aws.connections import connections as aws_connections
from executions.integrations.functions.aws_lambda import AwsLambda
from executions.integrations.functions.folders import FunctionFolders
from executions.integrations.functions.service import FunctionService
from executions.integrations.lambda_function import LambdaFunction
from executions.runtime import express_log, performance
from executions.runtime.express import execution, rows
from executions.runtime.express.execution import run
from studio.actions.configurations import log_group_of
from tests.conformance.recordings.functions import write_functions
from tests.conformance.recordings.reading import Recording, read_recordings, recordings_folder
from tests.conformance.recordings.replaying import Replay, first_unmatched
from tests.executions.conftest import moto_address  # noqa: F401 - a fixture
from tests.wire.conftest import COMMITTED, Server, start_server, stop_server

FOLDER = recordings_folder()
PATIENCE = 60.0
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
"""moto tells services apart by what is signed."""

pytestmark = [
    COMMITTED,
    pytest.mark.skipif(
        FOLDER is None, reason="no recordings here: set STEPWELL_RECORDINGS to their folder"
    ),
]


def recording_of(group: str, name: str) -> Recording:
    assert FOLDER is not None
    (found,) = [
        each
        for each in read_recordings(FOLDER)
        if each.group == group and each.name.startswith(name)
    ]
    return found


@pytest.fixture(scope="module")
def running_server(
    django_db_setup: None,
    django_db_blocker: Any,
    moto_address: str,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """A server whose executions are logged to moto's CloudWatch Logs, and to nothing else of it."""
    server = start_server(
        "daphne",
        tmp_path_factory.mktemp("logs"),
        STEPWELL_EVENT_LOG="cloudwatch",
        AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=moto_address,
        **CREDENTIALS,
    )
    yield server
    stop_server(server)


@pytest.fixture
def logs(
    moto_address: str,  # noqa: F811
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Any]:
    """A client of CloudWatch Logs, where this process logs to, too."""
    settings.EVENT_LOG = "cloudwatch"
    for name, value in (*CREDENTIALS.items(), ("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", moto_address)):
        monkeypatch.setenv(name, value)
    aws_connections.cache_clear()
    found = CloudWatchLogs(Connections())
    monkeypatch.setattr(express_log, "cloudwatch_logs", lambda: found)
    client = boto3.client("logs", region_name="us-east-1", endpoint_url=moto_address)
    yield client
    client.close()
    aws_connections.cache_clear()


def test_a_log_group_that_is_gone(sfn: Any, logs: Any) -> None:
    recording = recording_of("sfn_api_logs", "deleted_log_group")
    replay = Replay(sfn, sfn, lambda: None)
    replay.make_calls(recording)
    unmatched = first_unmatched(recording.recorded, replay.answers)
    assert unmatched is None, unmatched

    # Where it is not gone nothing is refused.
    (params,) = recording.params("CreateStateMachine")
    group = log_group_of(params["loggingConfiguration"])
    assert group is not None
    logs.create_log_group(logGroupName=group.name)
    assert sfn.create_state_machine(**params)["stateMachineArn"]


def test_the_log_of_an_express_execution(
    sfn: Any, logs: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = recording_of("express", "retry-f6579a")
    write_functions(recording, tmp_path)
    functions = FunctionService(
        FunctionFolders((tmp_path,), reload=True, look_every=0.0),
        AwsLambda(),
        region="us-east-1",
        account="123456789012",
    )
    monkeypatch.setattr(performance, "integration_for", lambda _: LambdaFunction(functions))
    # The threads that perform tasks stay; their connections must not.
    monkeypatch.setattr(execution, "close_old_connections", connections.close_all)
    (params,) = recording.params("CreateStateMachine")
    group = log_group_of(params["loggingConfiguration"])
    assert group is not None
    logs.create_log_group(logGroupName=group.name)

    replay = Replay(sfn, sfn, run_express_executions)
    replay.make_calls(recording)
    replay.answers.append(("the log", [latest_event(logs, group.name)]))
    unmatched = first_unmatched(recording.recorded, replay.answers)
    assert unmatched is None, unmatched


def run_express_executions() -> None:
    """Do what a worker does with those that were started."""
    taken = rows.take(10)
    assert len(taken) == 1
    run(taken[0].start)
    rows.take(0, finished=taken)


def latest_event(logs: Any, group: str) -> Any:
    """The last event of the group, once the execution's end is among them."""
    assert express_log._waiting is not None
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        express_log._waiting.flush()
        lines = [
            json.loads(event["message"])
            for event in logs.filter_log_events(logGroupName=group)["events"]
        ]
        ended = [line for line in lines if line["type"] == "ExecutionSucceeded"]
        if ended:
            assert max(lines, key=lambda line: int(line["id"])) == ended[0]
            return ended[0]
        time.sleep(0.1)
    pytest.fail("the end of the execution is not logged")
