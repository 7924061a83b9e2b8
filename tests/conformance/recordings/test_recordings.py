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

OF_THE_API = ("base/event_bridge", "express/", "local_mocking/", "sfn_api", "test_state.")
"""Where there are recordings of what the API answers: ``tests/wire/test_recordings.py`` asks for
that; ``test_recorded_events.py`` and ``test_recorded_logs.py`` beside triggers and it have the
others."""


def is_for_the_machine(recording: Recording) -> bool:
    """Whether there is a history, a log, an outcome or a refusal, which the pure machine gives."""
    known = recording.executions() or recording.outcomes() or recording.refusal()
    return bool(known or recording.logged())


def cases() -> list[object]:
    found = []
    for recording in RECORDINGS:
        name = f"{recording.group}/{recording.name}"
        if is_for_the_machine(recording):
            found.append(pytest.param(recording, id=name))
        else:
            assert name.startswith(OF_THE_API), f"nobody asks for {name}"
    return found


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
