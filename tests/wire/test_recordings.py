"""Every recorded answer of the real service to a call of the API comes from our server too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from executions.runtime import drain
from tests.conformance.recordings.reading import Recording, read_recordings, recordings_folder
from tests.conformance.recordings.replaying import Replay, first_unmatched
from tests.wire.conftest import COMMITTED, Key, Server, boto3_client

pytestmark = COMMITTED

FOLDER = recordings_folder()
RECORDINGS = [] if FOLDER is None else read_recordings(FOLDER)
GROUPS = ("express", "sfn_api", "test_state.")

NOT_YET = {
    "express/catch": "its Lambda function is not here",
    "express/retry": "its Lambda function is not here",
    "sfn_api_logs/deleted_log_group": "there is no log service here that could lose a group",
    "test_state.field_validation_mode/strict_mode_aws_sdk_lambda_get_function_task_integer_more": (
        "functions may have more memory by now"
    ),
    "test_state.field_validation_mode_present/present_mode_aws_sdk_lambda_get_function_task_int": (
        "functions may have more memory by now"
    ),
    "test_state.test_state_scenarios/base_lambda_service_task": "the server has no such function",
}
"""What cannot come out right yet: beginnings of ``group/name``, each with the reason."""


def reason_to_wait(name: str) -> str | None:
    return next((why for start, why in NOT_YET.items() if name.startswith(start)), None)


def cases() -> list[object]:
    found = []
    for recording in RECORDINGS:
        if recording.group.startswith(GROUPS):
            name = f"{recording.group}/{recording.name}"
            why = reason_to_wait(name)
            marks = [pytest.mark.skip(reason=why)] if why else []
            found.append(pytest.param(recording, id=name, marks=marks))
    return found


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
def test_recording(recording: Recording, sfn: Any, strict_sfn: Any) -> None:
    replay = Replay(strict_sfn, sfn, drain.drain_executions)
    replay.make_calls(recording)
    unmatched = first_unmatched(recording.recorded, replay.answers)
    assert unmatched is None, unmatched
