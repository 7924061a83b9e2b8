"""The events that Step Functions put to EventBridge when it was recorded, and ours."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from executions.actions.executions import start_execution
from executions.actions.triggers import status_events
from executions.models import Event, Execution, Webhook
from tests.conformance.recordings.placeholders import learn_names
from tests.conformance.recordings.reading import read_recordings, recordings_folder
from tests.conftest import MakeMachine
from tests.executions.runtime.working import work

FOLDER = recordings_folder()
PATIENCE = 60.0

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        FOLDER is None, reason="no recordings here: set STEPWELL_RECORDINGS to their folder"
    ),
]


def test_changes_of_status_are_told_as_they_were_recorded(make_machine: MakeMachine) -> None:
    assert FOLDER is not None
    (recording,) = [
        each
        for each in read_recordings(FOLDER)
        if each.group == "base" and each.name.startswith("event_bridge_events_base")
    ]
    (created,) = recording.params("CreateStateMachine")
    (started,) = recording.params("StartExecution")
    machine = make_machine(json.loads(created["definition"]))
    Webhook.objects.create(state_machine=machine, url="https://hears.example", encrypted_secret="")

    start_execution(machine.name, input=started["input"])
    until = time.monotonic() + PATIENCE
    while Execution.objects.filter(status="RUNNING").exists():
        assert time.monotonic() < until
        work()
        time.sleep(0.05)
    while status_events.publish():
        pass

    told: list[Any] = [json.loads(event.text) for event in Event.objects.order_by("id")]
    recorded = recording.recorded["stepfunctions_events"]
    assert len(told) == len(recorded) == 2
    names: Any = {}
    for theirs, ours in zip(recorded, told, strict=True):
        learnt = learn_names(theirs, with_texts(ours, theirs["detail"]["name"]), names)
        assert learnt is not None, (theirs, ours)
        names = learnt


def with_texts(event: Any, name: str) -> Any:
    """The event with what the recording has placeholders for in its own words."""
    detail = event["detail"]
    assert isinstance(detail["startDate"], int)
    assert (detail["stopDate"] is None) is (detail["status"] == "RUNNING")
    shown = {"name": name, "startDate": str(detail["startDate"]), "stopDate": "stop-date"}
    return {**event, "detail": {**detail, **shown}}
