"""What may be tried again, what may be caught, and when: decided here, done by ``Turn``.

Source: https://states-language.net/spec.html#errors and
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

from studio.asl.expressions.reference_path import REFERENCE_PATH_CONFLICT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.interpreter.frame import Frame
    from executions.interpreter.states.compiled_state import CompiledCatcher
    from studio.asl.definition import Retrier
    from studio.asl.errors import StatesError

RUNTIME: Final = "States.Runtime"
TIMEOUT: Final = "States.Timeout"
HEARTBEAT_TIMEOUT: Final = "States.HeartbeatTimeout"
DATA_LIMIT_EXCEEDED: Final = "States.DataLimitExceeded"
BRANCH_FAILED: Final = "States.BranchFailed"
RESULT_PATH_MATCH_FAILURE: Final = "States.ResultPathMatchFailure"

MAX_ERROR: Final = 256
"""Characters an Error Name may have in AWS's API."""

MAX_CAUSE: Final = 32_768
"""Characters a cause may have in AWS's API; the rest is cut off."""


class Failure(NamedTuple):
    """An error on its way through Retriers and Catchers.

    ``alias`` is a second Error Name that matches too: States.HeartbeatTimeout for the
    States.Timeout of a heartbeat, States.ResultPathMatchFailure, the specification's name, for
    States.ReferencePathConflict. ``branch``: a Parallel's branch failed, which States.BranchFailed
    stands for, whatever the error is called. ``terminal`` errors are matched by their name only,
    never by a wildcard.
    """

    error: str | None
    cause: str | None
    alias: str | None = None
    terminal: bool = False
    branch: bool = False

    @classmethod
    def told(cls, error: str | None, cause: str | None) -> Failure:
        """Make the failure that a task or a Fail state tells of, cut to what AWS's API carries."""
        return cls(
            None if error is None else error[:MAX_ERROR],
            None if cause is None else cause[:MAX_CAUSE],
        )

    @classmethod
    def of_size(cls, name: str, *, terminal: bool = True) -> Failure:
        """Make the failure of a state or task that gave more than a payload may hold."""
        return cls(
            DATA_LIMIT_EXCEEDED,
            f"The state/task '{name}' returned a result with a size exceeding the maximum number "
            "of bytes service limit.",
            terminal=terminal,
        )

    @classmethod
    def of_expression(cls, frame: Frame, error: StatesError) -> Failure:
        """Make the failure of what an expression raised, with AWS's opening words."""
        if error.error == REFERENCE_PATH_CONFLICT:
            return cls.told(error.error, error.cause)._replace(alias=RESULT_PATH_MATCH_FAILURE)
        return cls.told(
            error.error,
            f"An error occurred while executing the state '{frame.state}' (entered at the event "
            f"id #{frame.entered_id}). {error.cause}",
        )

    def matches(self, names: Sequence[str]) -> bool:
        """Tell whether ErrorEquals ``names`` this error.

        States.Runtime always fails the execution, so nothing matches it. States.TaskFailed stands
        for every error but a time-out.
        """
        error = self.error
        if error == RUNTIME:
            return False
        for name in names:
            if name == error or (name == self.alias and name is not None):
                return True
            if self.terminal:
                continue
            if name == BRANCH_FAILED and self.branch:
                return True
            if name == "States.ALL" or (name == "States.TaskFailed" and error != TIMEOUT):
                return True
        return False

    def error_output(self) -> dict[str, str | None]:
        """Give the error as a Catcher's state sees it."""
        cause = self.cause
        if cause is None and self.error == TIMEOUT:
            cause = ""
        return {"Error": self.error, "Cause": cause}


def find_answer(answers: Sequence[Retrier | CompiledCatcher], failure: Failure) -> int | None:
    """Give the place of the first Retrier, or Catcher, that names the error, or None.

    Only that one is asked: a Retrier that is used up hands the error to the Catchers.
    """
    return next(
        (place for place, each in enumerate(answers) if failure.matches(each.error_equals)), None
    )


def delay_before_retry(retrier: Retrier, used: int, seed: str) -> float:
    """Give the seconds to wait before another attempt, when ``used`` attempts went before it.

    ``seed`` decides the jitter of JitterStrategy FULL: anything between nothing and the delay.
    """
    limit = retrier.max_delay_seconds
    try:
        delay = retrier.interval_seconds * retrier.backoff_rate**used
    except OverflowError:
        delay = float("inf")
    # A year: no execution lives longer, and every clock can hold it.
    delay = min(delay, 31_536_000.0 if limit is None else limit)
    if retrier.jitter_strategy == "FULL":
        drawn = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:7], "big")
        delay = delay * drawn / (1 << 56)
    return float(delay)
