"""Payloads in log events: whole, left out, or cut to what a log event may hold."""

from __future__ import annotations

import json

import pytest

from executions.interpreter.history import INPUT_END, OUTPUT_END
from executions.interpreter.log_events import PAYLOAD_LIMIT, LogLevel, log_events
from executions.interpreter.messages import HistoryEvent
from executions.interpreter.payload import quote


def logged(payload: str, *, entered: bool = True, include: bool = True) -> dict[str, object]:
    kind, end = ("Entered", INPUT_END) if entered else ("Exited", OUTPUT_END)
    member = "input" if entered else "output"
    details = f'"state{kind}EventDetails":{{"name":"S","{member}":{quote(payload)}{end}'
    event = HistoryEvent(2, 0, f"PassState{kind}", 1.0, details)
    (line,) = log_events([event], LogLevel("ALL", include), "arn", 0)
    found: dict[str, object] = json.loads(line)["details"]
    return found


@pytest.mark.parametrize(
    ("payload", "kept"),
    [
        pytest.param(json.dumps("a" * (PAYLOAD_LIMIT - 4)), None, id="as long as may be"),
        pytest.param(json.dumps("a" * (PAYLOAD_LIMIT - 3)), PAYLOAD_LIMIT - 2, id="a byte more"),
        pytest.param('"' + "é" * 130_000 + '"', 126_976, id="characters of two bytes"),
        pytest.param(
            "[" + '"",' * 60_000 + "1]", 152_371, id="escapes count twice, and stay whole"
        ),
    ],
)
@pytest.mark.parametrize("entered", [True, False])
def test_a_long_payload_is_cut(payload: str, kept: int | None, entered: bool) -> None:
    details = logged(payload, entered=entered)
    member = "input" if entered else "output"
    shown = details[member]
    assert details[f"{member}Details"] == {"truncated": kept is not None}
    assert isinstance(shown, str)
    assert shown == (payload if kept is None else payload[:kept])
    escaped = len(quote(shown).encode()) - 2
    assert PAYLOAD_LIMIT - 2 <= escaped <= PAYLOAD_LIMIT


def test_what_is_left_out_is_not_cut() -> None:
    assert logged(json.dumps("a" * 260_000), include=False) == {"name": "S"}
