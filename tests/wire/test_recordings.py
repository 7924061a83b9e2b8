"""Every recorded answer of the real service to a call of the API comes from our server too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from executions.runtime import drain
from tests.conformance.recordings.functions import write_functions
from tests.conformance.recordings.reading import Recording, read_recordings, recordings_folder
from tests.conformance.recordings.replaying import Replay, first_unmatched
from tests.wire.conftest import (
    COMMITTED,
    Key,
    Server,
    boto3_client,
    start_server,
    stop_server,
)

pytestmark = COMMITTED

FOLDER = recordings_folder()
RECORDINGS = [] if FOLDER is None else read_recordings(FOLDER)
GROUPS = ("express", "sfn_api", "test_state.")
ALSO = ("local_mocking/lambda_service_invoke_sync_execution",)

ELSEWHERE = ("express/retry-f6579a", "sfn_api_logs/deleted_log_group")
"""These need CloudWatch Logs: ``test_recorded_logs.py``."""


def cases() -> list[object]:
    found = []
    for recording in RECORDINGS:
        name = f"{recording.group}/{recording.name}"
        if name.startswith(ELSEWHERE):
            continue
        if recording.group.startswith(GROUPS) or name.startswith(ALSO):
            found.append(pytest.param(recording, id=name))
    return found


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the server's functions."""
    return tmp_path_factory.mktemp("functions")


@pytest.fixture(scope="module")
def running_server(
    django_db_setup: None,
    django_db_blocker: Any,
    functions: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """A server that has the functions of recordings."""
    folder = tmp_path_factory.mktemp("recordings")
    server = start_server("daphne", folder, STEPWELL_FUNCTIONS=str(functions))
    yield server
    stop_server(server)


@pytest.fixture
def strict_sfn(server: Server, key: Key) -> Iterator[Any]:
    """A client that checks parameters itself, as every client does unless told otherwise."""
    client = boto3_client(server, key, parameter_validation=True)
    yield client
    client.close()


@pytest.mark.skipif(
    FOLDER is None, reason="no recordings here: set STEPWELL_RECORDINGS to their folder"
)
@pytest.mark.parametrize("recording", cases())
def test_recording(recording: Recording, functions: Path, sfn: Any, strict_sfn: Any) -> None:
    write_functions(recording, functions)
    replay = Replay(strict_sfn, sfn, drain.drain_executions)
    replay.make_calls(recording)
    unmatched = first_unmatched(recording.recorded, replay.answers)
    assert unmatched is None, unmatched
