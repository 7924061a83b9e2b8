"""The thread that carries out replays: it goes on while there are any, and after a fault."""

from __future__ import annotations

import threading

import pytest

from executions.actions import replays
from executions.actions.replays import Replayer


def test_it_carries_out_what_there_is_and_survives_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replays.time, "sleep", lambda _: None)
    waiting = ["first", "fault", "second"]
    done: list[str] = []
    ended = threading.Event()

    def carry_out() -> bool:
        if not waiting:
            ended.set()
            return False
        done.append(waiting.pop(0))
        if done[-1] == "fault":
            ended.set()
            raise RuntimeError("the database is away")
        return True

    replayer = Replayer(carry_out)
    replayer.nudge()
    assert ended.wait(60)
    ended.clear()
    replayer.nudge()
    assert ended.wait(60)
    assert done == ["first", "fault", "second"]
