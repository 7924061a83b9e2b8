"""Every recorded history of the real service comes out of our machine, event by event."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from executions.items.folder_store import FolderStore
from studio.asl.errors import InvalidDefinition
from studio.asl.parse import parse
from tests.conformance.recordings.comparison import first_difference, first_log_difference
from tests.conformance.recordings.playing import play, play_logs
from tests.conformance.recordings.reading import Recording, read_recordings, recordings_folder

FOLDER = recordings_folder()
RECORDINGS = [] if FOLDER is None else read_recordings(FOLDER)

NO_HISTORY = "no history: it records what the API answers, which tests/wire/test_recordings.py asks"


def reason_to_wait(recording: Recording) -> str | None:
    if not (recording.executions() or recording.outcomes() or recording.refusal()):
        return NO_HISTORY
    return None


def cases() -> list[object]:
    return [
        pytest.param(
            recording,
            id=f"{recording.group}/{recording.name}",
            marks=[pytest.mark.skip(reason=reason)]
            if (reason := reason_to_wait(recording))
            else [],
        )
        for recording in RECORDINGS
    ]


@pytest.mark.skipif(
    FOLDER is None, reason="no recordings here: set STEPWELL_RECORDINGS to their folder"
)
@pytest.mark.parametrize("recording", cases())
def test_recording(recording: Recording, settings: Any, tmp_path: Path) -> None:
    settings.OBJECTS = str(tmp_path)
    for execution in recording.executions():
        for each in execution.objects:
            if isinstance(each["Body"], str):
                (tmp_path / each["Bucket"]).mkdir(exist_ok=True)
                FolderStore(tmp_path).write(each["Bucket"], each["Key"], [each["Body"].encode()])
        difference = first_difference(execution.events, play(execution))
        assert difference is None, difference
    for execution, output in recording.outcomes():
        last = play(execution)[-1]
        assert json.loads(last["executionSucceededEventDetails"]["output"]) == output
    logged = recording.logged()
    if logged is not None:
        difference = first_log_difference(logged, play_logs(recording))
        assert difference is None, difference
    refusal = recording.refusal()
    if refusal is not None:
        definition, said = refusal
        with pytest.raises(InvalidDefinition) as refused:
            parse(definition)
        assert json.dumps(f"'{refused.value}'", ensure_ascii=False)[1:-1] in said
