"""Carries out replays: leased rows, one after another on a thread of a worker.

A row is taken with a lease and over with its verdict. A worker that dies leaves the row to
whoever looks after the lease; three that were lost with it are enough.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from executions.actions.recorded_tests import whole_history
from executions.actions.rehearsals import ask
from executions.errors import TooManyTests
from executions.interpreter.state import Identity
from executions.models import Execution, Replay
from executions.runtime.rehearsals import processes
from studio.errors import ApiError, ValidationException

if TYPE_CHECKING:
    from collections.abc import Callable

ATTEMPTS = 3
"""Workers that may be lost with a replay before it is given up."""
ROOM_SECONDS = 60.0
"""What a lease lasts longer than a replay may take: for reading, waiting and starting."""

_log = logging.getLogger(__name__)


def carry_out_next() -> bool:
    """Take a replay that waits, carry it out and store its verdict; False where none waits."""
    taken = _take()
    if taken is None:
        return False
    verdict, answer = "FAILED", _failure("FAULT", "The workers that replayed it were lost.")
    if taken.attempt <= ATTEMPTS:
        try:
            answer = _replay(taken)
            verdict = answer["verdict"]
        except processes.RehearsalLost as lost:
            answer = _failure(lost.reason, str(lost))
        except TooManyTests:
            Replay.objects.filter(pk=taken.pk, attempt=taken.attempt).update(
                lease_until=Now() + timedelta(seconds=1), attempt=F("attempt") - 1
            )
            return True
        except ApiError as fault:
            answer = _failure("FAULT", fault.message)
    # Another worker may have it by now, after the lease: then this verdict is not needed.
    Replay.objects.filter(pk=taken.pk, attempt=taken.attempt, verdict__isnull=True).update(
        verdict=verdict, answer=orjson.dumps(answer).decode()
    )
    return True


@transaction.atomic
def _take() -> Replay | None:
    due = Replay.objects.filter(verdict__isnull=True, lease_until__lte=Now())
    replay = due.select_for_update(skip_locked=True).order_by("lease_until", "id").first()
    if replay is None:
        return None
    seconds = settings.REHEARSAL_SECONDS + ROOM_SECONDS
    replay.attempt += 1
    Replay.objects.filter(pk=replay.pk).update(
        attempt=replay.attempt, lease_until=Now() + timedelta(seconds=seconds)
    )
    return replay


def replay_events(replay: Replay) -> tuple[list[str], int]:
    """Replay once more for its history: its first events as JSON texts, and how many it has.

    Raises:
        ValidationException: it cannot be replayed; the replay's own answer says why.
        TooManyTests: as many are under way as may be.
    """
    try:
        answer = _replay(replay, with_events=True)
    except processes.RehearsalLost as lost:
        raise ValidationException(message=str(lost)) from None
    return answer.get("events", []), answer.get("event_count", 0)


def _replay(replay: Replay, *, with_events: bool = False) -> dict[str, Any]:
    execution = (
        Execution.objects.select_related("state_machine", "revision")
        .defer("input", "output", "snapshot")
        .filter(pk=replay.execution_id)
        .first()
    )
    if execution is None:
        return {"verdict": "FAILED", **_failure("FAULT", "The execution has been removed.")}
    machine = execution.state_machine
    identity = Identity(
        execution_arn=execution.arn,
        execution_name=execution.name,
        role_arn=execution.revision.role_arn,
        state_machine_arn=machine.arn,
        state_machine_name=machine.short_name,
        state_machine_version_arn=execution.state_machine_version_arn,
        state_machine_alias_arn=execution.state_machine_alias_arn,
    )
    return ask(
        {
            "do": "replay",
            "ran": execution.revision.definition,
            "other": replay.what_if.definition,
            "identity": asdict(identity),
            "events": whole_history(execution),
            "with_events": with_events,
        }
    )


def _failure(reason: str, message: str) -> dict[str, Any]:
    return {
        "status": None,
        "output": None,
        "error": None,
        "cause": None,
        "divergences": [],
        "stop": {"reason": reason, "place": None, "message": message},
    }


class Replayer:
    """One thread of a process that carries out replays while there are any."""

    def __init__(self, carry_out: Callable[[], bool] = carry_out_next) -> None:
        self._carry_out = carry_out
        self._asked = threading.Event()
        threading.Thread(target=self._serve, name="replays", daemon=True).start()

    def nudge(self) -> None:
        """There may be some: look soon."""
        self._asked.set()

    def _serve(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            try:
                while self._carry_out():
                    pass
            except Exception:  # noqa: BLE001 - the database may be away; the poller asks again
                _log.exception("replays could not be carried out")
                time.sleep(1)
            finally:
                connection.close()


_replayer: tuple[int, Replayer] | None = None
_starting = threading.Lock()


def nudge() -> None:
    """Have this process look for replays; returns at once."""
    global _replayer  # noqa: PLW0603 - one a process; a forked child starts its own
    with _starting:
        if _replayer is None or _replayer[0] != os.getpid():
            _replayer = (os.getpid(), Replayer())
        _replayer[1].nudge()


def resume() -> None:
    """For the poller: look where some wait that nobody has been told of, or were left behind."""
    if Replay.objects.filter(verdict__isnull=True, lease_until__lte=Now()).exists():
        nudge()
