"""Every recorded history of the real service comes out of our machine, event by event."""

from __future__ import annotations

import json

import pytest

from studio.asl.errors import InvalidDefinition
from studio.asl.parse import parse
from tests.conformance.recordings.comparison import first_difference, first_log_difference
from tests.conformance.recordings.playing import play, play_logs
from tests.conformance.recordings.reading import Recording, read_recordings, recordings_folder

FOLDER = recordings_folder()
RECORDINGS = [] if FOLDER is None else read_recordings(FOLDER)

NO_HISTORY = "no history: it records what the API answers, which tests/wire/test_recordings.py asks"
DISTRIBUTED = "a Map in DISTRIBUTED mode is not built yet"


def reason_to_wait(recording: Recording) -> str | None:
    if not (recording.executions() or recording.outcomes() or recording.refusal()):
        return NO_HISTORY
    if any('"DISTRIBUTED"' in execution.definition for execution in recording.executions()):
        return DISTRIBUTED
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
def test_recording(recording: Recording) -> None:
    for execution in recording.executions():
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
